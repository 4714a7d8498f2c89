/** The connection is lost and comes back, and nothing is lost with it. */
import assert from "node:assert/strict";

const live = (page) => page.locator(".connection.online, .connection.idle").waitFor();

/** A server that is killed and started again is told calmly, and the page goes on by itself. */
export async function restarts({ windows, server, act }) {
  windows.mayLose = true;
  await server.start("purchase", "vase", { item: "A vase", price: 30 });
  const page = await windows.open("ann");
  const row = page.locator(".erow", { hasText: "vase" });
  await row.getByText("Waiting").waitFor();
  await live(page);
  await act("stop");
  await page.locator(".connection.waiting").getByText("Reconnecting").waitFor();
  assert.equal(await row.count(), 1, "what was shown stays");
  await act("start");
  await page.locator(".connection").getByRole("button", { name: "Try now" }).click({ timeout: 2000 }).catch(() => {});
  await live(page);
  await server.answer("vase", { decision: "approved" });
  await row.getByText("Completed").waitFor();
  await server.start("purchase", "mirror", { item: "A mirror", price: 60 });
  await page.locator(".erow", { hasText: "mirror" }).getByText("Waiting").waitFor();
}

/** An answer that is given offline waits, says so, and is sent when the network is back. */
export async function offline({ windows, server, until }) {
  await server.start("purchase", "clock", { item: "A clock", price: 25 });
  const page = await windows.open("ann", "#/inbox", { canCut: true });
  await page.locator(".entry", { hasText: "A clock" }).click();
  const form = page.locator("flowscript-form");
  await form.getByLabel("Approved").check();
  await page.cut();
  await form.locator("[part=submit]").click();
  await page.locator(".toast", { hasText: "Your answer waits" }).waitFor();
  await page.locator(".connection", { hasText: "1 change waits" }).waitFor();
  assert.equal((await server.questions("clock")).length, 1);
  await page.mend();
  await page.locator(".toast", { hasText: "Your answer counts" }).waitFor();
  await until(async () => (await server.status("clock")).status === "completed");
}

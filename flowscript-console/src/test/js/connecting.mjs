/** The connection is lost and comes back, and nothing is lost with it. */
import assert from "node:assert/strict";
import process from "node:process";
import { EVENT_STREAM, UPGRADE, startProxy } from "./proxy.mjs";

const CUT_MILLIS = Number(process.env.CONSOLE_CUT_MILLIS ?? 700);
const CUTS = 6;

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

/** A page follows a run that goes on by an answer, though a proxy refuses some requests. The state of the connection says so. */
async function followsWithout(refused, answer, { windows, server, until }) {
  windows.mayLose = true;
  const proxy = await startProxy(windows.base, { refused });
  try {
    await server.start("purchase", "globe", { item: "A globe", price: 90 });
    const page = await windows.open("ann", "#/executions/globe", { base: proxy.base });
    const connection = page.locator(".connection.online");
    await connection.getByText("Live, slower", { exact: true }).waitFor();
    assert.match(await connection.getAttribute("title"), /^A WebSocket is not possible/);
    const status = page.locator(".execution-title .status");
    await status.getByText("Waiting").waitFor();
    await answer(proxy);
    await status.getByText("Completed").waitFor();
    await until(async () => (await server.status("globe")).status === "completed");
    const events = await server.events("globe");
    assert.deepEqual(await shown(page), events.map(({ seq, type }) => `${seq} ${type}`));
    assert.ok(proxy.refused >= refused.length, `${proxy.refused} requests were refused`);
  } finally {
    proxy.close();
  }
}

/** A proxy that lets no WebSocket through: somebody else answers in a page behind it, and this page follows. */
export const withoutWebSocket = (given) => followsWithout([UPGRADE], async ({ base }) => {
  const other = await given.windows.open("bob", "#/inbox?tab=all", { base });
  await other.locator(".entry", { hasText: "A globe" }).click();
  const form = other.locator("flowscript-form");
  await form.getByLabel("Approved").check();
  await form.locator("[part=submit]").click();
  await other.locator(".toast", { hasText: "Your answer counts" }).waitFor();
}, given);

/** A proxy that lets no answers through that last, either. */
export const withPolls = (given) => followsWithout([UPGRADE, EVENT_STREAM], () => given.server.answer("globe", { decision: "approved" }), given);

/** All events that the list shows, as "seq type". */
async function shown(page) {
  return page.locator(".virtual").evaluate(async (list) => {
    const lines = new Map();
    for (let top = 0; ; top += list.clientHeight) {
      list.scrollTop = top;
      await new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve, 20)); });
      for (const line of list.querySelectorAll(".event-line")) {
        lines.set(Number(line.ariaPosInSet), `${line.querySelector(".seq").textContent.replaceAll(/\D/g, "")} ${line.querySelector(".what").classList[1]}`);
      }
      if (top + list.clientHeight >= list.scrollHeight) break;
    }
    return [...lines].sort(([one], [other]) => one - other).map(([, line]) => line);
  });
}

/** Every connection is cut again and again while an execution works: its page loses, doubles and reorders nothing, and stays calm. */
export async function cutAgainAndAgain({ windows, server, act, until }) {
  const proxy = await startProxy(windows.base);
  try {
    await server.start("ticking", "clockwork");
    const page = await windows.open("ann", "#/executions/clockwork", { base: proxy.base });
    await page.locator("[data-state=drawn]").waitFor();
    await page.locator(".connection.online").waitFor();
    await page.evaluate(() => {
      globalThis.alarms = [];
      const look = () => {
        for (const each of document.querySelectorAll(".failure, [role=alert], .toast.problem")) globalThis.alarms.push(each.outerHTML);
        const seqs = [...document.querySelectorAll(".event-line .seq")].map(({ textContent }) => textContent);
        if (seqs.some((seq, index) => index > 0 && Number(seq) !== Number(seqs[index - 1]) + 1)) globalThis.alarms.push(`out of order: ${seqs}`);
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    windows.mayLose = true;
    proxy.cutEach(CUT_MILLIS);
    while (proxy.cuts < CUTS) {
      const before = proxy.cuts;
      await act("tick", "5");
      await page.locator(".virtual").evaluate((list) => { list.scrollTop = list.scrollHeight; });
      await until(() => proxy.cuts > before, "the connections are cut");
    }
    proxy.cutEach(0);
    await act("finishTicking");
    await page.locator(".execution-title .status", { hasText: "Completed" }).waitFor();
    await page.locator(".connection.online").waitFor();
    const events = await server.events("clockwork");
    assert.equal(events.at(-1).type, "workflow_completed");
    assert.deepEqual(await shown(page), events.map(({ seq, type }) => `${seq} ${type}`));
    assert.deepEqual(await page.evaluate(() => globalThis.alarms), []);
    return `${events.length} events, ${proxy.cuts} cuts`;
  } finally {
    proxy.close();
  }
}

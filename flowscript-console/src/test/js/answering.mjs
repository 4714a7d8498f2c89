/** People start, answer, race, vote, claim and cancel. */
import assert from "node:assert/strict";

const field = (page, label) => page.locator("flowscript-form").getByLabel(label);
const send = (page) => page.locator("flowscript-form").locator("[part=submit]");
const entry = (page, title) => page.locator(".entry", { hasText: title });
const note = (page, text) => page.locator(".note", { hasText: text });
const toast = (page, text) => page.locator(".toast", { hasText: text });

async function openQuestion(page, title) {
  await page.getByRole("button", { name: /^All/ }).click();
  await entry(page, title).click();
  await page.getByRole("heading", { name: title }).waitFor();
}

/** A form of the workflow's own schema starts it, the list shows it at once, and an answer lets it go on. */
export async function startsAndAnswers({ windows, server, until }) {
  const page = await windows.open("ann");
  await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByLabel("Workflow", { exact: true }).last().selectOption("purchase");
  await page.getByLabel("Id", { exact: true }).fill("desk-1");
  await field(page, "What is bought?").fill("A desk");
  await field(page, "Price in euros").fill("300");
  await send(page).click();
  await toast(page, "desk-1 was started").waitFor();
  await page.goto(`${windows.base}console/#/executions`);
  const row = page.locator(".erow", { hasText: "desk-1" });
  await row.getByText("Waiting").waitFor();
  await row.getByText("managers").waitFor();

  // The inbox counts it, and a person of the group answers.
  await page.getByRole("link", { name: "Inbox" }).click();
  await openQuestion(page, "A desk for 300 euros");
  await field(page, "Approved").check();
  await send(page).click();
  await toast(page, "Your answer counts").waitFor();
  await until(async () => (await server.status("desk-1")).status === "completed");
  await page.getByRole("link", { name: "Executions" }).click();
  await row.getByText("Completed").waitFor();
}

/** A wrong input and a wrong answer are told beside their fields, and can be corrected. */
export async function mistakes({ windows, server, until }) {
  const page = await windows.open("ann", "#/executions?start=purchase");
  await field(page, "What is bought?").fill("A");
  await field(page, "Price in euros").fill("0");
  await send(page).click();
  await page.locator("flowscript-form").getByText("must be at least 1").waitFor();
  await page.locator("flowscript-form").getByText("must have at least 2 characters").waitFor();
  await page.getByLabel("Workflow", { exact: true }).last().selectOption("import");
  await page.getByLabel("Input, as JSON").fill("{ nothing");
  await page.locator("dialog").getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText("This is not a JSON object").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });

  await server.start("journey", "trip");
  await page.goto(`${windows.base}console/#/inbox`);
  await openQuestion(page, "Your journey to Vienna");
  await field(page, "Days").fill("0");
  await field(page, "Hotel").fill("Inn");
  await send(page).click();
  await page.locator("flowscript-form").getByText("must be at least 1").waitFor();
  await field(page, "Days").fill("3");
  await send(page).click();
  await toast(page, "Your answer counts").waitFor();
  await until(async () => (await server.questions("trip")).some(({ nodeName }) => nodeName === "approve"));
}

/** Two people answer at once. Who was later is told who was first, and what was typed is still there. */
export async function races({ windows, server }) {
  await server.start("purchase", "lamp", { item: "A lamp", price: 40 });
  const [ann, bob] = [await windows.open("ann", "#/inbox"), await windows.open("bob", "#/inbox", { canCut: true })];
  for (const page of [ann, bob]) await openQuestion(page, "A lamp for 40 euros");
  await field(bob, "Rejected").check();
  await field(bob, "Comment").fill("Too bright");
  // Bob's answer waits for the connection, so that Ann's is first.
  windows.expected = "/executions/lamp/resume"; // the refusal, where Bob's page has come back over HTTP
  await bob.cut();
  await send(bob).click();
  await field(ann, "Approved").check();
  await send(ann).click();
  await toast(ann, "Your answer counts").waitFor();
  await bob.mend();
  await note(bob, "ann was first").waitFor();
  assert.equal(await field(bob, "Comment").inputValue(), "Too bright");
}

/** A question that changes while somebody looks at it says what has changed, keeps what was typed, and takes the answer then. */
export async function stale({ windows, server, act, until }) {
  await server.start("purchase", "sofa", { item: "A sofa", price: 900 });
  const page = await windows.open("ann", "#/inbox");
  await openQuestion(page, "A sofa for 900 euros");
  await field(page, "Comment").fill("As agreed");
  const [{ nodeId, tokenId }] = await server.questions("sofa");
  await act("revise", "sofa", nodeId, tokenId, "1400");
  await note(page, "This has changed since you looked").waitFor();
  assert.match(await note(page, "This has changed").innerText(), /Price[\s\S]*900[\s\S]*1400/);
  assert.equal(await field(page, "Comment").inputValue(), "As agreed");
  await field(page, "Approved").check();
  await send(page).click();
  await toast(page, "Your answer counts").waitFor();
  await until(async () => (await server.status("sofa")).status === "completed");
}

/** Several people decide: each sees how many have voted. */
export async function votes({ windows, server, until }) {
  await server.start("journey", "rome", { city: "Rome" });
  await server.answer("rome", { days: 4, hotel: "Roma" });
  const [ann, bob] = [await windows.open("ann", "#/inbox"), await windows.open("bob", "#/inbox")];
  for (const page of [ann, bob]) {
    await openQuestion(page, "A journey to Rome of 4 days");
    await page.locator(".votes", { hasText: "0 votes so far" }).waitFor();
  }
  await field(ann, "Approved").check();
  await send(ann).click();
  await toast(ann, "Your vote counts").waitFor();
  await bob.locator(".votes", { hasText: "1 vote so far" }).waitFor();
  await field(bob, "Approved").check();
  await send(bob).click();
  await toast(bob, "Your answer counts").waitFor();
  await until(async () => (await server.status("rome")).status === "completed");
}

/** Who has claimed a question keeps others from it, until it is released. */
export async function claims({ windows, server }) {
  await server.start("purchase", "chair", { item: "A chair", price: 80 });
  const [ann, bob] = [await windows.open("ann", "#/inbox"), await windows.open("bob", "#/inbox")];
  for (const page of [ann, bob]) await openQuestion(page, "A chair for 80 euros");
  await ann.getByRole("button", { name: "Claim" }).click();
  await ann.getByRole("button", { name: "Release" }).waitFor();
  await note(bob, "ann is at it").waitFor();
  assert.equal(await bob.locator(".question-form").getAttribute("inert") !== null, true);
  await ann.getByRole("button", { name: "Release" }).click();
  await note(bob, "ann is at it").waitFor({ state: "detached" });
}

/** An answer of one click can be undone before anything is sent, and is sent then. */
export async function quick({ windows, server, until }) {
  await server.start("purchase", "plant", { item: "A plant", price: 20 });
  const page = await windows.open("ann", "#/inbox");
  await openQuestion(page, "A plant for 20 euros");
  await page.locator(".quick").getByRole("button", { name: "Approved" }).click();
  await page.locator(".pending").getByRole("button", { name: "Undo" }).click();
  await page.locator(".pending").waitFor({ state: "detached" });
  assert.equal((await server.questions("plant")).length, 1, "nothing was sent");
  await openQuestion(page, "A plant for 20 euros");
  await page.locator(".quick").getByRole("button", { name: "Approved" }).click();
  assert.equal((await server.questions("plant")).length, 1, "nothing is sent yet");
  await page.locator(".pending").getByRole("button", { name: "Send now" }).click();
  await toast(page, "Your answer counts").waitFor();
  await until(async () => (await server.status("plant")).status === "completed");
}

/** Everything of the inbox by keyboard alone. */
export async function keyboard({ windows, server, until }) {
  for (const item of ["Tea", "Milk"]) await server.start("purchase", item.toLowerCase(), { item, price: 3 });
  await server.start("journey", "oslo", { city: "Oslo" });
  const page = await windows.open("ann", "#/inbox");
  const focused = () => page.evaluate(() => document.activeElement.textContent.slice(0, 40));
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the content");
  await page.keyboard.press("5");
  await entry(page, "Oslo").waitFor();
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "Your journey to Oslo" }).waitFor();
  await field(page, "Days").waitFor();
  await until(() => page.evaluate(() => document.activeElement.matches(".entry[aria-current]")));
  await page.keyboard.press("Enter");
  await page.keyboard.type("2");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Fjord");
  await page.keyboard.press("Enter");
  await until(async () => (await server.questions("oslo")).some(({ nodeName }) => nodeName === "approve"));
  // Approves both, and takes the second back.
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("euros");
  await until(async () => (await page.locator(".entry").count()) === 2);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: /for 3 euros/ }).waitFor();
  await page.keyboard.press("c");
  await toast(page, "It is yours").waitFor();
  await page.keyboard.press("r");
  await toast(page, "It is free for others again").waitFor();
  await page.keyboard.press("a");
  await page.locator(".pending").waitFor();
  await page.keyboard.press("u");
  await toast(page, "Nothing was sent").waitFor();
  for (const id of ["tea", "milk"]) assert.equal((await server.questions(id)).length, 1, "nothing was sent");
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
}

/** A question that is chosen while somebody still types stays chosen when the search is told. */
export async function choosesWhileTyping({ windows, server }) {
  for (const item of ["Tea", "Milk"]) await server.start("purchase", item.toLowerCase(), { item, price: 3 });
  const page = await windows.open("ann", "#/inbox");
  await openQuestion(page, "Tea for 3 euros");
  await entry(page, "Milk").waitFor();
  await page.evaluate(() => {
    const search = document.querySelector(".search input");
    search.value = "euros";
    search.dispatchEvent(new Event("input", { bubbles: true }));
    [...document.querySelectorAll(".entry")].find(({ textContent }) => textContent.includes("Milk")).click();
  });
  await page.waitForURL(/text=euros/);
  await page.getByRole("heading", { name: "Milk for 3 euros" }).waitFor();
  assert.match(page.url(), /inbox\/milk\//);
}

/** An execution is cancelled after a question, with a reason. */
export async function cancels({ windows, server, until }) {
  await server.start("import", "long");
  const page = await windows.open("ann");
  await page.getByRole("button", { name: "Cancel: long" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  assert.equal((await server.status("long")).status, "running");
  await page.getByRole("button", { name: "Cancel: long" }).click();
  await page.getByLabel("Reason").fill("started twice");
  await page.getByRole("button", { name: "Cancel the execution" }).click();
  await toast(page, "long was cancelled").waitFor();
  await page.locator(".erow", { hasText: "long" }).getByText("Cancelled").waitFor();
  await until(async () => (await server.status("long")).status === "cancelled");
  const { events } = await server.call("executions/long/events?types=workflow_cancelled");
  assert.deepEqual(events.map(({ data }) => data.reason), ["started twice"], "it was cancelled once, by the second click");
}

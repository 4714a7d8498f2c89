/** The connection is lost and comes back, and nothing is lost with it. */
import assert from "node:assert/strict";
import process from "node:process";
import { EVENT_STREAM, UPGRADE, startProxy } from "./proxy.mjs";

const CUT_MILLIS = Number(process.env.CONSOLE_CUT_MILLIS ?? 700);
const CUTS = 6;
const OFFLINE_MILLIS = Number(process.env.CONSOLE_OFFLINE_MILLIS ?? 3_000);

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

const typed = (page, label) => page.locator("flowscript-form").getByLabel(label);

/** A tab that was opened before an update of the server says so, loses nothing that was typed, and is of the new version when it is loaded. */
export async function updated({ windows, server, act, until }) {
  windows.mayLose = true;
  await server.start("purchase", "desk", { item: "A desk", price: 300 });
  const page = await windows.open("ann", "#/inbox");
  const starting = await windows.open("ann", "#/executions?start=purchase");
  const version = (each) => each.locator("script[type=module]").getAttribute("src");
  const before = await version(page);
  await page.locator(".entry", { hasText: "A desk" }).click();
  await typed(page, "Comment").fill("As agreed");
  await typed(starting, "What is bought?").fill("A lamp");
  await starting.getByLabel("Id", { exact: true }).fill("lamp-1");
  await live(page);
  await act("stop");
  await page.locator(".connection.waiting").waitFor();
  await act("update");
  const offer = page.locator(".toast", { hasText: "There is a new version of this page" });
  await offer.waitFor();
  assert.equal(await version(page), before, "the page stays as it is until somebody loads it");
  // What was not loaded before the update is gone.
  windows.expected = `${before.split("/")[0]}/health.`;
  await page.getByRole("link", { name: "Health" }).click();
  await page.locator(".empty", { hasText: "The server has a new version of this page by now" }).waitFor();
  await page.goBack();
  assert.equal(await typed(page, "Comment").inputValue(), "As agreed");
  await Promise.all([page.waitForEvent("load"), offer.getByRole("button", { name: "Load it" }).click()]);
  assert.notEqual(await version(page), before);
  await until(async () => (await typed(page, "Comment").inputValue()) === "As agreed");
  await typed(page, "Approved").check();
  await page.locator("flowscript-form").locator("[part=submit]").click();
  await page.locator(".toast", { hasText: "Your answer counts" }).waitFor();
  await page.getByRole("link", { name: "Health" }).click();
  await page.locator(".chart").first().waitFor();
  // A start that was begun before goes on after it.
  await starting.reload();
  await until(async () => (await typed(starting, "What is bought?").inputValue()) === "A lamp");
  assert.equal(await starting.getByLabel("Id", { exact: true }).inputValue(), "lamp-1");
  await typed(starting, "Price in euros").fill("20");
  await starting.locator("flowscript-form").locator("[part=submit]").click();
  await until(async () => (await server.status("lamp-1").catch(() => null))?.status === "paused");
  await starting.goto(`${windows.base}console/#/executions?start=purchase`);
  await typed(starting, "What is bought?").waitFor();
  assert.equal(await typed(starting, "What is bought?").inputValue(), "", "what was started is no draft");
}

/** Offline for long: commands of several kinds wait, the page stays calm, and each is carried out once when the network is back. */
export async function offlineForLong({ windows, server, until }) {
  for (const item of ["Radio", "Table", "Shelf"]) await server.start("purchase", item.toLowerCase(), { item, price: 25 });
  await server.start("purchase", "stool", { item: "Stool", price: 25 });
  await server.start("import", "nightly");
  const list = await windows.open("ann", "#/executions", { canCut: true });
  await list.locator(".erow", { hasText: "nightly" }).waitFor();
  const page = await windows.open("ann", "#/inbox", { canCut: true });
  await page.locator(".entry", { hasText: "Shelf" }).click();
  await typed(page, "Approved").waitFor();
  for (const each of [list, page]) await live(each);
  for (const each of [list, page]) await each.cut();
  const begun = Date.now();
  await page.getByRole("button", { name: "Claim" }).click();
  for (const item of ["Radio", "Table"]) {
    await page.locator(".entry", { hasText: item }).click();
    await page.getByRole("heading", { name: item }).waitFor();
    await typed(page, "Approved").check();
    await page.locator("flowscript-form").locator("[part=submit]").click();
  }
  await page.locator(".entry", { hasText: "Stool" }).click();
  await page.locator(".quick").getByRole("button", { name: "Approved" }).click();
  await page.locator(".pending").getByRole("button", { name: "Send now" }).click();
  await list.getByRole("button", { name: "Cancel: nightly" }).click();
  await list.getByRole("button", { name: "Cancel the execution" }).click();
  await page.locator(".connection", { hasText: "4 changes wait" }).waitFor();
  await list.locator(".connection", { hasText: "1 change waits" }).waitFor();
  await until(() => Date.now() - begun >= OFFLINE_MILLIS, "the time is over", OFFLINE_MILLIS + 20_000);
  assert.equal(await page.locator(".connection", { hasText: "4 changes wait" }).count(), 1);
  for (const each of [list, page]) assert.equal(await each.locator(".failure, .toast.problem").count(), 0, "nothing is told to have failed");
  assert.equal(await list.locator(".erow", { hasText: "shelf" }).count(), 1, "what was shown stays");
  assert.equal((await server.call("interactions")).interactions.filter(({ status }) => status === "open").length, 4, "nothing has reached the server");
  for (const each of [list, page]) {
    await each.mend();
    await each.locator(".connection").getByRole("button", { name: "Try now" }).click({ timeout: 2_000 }).catch(() => {}); // it may have come back by itself
  }
  for (const id of ["radio", "table", "stool"]) await until(async () => (await server.status(id)).status === "completed", id);
  await until(async () => (await server.status("nightly")).status === "cancelled");
  await until(async () => (await server.questions("shelf"))[0].claim?.by === "ann");
  await page.locator(".connection.online").getByText("Live", { exact: true }).waitFor();
  for (const [id, type] of [["radio", "human_interaction_received"], ["table", "human_interaction_received"], ["stool", "human_interaction_received"], ["nightly", "workflow_cancelled"], ["shelf", "human_interaction_claimed"]]) {
    assert.equal((await server.events(id)).filter((event) => event.type === type).length, 1, `${id} has ${type} once`);
  }
  return `offline for ${Math.round((Date.now() - begun) / 1000)} s`;
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

/** The list of executions and the inbox stay live, though a proxy refuses some requests: what begins, ends, is asked and is corrected is shown. */
async function listsWithout(refused, { windows, server, act }) {
  windows.mayLose = true;
  const proxy = await startProxy(windows.base, { refused });
  try {
    await server.start("purchase", "globe", { item: "A globe", price: 90 });
    const [list, inbox] = await Promise.all(["#/executions", "#/inbox?tab=all"].map((view) => windows.open("ann", view, { base: proxy.base })));
    const row = (id) => list.locator(".erow", { hasText: id });
    const entry = (title) => inbox.locator(".entry", { hasText: title });
    await Promise.all([list, inbox].map((page) => page.locator(".connection.online").getByText("Live, slower", { exact: true }).waitFor()));
    await row("globe").getByText("Waiting").waitFor();
    await entry("A globe").click();
    await typed(inbox, "Comment").fill("Too round");
    const [{ nodeId, tokenId }] = await server.questions("globe");
    await act("revise", "globe", nodeId, tokenId, "95");
    await server.start("purchase", "atlas", { item: "An atlas", price: 40 });
    await Promise.all([
      row("atlas").getByText("Waiting").waitFor(),
      entry("An atlas").waitFor(),
      inbox.locator(".note", { hasText: "This has changed since you looked" }).waitFor(),
    ]);
    assert.equal(await typed(inbox, "Comment").inputValue(), "Too round");
    await server.answer("atlas", { decision: "approved" });
    await Promise.all([row("atlas").getByText("Completed").waitFor(), entry("An atlas").waitFor({ state: "detached" })]);
    for (const page of [list, inbox]) assert.equal(await page.locator(".failure, .toast.problem").count(), 0);
    assert.ok(proxy.refused >= refused.length, `${proxy.refused} requests were refused`);
  } finally {
    proxy.close();
  }
}

export const listsWithoutWebSocket = (given) => listsWithout([UPGRADE], given);
export const listsWithPolls = (given) => listsWithout([UPGRADE, EVENT_STREAM], given);

/** A page of the first version of the protocol goes on working beside the console: each sees what the other does. */
export async function earlierPage({ windows, server, act }) {
  const console = await windows.open("ann", "#/inbox?tab=all");
  const earlier = await console.context().newPage();
  const log = () => earlier.locator("#log li").allTextContents();
  await earlier.goto(`${windows.base}earlier/?workflow=journey&input=${encodeURIComponent(JSON.stringify({ city: "Rome" }))}`);
  // The earlier page has started it and answers; the console shows the next question, and answers it.
  await console.locator(".entry", { hasText: "Your journey to Rome" }).waitFor();
  await earlier.getByLabel("days").fill("99");
  await earlier.getByLabel("hotel").fill("Roma");
  await earlier.getByRole("button", { name: "Answer formInput" }).click();
  await earlier.locator("#error", { hasText: "30" }).waitFor();
  await earlier.getByLabel("days").fill("4");
  await earlier.getByRole("button", { name: "Answer formInput" }).click();
  await earlier.getByRole("button", { name: "Answer approve" }).waitFor();
  await console.locator(".entry", { hasText: "A journey to Rome of 4 days" }).click();
  await typed(console, "Approved").check();
  await console.locator("flowscript-form").locator("[part=submit]").click();
  await console.locator(".toast", { hasText: "Your vote counts" }).waitFor();
  const [{ executionId }] = (await server.call("interactions")).interactions;
  // A restart of the server: both come back by themselves, the earlier one with the whole history.
  windows.mayLose = true;
  await act("stop");
  await earlier.locator("#status", { hasText: "disconnected" }).waitFor();
  await act("start");
  await earlier.locator("#status", { hasText: `subscribed to ${executionId}` }).waitFor();
  await earlier.getByRole("button", { name: "Answer approve" }).waitFor();
  const other = await windows.open("bob", "#/inbox?tab=all");
  await other.locator(".entry", { hasText: "A journey to Rome of 4 days" }).click();
  await typed(other, "Approved").check();
  await other.locator("flowscript-form").locator("[part=submit]").click();
  await earlier.locator("#state", { hasText: "Rome" }).waitFor();
  assert.equal(await earlier.locator("#form").isVisible(), false);
  assert.deepEqual(await log(), [
    "workflow_started",
    "node_started formInput",
    "workflow_paused",
    "workflow_resumed",
    "node_completed formInput",
    "node_started approve",
    "workflow_paused",
    "human_interaction_required",
    "workflow_resumed",
    "node_completed approve",
    "workflow_completed",
  ]);
  await console.locator(".entry", { hasText: "A journey to Rome" }).waitFor({ state: "detached" });
}

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

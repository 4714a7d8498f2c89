/** The parts of the tests of one execution's page; each gets windows of people and a way to ask the server for something. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { History } from "../../main/web/history.js";
import { WorkflowGraph } from "../../main/web/workflow-graph.js";
import { FOLDER, LOCALE } from "./screenshots.mjs";
import { startTasks, stopTasks } from "./tasks.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LONG_MILLIS = 50;

const drawn = (page) => page.locator("[data-state=drawn]").waitFor({ timeout: 40_000 });
const open = async (windows, id, options, query = "") => {
  const page = await windows.open("ann", `#/executions/${id}${query}`, options);
  await page.locator(".execution").waitFor();
  return page;
};
const step = (page, name, nth = 0) => page.locator(".step", { has: page.locator(".name", { hasText: new RegExp(`^${name}$`) }) }).nth(nth);
const seek = (page, seq) => page.getByRole("slider").evaluate((slider, value) => {
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}, seq);
const eventText = (page) => page.locator(".scrubber-text strong").textContent();

/** Live: the picture, the time line, the question and the state follow what happens. */
export async function live({ windows, act }) {
  await act("start", "expense");
  const page = await open(windows, "expense");
  await drawn(page);
  assert.match(await step(page, "approve").getAttribute("class"), /human visited here people/);
  assert.equal(await step(page, "approve").locator(".place").textContent(), "▸ Waiting", "where it stands is told in words");
  assert.equal(await step(page, "bookExpense").locator(".step-facts").textContent(), "not visited");
  await page.getByRole("heading", { name: "ann asks for 250" }).waitFor();
  assert.equal(await page.locator(".flow.taken").count(), 2, "valid, and false");
  await act("answer", "expense", "needsInfo");
  await page.getByRole("heading", { name: "More information, please" }).waitFor();
  assert.match(await step(page, "approve").locator(".step-facts").textContent(), /with people/);
  assert.equal(await step(page, "formInput").locator(".place").textContent(), "▸ Waiting");
  await act("answer", "expense", "information");
  await page.locator(".step.here .name", { hasText: "approve" }).waitFor();
  assert.equal(await step(page, "approve").locator(".count").textContent(), "2×", "it is visited a second time");
  await act("answer", "expense", "approved");
  await page.locator(".execution-title .status", { hasText: "Completed" }).waitFor();
  assert.equal(await page.locator(".end.taken").count(), 1);
  assert.equal(await page.getByRole("button", { name: "Cancel" }).count(), 0);
  // As it was: the question is open again, and told to be closed by now.
  const events = Number((await eventText(page)).split(" ")[3]);
  await seek(page, 8);
  await page.getByRole("heading", { name: "At event 8" }).waitFor();
  await page.getByText("It was open then, and is closed now.").waitFor();
  assert.match(await step(page, "approve").getAttribute("class"), /here people/);
  assert.equal(await step(page, "approve").locator(".count").isVisible(), false, "it was visited once then");
  await page.getByRole("button", { name: "Latest" }).click();
  assert.equal(await eventText(page), `Event ${events} of ${events}`);
}

/** The model, against real runs of the demo's workflows: its state, its way and its times are those that the server tells. */
export async function model({ act, server }) {
  await act("start", "expense");
  for (const answer of ["needsInfo", "information", "approved"]) await act("answer", "expense", answer);
  for (const id of ["data", "long", "delivery"]) await act("start", id);
  for (const id of ["expense", "data", "long", "delivery"]) {
    const get = server.call;
    const status = await get(`executions/${id}/status`);
    const { graph } = await get(`workflows/${status.workflowId}?hash=${status.hash}`);
    const events = await server.events(id);
    const replay = (count) => {
      const history = new History(new WorkflowGraph(graph), { every: 64 });
      for (const event of events.slice(0, count)) history.add(event);
      return history;
    };
    const history = replay(events.length);
    assert.equal(history.head.status, status.status, id);
    assert.deepEqual(history.head.state, status.state, `${id}: the state at the end`);
    assert.deepEqual(history.at(events.length - 1).state, status.state, `${id}: the state follows from the events, without the last one that has all of it`);
    assert.equal(history.graph.version, 0, `${id}: every flow and step is in the graph of the server`);
    const starts = events.filter(({ type, data }) => type === "node_started" && data.attempt === 1);
    assert.deepEqual([...history.head.steps].map(([step, { visits }]) => [step, visits]).sort(), Object.entries(starts.reduce((all, { data }) => ({ ...all, [data.step]: (all[data.step] ?? 0) + 1 }), {})).sort(), `${id}: visits`);
    const taken = [...history.head.flows.values()].reduce((sum, count) => sum + count, 0);
    assert.equal(taken, starts.length - (status.status === "completed" ? 0 : 1), `${id}: a flow leads to each step but the first, and to the end`);
    const sum = [...history.head.steps.values()].reduce((all, { work, people, pause }) => all + work + people + pause, 0);
    const whole = events.at(-1).timestamp - events[0].timestamp;
    assert.ok(sum <= whole && sum >= whole - events.length, `${id}: ${sum} of ${whole} ms are accounted for`);
    for (let seq = 1; seq < events.length; seq += 1 + Math.floor(events.length / 60)) {
      const [sought, replayed] = [history.at(seq), replay(seq).head];
      assert.deepEqual([sought.state, sought.status, [...sought.steps], [...sought.flows].sort(), [...sought.open], sought.visit], [replayed.state, replayed.status, [...replayed.steps], [...replayed.flows].sort(), [...replayed.open], replayed.visit], `${id} at ${seq}`);
    }
  }
}

/** Loops are boxes with their rounds; every visit is counted, as the events say. */
export async function loops({ windows, act, server }) {
  await act("start", "data");
  const page = await open(windows, "data");
  await drawn(page);
  const events = await server.events("data");
  const visits = (name) => events.filter(({ type, data }) => type === "node_started" && data.nodeName === name).length;
  assert.equal(await page.locator(".box").count(), 3);
  await page.locator(".box-label").nth(2).filter({ hasText: /round/ }).waitFor();
  const rounds = (await page.locator(".box-label").allTextContents()).map((text) => Number(text.match(/\d+/)[0])).sort();
  assert.deepEqual(rounds, [2, 3, 3], "of the orders, of their lines, and of the tries");
  await page.getByRole("button", { name: "Show all" }).click(); // what is out of view is not brought up to date
  await step(page, "addToTotal").locator(".count", { hasText: `${visits("addToTotal")}×` }).waitFor();
  assert.match(await page.locator(".flow-label", { hasText: "next_iteration" }).first().textContent(), /· \d×/);
  // A click on the time line goes to what was then.
  const rows = page.locator(".rows");
  await page.getByRole("button", { name: "By event" }).click();
  await rows.scrollIntoViewIfNeeded();
  const box = await rows.boundingBox();
  await page.mouse.click(box.x + 168 + ((await rows.evaluate(({ clientWidth }) => clientWidth)) - 180) / 2, box.y + 30);
  assert.equal(await eventText(page), `Event ${Math.round((events.length + 1) / 2)} of ${events.length}`);
  await page.getByRole("button", { name: "Latest" }).click();
  // The list has the same facts in words.
  await page.getByRole("button", { name: "List" }).click();
  const row = page.getByRole("row", { name: /addToTotal/ });
  assert.equal(await row.locator("td").first().textContent(), String(visits("addToTotal")));
  // A chosen step filters the events.
  await row.getByRole("button").click();
  await page.locator(".amount", { hasText: /^\d+ events$/ }).waitFor();
  const shown = await page.locator(".event-line .about").allTextContents();
  assert.ok(shown.length > 0 && shown.every((text) => /addToTotal|\$\.total/.test(text)), shown.join());
}

/** Waits until the page shows an event; a page that was just opened still reads the events before it. */
async function shows(page, seq, count) {
  const text = `Event ${seq.toLocaleString("en")} of ${count.toLocaleString("en")}`;
  await page.waitForFunction((expected) => document.querySelector(".scrubber-text strong").textContent === expected, text);
}

/** The slider over 5,000 events: state, picture and URL are those of each event. */
export async function slider({ windows, act, server }) {
  await act("start", "five");
  const events = await server.events("five");
  assert.ok(events.length >= 5_000, `${events.length} events`);
  const page = await open(windows, "five");
  await drawn(page);
  await page.getByRole("button", { name: "State", exact: true }).click();
  const value = (name) => page.locator(".tree > li", { has: page.locator(".key", { hasText: new RegExp(`^${name}$`) }) }).locator(".value").first();
  const times = [];
  for (let n = 1; n <= 25; n++) {
    const seq = 1 + ((n * 1_237) % events.length);
    const before = events.slice(0, seq);
    const count = before.findLast(({ type, data }) => type === "state_updated" && data.path === "$.n")?.data.newValue ?? 0;
    const begun = performance.now();
    await seek(page, seq);
    await shows(page, seq, events.length);
    times.push(performance.now() - begun);
    assert.equal(await value("n").textContent(), String(count), `at event ${seq}`);
    const visits = before.filter(({ type, data }) => type === "node_started" && data.nodeName === "incrementCounter").length;
    assert.equal(await step(page, "incrementCounter").locator(".count").textContent(), visits > 1 ? `${visits.toLocaleString("en")}×` : "");
  }
  await page.waitForURL(/at=\d+/);
  const at = new URL(page.url()).hash;
  await page.reload();
  await drawn(page);
  assert.equal(new URL(page.url()).hash, at, "the event is in the URL");
  await shows(page, Number(at.match(/at=(\d+)/)[1]), events.length);
  times.sort((a, b) => a - b);
  return `a step of the slider: median ${Math.round(times[12])} ms, worst ${Math.round(times.at(-1))} ms`;
}

/** 10,000 events: they come, are slid over, scrolled and filtered without a long task. */
export async function manyEvents({ windows, server, act, until }) {
  await act("start", "ten");
  await until(async () => (await server.status("ten")).status === "completed");
  const page = await windows.open("ann", "#/inbox");
  await startTasks(windows.browser, page);
  await page.evaluate(() => { location.hash = "#/executions/ten"; });
  await drawn(page);
  const total = Number(await page.getByRole("slider").getAttribute("max"));
  assert.ok(total >= 10_000, `${total} events`);
  for (let n = 1; n <= 60; n++) {
    await seek(page, 1 + ((n * 1_789) % total));
    await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); }));
  }
  await page.locator(".virtual").evaluate(async (list) => {
    for (let n = 1; n <= 40; n++) {
      list.scrollTop = (list.scrollHeight * n) / 40;
      await new Promise(requestAnimationFrame);
    }
  });
  assert.ok((await page.locator(".event-line").count()) < 80, "only the rows in view exist");
  await page.getByLabel("Kind of event").selectOption("state");
  await page.locator(".amount", { hasText: /^2,\d+ events|^1,\d+ events/ }).waitFor();
  await page.getByRole("button", { name: "By event" }).click();
  const { tasks, p99 } = await stopTasks(windows.browser);
  const long = tasks.filter((task) => task > LONG_MILLIS);
  assert.ok(tasks.length > 500, `${tasks.length} tasks were seen`);
  assert.ok(p99 < LONG_MILLIS, `99 of 100 tasks take at most ${p99} ms`);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  assert.ok(usedSize < 80e6, `${usedSize} bytes are used`);
  return `${total} events, ${tasks.length} tasks: p99 ${p99.toFixed(1)} ms, longest ${tasks.at(-1).toFixed(1)} ms, ${long.length} over 50 ms; heap ${(usedSize / 1e6).toFixed(1)} MB`;
}

/** A workflow of 500 steps is drawn beside the page. */
export async function longWorkflow({ windows, act }) {
  await act("start", "long");
  const page = await windows.open("ann", "#/inbox");
  await startTasks(windows.browser, page);
  const begun = performance.now();
  await page.evaluate(() => { location.hash = "#/executions/long"; });
  await drawn(page);
  const took = performance.now() - begun;
  assert.equal(await page.locator(".step").count(), 500);
  const { tasks, p99 } = await stopTasks(windows.browser);
  assert.ok(p99 < LONG_MILLIS, `99 of 100 tasks take at most ${p99} ms`);
  return `500 steps drawn after ${Math.round(took)} ms; p99 ${p99.toFixed(1)} ms, longest task ${tasks.at(-1).toFixed(1)} ms`;
}

/** Everything by keyboard. */
export async function keyboard({ windows, act }) {
  await act("start", "data");
  const page = await open(windows, "data");
  await drawn(page);
  const total = Number(await page.getByRole("slider").getAttribute("max"));
  const tabTo = async (locator) => {
    for (let n = 0; n < 60; n++) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${locator} is not reached by the Tab key`);
  };
  const slider = page.getByRole("slider");
  await tabTo(slider);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await eventText(page), `Event ${total - 2} of ${total}`);
  assert.match(await slider.getAttribute("aria-valuetext"), new RegExp(`^Event ${total - 2} of ${total}: `));
  await page.keyboard.press("Home");
  assert.equal(await eventText(page), `Event 1 of ${total}`);
  const picture = page.locator("svg.picture");
  await tabTo(picture);
  const before = await page.locator(".world").getAttribute("transform");
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction((transform) => document.querySelector(".world").getAttribute("transform") !== transform, before);
  await page.keyboard.press("0");
  const list = page.getByRole("listbox");
  await tabTo(list);
  await page.keyboard.press("ArrowDown");
  assert.equal(await eventText(page), `Event 2 of ${total}`);
  assert.ok(await list.getAttribute("aria-activedescendant"));
  await page.keyboard.press("End");
  assert.equal(await eventText(page), `Event ${total} of ${total}`);
  await page.getByRole("button", { name: "List" }).press("Enter");
  await page.getByRole("table").waitFor();
  await page.getByRole("button", { name: "State", exact: true }).press("Enter");
  const twist = page.locator(".twist").first();
  const was = await twist.getAttribute("aria-expanded");
  await twist.press("Enter");
  assert.notEqual(await twist.getAttribute("aria-expanded"), was);
}

/** A retry is told apart, and a failure says where and why. */
export async function failures({ windows, act }) {
  await act("start", "delivery");
  const page = await open(windows, "delivery");
  await drawn(page);
  await page.locator(".execution-title .status", { hasText: "Failed" }).waitFor();
  assert.equal(await step(page, "deliver").locator(".place").textContent(), "✕ Failed");
  assert.match(await step(page, "deliver").locator(".step-facts").textContent(), /2 retries/);
  assert.match(await page.locator(".failure").textContent(), /The carrier does not answer/);
  assert.ok((await page.locator(".rows .bar.pause").count()) > 0, "the time between attempts is no work");
}

/** Events that the server does not keep any more are told, and nothing is made up for them. */
export async function missing({ windows, act }) {
  await act("start", "forgetful");
  const page = await open(windows, "forgetful");
  await drawn(page);
  assert.match(await page.locator(".gap").textContent(), /^Events 1 to \d+ are missing\./);
  await page.getByRole("button", { name: "State", exact: true }).click();
  assert.match(await page.locator(".tree > li", { hasText: /^n/ }).textContent(), /100/, "the end tells the state");
  await page.getByRole("slider").press("Home");
  await page.getByText("Events before are missing: only what was written since is known.").or(page.getByText("The state is not known here")).waitFor();
  assert.equal(await page.locator(".gap").count(), 1);
}

async function violations(page, what) {
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], preload: false }));
  const bad = found.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(bad.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.slice(0, 160)}`).join("; ")}`), [], what);
}

const isNoWider = () => document.documentElement.scrollWidth <= innerWidth;

/** No serious or critical violation that axe finds, in any part, in both themes and on a phone. */
export async function accessible({ windows, act }) {
  await act("start", "expense");
  for (const theme of ["light", "dark"]) {
    const page = await open(windows, "expense", { theme });
    await drawn(page);
    await page.evaluate(axe);
    await violations(page, `picture and events, ${theme}`);
    await page.getByRole("button", { name: "JSON" }).click();
    await page.getByRole("button", { name: "List" }).click();
    await violations(page, `list and JSON, ${theme}`);
    await page.getByRole("button", { name: "State", exact: true }).click();
    await seek(page, 6);
    await violations(page, `state, ${theme}`);
  }
  const phone = await open(windows, "expense", { width: 390, height: 844 });
  await phone.evaluate(axe);
  for (const part of ["Picture", "Now", "Time", "State", "Events"]) {
    await phone.locator(".page-parts").getByRole("button", { name: part }).click();
    await violations(phone, `phone, ${part}`);
    assert.ok(await phone.evaluate(isNoWider), `${part} is no wider than the phone`);
  }
  const tablet = await open(windows, "expense", { width: 820, height: 1180 });
  await drawn(tablet);
  assert.ok(await tablet.evaluate(isNoWider), "the page is no wider than the tablet");
}

/** Pictures for the documentation. */
export async function screenshots({ windows, act }) {
  await act("start", "story");
  mkdirSync(FOLDER, { recursive: true });
  for (const [width, height] of [[1440, 1215], [820, 1180], [390, 844]]) {
    for (const theme of ["light", "dark"]) {
      const page = await open(windows, "story", { width, height, theme, locale: LOCALE });
      await drawn(page);
      await page.waitForFunction(() => document.querySelector(".world").hasAttribute("transform"));
      await page.screenshot({ path: `${FOLDER}console-execution-${width}-${theme}.png`, animations: "disabled" });
      await page.close();
    }
  }
}

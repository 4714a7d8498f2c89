/** What the page shows: filters, long lists, its size, languages, and what axe finds. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startTasks, stopTasks } from "./tasks.mjs";

const MAX_FIRST_LOAD = 250_000;
const MAX_FIRST_PAINT_MILLIS = 1_000;
const LONG_MILLIS = 50;
const MAX_ROWS_IN_PAGE = 120;
const AXE = readFileSync(fileURLToPath(new URL("../../../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");

/** Filters are in the address, survive a reload, and let only what fits appear. */
export async function filters({ windows, server, act, until }) {
  await server.start("purchase", "first", { item: "First", price: 1 });
  await server.start("import", "broken", { fails: true });
  const page = await windows.open("ann");
  await act("finishWork");
  await page.locator(".erow", { hasText: "broken" }).getByText("Failed").waitFor();
  await page.getByRole("button", { name: /^Failed/ }).click();
  await page.locator(".erow", { hasText: "first" }).waitFor({ state: "detached" });
  assert.match(page.url(), /status=failed/);
  await page.reload();
  await page.locator(".erow", { hasText: "broken" }).waitFor();
  assert.equal(await page.locator(".erow", { hasText: "first" }).count(), 0);
  // An execution that fails meanwhile appears.
  await server.start("import", "broken-too", { fails: true });
  await page.locator(".erow", { hasText: "broken-too" }).waitFor();
  await page.getByRole("searchbox").fill("nothing like this");
  await page.getByRole("heading", { name: "Nothing fits these filters" }).waitFor();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await page.locator(".erow", { hasText: "first" }).waitFor();
  await until(async () => !page.url().includes("status"));
}

/** Entries of a list, as the server sends them, of which there are many. */
async function withMany(page, count) {
  const statuses = ["completed", "completed", "completed", "failed", "cancelled"];
  const start = Date.now();
  await page.route("**/executions?**", (route) => {
    const url = new URL(route.request().url());
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const limit = Number(url.searchParams.get("limit") ?? 100);
    const executions = Array.from({ length: Math.min(limit, count - from) }, (_, index) => {
      const number = from + index;
      const at = new Date(start - number * 60_000).toISOString();
      return { executionId: `run-${number}`, workflowId: "import", status: statuses[number % statuses.length], startTime: at, endTime: at };
    });
    route.fulfill({ json: { executions, ...(from + limit < count && { next: String(from + limit) }) } });
  });
}

/** 50,000 executions: scrolling loads them all, the document stays small, and the last one can be seen. */
export async function manyExecutions({ windows }) {
  const page = await windows.open("ann", "", { before: (each) => withMany(each, 50_000) });
  await page.locator(".erow", { hasText: "run-0" }).first().waitFor();
  await startTasks(windows.browser, page);
  const rows = await page.evaluate(async () => {
    const table = () => document.querySelector(".etable");
    const frame = () => new Promise(requestAnimationFrame);
    while (table().getAttribute("aria-rowcount") === "-1") {
      scrollTo(0, document.documentElement.scrollHeight);
      await frame();
    }
    // Up again, through all that is loaded.
    for (let part = 20; part >= 0; part -= 1) {
      scrollTo(0, (document.documentElement.scrollHeight * part) / 20);
      await frame();
    }
    scrollTo(0, document.documentElement.scrollHeight);
    await frame();
    return document.querySelectorAll(".erow").length;
  });
  const { tasks, p99 } = await stopTasks(windows.browser);
  await page.locator(".erow", { hasText: "run-49999" }).waitFor();
  assert.ok(rows <= MAX_ROWS_IN_PAGE, `${rows} rows are in the document`);
  assert.ok(tasks.length > 500, `${tasks.length} tasks were seen`);
  assert.ok(p99 < LONG_MILLIS, `99 of 100 tasks take at most ${p99} ms`);
  assert.ok((await page.locator(".erow").count()) <= MAX_ROWS_IN_PAGE);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  await page.locator(".erow", { hasText: "run-25000" }).waitFor();
  return `${tasks.length} tasks: p99 ${p99.toFixed(1)} ms, longest ${tasks.at(-1).toFixed(1)} ms, ${tasks.filter((task) => task > LONG_MILLIS).length} over 50 ms`;
}

/** With nothing in the browser's cache, something can be read in less than a second. Other work of the machine may spoil all but one of ten tries. */
async function firstPaint(windows, page) {
  let millis = Infinity;
  for (let n = 0; n < 10 && millis >= MAX_FIRST_PAINT_MILLIS; n += 1) {
    const fresh = n === 0 ? page : await windows.open("ann", "#/inbox"); // of a context of its own, so that the cache is empty
    millis = await fresh.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  }
  assert.ok(millis < MAX_FIRST_PAINT_MILLIS, `the first contentful paint came after ${millis} ms`);
  return millis;
}

/** The first load has less than 250 KB over the wire, and is soon seen. Its parts are compressed, and kept for a year. */
export async function firstLoad({ windows }) {
  const sizes = [];
  const headers = [];
  const page = await windows.open("ann", "#/inbox", {
    before: (each) => each.on("requestfinished", async (request) => {
      if (!request.url().includes("/console/")) return;
      sizes.push(request.sizes().then(({ responseBodySize }) => [request.url(), responseBodySize]));
      headers.push(request.response().then(async (response) => [request.url(), await response.allHeaders()]));
    }),
  });
  const parts = await Promise.all(sizes);
  const bytes = parts.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(parts.length > 10, "the parts of the page were seen");
  assert.ok(bytes < MAX_FIRST_LOAD, `the first load has ${bytes} bytes: ${JSON.stringify(parts)}`);
  for (const [url, each] of await Promise.all(headers)) {
    if (/\.(js|css)$/.test(url)) assert.match(each["cache-control"], /immutable/, url);
    if (/app\.js$|console\.css$|preact\.js$/.test(url)) assert.equal(each["content-encoding"], "gzip", url);
  }
  return `${bytes} bytes in ${parts.length} files, first contentful paint after ${Math.round(await firstPaint(windows, page))} ms`;
}

/** German and the dark theme are chosen by the person, and kept. */
export async function languages({ windows }) {
  const page = await windows.open("ann");
  await page.getByRole("button", { name: "You and settings" }).click();
  await page.getByRole("button", { name: "Deutsch" }).click();
  await page.getByRole("heading", { name: "Abläufe" }).waitFor();
  await page.getByRole("button", { name: "Dunkel" }).click();
  await page.reload();
  await page.getByRole("heading", { name: "Noch ist nichts gelaufen" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  // Somebody else: the switch of the development mode.
  await page.getByRole("button", { name: "Sie und Einstellungen" }).click();
  await page.getByLabel("Name").fill("bob");
  await page.getByLabel("Gruppen").fill("managers, staff");
  await page.getByRole("button", { name: "Wechseln" }).click();
  await page.waitForURL((url) => !url.search);
  await page.getByRole("button", { name: "Sie und Einstellungen" }).click();
  await page.locator(".identity").getByText("managers, staff").waitFor();
}

async function axe(page, where) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => (await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], preload: false })).violations);
  const told = violations.map(({ id, impact, nodes }) => `${where} ${id} (${impact}): ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`).join(" ; ")}`);
  assert.deepEqual(told, []);
}

/** axe finds nothing in any view, dark or light, wide or narrow, and no view is wider than its window. */
export async function accessible({ windows, server, act }) {
  await server.start("purchase", "lamp", { item: "A lamp", price: 40 });
  await server.start("journey", "oslo", { city: "Oslo" });
  await server.start("import", "broken", { fails: true });
  await act("finishWork");
  for (const [width, theme] of [[1440, "light"], [390, "dark"], [820, "dark"]]) {
    const page = await windows.open("ann", "", { width, theme });
    const where = `${width} ${theme}`;
    const check = async (view) => {
      if (width !== 820) await axe(page, `${where} ${view}:`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${where} ${view} is not wider than the window`);
      if (width === 390) await targets(page, `${where} ${view}`);
    };
    await page.locator(".erow", { hasText: "broken" }).getByText("Failed").waitFor();
    await check("executions");
    await page.goto(`${windows.base}console/#/executions?start=purchase`);
    await page.locator("flowscript-form").getByLabel("What is bought?").waitFor();
    await check("start");
    await page.keyboard.press("Escape");
    await page.goto(`${windows.base}console/#/inbox?tab=all`);
    await page.locator(".entry", { hasText: "A lamp" }).waitFor();
    await check("inbox");
    await page.locator(".entry", { hasText: "A lamp" }).click();
    await page.locator("flowscript-form").getByLabel("Approved").waitFor();
    await check("question");
    await page.goto(`${windows.base}console/#/health`);
    await page.locator(".chart").first().waitFor();
    await check("health");
    await page.getByRole("button", { name: "You and settings" }).click();
    await check("settings");
    await page.close();
  }
}

/** On a phone, what is touched is at least 44 pixels high; links within a text are not counted. */
async function targets(page, where) {
  const small = await page.evaluate(() => [...document.querySelectorAll("button, select, .input, .tabs a, .entry")]
    .filter((each) => each.checkVisibility() && !each.closest(".erow, .connection"))
    .map((each) => ({ height: each.getBoundingClientRect().height, html: each.outerHTML.slice(0, 120) }))
    .filter(({ height }) => height > 0 && height < 43.5));
  assert.deepEqual(small, [], where);
}

/**
 * Tabs of the machine's own Chromium:
 *
 *     node browser.mjs http://localhost:PORT EXECUTION shared|alone
 *
 * It prints "ready" when three tabs follow the execution, and goes on when it reads a line. Ends with 0 when all went as
 * it should.
 */
import assert from "node:assert/strict";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const [base, execution, way] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

function findChromium() {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      try {
        accessSync(join(directory, name), constants.X_OK);
        return join(directory, name);
      } catch {
        // not here
      }
    }
  }
  throw new Error("there is no Chromium on the PATH");
}

async function say(what) {
  console.log(what);
  await lines.next();
}

const told = (tab) => tab.locator("#events li").evaluateAll((items) => items.map((item) => item.textContent));

const profile = mkdtempSync(join(tmpdir(), "flowscript-tabs-"));
const problems = [];
let browser = null;
try {
  browser = await chromium.launchPersistentContext(profile, { executablePath: findChromium(), headless: true, args: FLAGS });
  const tabs = [];
  for (let i = 0; i < 3; i += 1) {
    const tab = await browser.newPage();
    tab.setDefaultTimeout(15_000);
    tab.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    tab.on("pageerror", (error) => problems.push(String(error)));
    await tab.goto(`${base}/page/tab.html?execution=${execution}${way === "alone" ? "&alone=1" : ""}`);
    tabs.push(tab);
  }
  for (const tab of tabs) await tab.locator("li.human_interaction_required").waitFor();
  for (const tab of tabs) assert.equal(await tab.evaluate(() => flow.stats.shared), way === "shared");
  await say("ready");

  // One tab is closed; another one answers; all that are left see it.
  await tabs[0].close();
  const reply = await tabs[1].evaluate(async () => {
    const { interactions } = await flow.interactions({ executionId: run.id });
    return flow.resume(interactions[0], { amount: 5 });
  });
  assert.equal(reply.closes, true);
  const seen = [];
  for (const tab of tabs.slice(1)) {
    await tab.locator("li.workflow_completed").waitFor();
    seen.push(await told(tab));
  }
  assert.deepEqual(seen[0], seen[1]);
  assert.deepEqual(seen[0].map((line) => Number(line.split(" ")[0])), seen[0].map((_, index) => index + 1), "each event once, in order");
  // A command that is refused is refused in its tab, with its code.
  assert.equal(await tabs[2].evaluate(() => flow.resume({ executionId: run.id, nodeId: "none" }, 1).then(() => "done", (error) => error.code)), "interaction_not_found");
  // A tab that comes late catches up.
  const late = await browser.newPage();
  await late.goto(`${base}/page/tab.html?execution=${execution}`);
  await late.locator("li.workflow_completed").waitFor();
  assert.deepEqual(await told(late), seen[0]);
  // The inbox is live in every tab, and a new execution is followed over the same connection.
  const started = tabs[1].evaluate(async () => {
    const other = await flow.execute("asks", {});
    for await (const { type } of other) if (type === "human_interaction_required") return other.id;
  });
  const listed = await tabs[2].evaluate(
    () => new Promise((resolve) => flow.inbox({}).on("change", (items) => items.length && resolve(items[0].executionId))),
  );
  assert.equal(listed, await started);
  assert.deepEqual(problems, [], "the policy of the page forbids nothing that it needs");
  await say("seen");
  for (const tab of [...tabs.slice(1), late]) await tab.close();
  await say("closed");
} catch (error) {
  console.log(`failed: ${error.stack} ${problems.join("\n")}`);
  process.exitCode = 1;
} finally {
  await browser?.close();
  rmSync(profile, { recursive: true, force: true });
}
process.exit();

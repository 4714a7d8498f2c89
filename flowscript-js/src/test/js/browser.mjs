/**
 * Tabs of the machine's own Chromium:
 *
 *     node browser.mjs http://localhost:PORT EXECUTION shared|alone
 *
 * It prints "ready" when three tabs follow the execution, and goes on when it reads a line. Ends with 0 when all went as
 * it should.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { createInterface } from "node:readline";
import { inChromium } from "./chromium.mjs";

const [base, execution, way] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function say(what) {
  console.log(what);
  await lines.next();
}

const told = (tab) => tab.locator("#events li").evaluateAll((items) => items.map((item) => item.textContent));

await inChromium(async (open, problems) => {
  const tabs = [];
  for (let i = 0; i < 3; i += 1) {
    tabs.push(await open(`${base}/page/tab.html?execution=${execution}${way === "alone" ? "&alone=1" : ""}`));
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
  const late = await open(`${base}/page/tab.html?execution=${execution}`);
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
});

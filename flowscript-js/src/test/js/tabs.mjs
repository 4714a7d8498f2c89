/** Tabs of one browser that follow an execution, over one connection or each over its own. The test looks at the server between. */
import assert from "node:assert/strict";

const eventsOf = (tab) => tab.locator("#events li").evaluateAll((items) => items.map((item) => item.textContent));

export async function tabs(open, { told: [execution, way], act }) {
  const opened = [];
  for (let i = 0; i < 3; i += 1) {
    opened.push(await open(`/page/tab.html?execution=${execution}${way === "alone" ? "&alone=1" : ""}`));
  }
  for (const tab of opened) await tab.locator("li.human_interaction_required").waitFor();
  for (const tab of opened) assert.equal(await tab.evaluate(() => flow.stats.shared), way === "shared");
  await act("ready");

  // One tab is closed; another one answers; all that are left see it.
  await opened[0].close();
  const reply = await opened[1].evaluate(async () => {
    const { interactions } = await flow.interactions({ executionId: run.id });
    return flow.resume(interactions[0], { amount: 5 });
  });
  assert.equal(reply.closes, true);
  const seen = [];
  for (const tab of opened.slice(1)) {
    await tab.locator("li.workflow_completed").waitFor();
    seen.push(await eventsOf(tab));
  }
  assert.deepEqual(seen[0], seen[1]);
  assert.deepEqual(seen[0].map((line) => Number(line.split(" ")[0])), seen[0].map((_, index) => index + 1), "each event once, in order");
  // A command that is refused is refused in its tab, with its code.
  assert.equal(await opened[2].evaluate(() => flow.resume({ executionId: run.id, nodeId: "none" }, 1).then(() => "done", (error) => error.code)), "interaction_not_found");
  // A tab that comes late catches up.
  const late = await open(`/page/tab.html?execution=${execution}`);
  await late.locator("li.workflow_completed").waitFor();
  assert.deepEqual(await eventsOf(late), seen[0]);
  // The inbox is live in every tab, and a new execution is followed over the same connection.
  const started = opened[1].evaluate(async () => {
    const other = await flow.execute("asks", {});
    for await (const { type } of other) if (type === "human_interaction_required") return other.id;
  });
  const listed = await opened[2].evaluate(
    () => new Promise((resolve) => flow.inbox({}).on("change", (items) => items.length && resolve(items[0].executionId))),
  );
  assert.equal(listed, await started);
  for (const tab of [...opened.slice(1), late]) await tab.close();
  await act("closed");
}

/** More tabs than the browser has connections to one server, without WebSocket and each on its own. */
export async function tabsOverHttp(open, { told: [execution, told] }) {
  const count = Number(told);
  const opened = [];
  for (let i = 0; i < count; i += 1) {
    opened.push(await open(`/page/tab.html?execution=${execution}&alone=1&http=1`));
    await opened[i].locator("li.human_interaction_required").waitFor();
  }
  const transports = await Promise.all(opened.map((tab) => tab.evaluate(() => flow.transport)));
  assert.deepEqual(transports, ["sse", ...Array(count - 1).fill("poll")]);
  const reply = await opened.at(-1).evaluate(async () => {
    const { interactions } = await flow.interactions({ executionId: run.id });
    return flow.resume(interactions[0], { amount: 5 });
  });
  assert.equal(reply.closes, true);
  for (const tab of opened) await tab.locator("li.workflow_completed").waitFor();
}

/** The client with Alpine.js or with React: what a page of each shows. */
import assert from "node:assert/strict";

const ASKED = "human_interaction_required";

export async function frames(open, { told: [way, execution, next] }) {
  const tab = await open(`/page/frames.html?way=${way}&execution=${execution}&next=${next}`);
  const part = tab.locator(`#${way}`);
  const events = () => part.locator("ol li").allTextContents();
  const listed = part.locator("ul li");
  await listed.getByText(execution, { exact: true }).waitFor();
  await listed.getByText(next, { exact: true }).waitFor();
  await part.locator("ol li", { hasText: ASKED }).waitFor();
  const before = await events();
  if (way === "alpine") {
    assert.equal(await part.locator("p").textContent(), "online");
    await part.getByRole("button", { name: "Answer" }).click();
    await tab.waitForFunction(() => document.querySelectorAll("#alpine ul li").length === 1);
  } else {
    await tab.evaluate(async (executionId) => {
      const { interactions } = await globalThis.flow.interactions({ executionId });
      await globalThis.flow.resume(interactions[0], "react");
    }, execution);
    await part.locator("ol li", { hasText: "workflow_completed" }).waitFor();
    await listed.getByText(execution, { exact: true }).waitFor({ state: "detached" });
    const all = await events();
    assert.deepEqual(all.slice(0, before.length), before);
    // Another execution: the events of the first one go.
    await part.getByRole("button", { name: "Next" }).click();
    await tab.waitForFunction((type) => [...document.querySelectorAll("#react ol li")].at(-1)?.textContent === type, ASKED);
    assert.deepEqual(await events(), before, "both executions began the same way");
    // Nothing shown any more: nothing is followed any more.
    assert.ok((await tab.evaluate(() => globalThis.flow.stats.subscriptions)) > 0);
    await part.getByRole("button", { name: "Next" }).click();
    await tab.waitForFunction(() => globalThis.flow.stats.subscriptions === 0);
  }
}

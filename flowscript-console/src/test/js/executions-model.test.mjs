import assert from "node:assert/strict";
import { test } from "node:test";
import { ExecutionList, apply, filterOf, matches, parametersOf } from "../../main/web/executions-model.js";

const NOW = 1_000_000_000;
const NONE = filterOf({});
const entry = (number, more = {}) => ({ executionId: `e${number}`, workflowId: "w", status: "running", startTime: NOW - number * 1000, ...more });
const event = (type, executionId, data = {}) => ({ type, timestamp: NOW, data: { executionId, ...data } });

/** A list over entries, the newest first, in pages of ten. */
function listOf(entries, filter = NONE) {
  const asked = [];
  const source = {
    executions: async ({ cursor = 0, limit }) => {
      asked.push({ cursor, limit });
      const end = Number(cursor) + 10;
      return { executions: entries.slice(Number(cursor), end), ...(end < entries.length && { next: String(end) }) };
    },
    countExecutions: async () => ({ count: entries.length, exact: true, byStatus: { running: 3, failed: 2 } }),
  };
  return Object.assign(new ExecutionList(source, filter, () => NOW, () => {}), { asked });
}

test("Pages follow each other without doubles, also when executions begin meanwhile", async () => {
  const entries = Array.from({ length: 95 }, (_, index) => entry(index));
  const list = listOf(entries);
  await list.more();
  entries.unshift(entry(-1));
  while (list.next) await list.more();
  assert.equal(new Set(list.rows.map(({ executionId }) => executionId)).size, list.rows.length);
  assert.equal(list.rows.length, 95);
});

test("A new execution is first when the top is seen, and waits for a click when it is not", async () => {
  const list = listOf([entry(1)]);
  await list.more();
  list.take([event("workflow_started", "new", { workflowId: "w" })]);
  assert.deepEqual(list.rows.map(({ executionId }) => executionId), ["new", "e1"]);
  list.isAtTop = false;
  list.take([event("workflow_started", "newer", { workflowId: "w" }), event("workflow_paused", "newer")]);
  assert.equal(list.rows.length, 2);
  assert.equal(list.news[0].status, "paused");
  list.showNews();
  assert.equal(list.rows.length, 3);
  assert.equal(list.news.length, 0);
});

test("A row goes through what happens to it", () => {
  const asks = (tokenId, name) => event("human_interaction_required", "e1", { tokenId, nodeInfo: { name, groups: ["managers"] } });
  let row = { ...entry(1), waitsFor: [] };
  for (const each of [event("workflow_paused", "e1"), asks("t1", "approve"), asks("t2", "check")]) row = apply(row, each);
  assert.equal(row.status, "paused");
  assert.deepEqual(row.waitsFor.map(({ nodeName }) => nodeName), ["approve", "check"]);
  row = apply(row, event("human_interaction_received", "e1", { tokenId: "t1" }));
  assert.deepEqual(row.waitsFor.map(({ nodeName }) => nodeName), ["check"]);
  row = apply(row, event("human_interaction_escalated", "e1", { tokenId: "t2", assignees: [], groups: ["directors"] }));
  assert.deepEqual(row.waitsFor[0].groups, ["directors"]);
  row = apply(row, event("workflow_failed", "e1"));
  assert.deepEqual([row.status, row.endTime, row.waitsFor], ["failed", NOW, []]);
});

test("What the server's list said of a question is taken away by its answer, though it has no token", () => {
  const row = { ...entry(1), waitsFor: [{ nodeName: "approve", groups: ["managers"] }] };
  assert.deepEqual(apply(row, event("human_interaction_received", "e1", { tokenId: "t1" })).waitsFor, []);
});

test("A filter lets through what the server would", () => {
  const filter = filterOf({ status: "failed,nonsense,running", workflow: "w", text: "E1", since: "hour" });
  assert.deepEqual(filter.status, ["failed", "running"]);
  assert.ok(matches(entry(1), filter, NOW));
  assert.ok(!matches(entry(1, { status: "paused" }), filter, NOW));
  assert.ok(!matches(entry(1, { workflowId: "v" }), filter, NOW));
  assert.ok(!matches(entry(2), filter, NOW));
  assert.ok(matches(entry(2), filterOf({ text: "W" }), NOW), "a text is looked for in the workflow's id too");
  assert.ok(!matches(entry(1, { startTime: NOW - 3_700_000 }), filter, NOW));
  assert.equal(parametersOf(filter, NOW).from, new Date(NOW - 3_600_000).toISOString());
});

test("A row that does not fit any more stays until it is swept, and its count is known", async () => {
  const list = listOf([entry(1), entry(2)], filterOf({ status: "running" }));
  await list.more();
  await list.recount();
  assert.equal(list.total, 3);
  list.take([event("workflow_completed", "e1")]);
  assert.equal(list.rows.length, 2);
  list.sweep();
  assert.deepEqual(list.rows.map(({ executionId }) => executionId), ["e2"]);
});

test("An event of an execution that is not in a filtered list makes it look again", async () => {
  const list = listOf([entry(1)], filterOf({ status: "failed" }));
  await list.more();
  assert.equal(list.take([event("workflow_failed", "elsewhere")]), true);
  const all = listOf([entry(1)]);
  await all.more();
  assert.equal(all.take([event("workflow_failed", "elsewhere")]), false);
});

test("A refusal is kept as the list's error, and trying again goes on", async () => {
  const list = listOf([entry(1)]);
  const { source } = list;
  list.source = { executions: async () => { throw Object.assign(new Error("no"), { code: "unreachable" }); } };
  await list.more();
  assert.equal(list.error.code, "unreachable");
  assert.equal(list.isLoaded, false);
  list.source = source;
  await list.more();
  assert.deepEqual([list.error, list.rows.length], [null, 1]);
});

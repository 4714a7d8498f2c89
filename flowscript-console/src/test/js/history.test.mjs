import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../main/web/history.js";
import { WorkflowGraph } from "../../main/web/workflow-graph.js";
import { GRAPH, madeEvents, random } from "./made-events.mjs";

const SEED = Number(process.env.FLOWSCRIPT_SEED ?? 20_261);

const historyOf = (events, limits, graph = GRAPH) => {
  const history = new History(new WorkflowGraph(graph), limits);
  for (const event of events) history.add(event);
  return history;
};

/** A moment as plain data. */
const plain = (moment) => JSON.parse(JSON.stringify({ ...moment, missed: String(moment.missed), steps: [...moment.steps], flows: [...moment.flows].sort(), open: [...moment.open] }));

test("The model at an event is the same by seeking as by replaying from the first event", () => {
  for (let seed = SEED; seed < SEED + 25; seed++) {
    const next = random(seed);
    const events = madeEvents(seed, 300 + next(700));
    const history = historyOf(events, { every: 1 + next(90) });
    for (let tries = 0; tries < 25; tries++) {
      const seq = 1 + next(events.length);
      const replayed = historyOf(events.slice(0, seq)).head;
      assert.deepEqual(plain(history.at(seq)), plain(replayed), `seed ${seed}, event ${seq}`);
    }
  }
});

test("What seeking gives is changed neither by seeking elsewhere nor by new events", () => {
  const events = madeEvents(SEED, 500);
  const history = historyOf(events.slice(0, 400), { every: 50 });
  const at = history.at(330);
  const head = history.at(400);
  const before = [plain(at), plain(head)];
  history.at(50);
  for (const event of events.slice(400)) history.add(event);
  assert.deepEqual([plain(at), plain(head)], before);
});

test("Events that are let go stay counted, and how many are kept is bounded", () => {
  const events = madeEvents(SEED + 1, 3_000);
  const whole = historyOf(events);
  const small = historyOf(events, { every: 50, keep: 400 });
  assert.ok(small.events.length <= 450, `${small.events.length} events are kept`);
  assert.ok(small.bars.length <= small.events.length);
  assert.ok(small.bars.every(({ to }) => to === null || to >= small.first));
  assert.equal(small.letGo + small.events.length, events.length);
  for (const seq of [small.first, small.first + 77, events.length]) assert.deepEqual(plain(small.at(seq)), plain(whole.at(seq)));
  assert.deepEqual(plain(small.at(1)), plain(whole.at(small.first - 1)), "before the first event that is kept, it is as it was there");
});

test("Events that are missing are told, and what was before them is not made up", () => {
  const events = madeEvents(SEED + 2, 600);
  const history = new History(new WorkflowGraph(GRAPH));
  history.add({ type: "events_missed", timestamp: 1, data: { executionId: "x", from: 1, to: 300 } });
  for (const event of events.slice(300, 400)) history.add(event);
  assert.deepEqual(history.gaps, [{ from: 1, to: 300 }]);
  assert.equal(history.head.missed, 300);
  assert.equal(history.head.stateKnown, "partial");
  const whole = historyOf(events).at(400);
  history.status({ status: "running", latest: 400, startTime: 1_700_000_000_000, state: whole.state, pauseTokens: [], interactions: [] });
  assert.equal(history.head.stateKnown, "whole");
  assert.equal(history.at(399).stateKnown, "partial", "what is known at an event is not known before it");
  for (const event of events.slice(400)) history.add(event);
  assert.deepEqual(history.head.state, historyOf(events).head.state);
  assert.deepEqual(history.at(400).state, whole.state);
  assert.ok(history.bars.every(({ from }) => from > 300));
});

test("A status that comes before the events that follow a gap counts at its own event", () => {
  const events = madeEvents(SEED + 3, 400);
  const whole = historyOf(events);
  const history = new History(new WorkflowGraph(GRAPH), { every: 64 });
  history.add({ type: "events_missed", timestamp: 1, data: { executionId: "x", from: 1, to: 200 } });
  history.status({ status: "running", latest: 320, startTime: 0, state: whole.at(320).state, interactions: [], pauseTokens: [] });
  for (const event of events.slice(200)) history.add(event);
  assert.equal(history.at(319).stateKnown, "partial");
  for (const seq of [320, 321, 350, events.length]) {
    assert.equal(history.at(seq).stateKnown, "whole");
    assert.deepEqual(history.at(seq).state, whole.at(seq).state);
  }
});

test("When nothing remains after a gap, the status says where the execution stands", () => {
  const history = new History(new WorkflowGraph(GRAPH));
  history.add({ type: "events_missed", timestamp: 1, data: { executionId: "x", from: 1 } });
  history.status({ status: "paused", latest: 70, startTime: 5, state: { a: 1 }, currentNodeId: "approve-9", currentNodeName: "approve", pauseTokens: ["t"], interactions: [{ tokenId: "t", nodeId: "approve-9", nodeInfo: { name: "approve", groups: ["managers"] } }] });
  assert.equal(history.head.stateKnown, "none", "events may still follow");
  history.settle();
  assert.equal(history.head.missed, Infinity);
  assert.deepEqual(history.head.state, { a: 1 });
  assert.equal(history.head.status, "paused");
  assert.equal(history.head.visit.step, "ask");
  assert.equal(history.head.visit.phase, "people");
  assert.deepEqual(history.head.open.get("t").groups, ["managers"]);
  assert.equal(history.last, 70);
});

test("A number that was there before begins a new history", () => {
  const events = madeEvents(SEED + 4, 200);
  const history = historyOf(events);
  for (const event of events.slice(0, 20)) history.add(event);
  assert.deepEqual(plain(history.head), plain(historyOf(events.slice(0, 20)).head));
  assert.equal(history.events.length, 20);
});

test("People's time is apart from work, and the pause between attempts from both", () => {
  const at = (timestamp, seq, type, data) => ({ type, timestamp, seq, data });
  const node = { nodeId: "approve-1", nodeName: "approve", nodeType: "human" };
  const history = historyOf([
    at(1_000, 1, "workflow_started", { state: {} }),
    at(1_010, 2, "node_started", { ...node, step: "ask", attempt: 1 }),
    at(1_030, 3, "node_failed", { ...node, error: "no", code: "x", attempt: 1, willRetry: true }),
    at(1_530, 4, "node_started", { ...node, step: "ask", attempt: 2 }),
    at(1_535, 5, "workflow_paused", { nodeId: "approve-1", tokenId: "t" }),
    at(1_535, 6, "human_interaction_required", { nodeId: "approve-1", tokenId: "t", nodeInfo: { name: "approve" } }),
    at(61_535, 7, "human_interaction_received", { nodeId: "approve-1", tokenId: "t", by: "ann" }),
    at(61_535, 8, "workflow_resumed", { nodeId: "approve-1", tokenId: "t", data: {} }),
    at(61_540, 9, "node_completed", { ...node, edge: "rejected" }),
    at(61_541, 10, "workflow_completed", { exitSignal: "explicit_exit" }),
  ]);
  const step = history.head.steps.get("ask");
  assert.deepEqual([step.visits, step.failures, step.retries, step.edge], [1, 1, 1, "rejected"]);
  assert.deepEqual([step.work, step.pause, step.people], [20 + 5 + 5, 500, 60_000]);
  assert.deepEqual([history.head.work, history.head.people], [30, 60_000]);
  assert.deepEqual(history.bars.map(({ kind, from, to, start, end }) => [kind, from, to, end - start]), [["work", 2, 3, 20], ["pause", 3, 4, 500], ["work", 4, 5, 5], ["people", 5, 8, 60_000], ["work", 8, 9, 5]]);
  assert.equal(history.at(6).status, "paused");
  assert.equal(history.at(6).open.size, 1);
  assert.equal(history.at(8).open.size, 0);
  assert.equal(history.graph.flows[history.head.lastFlow].edge, "rejected", "the way to the end was taken");
  assert.equal(history.head.status, "completed");
});

test("The flow taken is that of the edge; one that the graph does not have is added", () => {
  const at = (seq, type, data) => ({ type, timestamp: seq, seq, data });
  const visit = (seq, step, name, edge) => [at(seq, "node_started", { nodeId: `${name}-${seq}`, nodeName: name, attempt: 1, step }), at(seq + 1, "node_completed", { nodeId: `${name}-${seq}`, nodeName: name, edge })];
  const graph = { steps: ["a", "b", "c"].map((id) => ({ id, name: id, kind: "node" })), flows: [{ from: "a", to: "b" }, { from: "a", to: "b", edge: "yes" }, { from: "b", to: "c" }] };
  const history = historyOf([...visit(1, "a", "a", "yes"), ...visit(3, "b", "b", "loopTo:a"), ...visit(5, "a", "a", "no"), ...visit(7, "b", "b", "ok")], {}, graph);
  assert.deepEqual([...history.head.flows], [[1, 1], [3, 1], [0, 1]]);
  assert.deepEqual(history.graph.flows[3], { from: "b", to: "a", edge: "loopTo:a", seen: true });
  assert.equal(history.graph.version, 1);
});

test("Of steps with one name, the event says which it is; without that, the flow taken does", () => {
  const graph = { steps: ["a", "b"].map((id) => ({ id, name: "log", kind: "node" })).concat({ id: "c", name: "c", kind: "node" }), flows: [{ from: "c", to: "b" }] };
  const at = (seq, type, data) => ({ type, timestamp: seq, seq, data });
  assert.equal(historyOf([at(1, "node_started", { nodeId: "log-1", nodeName: "log", attempt: 1, step: "b" })], {}, graph).head.visit.step, "b");
  const told = historyOf([at(1, "node_started", { nodeId: "c-1", nodeName: "c", attempt: 1 }), at(2, "node_completed", { nodeId: "c-1", nodeName: "c", edge: "x" }), at(3, "node_started", { nodeId: "log-2", nodeName: "log", attempt: 1 })], {}, graph);
  assert.equal(told.head.visit.step, "b");
  const named = historyOf([at(1, "node_started", { nodeId: "c-1", nodeName: "c", attempt: 1 }), at(2, "node_completed", { nodeId: "c-1", nodeName: "c", edge: "x" }), at(3, "node_started", { nodeId: "log-2", nodeName: "log", attempt: 1, step: "a" })], {}, graph);
  assert.equal(named.head.visit.step, "a", "the event knows better than the flow");
});

test("Without a graph, the picture is made of the visits", () => {
  const events = madeEvents(SEED + 5, 200).map((event) => ({ ...event, data: { ...event.data, step: undefined } }));
  const history = historyOf(events, {}, null);
  assert.deepEqual(new Set(history.graph.steps.map(({ name }) => name)), new Set(["forEach", "checkValue", "approve", "incrementCounter", "log"]));
  assert.ok(history.graph.flows.length > 4);
});

test("Seeking anywhere in 10,000 events takes less than two milliseconds of the processor, and a live event is no dearer at the end", () => {
  const events = madeEvents(SEED + 6, 10_000);
  const history = historyOf(events);
  const next = random(1);
  for (let warm = 0; warm < 200; warm++) history.at(1 + next(events.length));
  const begin = process.cpuUsage(); // what other processes take from this one does not count
  for (let tries = 0; tries < 300; tries++) history.at(1 + next(events.length));
  const { user, system } = process.cpuUsage(begin);
  const each = (user + system) / 1_000 / 300;
  assert.ok(each < 2, `one takes ${each} ms`);
});

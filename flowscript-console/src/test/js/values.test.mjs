import assert from "node:assert/strict";
import { test } from "node:test";
import { EventFilter } from "../../main/web/event-filter.js";
import { History } from "../../main/web/history.js";
import { segments, valueAt, withValue } from "../../main/web/values.js";
import { WorkflowGraph } from "../../main/web/workflow-graph.js";
import { GRAPH, madeEvents } from "./made-events.mjs";

test("A path is read as the server writes it", () => {
  for (const [path, parts] of [["$", []], ["$.a.b", ["a", "b"]], ["$.a[0][12]", ["a", 0, 12]], ['$["a key"].x', ["a key", "x"]], ['$["a\\"b\\\\c"]', ['a"b\\c']], ["$.order-id.größe", ["order-id", "größe"]], ['$["a.b"][0]', ["a.b", 0]], ['$["__proto__"]', ["__proto__"]], ["$.a[", null]]) {
    assert.deepEqual(segments(path), parts, path);
  }
});

test("A value that is set leaves the old root as it was, and shares the rest with it", () => {
  const root = { a: { b: 1 }, c: [1, { d: 2 }] };
  const next = withValue(root, ["c", 1, "d"], 3);
  assert.deepEqual(root, { a: { b: 1 }, c: [1, { d: 2 }] });
  assert.deepEqual(next, { a: { b: 1 }, c: [1, { d: 3 }] });
  assert.equal(next.a, root.a);
  assert.deepEqual(withValue(root, ["new", 0, "x"], 1).new, [{ x: 1 }], "what is missing on the way is made");
  assert.deepEqual(withValue([1], ["1"], 2), [1, 2], "digits are an index of an array");
  assert.equal(withValue([1], [5], 2).length, 1, "an index beyond the array's end changes nothing");
  assert.deepEqual(withValue({ x: 1 }, [], { y: 2 }), { y: 2 });
  const odd = withValue({}, ["__proto__", "polluted"], true);
  assert.equal({}.polluted, undefined);
  assert.equal(valueAt(odd, ["__proto__", "polluted"]), true, "every key is a key");
  assert.equal(valueAt({}, ["constructor"]), undefined);
});

test("A filter that goes on with the events lists what a new one lists, also when old events are let go", () => {
  const events = madeEvents(11, 2_000);
  const history = new History(new WorkflowGraph(GRAPH), { every: 50, keep: 300 });
  const wanted = { types: new Set(["node_started", "state_updated"]), step: "count" };
  const filter = new EventFilter(history, wanted);
  for (const [index, event] of events.entries()) {
    history.add(event);
    if (index % 37 !== 0 && index !== events.length - 1) continue;
    filter.update();
    assert.deepEqual(filter.positions, new EventFilter(history, wanted).update().positions);
  }
  assert.ok(filter.positions.length > 5 && filter.positions.length < 300);
  for (let index = 0; index < filter.positions.length; index++) {
    const event = filter.event(index);
    assert.ok(wanted.types.has(event.type));
    assert.equal(filter.indexOf(history.indexOf(event.seq)), index);
  }
  assert.ok(filter.event(0).seq >= history.first);
});

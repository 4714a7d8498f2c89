import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf, END, STEP } from "../../main/web/graph-layout.js";
import { random } from "./made-events.mjs";

const SEED = Number(process.env.FLOWSCRIPT_SEED ?? 7_001);

/** A graph as the engine makes it of a script: sequences, branches, loops, exits and jumps back. */
function madeGraph(seed, size) {
  const next = random(seed);
  const steps = [];
  const flows = [];
  const add = (kind = "node") => {
    const step = { id: `s${steps.length}`, name: `step${steps.length}`, kind };
    steps.push(step);
    return step.id;
  };
  const join = (ends, to) => ends.forEach(([from, edge]) => flows.push({ from, to, edge }));
  const sequence = (entry, length, depth) => {
    let open = entry;
    let before = null;
    for (let i = 0; i < length && steps.length < size; i++) {
      const kind = depth > 0 ? next(6) : 0;
      if (kind === 1) {
        const loop = add("loop");
        const from = steps.length;
        join(open, loop);
        join(sequence([[loop, "next_iteration"]], 1 + next(3), depth - 1), loop);
        steps.find(({ id }) => id === loop).inside = steps.slice(from).map(({ id }) => id);
        open = [[loop, "exit_loop"]];
      } else if (kind === 2) {
        const condition = add();
        join(open, condition);
        open = [];
        for (let arm = 0; arm < 2 + next(3); arm++) open.push(...sequence([[condition, `edge${arm}`]], next(3), depth - 1));
        if (next(2) === 0) {
          const exit = add("exit");
          flows.push({ from: condition, to: exit, edge: "stop" });
        }
        if (before && next(3) === 0) flows.push({ from: condition, to: before, edge: "again" });
        before = condition;
      } else {
        const step = add();
        join(open, step);
        open = [[step, undefined]];
        before = step;
      }
    }
    return open;
  };
  const ends = sequence([], 1_000, 3);
  const end = add("end");
  join(ends, end);
  return { start: "s0", steps, flows };
}

const boxOf = ({ x, y }, { width, height }) => ({ left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 });
const overlap = (one, other) => one.left < other.right - 0.5 && other.left < one.right - 0.5 && one.top < other.bottom - 0.5 && other.top < one.bottom - 0.5;

test("Every step has its place: none lies over another, those of a loop are in its box, others are not", () => {
  for (let seed = SEED; seed < SEED + 30; seed++) {
    const graph = madeGraph(seed, 40);
    const layout = layoutOf(graph);
    const drawn = graph.steps.filter(({ kind }) => kind !== "end" && kind !== "exit");
    assert.equal(layout.steps.length, drawn.length, `seed ${seed}`);
    const boxes = new Map(layout.steps.map((step) => [step.id, boxOf(step, STEP)]));
    const all = [...boxes.entries(), ...layout.ends.map((end) => [end.id, boxOf(end, END)])];
    for (const [id, box] of all) {
      assert.ok(box.left >= -0.5 && box.top >= -0.5 && box.right <= layout.width + 0.5 && box.bottom <= layout.height + 0.5, `seed ${seed}: ${id} is in the picture`);
      for (const [other, its] of all) if (id < other) assert.ok(!overlap(box, its), `seed ${seed}: ${id} and ${other}`);
    }
    for (const loop of layout.boxes) {
      const box = { left: loop.x, right: loop.x + loop.width, top: loop.y, bottom: loop.y + loop.height };
      const inside = new Set([loop.id, ...graph.steps.find(({ id }) => id === loop.id).inside]);
      for (const [id, its] of boxes) assert.equal(overlap(box, its), inside.has(id), `seed ${seed}: ${id} and the loop ${loop.id}`);
    }
  }
});

test("Every flow is drawn once", () => {
  for (let seed = SEED; seed < SEED + 30; seed++) {
    const graph = madeGraph(seed, 40);
    const { flows } = layoutOf(graph);
    assert.deepEqual(flows.map(({ index }) => index).sort((a, b) => a - b), graph.flows.map((_, index) => index), `seed ${seed}`);
    for (const { points } of flows) assert.ok(points.length >= 2 && points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
  }
});

test("A line of steps is straight", () => {
  const steps = Array.from({ length: 500 }, (_, index) => ({ id: `s${index}`, name: "log", kind: "node" }));
  const flows = steps.slice(1).map(({ id }, index) => ({ from: `s${index}`, to: id }));
  const layout = layoutOf({ steps, flows });
  assert.equal(layout.width, STEP.width);
  assert.equal(new Set(layout.steps.map(({ x }) => x)).size, 1);
});

test("A step that leads to itself, and a graph without steps, have a picture", () => {
  assert.equal(layoutOf({ steps: [{ id: "a", name: "a", kind: "node" }], flows: [{ from: "a", to: "a", edge: "loopTo:a" }] }).flows.length, 1);
  assert.deepEqual(layoutOf({ steps: [], flows: [] }), { width: 0, height: 0, steps: [], ends: [], boxes: [], flows: [] });
});

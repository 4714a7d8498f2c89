/**
 * Where the steps and flows of a graph are drawn.
 *
 * A script is a sequence of blocks: between two steps that everything passes there is a straight line or a branch. Each block is laid
 * out on its own, by dagre when it is more than a line, and the blocks are put below each other. The inside of a loop is a graph of its
 * own, and a box in the graph around it. So the time grows with the number of blocks, and not with its square.
 */
import { Graph, layout as arrange } from "./vendor/dagre.js";

export const STEP = { width: 184, height: 54 };
export const END = { width: 18, height: 18 };
const GAP = 34;
const LABEL_GAP = 52;
const BOX = { side: 22, top: 34, bottom: 26 };
const LABEL_HEIGHT = 20;
const CHARACTER = 6.6;
const MAX_LABEL = 22;
const MAX_TOGETHER = 60;

/** A label of a flow, as it is drawn. */
export const labelOf = (edge) => (edge === undefined || edge === null ? "" : edge.length > MAX_LABEL ? `${edge.slice(0, MAX_LABEL - 1)}…` : edge);
const labelWidth = (text) => Math.round(text.length * CHARACTER) + 16;

/**
 * @param {{steps: {id, name, kind, inside?: string[]}[], flows: {from, to, edge?}[]}} graph `inside` names the steps of a loop
 * @returns {{width, height, steps: {id, x, y}[], ends: {id, x, y, flow}[], boxes: {id, x, y, width, height}[], flows: {index, points, label?}[]}}
 *     x and y of steps and ends are their centres, those of boxes their upper left corners
 */
export function layoutOf(graph) {
  const levels = new Levels(graph);
  const placed = levels.place(null);
  return { width: Math.ceil(placed.width), height: Math.ceil(placed.height), ...levels.collect(placed) };
}

/** The graph taken apart: the outermost level and one for the inside of each loop. */
class Levels {
  constructor({ steps, flows }) {
    this.steps = steps;
    this.order = new Map(steps.map((step, index) => [step.id, index]));
    this.loopOf = new Map();
    this.loops = new Map();
    for (const step of steps) if (step.inside) for (const id of [step.id, ...step.inside]) this.#narrow(id, step, steps);
    this.items = new Map([[null, new Map()]]);
    this.links = new Map([[null, []]]);
    for (const step of steps) if (step.inside) this.items.set(step.id, new Map());
    for (const step of steps) if (!isEnd(step)) this.#item(step.id);
    for (const step of steps) if (step.inside) this.links.set(step.id, []);
    flows.forEach((flow, index) => this.#link(flow, index));
  }

  /** The loop that a step is inside of is the one with the fewest steps. A loop's controller is inside of it. */
  #narrow(id, loop, steps) {
    const now = this.loopOf.get(id);
    const size = now === undefined ? Infinity : steps[this.order.get(now)].inside.length;
    if (id === loop.id || (loop.inside.length < size && now !== id)) this.loopOf.set(id, loop.id);
  }

  /** The levels that a step is in, the innermost first, and what stands for it there. */
  #chain(id) {
    const chain = [];
    let item = id;
    let level = this.loopOf.get(id) ?? null;
    for (;;) {
      chain.push([level, item]);
      if (level === null) return chain;
      item = `box ${level}`;
      level = this.#around(level);
    }
  }

  /** The loop around a loop; null when there is none. */
  #around(loop) {
    if (this.loops.has(loop)) return this.loops.get(loop);
    let found = null;
    for (const step of this.steps) {
      if (!step.inside || step.id === loop || !step.inside.includes(loop)) continue;
      if (found === null || step.inside.length < found.inside.length) found = step;
    }
    this.loops.set(loop, found?.id ?? null);
    return found?.id ?? null;
  }

  #item(id) {
    for (const [level, item] of this.#chain(id)) {
      const items = this.items.get(level);
      if (!items.has(item)) items.set(item, { id: item, order: this.order.get(id), box: item === id ? null : item.slice(4) });
    }
  }

  #link({ from, to, edge }, index) {
    const label = labelOf(edge);
    const target = this.steps[this.order.get(to)];
    if (!this.order.has(from)) return;
    if (!target || isEnd(target)) {
      const [level, item] = this.#chain(from)[0];
      const end = { id: `end ${index}`, order: this.order.get(from) + 0.5 + index / 1e6, end: true, flow: index };
      this.items.get(level).set(end.id, end);
      this.links.get(level).push({ index, from: item, to: end.id, label });
      return;
    }
    const chain = new Map(this.#chain(from));
    const [level, item] = this.#chain(to).find(([each]) => chain.has(each));
    this.links.get(level).push({ index, from: chain.get(level), to: item, label });
  }

  /** Places everything of a level. The upper left corner is at 0, 0. */
  place(level) {
    const items = [...this.items.get(level).values()].sort((a, b) => a.order - b.order);
    items.forEach((item, index) => {
      item.at = index;
      if (item.box) {
        item.inside = this.place(item.box);
        item.width = item.inside.width + 2 * BOX.side;
        item.height = item.inside.height + BOX.top + BOX.bottom;
      } else {
        Object.assign(item, item.end ? END : STEP);
      }
    });
    return stack(items, this.links.get(level));
  }

  collect(placed, left = 0, top = 0, into = { steps: [], ends: [], boxes: [], flows: [] }) {
    for (const item of placed.items) {
      const x = left + item.x;
      const y = top + item.y;
      if (item.box) {
        const corner = { x: x - item.width / 2, y: y - item.height / 2 };
        into.boxes.push({ id: item.box, ...corner, width: item.width, height: item.height });
        this.collect(item.inside, corner.x + BOX.side, corner.y + BOX.top, into);
      } else if (item.end) {
        into.ends.push({ id: item.id, x, y, flow: item.flow });
      } else {
        into.steps.push({ id: item.id, x, y });
      }
    }
    for (const { index, points, label } of placed.flows) {
      const moved = { index, points: points.map((point) => ({ ...point, x: left + point.x, y: top + point.y })) };
      if (label) moved.label = { ...label, x: left + label.x, y: top + label.y };
      into.flows.push(moved);
    }
    return into;
  }
}

const isEnd = (step) => step.kind === "end" || step.kind === "exit";

/** Puts the blocks of a level below each other; the item between two blocks is in both. */
function stack(items, links) {
  const byId = new Map(items.map((item) => [item.id, item]));
  const cuts = cutsOf(items, links, byId);
  const blocks = cuts.slice(0, -1).map(() => []);
  const own = links.filter((link) => link.from === link.to);
  for (const link of links) {
    if (link.from === link.to) continue;
    const first = Math.min(byId.get(link.from).at, byId.get(link.to).at);
    blocks[blockAt(cuts, first)].push(link);
  }
  const flows = [];
  if (items.length > 0) Object.assign(items[0], { x: 0, y: items[0].height / 2 });
  for (let begin = 0; begin < blocks.length; ) begin = placeBlock(items, cuts, blocks, begin, flows);
  for (const { index, from, label } of own) flows.push(selfFlow(byId.get(from), index, label));
  return normal(items, flows);
}

/**
 * Places a block below the one before. When a side way of it, such as one that exits, is longer than the way to its last item, it is
 * arranged together with the blocks that follow, so that they stand beside that way.
 *
 * @returns the index of the block that is next
 */
function placeBlock(items, cuts, blocks, begin, flows) {
  for (let more = 1; ; more *= 2) {
    const end = Math.min(blocks.length, begin + more);
    const within = items.slice(cuts[begin], cuts[end] + 1);
    const links = blocks.slice(begin, end).flat();
    if (within.length === 2 && links.length <= 1 && links[0]?.to !== within[0].id) {
      line(within, links[0], flows);
      return end;
    }
    const lowest = end === blocks.length ? "any" : within.length > MAX_TOGETHER ? "forced" : "wanted";
    if (arranged(within, links, flows, lowest)) return end;
  }
}

/** The indexes of the items that everything passes: no flow leads from before them to behind them. */
function cutsOf(items, links, byId) {
  const change = new Int32Array(items.length + 2);
  for (const { from, to } of links) {
    const [low, high] = [byId.get(from).at, byId.get(to).at].sort((a, b) => a - b);
    if (high - low < 2) continue;
    change[low + 1]++;
    change[high]--;
  }
  const cuts = [];
  let over = 0;
  for (let index = 0; index < items.length; index++) {
    over += change[index];
    if (over === 0) cuts.push(index);
  }
  return cuts;
}

function blockAt(cuts, at) {
  let low = 0;
  let high = cuts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (cuts[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, cuts.length - 2);
}

function line([above, below], link, flows) {
  const gap = link?.label ? LABEL_GAP : GAP;
  below.x = above.x;
  below.y = above.y + above.height / 2 + gap + below.height / 2;
  if (!link) return;
  const top = above.y + above.height / 2;
  const flow = { index: link.index, points: [{ x: above.x, y: top }, { x: above.x, y: top + gap }] };
  if (link.label) flow.label = { x: above.x, y: top + gap / 2, width: labelWidth(link.label), height: LABEL_HEIGHT, text: link.label };
  flows.push(flow);
}

/**
 * Arranges a block with dagre.
 *
 * @param lowest whether the last item has to be below all others: "any" for no; "wanted" to return false, and place nothing, when it
 *     is not; "forced" to put it there
 */
function arranged(items, links, flows, lowest) {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 22, edgesep: 16, ranksep: 28 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of items) graph.setNode(id, { width, height });
  for (const { index, from, to, label } of links) {
    graph.setEdge(from, to, label ? { width: labelWidth(label), height: LABEL_HEIGHT, labelpos: "c", text: label } : {}, String(index));
  }
  const byId = new Map(items.map((item) => [item.id, item]));
  const onwards = links.filter(({ from, to }) => byId.get(from).at < byId.get(to).at);
  const [reached, left] = [new Set(onwards.map(({ to }) => to)), new Set(onwards.map(({ from }) => from))];
  const last = items.at(-1);
  for (const { id } of items.slice(1)) if (!reached.has(id)) graph.setEdge(items[0].id, id, { weight: 0 }, "below");
  if (lowest === "forced") for (const { id } of items.slice(0, -1)) if (!left.has(id)) graph.setEdge(id, last.id, { weight: 0 }, "below");
  arrange(graph);
  const bottom = ({ id, height }) => graph.node(id).y + height / 2;
  if (lowest === "wanted" && items.some((item) => item !== last && bottom(item) > graph.node(last.id).y - last.height / 2)) return false;
  const first = graph.node(items[0].id);
  const dx = items[0].x - first.x;
  const dy = items[0].y - first.y;
  for (const item of items.slice(1)) {
    const { x, y } = graph.node(item.id);
    item.x = x + dx;
    item.y = y + dy;
  }
  for (const edge of graph.edges()) {
    if (edge.name === "below") continue;
    const { points, x, y, width, text } = graph.edge(edge);
    const bends = points.slice(1, -1).map((point) => ({ x: point.x + dx, y: point.y + dy }));
    const inner = bends.length === 1 && !text ? [] : bends; // a flow to the next row needs no bend
    const flow = { index: Number(edge.name), points: attached(byId.get(edge.v), byId.get(edge.w), inner) };
    if (text) flow.label = { x: x + dx, y: y + dy, width, height: LABEL_HEIGHT, text };
    flows.push(flow);
  }
  return true;
}

/** Joins a flow to its steps: downwards from below to above, upwards from side to side. `side` is -1 for the left and 1 for the right. */
function attached(from, to, inner) {
  const [next, last] = [inner[0] ?? to, inner.at(-1) ?? from];
  if (to.y > from.y) {
    const start = { x: within(from, next.x), y: from.y + from.height / 2 };
    const reached = inner.length === 0 ? start : last; // straight down, where the step below reaches so far
    return [start, ...inner, { x: within(to, reached.x), y: to.y - to.height / 2 }];
  }
  return [beside(from, next.x, -1), ...inner, beside(to, last.x, 1)];
}

function within({ x, width }, wanted) {
  const room = Math.max(0, width / 2 - 20);
  return Math.min(x + room, Math.max(x - room, wanted));
}

/** At the side of a step, or above (-1) or below (1) it for what comes from there. */
function beside({ x, y, width, height }, wanted, vertical) {
  if (Math.abs(wanted - x) < width / 2 - 10) return { x: wanted, y: y + (vertical * height) / 2 };
  const side = wanted < x ? -1 : 1;
  return { x: x + (side * width) / 2, y, side };
}

/** A flow from a step to itself, at its right side. */
function selfFlow({ x, y, width }, index, label) {
  const right = x + width / 2;
  const flow = { index, points: [{ x: right, y: y + 12, side: 1 }, { x: right + 26, y }, { x: right, y: y - 12, side: 1 }] };
  if (label) flow.label = { x: right + 30 + labelWidth(label) / 2, y, width: labelWidth(label), height: LABEL_HEIGHT, text: label };
  return flow;
}

/** Moves everything so that the upper left corner is at 0, 0. */
function normal(items, flows) {
  let [left, top, right, bottom] = items.length > 0 ? [Infinity, Infinity, -Infinity, -Infinity] : [0, 0, 0, 0];
  const reach = (x, y, width, height) => {
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  };
  for (const { x, y, width, height } of items) reach(x, y, width, height);
  for (const { points, label } of flows) {
    for (const { x, y } of points) reach(x, y, 0, 0);
    if (label) reach(label.x, label.y, label.width, label.height);
  }
  for (const item of items) {
    item.x -= left;
    item.y -= top;
  }
  for (const flow of flows) {
    for (const point of flow.points) {
      point.x -= left;
      point.y -= top;
    }
    if (flow.label) {
      flow.label.x -= left;
      flow.label.y -= top;
    }
  }
  return { items, flows, width: right - left, height: bottom - top };
}

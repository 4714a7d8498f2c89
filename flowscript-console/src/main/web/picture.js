import { STEP } from "./graph-layout.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const MAX_NAME = 21;
const SLICE = 60;
const SLICE_MILLIS = 12;
const HIDDEN_MILLIS = 200; // a hidden page has no frames
const CHARACTER = 6.6;

/** Shapes that tell what a step is, on a grid of 20 by 20. */
const SHAPES = {
  human: "M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c.6-3 3-4.500 6-4.500s5.400 1.500 6 4.500",
  action: "M11 3L5 11h4.500L9 17l6-8h-4.500z",
  control: "M10 3l7 7-7 7-7-7z",
  loop: "M16 10a6 6 0 1 1-1.800-4.300M16 3.500v3h-3",
};

/** An SVG element with attributes and children. */
function make(name, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const cut = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const nextFrame = () => new Promise((resolve) => {
  const timer = setTimeout(resolve, HIDDEN_MILLIS);
  requestAnimationFrame(() => {
    clearTimeout(timer);
    setTimeout(resolve);
  });
});

/** A line through points, with no corner. It leaves and reaches a step at its side where the point says so. */
export function lineThrough(points) {
  let line = `M${points[0].x} ${points[0].y}`;
  for (let index = 1; index < points.length; index++) {
    const [from, to] = [points[index - 1], points[index]];
    const middle = (from.y + to.y) / 2;
    const reach = Math.max(22, Math.abs(to.x - from.x) / 2);
    const [first, second] = [from, to].map(({ x, y, side }) => (side ? `${x + side * reach} ${y}` : `${x} ${middle}`));
    line += from.x === to.x && !from.side && !to.side ? `V${to.y}` : `C${first} ${second} ${to.x} ${to.y}`;
  }
  return line;
}

/**
 * Draws a graph, and what happened in it. It is built once, in slices that leave the page free; `update` then changes only what is
 * different from before.
 */
export class Drawing {
  #world;
  #t;
  #steps = new Map();
  #boxes = new Map();
  #flows = [];
  #ends = new Map();
  #shown = new Map();
  #isClosed = false;

  constructor(world, t) {
    this.#world = world;
    this.#t = t;
  }

  close() {
    this.#isClosed = true;
    this.#world.replaceChildren();
  }

  /**
   * Draws what stays, and lets the browser paint between the slices. Resolves to false when the drawing was closed meanwhile.
   *
   * @param {() => void} drawn called after each slice, to show the moment in what is there already
   */
  async build(layout, graph, drawn) {
    const layers = ["boxes", "flows", "labels", "steps"].map((name) => make("g", { class: name }));
    const [boxes, flows, labels, steps] = layers;
    const work = [
      ...layout.boxes.map((box) => () => boxes.append(this.#box(box))),
      ...layout.flows.map((flow) => () => this.#flow(flow, flows, labels, graph)),
      ...layout.ends.map((end) => () => steps.append(this.#end(end))),
      ...layout.steps.map((step) => () => steps.append(this.#step(step, graph.byId.get(step.id)))),
    ];
    this.#world.replaceChildren(...layers);
    let begin = performance.now();
    for (const [index, draw] of work.entries()) {
      if (performance.now() - begin > SLICE_MILLIS || index % SLICE === SLICE - 1) {
        drawn();
        await nextFrame();
        if (this.#isClosed) return false;
        begin = performance.now();
      }
      draw();
    }
    return true;
  }

  #box({ id, x, y, width, height }) {
    const label = make("text", { class: "box-label", x: 14, y: 21 });
    this.#boxes.set(id, label);
    return make("g", { class: "box", transform: `translate(${x} ${y})` }, make("rect", { width, height, rx: 14 }), label);
  }

  #flow({ index, points, label }, flows, labels, graph) {
    const path = make("path", { class: "flow", d: lineThrough(points), "marker-end": "url(#arrow)" });
    flows.append(path);
    const ys = points.map(({ y }) => y);
    const drawn = { path, text: null, top: Math.min(...ys), bottom: Math.max(...ys) };
    if (label) {
      drawn.edge = label.text;
      drawn.rect = make("rect", { rx: 6, height: 18, y: -9 });
      drawn.text = make("text", { y: 4 });
      drawn.group = make("g", { class: "flow-label", transform: `translate(${label.x} ${label.y})` }, make("title"), drawn.rect, drawn.text);
      drawn.group.firstChild.textContent = graph.flows[index].edge;
      labels.append(drawn.group);
      this.#label(drawn, 0);
    }
    this.#flows[index] = drawn;
  }

  #label({ edge, rect, text }, count) {
    const shown = count > 1 ? `${edge} · ${this.#t.number(count)}×` : edge;
    const width = Math.round(shown.length * CHARACTER) + 14;
    text.textContent = shown;
    rect.setAttribute("width", width);
    rect.setAttribute("x", -width / 2);
  }

  #end({ id, x, y, flow }) {
    const group = make("g", { class: "end", transform: `translate(${x} ${y})` }, make("circle", { r: 8 }), make("circle", { r: 3.5, class: "core" }));
    this.#ends.set(flow, group);
    group.dataset.end = id;
    return group;
  }

  #step({ id, x, y }, step) {
    const { width, height } = STEP;
    const shape = step.inside ? "loop" : (SHAPES[step.type] && step.type) || "action";
    const icon = make("path", { class: "shape", d: SHAPES[shape], transform: `translate(11 ${height / 2 - 10})` });
    const name = make("text", { class: "name", x: 40, y: 23 });
    const facts = make("text", { class: "step-facts", x: 40, y: 41 });
    const badge = make("g", { class: "count", transform: `translate(${width - 6} 0)` }, make("rect", { rx: 9, y: -10, height: 20 }), make("text", { y: 4 }));
    const place = make("g", { class: "place", transform: "translate(10 0)" }, make("rect", { rx: 8, y: -10, height: 19 }), make("text", { x: 8, y: 4 }));
    const title = make("title");
    name.textContent = cut(step.name, MAX_NAME);
    const group = make("g", { class: "step", transform: `translate(${x - width / 2} ${y - height / 2})` }, title, make("rect", { class: "ring", x: -5, y: -5, width: width + 10, height: height + 10, rx: 15 }), make("rect", { class: "body", width, height, rx: 10 }), icon, name, facts, badge, place);
    group.dataset.step = id;
    this.#steps.set(id, { group, title, facts, badge, place, step, x, y });
    return group;
  }

  /** The middle of a step; undefined for one that is not drawn. */
  whereIs(id) {
    return this.#steps.get(id);
  }

  /**
   * Shows a moment in what is in view. What is not is brought up to date when it comes into view.
   *
   * @param selected the id of the step that was chosen, or null
   * @param view {left, top, right, bottom} of what is in view
   */
  update(moment, graph, selected, view) {
    for (const [id, drawn] of this.#steps) {
      if (drawn.y >= view.top && drawn.y <= view.bottom && drawn.x >= view.left && drawn.x <= view.right) this.#updateStep(id, drawn, moment, selected === id);
    }
    this.#flows.forEach((drawn, index) => {
      if (drawn.bottom < view.top || drawn.top > view.bottom) return;
      const count = moment.flows.get(index) ?? 0;
      const isLast = moment.lastFlow === index && count > 0;
      if (!this.#isNew(`flow ${index}`, `${count} ${isLast}`)) return;
      drawn.path.setAttribute("class", `flow${count > 0 ? " taken" : ""}${isLast ? " last" : ""}`);
      drawn.path.setAttribute("marker-end", `url(#${isLast ? "arrow-last" : count > 0 ? "arrow-taken" : "arrow"})`);
      drawn.group?.setAttribute("class", `flow-label${count > 0 ? " taken" : ""}`);
      if (drawn.text) this.#label(drawn, count);
      this.#ends.get(index)?.setAttribute("class", `end${count > 0 ? " taken" : ""}`);
    });
    for (const [id, label] of this.#boxes) {
      const rounds = (graph.outgoing.get(id) ?? []).reduce((sum, flow) => sum + (graph.flows[flow].edge === "next_iteration" ? (moment.flows.get(flow) ?? 0) : 0), 0);
      if (this.#isNew(`box ${id}`, rounds)) label.textContent = this.#t("execution.picture.rounds", { count: rounds });
    }
  }

  #isNew(key, value) {
    if (this.#shown.get(key) === value) return false;
    this.#shown.set(key, value);
    return true;
  }

  #updateStep(id, { group, title, facts, badge, place, step }, moment, isSelected) {
    const stats = moment.steps.get(id);
    const phase = moment.visit?.step === id ? moment.visit.phase : null;
    const isFailed = moment.failure?.step === id && moment.status === "failed";
    if (!this.#isNew(`step ${id}`, `${stats?.visits} ${stats?.failures} ${stats?.work} ${stats?.people} ${phase} ${isFailed} ${isSelected}`)) return;
    const t = this.#t;
    const kind = step.inside ? "loop" : step.type;
    group.setAttribute("class", ["step", kind, stats && "visited", phase && "here", phase, isFailed && "broken", isSelected && "selected"].filter(Boolean).join(" "));
    facts.textContent = stats ? factsOf(stats, t) : t("execution.picture.notVisited");
    title.textContent = `${step.name}: ${stats ? describe(stats, t) : t("execution.picture.notVisited")}`;
    pill(badge, stats?.visits > 1 ? `${t.number(stats.visits)}×` : "", true);
    pill(place, isFailed ? `✕ ${t("execution.picture.failedHere")}` : phase ? `▸ ${t(`execution.picture.here.${phase}`)}` : "", false);
  }
}

/** Shows a text in a pill that is as wide as it needs; none without a text. */
function pill(group, text, fromRight) {
  const [rect, label] = group.children;
  group.setAttribute("visibility", text ? "visible" : "hidden");
  const width = Math.round(text.length * CHARACTER) + 16;
  label.textContent = text;
  rect.setAttribute("width", width);
  if (fromRight) {
    rect.setAttribute("x", -width + 10);
    label.setAttribute("x", -width + 18);
  }
}

/** What a step has come to, in a few words. */
function factsOf({ work, people, retries }, t) {
  const parts = [];
  if (people > 0) parts.push(t("execution.picture.peopleTime", { duration: t.duration(people, { fine: true }) }));
  else parts.push(work > 0 ? t.duration(work, { fine: true }) : t("execution.picture.atOnce"));
  if (retries > 0) parts.push(t("execution.picture.retries", { count: retries }));
  return cut(parts.join(" · "), 25);
}

/** What a step has come to, in whole. */
export function describe({ visits, failures, retries, work, people, edge }, t) {
  const parts = [t("execution.steps.visits", { count: visits }), t("execution.steps.worked", { duration: t.duration(work, { fine: true }) })];
  if (people > 0) parts.push(t("execution.steps.waited", { duration: t.duration(people, { fine: true }) }));
  if (retries > 0) parts.push(t("execution.picture.retries", { count: retries }));
  if (failures > 0) parts.push(t("execution.steps.failures", { count: failures }));
  if (edge) parts.push(t("execution.steps.leftBy", { edge }));
  return parts.join(", ");
}

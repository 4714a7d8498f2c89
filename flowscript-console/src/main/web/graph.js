/** The picture of a workflow: its steps and flows, the way that was taken, and where the execution stands. */
import { PanZoom } from "./pan-zoom.js";
import { Drawing } from "./picture.js";
import { Tool } from "./tools.js";
import { html, useLayoutEffect, useRef, useState } from "./vendor/preact.js";

const READABLE = 0.55;
const FIRST_SCALE = 0.85;
const FAR = 0.4;

let lastId = 0;
const waiting = new Map();
let worker = startWorker();

/** A worker that is loaded while the page asks the server for the execution. */
function startWorker() {
  const started = new Worker(new URL("graph-worker.js", import.meta.url), { type: "module" });
  started.onmessage = ({ data: { id, layout, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (layout) resolve(layout);
    else reject(new Error(error));
  };
  started.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message));
    waiting.clear();
    worker = null;
  };
  return started;
}

/** The layout of a graph, made beside the page. */
function layoutOf(graph) {
  worker ??= startWorker();
  const id = (lastId += 1);
  const steps = graph.steps.map(({ id: step, name, kind, inside }) => ({ id: step, name, kind, inside }));
  const flows = graph.flows.map(({ from, to, edge }) => ({ from, to, edge }));
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, graph: { steps, flows } });
  });
}

/** Where the eye belongs: where it stands, or else where it ended, or else where it begins. */
const placeOf = (moment, graph) => moment.visit?.step ?? moment.failure?.step ?? moment.left?.step ?? graph.start ?? graph.steps[0]?.id;

/** Keeps the SVG in step with the graph and the moment, outside of Preact, which would compare each of its thousands of elements. */
class PictureView {
  #zoom;
  #world;
  #t;
  #drawing = null;
  #isDrawn = false;
  #version = -1;
  #shown = null;
  #isPlaced = false;
  #frame = 0;

  constructor(svg, t, { select, moved, failed, drawn }) {
    this.#t = t;
    this.#world = svg.querySelector(".world");
    this.follows = true;
    this.drawn = drawn;
    this.failed = failed;
    this.#zoom = new PanZoom(svg, this.#world, (byPerson, scale) => {
      svg.classList.toggle("far", scale < FAR);
      if (byPerson) this.follows = false;
      moved(this.follows);
      this.#frame ||= requestAnimationFrame(() => this.#refresh());
    }, () => this.#place());
    svg.addEventListener("click", (event) => this.#zoom.wasMoved || select(event.target.closest("[data-step]")?.dataset.step ?? null));
  }

  get zoom() {
    return this.#zoom;
  }

  close() {
    cancelAnimationFrame(this.#frame);
    this.#drawing?.close();
    this.#zoom.close();
  }

  show(moment, graph, selected) {
    this.#shown = { moment, graph, selected };
    if (graph.version === this.#version) this.#update();
    else this.#rebuild(graph);
  }

  async #rebuild(graph) {
    const version = graph.version;
    this.#version = version;
    try {
      const layout = await layoutOf(graph);
      if (version !== this.#version) return;
      this.#drawing?.close();
      this.#drawing = new Drawing(this.#world, this.#t);
      this.#zoom.world = layout;
      if (!(await this.#drawing.build(layout, graph, () => this.#refresh()))) return;
      this.#isDrawn = true;
      this.#place();
      this.#update();
      this.drawn();
    } catch (error) {
      if (version === this.#version) this.failed(error);
    }
  }

  #refresh() {
    this.#frame = 0;
    if (!this.#drawing) return;
    const { moment, graph, selected } = this.#shown;
    this.#drawing.update(moment, graph, selected, this.#zoom.visible);
  }

  #update() {
    this.#refresh();
    if (!this.follows || !this.#isPlaced) return;
    const { moment, graph } = this.#shown;
    const at = this.#drawing.whereIs(placeOf(moment, graph));
    if (at && !this.#zoom.shows(at.x, at.y)) this.#zoom.center(at.x, at.y);
  }

  /** Where the picture begins, as soon as there is one and room for it: as a whole, if that can be read. */
  #place() {
    if (!this.#isDrawn || !this.#zoom.hasSize || this.#isPlaced) return;
    this.#isPlaced = true;
    if (this.#zoom.fitting >= READABLE) this.#zoom.fit();
    else this.toPlace(FIRST_SCALE);
  }

  toPlace(scale = Math.max(this.#zoom.scale, READABLE)) {
    const at = this.#drawing?.whereIs(placeOf(this.#shown.moment, this.#shown.graph));
    if (at) this.#zoom.center(at.x, at.y, scale);
    this.follows = true;
  }
}

const marker = (id) => html`<marker key=${id} id=${id} class=${id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0.5 0.5L7 4L0.5 7.5z" /></marker>`;

/**
 * @param moment what is shown
 * @param graph the WorkflowGraph
 * @param selected the id of the step that was chosen, or null; `select(id)` chooses another
 */
export function Picture({ moment, graph, selected, select, t }) {
  const svg = useRef(null);
  const view = useRef(null);
  const [follows, setFollows] = useState(true);
  const [state, setState] = useState("drawing");
  useLayoutEffect(() => {
    view.current = new PictureView(svg.current, t, {
      select: (id) => view.current.select(id),
      moved: setFollows,
      drawn: () => setState("drawn"),
      failed: () => setState("failed"),
    });
    return () => view.current.close();
  }, [t, graph]);
  useLayoutEffect(() => {
    view.current.select = select;
    view.current.show(moment, graph, selected);
  });
  const toPlace = () => {
    view.current.toPlace();
    setFollows(true);
  };
  return html`<div class="picture-frame" data-state=${state}>
    <svg ref=${svg} class="picture" tabindex="0" role="group" aria-roledescription=${t("execution.picture.role")} aria-label=${t("execution.picture.label")} aria-describedby="picture-keys">
      <defs>${["arrow", "arrow-taken", "arrow-last"].map(marker)}</defs>
      <g class="world" aria-hidden="true"></g>
    </svg>
    ${state === "drawing" && html`<p class="picture-note" role="status">${t("execution.picture.drawing")}</p>`}
    ${state === "failed" && html`<p class="picture-note">${t("execution.picture.failed")}</p>`}
    <p id="picture-keys" class="sr">${t("execution.picture.keys")}</p>
    <div class="picture-tools" role="group" aria-label=${t("execution.picture.tools")}>
      <${Tool} icon="minus" label=${t("execution.picture.out")} onClick=${() => view.current.zoom.zoomOut()} />
      <${Tool} icon="plus" label=${t("execution.picture.in")} onClick=${() => view.current.zoom.zoomIn()} />
      <${Tool} icon="fit" label=${t("execution.picture.fit")} onClick=${() => view.current.zoom.fit(true)} />
      <${Tool} icon="target" class=${follows ? "on" : undefined} aria-pressed=${follows} label=${t("execution.picture.toPlace")} onClick=${toPlace} />
    </div>
  </div>`;
}

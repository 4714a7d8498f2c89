/** The time line: a row for each step, with bars for its visits. People's time has another colour and another pattern than work. */
import { describe } from "./picture.js";
import { html, memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./vendor/preact.js";

const ROW = 26;
const BAR = 14;
const AXIS = 26;
const LABELS = 168;
const NARROW_LABELS = 108;
const NARROW = 560;
const MIN_BAR = 2;
const MORE_ROWS = 4;
const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5, 1728e5, 6048e5];
const TICK_WIDTH = 110;
const KINDS = ["work", "people", "pause"];

/** The last event at or before a time. */
export function seqAtTime(history, time) {
  const { events } = history;
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle].timestamp <= time) low = middle + 1;
    else high = middle;
  }
  return events[Math.max(0, low - 1)]?.seq ?? 0;
}

/** The bars by step, each list in the order of time; it goes on where it stopped when bars were added. */
class Rows {
  constructor(history) {
    this.history = history;
    this.#read();
  }

  #read() {
    this.bars = this.history.bars;
    this.letGo = this.history.letGo;
    this.steps = new Map();
    this.taken = 0;
  }

  /** The rows in the order of the graph. */
  update() {
    if (this.bars !== this.history.bars || this.letGo !== this.history.letGo) this.#read();
    for (; this.taken < this.bars.length; this.taken++) {
      const bar = this.bars[this.taken];
      if (!this.steps.has(bar.step)) this.steps.set(bar.step, []);
      this.steps.get(bar.step).push(bar);
    }
    return this.history.graph.steps.filter(({ id }) => this.steps.has(id));
  }
}

/** From numbers of events or times to pixels, and back. */
function scaleOf(history, mode, width, now) {
  const [from, to] = mode === "events" ? [history.first, Math.max(history.last, history.first + 1)] : [history.events[0]?.timestamp ?? 0, Math.max(now, (history.events[0]?.timestamp ?? 0) + 1)];
  const perUnit = width / (to - from);
  return {
    from,
    to,
    x: (value) => (value - from) * perUnit,
    start: (bar) => (mode === "events" ? bar.from : bar.start),
    end: (bar) => (mode === "events" ? (bar.to ?? history.last) : (bar.end ?? now)),
    seq: (x) => {
      const value = from + x / perUnit;
      return mode === "events" ? Math.min(history.last, Math.max(history.first, Math.round(value))) : seqAtTime(history, value);
    },
  };
}

/** The bars of one kind as one path. Bars that are closer than a pixel become one. */
function pathOf(bars, kind, scale, y) {
  let path = "";
  let left = -1;
  let right = -1;
  const flush = () => {
    if (right > left) path += `M${left.toFixed(1)} ${y}h${(right - left).toFixed(1)}v${BAR}h${(left - right).toFixed(1)}z`;
  };
  for (const bar of bars) {
    if (bar.kind !== kind) continue;
    const start = scale.x(scale.start(bar));
    const end = Math.max(start + MIN_BAR, scale.x(scale.end(bar)));
    if (start <= right + 0.5) {
      right = Math.max(right, end);
      continue;
    }
    flush();
    left = start;
    right = end;
  }
  flush();
  return path;
}

function ticksOf(scale, width, mode, t) {
  const span = scale.to - scale.from;
  const wanted = span / Math.max(1, Math.floor(width / TICK_WIDTH));
  const size = mode === "events" ? Math.max(1, niceNumber(wanted)) : (TICKS.find((each) => each >= wanted) ?? Math.ceil(wanted / 864e5) * 864e5);
  const first = mode === "events" ? Math.ceil(scale.from / size) * size : scale.from;
  const ticks = [];
  for (let value = first; value <= scale.to && ticks.length < 40; value += size) {
    const x = scale.x(value);
    if (x > width - 30) break;
    ticks.push({ x, text: mode === "events" ? t.number(value) : value === scale.from ? "0" : t.duration(value - scale.from, { fine: true }) });
  }
  return ticks;
}

function niceNumber(wanted) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  return [1, 2, 5, 10].find((factor) => factor * power >= wanted) * power;
}

const Row = memo(({ name, index, here, selected, width, labels, ...paths }) => {
  const y = index * ROW;
  return html`<g class=${`line${here ? " here" : ""}${selected ? " selected" : ""}`}>
    <rect class="ground" x="0" y=${y} width=${labels + width} height=${ROW} />
    <text x="16" y=${y + ROW / 2 + 4}>${name}</text>
    <g transform=${`translate(${labels} 0)`}>${KINDS.map((kind) => paths[kind] && html`<path key=${kind} class=${`bar ${kind}`} d=${paths[kind]} />`)}</g>
  </g>`;
});

const cutTo = (text, width) => {
  const most = Math.floor((width - 26) / 6.7);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

function useSize(ref) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setSize({ width: Math.floor(contentRect.width), height: Math.floor(contentRect.height) }));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return size;
}

/**
 * @param history the model; `version` changes with it
 * @param moment what is chosen: bars behind it are faint
 * @param seek called with the number of an event
 * @param now the time that an open bar reaches to
 */
export function Timeline({ history, version, moment, seek, selected, select, now, t }) {
  const frame = useRef(null);
  const { width: all, height } = useSize(frame);
  const [top, setTop] = useState(0);
  const rows = useMemo(() => new Rows(history), [history]);
  const steps = useMemo(() => rows.update(), [rows, version]);
  const labels = all < NARROW ? NARROW_LABELS : LABELS;
  const width = Math.max(40, all - labels - 12);
  const until = history.isOver || history.isEmpty ? history.head.time : Math.max(now, history.head.time);
  const [chosen, setMode] = useState(null);
  const isInstant = until - (history.events[0]?.timestamp ?? 0) < 2 * history.events.length;
  const mode = chosen ?? (isInstant ? "events" : "time");
  const scale = scaleOf(history, mode, width, until);
  const first = Math.max(0, Math.floor(top / ROW) - MORE_ROWS);
  const last = Math.min(steps.length, Math.ceil((top + height) / ROW) + MORE_ROWS);
  const cursor = Math.min(width, Math.max(0, scale.x(mode === "events" ? moment.seq : moment.time)));
  const drag = (event) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - labels;
    if (x >= -6) seek(scale.seq(Math.min(width, Math.max(0, x))));
    else if (event.type === "pointerdown") choose(event);
  };
  const choose = (event) => {
    const step = steps[Math.floor((event.clientY - event.currentTarget.getBoundingClientRect().top) / ROW)];
    select(step && step.id !== selected ? step.id : null);
  };
  useEffect(() => {
    const index = steps.findIndex(({ id }) => id === (moment.visit?.step ?? moment.left?.step));
    const box = frame.current;
    if (index < 0 || !box) return;
    if (index * ROW < box.scrollTop) box.scrollTop = index * ROW;
    else if ((index + 1) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (index + 1) * ROW - box.clientHeight;
  }, [moment.visit?.step, moment.left?.step]);
  const tall = steps.length * ROW;
  return html`<section class="panel timeline" aria-label=${t("execution.timeline.title")}>
    <header class="panel-head">
      <h2>${t("execution.timeline.title")}</h2>
      <ul class="legend">${KINDS.map((kind) => html`<li key=${kind}><svg width="18" height="12" aria-hidden="true"><rect class=${`bar ${kind}`} width="18" height="12" rx="3" /></svg>${t(`execution.timeline.${kind}`)}</li>`)}</ul>
      <span class="grow"></span>
      <div class="segments small" role="group" aria-label=${t("execution.timeline.scale")}>
        ${["time", "events"].map((each) => html`<button key=${each} type="button" aria-pressed=${mode === each} onClick=${() => setMode(each)}>${t(`execution.timeline.by.${each}`)}</button>`)}
      </div>
    </header>
    <svg class="defs" width="0" height="0" aria-hidden="true"><defs>
      <pattern id="people-pattern" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="people-ground" width="6" height="6" /><rect class="people-stripe" width="2.5" height="6" /></pattern>
      <pattern id="pause-pattern" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="pause-dot" cx="2.5" cy="2.5" r="1.1" /></pattern>
    </defs></svg>
    <svg class="axis" width=${all} height=${AXIS} aria-hidden="true">
      <g transform=${`translate(${labels} 0)`}>${ticksOf(scale, width, mode, t).map(({ x, text }) => html`<g key=${text} transform=${`translate(${x.toFixed(1)} 0)`}><path d=${`M0 ${AXIS - 6}v6`} /><text x="0" y=${AXIS - 10}>${text}</text></g>`)}</g>
    </svg>
    <div class="rows" ref=${frame} tabindex="0" role="group" aria-label=${t("execution.timeline.label", { count: steps.length })} onScroll=${(event) => setTop(event.currentTarget.scrollTop)}>
      <svg width=${all} height=${tall} aria-hidden="true" onPointerDown=${(event) => { event.currentTarget.setPointerCapture(event.pointerId); drag(event); }} onPointerMove=${(event) => event.buttons & 1 && drag(event)}>
        ${steps.slice(first, last).map((step, offset) => {
          const index = first + offset;
          const bars = rows.steps.get(step.id);
          const paths = Object.fromEntries(KINDS.map((kind) => [kind, pathOf(bars, kind, scale, index * ROW + (ROW - BAR) / 2)]));
          return html`<${Row} key=${step.id} name=${cutTo(step.name, labels)} index=${index} ...${paths} here=${moment.visit?.step === step.id} selected=${selected === step.id} width=${width} labels=${labels} />`;
        })}
        <g transform=${`translate(${labels} 0)`}>
          ${cursor < width && html`<rect class="later" x=${cursor} y="0" width=${width + 12 - cursor} height=${tall} />`}
          <path class="cursor" d=${`M${cursor.toFixed(1)} 0V${tall}`} />
        </g>
      </svg>
    </div>
    <p class="panel-foot">${t("execution.timeline.sum", { work: t.duration(moment.work, { fine: true }), people: t.duration(moment.people, { fine: true }) })}</p>
  </section>`;
}

/** The same facts as a table: what the picture and the time line show, in words. */
export function StepTable({ moment, graph, selected, select, t }) {
  return html`<div class="step-table" tabindex="0" role="region" aria-label=${t("execution.steps.title")}><table>
    <thead><tr>${["step", "visits", "work", "people", "edge", "now"].map((each) => html`<th key=${each} scope="col" class=${each}>${t(`execution.steps.columns.${each}`)}</th>`)}</tr></thead>
    <tbody>${graph.steps.filter(({ id }) => !graph.isEnd(id)).map((step) => html`<${StepRow} key=${step.id} step=${step} stats=${moment.steps.get(step.id)} phase=${moment.visit?.step === step.id ? moment.visit.phase : null} isFailed=${moment.status === "failed" && moment.failure?.step === step.id} isSelected=${selected === step.id} select=${select} t=${t} />`)}</tbody>
  </table></div>`;
}

const StepRow = memo(({ step, stats, phase, isFailed, isSelected, select, t }) => html`<tr class=${isSelected ? "selected" : undefined}>
  <th scope="row"><button type="button" class="link" aria-pressed=${isSelected} onClick=${() => select(isSelected ? null : step.id)}>${step.name}</button><span class="muted">${t(`execution.steps.types.${step.inside ? "loop" : (step.type ?? "action")}`)}</span></th>
  <td>${stats ? html`<span title=${describe(stats, t)}>${t.number(stats.visits)}</span>` : "–"}</td>
  <td>${stats ? (stats.work > 0 ? t.duration(stats.work, { fine: true }) : t("execution.picture.atOnce")) : "–"}</td>
  <td>${stats?.people > 0 ? t.duration(stats.people, { fine: true }) : "–"}</td>
  <td>${stats?.edge ?? "–"}</td>
  <td>${isFailed ? html`<strong class="wrong">${t("execution.picture.failedHere")}</strong>` : phase ? html`<strong>${t(`execution.picture.here.${phase}`)}</strong>` : ""}</td>
</tr>`);

/** Small charts. Each has its numbers as text too, so that nothing is told by a picture alone. */
import { pathsOf, peakOf, scaleOf, windowOf } from "./health-model.js";
import { html, useState } from "./vendor/preact.js";

const WIDTH = 300;
const HEIGHT = 72;

/** A series over the last minutes. `format(value)` writes a value; `max` is the end of the scale, if it is fixed. */
export function LineChart({ samples, name, title, format, max, t }) {
  const [pointed, setPointed] = useState(null);
  const last = samples[samples.length - 1];
  const peak = peakOf(samples, name);
  const end = max ?? scaleOf(peak);
  const now = last?.at ?? 0;
  const millis = windowOf(samples);
  const { line, area } = pathsOf(samples, name, end, { width: WIDTH, height: HEIGHT, now });
  const shown = pointed !== null && samples[pointed] ? samples[pointed] : last;
  const value = shown?.[name];
  const text = value === null || value === undefined ? "–" : format(value);
  const move = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = now - (1 - (event.clientX - box.left) / box.width) * millis;
    let nearest = null;
    samples.forEach((sample, index) => {
      if (nearest === null || Math.abs(sample.at - at) < Math.abs(samples[nearest].at - at)) nearest = index;
    });
    setPointed(nearest);
  };
  const x = pointed !== null && shown && WIDTH * (1 - (now - shown.at) / millis);
  return html`<figure class="chart panel">
    <figcaption><span class="muted">${title}</span><strong>${text}</strong><span class="muted chart-note">${pointed !== null && shown ? t.time(shown.at) : t("health.peak", { value: format(peak) })}</span></figcaption>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${t("health.table", { title, value: text })} onPointerMove=${move} onPointerLeave=${() => setPointed(null)}>
      <path class="chart-grid" d=${`M0 ${HEIGHT / 2}H${WIDTH}M0 0.5H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`} />
      <path class="chart-area" d=${area} /><path class="chart-line" d=${line} />
      ${x !== false && x !== null && html`<path class="chart-mark" d=${`M${x} 0V${HEIGHT}`} />`}
    </svg>
  </figure>`;
}

/** Parts of a whole as one bar, with a list below it. `parts` is [{name, label, value}]; `name` chooses the colour. */
export function PartsBar({ parts, t }) {
  const sum = parts.reduce((total, { value }) => total + value, 0);
  return html`<div class="parts">
    <div class="parts-bar" aria-hidden="true">${parts.filter(({ value }) => value > 0).map(({ name, value }) => html`<span key=${name} class=${`part ${name}`} style=${{ flexGrow: Math.max(value / sum, 0.01) }}></span>`)}</div>
    <dl>${parts.map(({ name, label, value, link }) => html`<div key=${name}><dt><span class=${`swatch ${name}`} aria-hidden="true"></span>${link ? html`<a href=${link}>${label}</a>` : label}</dt><dd>${t.number(value)}</dd></div>`)}</dl>
  </div>`;
}

/** Counts side by side. `bars` is [{label, value}]. */
export function Bars({ bars, t }) {
  const end = Math.max(1, ...bars.map(({ value }) => value));
  return html`<dl class="bars">${bars.map(({ label, value }) => html`<div key=${label}><dt class="muted">${label}</dt><dd>${value > 0 && html`<span class="bar-fill" aria-hidden="true" style=${{ width: `${(100 * value) / end}%` }}></span>`}<span>${t.number(value)}</span></dd></div>`)}</dl>`;
}

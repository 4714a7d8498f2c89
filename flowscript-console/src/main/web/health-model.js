/** The figures of a server over the last minutes, made of what it says each time. */

export const SAMPLES = 150;
export const EVERY_MILLIS = 2_000;
export const WINDOW_MILLIS = SAMPLES * EVERY_MILLIS;

const FIRST_WINDOW_MILLIS = 30_000;

/** The figures that are drawn over time. A rate is what a counter has grown by in a second. */
const RATES = { events: "appended", steps: "steps", delivered: "delivered", bytes: "bytes" };
export const SERIES = ["events", "steps", "delivered", "bytes", "lag", "memory"];

const millis = (time) => (typeof time === "string" ? Date.parse(time) : time);

/** What a counter has grown by in a second; null when it cannot be known, as after a restart of the server. */
function rate(before, after, seconds) {
  return Number.isFinite(before) && Number.isFinite(after) && after >= before && seconds > 0 ? (after - before) / seconds : null;
}

/** One more sample after the others, of which the oldest leave. `stats` is the answer of the server. */
export function withSample(samples, stats) {
  const at = millis(stats.timestamp);
  const last = samples[samples.length - 1];
  if (last && at <= last.at) return samples;
  const seconds = last ? (at - last.at) / 1000 : 0;
  const sample = { at, counters: stats.counters ?? {}, lag: stats.lag?.max ?? null, memory: stats.memory?.used ?? null };
  for (const [name, counter] of Object.entries(RATES)) sample[name] = last ? rate(last.counters[counter], sample.counters[counter], seconds) : null;
  return [...samples.filter((each) => each.at > at - WINDOW_MILLIS), sample].slice(-SAMPLES);
}

/** The time that a chart shows, in milliseconds: what has been seen, at least half a minute. */
export const windowOf = (samples) => (samples.length ? Math.min(WINDOW_MILLIS, Math.max(FIRST_WINDOW_MILLIS, samples[samples.length - 1].at - samples[0].at)) : WINDOW_MILLIS);

/** The largest value of a series; 0 without one. */
export const peakOf = (samples, name) => samples.reduce((peak, sample) => Math.max(peak, sample[name] ?? 0), 0);

/** The upper end of a scale: 1, 2 or 5 times a power of ten, at least `value`. */
export function scaleOf(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((end) => end >= value);
}

/** The paths of a series as {line, area}, in a box of `width` by `height`. A gap interrupts both. */
export function pathsOf(samples, name, end, { width, height, now }) {
  const shown = windowOf(samples);
  const runs = [];
  let run = [];
  for (const sample of samples) {
    const value = sample[name];
    if (value === null || value === undefined) {
      if (run.length) runs.push(run);
      run = [];
    } else {
      const x = width * (1 - (now - sample.at) / shown);
      run.push([Math.max(0, x), height * (1 - Math.min(1, value / end))]);
    }
  }
  if (run.length) runs.push(run);
  const point = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const line = runs.map((points) => `M${points.map(point).join("L")}`).join("");
  const area = runs.map((points) => `M${points[0][0].toFixed(1)} ${height}L${points.map(point).join("L")}L${points[points.length - 1][0].toFixed(1)} ${height}Z`).join("");
  return { line, area };
}

/** The oldest open question's age; null when none is open. */
export const oldestAge = ({ interactions, timestamp }) => (interactions?.oldest ? millis(timestamp) - millis(interactions.oldest) : null);

/** How long the server has been up. */
export const upTime = ({ startedAt, timestamp }) => millis(timestamp) - millis(startedAt);

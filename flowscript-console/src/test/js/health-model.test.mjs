import assert from "node:assert/strict";
import { test } from "node:test";
import { SAMPLES, pathsOf, scaleOf, withSample } from "../../main/web/health-model.js";

const stats = (second, appended, more = {}) => ({ timestamp: new Date(second * 1000).toISOString(), counters: { appended }, lag: { max: 2 }, memory: { used: 5 }, ...more });
const play = (...all) => all.reduce((samples, each) => withSample(samples, each), []);

test("A rate is what a counter has grown by in a second", () => {
  assert.deepEqual(play(stats(0, 10), stats(2, 30), stats(3, 30)).map(({ events }) => events), [null, 10, 0]);
});

test("After a restart of the server, the rate is not known", () => {
  assert.deepEqual(play(stats(0, 500), stats(2, 3), stats(4, 7)).map(({ events }) => events), [null, null, 2]);
});

test("The same figures again are not one more sample, and old samples leave", () => {
  assert.equal(play(stats(0, 1), stats(0, 1)).length, 1);
  assert.equal(play(...Array.from({ length: 400 }, (_, index) => stats(index * 2, index))).length, SAMPLES);
});

test("A scale ends at 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual([0, 0.3, 1, 1.2, 7, 43, 51, 2001].map(scaleOf), [1, 0.5, 1, 2, 10, 50, 100, 5000]);
});

test("A gap interrupts the line", () => {
  const samples = play(stats(0, 0), stats(2, 2), stats(4, 0), stats(6, 2));
  const { line } = pathsOf(samples, "events", 1, { width: 300, height: 72, now: 6000 });
  assert.equal(line.split("M").length - 1, 2);
});

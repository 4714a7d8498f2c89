/**
 * Clients of a server behind a faulty network: each line of the input is a schedule as JSON, each line of the output
 * what its clients saw. Ends with the input.
 */
import { createInterface } from "node:readline";
import process from "node:process";
import WebSocket from "ws";
import { FlowScript } from "../../main/js/flowscript-client.js";
import "../../main/js/flowscript-worker.js";

globalThis.WebSocket = WebSocket; // for the worker

/** The shared worker, in this process. */
class SharedWorker {
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    globalThis.onconnect({ ports: [port2] });
  }
}

/** A small generator of numbers, so that a schedule's choices depend on its seed alone. */
function draws(seed) {
  let state = seed * 2654435761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function play({ seed, url, transports, runs, types, shared }) {
  const random = draws(seed);
  const user = `user-${seed}`;
  const lines = [];
  const states = [];
  const flow = new FlowScript(url, {
    transports,
    WebSocket,
    ...(shared && { SharedWorker, shared: user }),
    random,
    credentials: () => user,
    backoffBase: 2,
    backoffCap: 20,
    connectMillis: 600,
    stableMillis: 100,
    pongMillis: 150,
    silenceMillis: 500,
    requestMillis: 600,
    pollMillis: 20,
    pollSeconds: 1,
    fallbackAfter: 1 + Math.floor(random() * 2),
    upgradeMillis: 40,
    upgradeCapMillis: 200,
    debug: process.env.FLOWSCRIPT_DEBUG ? (...line) => lines.push(`${Date.now() % 100000} ${line.slice(1).map((part) => JSON.stringify(part)).join(" ").slice(0, 300)}`) : false,
  });
  flow.on("state", ({ state, transport }) => states.push(`${state} ${transport}`));

  const told = ({ type, seq, data }) => (seq === undefined ? `${type} ${data.from}-${data.to}` : `${seq} ${type}`);
  /** Reads an execution now fast, now slowly, now with a new subscription from the position of the one before. */
  const read = async (options) => {
    const seen = [];
    let after;
    while (true) {
      const run = flow.execution("run", { ...options, after });
      const left = random() < 0.5 ? Infinity : 1 + Math.floor(random() * 60);
      let taken = 0;
      for await (const event of run) {
        seen.push(told(event));
        stalled.refresh();
        if (random() < 0.02) await pause(random() * 15);
        after = run.position;
        if (++taken > left) break;
      }
      if (taken <= left) return seen;
      // The event that was just handled is not counted yet: the loop was left in its middle.
      after = `${after === undefined ? "" : after.slice(0, after.lastIndexOf(":"))}`;
      const { status } = run;
      after = `${status?.epoch ?? after}:${seen.at(-1).split(" ")[0]}`;
    }
  };

  /** Starts executions, answers what they ask, and sees them end. */
  const work = async () => {
    for (let i = 0; i < runs; i += 1) {
      const run = await flow.execute("asks", { key: `${seed}-${i}` });
      for await (const event of run) {
        if (event.type !== "human_interaction_required") continue;
        if (random() < 0.5) await flow.claim(event);
        const { closes } = await run.resume(event, { amount: i + 1 });
        if (!closes) throw new Error("the answer should close the interaction");
      }
      if (random() < 0.3) await pause(random() * 20);
    }
  };

  const wide = flow.workflow("asks");
  const followed = new Map();
  const gaps = [];
  wide.on("event", ({ seq, data: { executionId } }) => {
    const before = followed.get(executionId);
    if (before !== undefined && seq !== before + 1) gaps.push(`${executionId}: ${seq} after ${before}`);
    followed.set(executionId, seq);
  });

  // For so long nobody may read an event; how long they take in all is up to who plays the schedule.
  let isLate = false;
  const stalled = setTimeout(() => {
    isLate = true;
    flow.close();
  }, 40_000);
  try {
    const [all, slow, some] = await Promise.all([read({}), read({ buffer: 5 }), read({ types }), work()]);
    if (isLate) throw new Error(`it has stalled at ${all.at(-1)}, ${slow.at(-1)}, ${some.at(-1)}`);
    return { seed, all, slow, some, gaps, followed: followed.size, stats: flow.stats, states: summary(states) };
  } catch (error) {
    return { seed, failure: `${error.stack} ${JSON.stringify(error.data)} ${states.slice(-20).join(", ")} ${JSON.stringify(flow.stats)}\n${lines.slice(-60).join("\n")}` };
  } finally {
    clearTimeout(stalled);
    flow.close();
  }
}

function summary(states) {
  const counts = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

process.on("unhandledRejection", (error) => {
  console.log(JSON.stringify({ unhandled: String(error?.stack ?? error) }));
  process.exit(3);
});

for await (const line of createInterface({ input: process.stdin })) {
  play(JSON.parse(line)).then((result) => console.log(JSON.stringify(result)));
}

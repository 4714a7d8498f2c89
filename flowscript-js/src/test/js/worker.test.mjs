import assert from "node:assert/strict";
import { test } from "node:test";
import "../../main/js/flowscript-worker.js";
import { ScriptedServer, collect, event, seqs, settle, subscribed } from "./support.mjs";

/** A worker of its own for each test: the worker's connection uses the global WebSocket and the real clock. */
function shared(server) {
  globalThis.WebSocket = server.WebSocket;
  return class {
    constructor() {
      const { port1, port2 } = new MessageChannel();
      this.port = port1;
      (server.ports ??= []).push(port1);
      globalThis.onconnect({ ports: [port2] });
    }
  };
}

/** Waits until something is so; messages between ports take a while. */
async function until(what) {
  for (let i = 0; i < 2_000; i += 1) {
    const found = what();
    if (found) return found;
    await settle();
  }
  throw new Error(`It should be so: ${what}`);
}

function tab(server, name, options = {}) {
  return server.client({ SharedWorker: shared(server), shared: name, ...options });
}

async function accept(server, index = 0) {
  const socket = await until(() => server.sockets[index]);
  socket.connected();
  return socket;
}

test("Two tabs have one connection; each event comes to both, and the second one catches up alone", async () => {
  const server = new ScriptedServer();
  const one = tab(server, "a");
  const first = collect(one.execution("x"));
  const socket = await accept(server);
  await until(() => socket.last("subscribe"));
  subscribed(socket, "x");
  socket.say(event("x", 1), event("x", 2));
  await until(() => first.length === 2);
  const two = tab(server, "a");
  const second = collect(two.execution("x"));
  await until(() => socket.of("subscribe").length === 2);
  subscribed(socket, "x");
  socket.say(event("x", 1), event("x", 2), event("x", 3));
  await until(() => first.length === 3 && second.length === 3);
  assert.equal(server.sockets.length, 1);
  assert.equal(one.stats.shared, true);
  one.close();
  socket.say(event("x", 4, "workflow_completed"));
  await second.done;
  assert.deepEqual([seqs(first), seqs(second)], [[1, 2, 3], [1, 2, 3, 4]]);
  two.close();
  await until(() => socket.closed === 1000);
});

test("A command of a tab is sent once, and its reply comes to that tab", async () => {
  const server = new ScriptedServer();
  const one = tab(server, "b");
  const two = tab(server, "b");
  const run = one.cancel("x");
  two.connect();
  const socket = await accept(server);
  const { id } = await until(() => socket.last("cancel"));
  socket.say({ type: "execution_status", replyTo: id, data: { executionId: "x", status: "cancelled" } });
  assert.equal((await run).status, "cancelled");
  assert.equal(socket.of("cancel").length, 1);
  const refused = assert.rejects(two.claim({ executionId: "x", tokenId: "t" }), { code: "already_claimed" });
  socket.say({ type: "error", replyTo: (await until(() => socket.last("claim"))).id, data: { code: "already_claimed", message: "ann has it" } });
  await refused;
  one.close();
  two.close();
});

test("A tab's subscription to all is told the gap of an execution that is refused, and goes on", async () => {
  const server = new ScriptedServer();
  const one = tab(server, "refused");
  const all = one.all();
  const seen = collect(all);
  const socket = await accept(server);
  await until(() => socket.last("subscribe"));
  const { id } = socket.last("subscribe");
  socket.say({ type: "subscribed", replyTo: id, data: { all: true } });
  for (const executionId of ["gone", "x"]) {
    socket.say({ type: "subscribed", data: { executionId, epoch: "e1", after: 4, oldest: 1, latest: 9, status: "running" } });
    socket.say({ type: "execution_status", data: { executionId, workflowId: "w", status: "running", startTime: 1, epoch: "e1", latest: 9, pauseTokens: [], interactions: [] } });
  }
  socket.say({ type: "error", data: { code: "execution_not_found", message: "There is none", details: { executionId: "gone" } } });
  socket.say(event("x", 5));
  await until(() => seen.length === 2 || seen.error);
  assert.deepEqual(seqs(seen), ["events_missed 5-", 5]);
  assert.equal(all.isOver, false);
  one.close();
  await until(() => socket.closed === 1000);
});

test("Credentials that come after the tab was closed go nowhere", async () => {
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  process.on("unhandledRejection", note);
  try {
    for (const end of ["resolve", "reject"]) {
      const server = new ScriptedServer();
      const asked = [];
      const credentials = () => (asked.length ? new Promise((resolve, reject) => asked.push({ resolve, reject })) : (asked.push(null), "key"));
      const one = tab(server, `late-${end}`, { credentials, backoffBase: 1 });
      one.execution("x").on("event", () => {});
      (await accept(server)).drop();
      await until(() => asked[1]);
      one.close();
      asked[1][end]("late");
      await settle();
    }
    assert.deepEqual(unhandled, []);
  } finally {
    process.off("unhandledRejection", note);
  }
});

test("The worker asks a tab for credentials, and shows the tabs its state", async () => {
  const server = new ScriptedServer();
  const asked = [];
  const one = tab(server, "c", { credentials: ({ refused }) => (asked.push(refused), `key-${asked.length}`), backoffBase: 1 });
  one.execution("x").on("event", () => {});
  const socket = await accept(server);
  assert.deepEqual(socket.protocols, ["flowscript.v2", "flowscript.bearer.key-1"]);
  socket.drop();
  await until(() => one.state === "waiting" || server.sockets.length === 2);
  const again = await accept(server, 1);
  assert.deepEqual(again.protocols, ["flowscript.v2", "flowscript.bearer.key-2"]);
  await until(() => one.state === "online");
  one.close();
});

test("A tab is told by which transport the shared connection goes", async () => {
  const server = new ScriptedServer();
  const one = tab(server, "d", { fallbackAfter: 1, backoffBase: 1 });
  const { fetch } = globalThis;
  globalThis.fetch = async (url) => new Response(url.endsWith("/health") ? '{"status":"ok","timestamp":"2026-01-01T00:00:00.000Z"}' : new ReadableStream());
  try {
    one.execution("x").on("event", () => {});
    (await until(() => server.sockets[0])).drop();
    await until(() => one.transport === "sse");
    assert.equal(one.state, "online");
    assert.equal(one.stats.shared, true);
    one.close();
  } finally {
    globalThis.fetch = fetch;
  }
});

test("A tab goes on with its port when the shared connection failed before there was anything to do", async () => {
  const server = new ScriptedServer();
  const one = tab(server, "e", { backoffBase: 1 });
  one.connect();
  (await until(() => server.sockets[0])).drop();
  await until(() => one.state === "idle");
  const run = one.cancel("x");
  const socket = await accept(server, 1);
  socket.say({ type: "execution_status", replyTo: (await until(() => socket.last("cancel"))).id, data: { executionId: "x", status: "cancelled" } });
  assert.equal((await run).status, "cancelled");
  assert.equal(one.stats.shared, true);
  assert.equal(server.ports.length, 1);
  one.close();
});

test("A tab that is seen again, or is told to connect, has the shared connection try at once", async () => {
  const window = new EventTarget();
  const server = new ScriptedServer();
  const one = tab(server, "f", { window, backoffBase: 1_000_000, backoffCap: 1_000_000 });
  const run = one.cancel("x");
  for (const now of [() => window.dispatchEvent(new Event("online")), () => one.connect()]) {
    (await until(() => server.sockets.at(-1))).drop();
    const { length } = server.sockets;
    await until(() => one.state === "waiting");
    now();
    await until(() => server.sockets.length > length);
  }
  const socket = await accept(server, 2);
  socket.say({ type: "execution_status", replyTo: (await until(() => socket.last("cancel"))).id, data: { executionId: "x", status: "cancelled" } });
  await run;
  assert.equal(server.ports.length, 1);
  one.close();
});

test("A tab that has lost its port asks again by a new one, and the command is carried out once", async () => {
  const server = new ScriptedServer();
  const one = tab(server, "g", { backoffBase: 1 });
  const other = tab(server, "g");
  other.execution("y").on("event", () => {});
  const socket = await accept(server);
  const run = one.cancel("x");
  const { id } = await until(() => socket.last("cancel"));
  await server.clock.advance(1);
  server.ports[1].onmessage = null; // the other tab was the first to connect
  one.connect();
  await server.clock.advance(one._options.pongMillis);
  assert.equal(one.state, "waiting");
  await server.clock.advance(1);
    await until(() => one.state === "online");
  socket.say({ type: "execution_status", replyTo: id, data: { executionId: "x", status: "cancelled" } });
  assert.equal((await run).status, "cancelled");
  assert.equal(socket.of("cancel").length, 1);
  assert.equal(server.ports.length, 3);
  one.close();
  other.close();
});

test("A page whose worker cannot be loaded goes on alone", async () => {
  const server = new ScriptedServer();
  const one = server.client({
    SharedWorker: class {
      port = { postMessage() {} };

      constructor() {
        queueMicrotask(() => this.onerror());
      }
    },
  });
  one.execution("x").on("event", () => {});
  await settle();
  await server.clock.advance(1_000);
  await server.accept();
  assert.equal(one.stats.shared, false);
  one.close();
});

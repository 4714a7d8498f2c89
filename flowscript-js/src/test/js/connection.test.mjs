import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError, FlowScript, FlowScriptError } from "../../main/js/flowscript-client.js";
import { ScriptedServer, collect, event, seqs, settle, subscribed } from "./support.mjs";

test("It connects with the subprotocol at /ws when it is first needed, and not before", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  await settle();
  assert.equal(server.sockets.length, 0);
  flow.execution("x").on("event", () => {});
  await settle();
  assert.equal(server.socket.url, "ws://flows.test/ws");
  assert.deepEqual(server.socket.protocols, ["flowscript.v2"]);
  assert.equal(flow.state, "connecting");
  await server.accept();
  assert.equal(flow.state, "online");
  flow.close();
});

test("A path before /ws is kept, and https becomes wss", async () => {
  const server = new ScriptedServer();
  const flow = new FlowScript("https://flows.test/api/", server.options);
  flow.connect();
  await settle();
  assert.equal(server.socket.url, "wss://flows.test/api/ws");
  flow.close();
});

test("Backoff doubles from its base to its cap, and full jitter draws each wait from nothing to that", async () => {
  for (const draw of [1, 0.5, 0]) {
    const server = new ScriptedServer();
    const flow = server.client({ random: () => draw, transports: ["websocket"], backoffBase: 500, backoffCap: 4_000 });
    flow.execution("x").on("event", () => {});
    await settle();
    for (const full of [500, 1_000, 2_000, 4_000, 4_000]) {
      server.socket.drop();
      assert.equal(flow.state, "waiting");
      assert.equal(server.clock.due[0], full * draw);
      await server.clock.advance(full * draw);
      assert.equal(flow.state, "connecting");
    }
    flow.close();
  }
});

test("Backoff begins anew only when the connection has shown that it works", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x"));
  for (const wait of [500, 1_000, 2_000]) {
    await server.accept();
    server.socket.drop(1013); // overloaded at once, each time
    assert.equal(server.clock.due[0], wait);
    await server.clock.advance(wait);
  }
  await server.accept();
  subscribed(server.socket, "x");
  server.socket.say(event("x", 1));
  server.socket.drop(1013);
  assert.equal(server.clock.due[0], 500);
  await server.clock.advance(500);
  await server.accept();
  await server.clock.advance(10_000); // it has lasted
  server.socket.drop();
  assert.equal(server.clock.due[0], 500);
  flow.close();
  await seen.done;
});

for (const code of [1001, 1006, 1011, 1013, 4408, 4409]) {
  test(`After close code ${code} it comes back, with its position`, async () => {
    const server = new ScriptedServer();
    const flow = server.client();
    const seen = collect(flow.execution("x"));
    const first = await server.accept();
    subscribed(first, "x");
    first.say(event("x", 1), event("x", 2));
    const second = await server.reconnect(code);
    assert.deepEqual(second.last("subscribe").data, { executionId: "x", after: "e1:2" });
    assert.equal(flow.stats.reconnects, 1);
    flow.close();
    await seen.done;
    assert.deepEqual(seqs(seen), [1, 2]);
  });
}

for (const code of [1000, 1007, 1008, 1009, 4403]) {
  test(`After close code ${code} it does not come back, and says so to everything that waits`, async () => {
    const server = new ScriptedServer();
    const flow = server.client();
    const errors = [];
    flow.on("error", (error) => errors.push(error));
    const seen = collect(flow.execution("x"));
    const command = flow.cancel("x");
    const refused = assert.rejects(command, (error) => error instanceof ConnectionError && error.data.closeCode === code);
    await server.accept();
    server.socket.drop(code);
    await seen.done;
    await refused;
    assert.ok(seen.error instanceof FlowScriptError);
    assert.equal(seen.error.data.closeCode, code);
    assert.equal(flow.state, "closed");
    assert.equal(errors.length, 1);
    await server.clock.advance(600_000);
    assert.equal(server.sockets.length, 1);
    assert.equal(server.clock.size, 0, "no timer is left");
    flow.connect();
    await settle();
    assert.equal(server.sockets.length, 2, "it can be told to connect again");
    flow.close();
  });
}

test("A connection that falls silent is noticed: a ping after the server's heartbeat, and an end without a sign of life", async () => {
  const server = new ScriptedServer();
  server.pongs = false;
  const flow = server.client({ pongMillis: 7_000 });
  flow.execution("x").on("event", () => {});
  const socket = await server.accept({ heartbeatMillis: 20_000 });
  subscribed(socket, "x");
  const pong = () => socket.say({ type: "pong", replyTo: socket.last("ping").id, data: {} });
  await server.clock.advance(40);
  pong();
  assert.equal(flow.stats.latency, 40);
  await server.clock.advance(19_000);
  socket.say(event("x", 1)); // a sign of life like any other
  await server.clock.advance(19_999);
  assert.equal(socket.of("ping").length, 1);
  await server.clock.advance(1);
  assert.equal(socket.of("ping").length, 2);
  pong();
  await server.clock.advance(20_000);
  assert.equal(socket.of("ping").length, 3);
  await server.clock.advance(6_999);
  assert.equal(flow.state, "online");
  await server.clock.advance(1);
  assert.equal(flow.state, "waiting");
  assert.equal(flow.error.code, "heartbeat_missed");
  assert.equal(socket.closed, 1000);
  flow.close();
});

test("A server that takes the connection and says nothing is given up after connectMillis", async () => {
  const server = new ScriptedServer();
  const flow = server.client({ connectMillis: 3_000 });
  flow.execution("x").on("event", () => {});
  await server.clock.advance(2_999);
  assert.equal(flow.state, "connecting");
  await server.clock.advance(1);
  assert.equal(flow.state, "waiting");
  flow.close();
});

test("What an ended socket still says is not heard", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x"));
  const first = await server.accept();
  subscribed(first, "x");
  const late = first.onmessage;
  await server.reconnect();
  late({ data: JSON.stringify(event("x", 1)) + "\n" });
  await settle();
  assert.deepEqual(seqs(seen), []);
  flow.close();
});

test("Something that is no JSON ends the connection and not the client", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  flow.execution("x").on("event", () => {});
  const socket = await server.accept();
  socket.onmessage({ data: "<html>" });
  assert.equal(flow.state, "waiting");
  assert.equal(flow.error.code, "invalid_json");
  flow.close();
});

test("Without a subscription or a command it disconnects after idleMillis, so that a script can end", async () => {
  const server = new ScriptedServer();
  const flow = server.client({ idleMillis: 5_000 });
  const run = flow.execution("x");
  run.on("event", () => {});
  const socket = await server.accept();
  run.close();
  assert.deepEqual(socket.last("unsubscribe").data, { executionId: "x" });
  await server.clock.advance(4_999);
  assert.equal(flow.state, "online");
  await server.clock.advance(1);
  assert.equal(flow.state, "idle");
  assert.equal(socket.closed, 1000);
  assert.equal(server.clock.size, 0, "no timer is left");
});

class FakePage extends EventTarget {
  hidden = false;

  show(isShown) {
    this.hidden = !isShown;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

test("A page that is hidden for long is disconnected; when it is seen, it catches up from its position", async () => {
  const server = new ScriptedServer();
  const document = new FakePage();
  const flow = server.client({ document, window: new EventTarget(), hiddenMillis: 60_000 });
  const seen = collect(flow.execution("x"));
  const first = await server.accept();
  subscribed(first, "x");
  first.say(event("x", 1));
  document.show(false);
  await server.clock.advance(50_000);
  document.show(true); // not for long
  await server.clock.advance(20_000);
  assert.equal(flow.state, "online");
  document.show(false);
  first.say(event("x", 2));
  await server.clock.advance(60_000);
  assert.equal(flow.state, "paused");
  assert.equal(first.closed, 1000);
  await server.clock.advance(3_600_000);
  assert.equal(server.sockets.length, 1);
  document.show(true);
  const second = await server.accept();
  assert.deepEqual(second.last("subscribe").data, { executionId: "x", after: "e1:2" });
  flow.close();
  await seen.done;
});

test("A hidden page with a command under way stays until it has its reply", async () => {
  const server = new ScriptedServer();
  const document = new FakePage();
  const flow = server.client({ document, window: new EventTarget(), hiddenMillis: 1_000, idleMillis: 3_600_000 });
  const cancelled = flow.cancel("x");
  const socket = await server.accept();
  document.show(false);
  await server.clock.advance(5_000);
  assert.equal(flow.state, "online");
  socket.say({ type: "execution_status", replyTo: socket.last("cancel").id, data: { executionId: "x", status: "cancelled" } });
  assert.equal((await cancelled).status, "cancelled");
  await server.clock.advance(1_000);
  assert.equal(flow.state, "paused");
  flow.close();
});

test("When the network is back, the client does not sit out its wait, and asks an open connection for a sign of life", async () => {
  const server = new ScriptedServer();
  const window = new EventTarget();
  const flow = server.client({ window, document: new FakePage() });
  flow.execution("x").on("event", () => {});
  const first = await server.accept();
  const pings = first.of("ping").length;
  window.dispatchEvent(new Event("online"));
  assert.equal(first.of("ping").length, pings + 1);
  first.drop();
  assert.equal(flow.state, "waiting");
  window.dispatchEvent(new Event("online"));
  await settle();
  assert.equal(server.sockets.length, 2);
  flow.close();
});

test("Credentials are got before each connection, sent as a subprotocol, and anew when they were refused", async () => {
  const server = new ScriptedServer();
  const asked = [];
  server.http = ({ headers }) => ({ status: 200, headers: {}, body: { user: headers.Authorization } });
  const flow = server.client({ credentials: async (why) => (asked.push(why), `key ${asked.length}`) });
  flow.execution("x").on("event", () => {});
  await server.accept();
  assert.deepEqual(server.socket.protocols, ["flowscript.v2", "flowscript.bearer.key%201"]);
  await server.reconnect();
  assert.deepEqual(server.socket.protocols, ["flowscript.v2", "flowscript.bearer.key%202"]);
  assert.deepEqual(asked, [{ refused: false }, { refused: false }]);
  flow.close();
});

test("A login that has expired gets fresh credentials with the next connection", async () => {
  const server = new ScriptedServer();
  const asked = [];
  const flow = server.client({ credentials: ({ refused }) => (asked.push(refused), `key-${asked.length}`) });
  flow.execution("x").on("event", () => {});
  await server.accept();
  server.socket.drop(4401);
  await server.clock.advance(1_000);
  assert.deepEqual(asked, [false, true]);
  await server.accept();
  server.socket.drop(1001);
  await server.clock.advance(1_000);
  assert.deepEqual(asked, [false, true, false]);
  flow.close();
});

/** A clock that is some minutes late. */
const late = ({ now, set, clear }) => ({ now: () => now() - 500_000, set, clear });
const expiresIn = (server, seconds) => ({ expiresAt: server.clock.now() + seconds * 1000 });
const tokens = (socket) => socket.of("authenticate").map(({ data }) => data.token);

test("A login is renewed over its WebSocket before it expires, by the server's clock, and nothing is interrupted", async () => {
  const server = new ScriptedServer();
  const asked = [];
  const flow = server.client({ clock: late(server.clock), credentials: async ({ refused }) => (asked.push(refused), `key-${asked.length}`) });
  const seen = collect(flow.execution("x"));
  const socket = await server.accept(expiresIn(server, 300));
  subscribed(socket, "x");
  socket.say(event("x", 1));
  await server.clock.advance(179_999); // a minute before, and a minute by chance
  assert.deepEqual(tokens(socket), []);
  await server.clock.advance(1);
  assert.deepEqual(tokens(socket), ["key-2"]);
  assert.deepEqual(asked, [false, true]);
  socket.say(event("x", 2), { type: "authenticated", replyTo: socket.last("authenticate").id, data: expiresIn(server, 40) }, event("x", 3));
  await server.clock.advance(19_999); // half of what is left, at the earliest
  assert.deepEqual(tokens(socket), ["key-2"]);
  await server.clock.advance(1);
  assert.deepEqual(tokens(socket), ["key-2", "key-3"]);
  socket.say({ type: "authenticated", replyTo: socket.last("authenticate").id, data: {} });
  await server.clock.advance(3_600_000);
  assert.equal(tokens(socket).length, 2, "this login does not expire");
  assert.equal(server.sockets.length, 1);
  flow.close();
  await seen.done;
  assert.deepEqual(seqs(seen), [1, 2, 3]);
  assert.equal(server.clock.size, 0, "no timer is left");
});

test("A renewal that fails is tried again a few times, tells nobody, and ends with a new connection and fresh credentials", async () => {
  const server = new ScriptedServer();
  let asked = 0;
  const errors = [];
  const flow = server.client({
    credentials: ({ refused }) => {
      asked += 1;
      if (asked === 2) throw new Error("not now");
      return `key-${asked}-${refused}`;
    },
  });
  flow.on("error", (error) => errors.push(error));
  flow.execution("x").on("event", () => {});
  const socket = await server.accept(expiresIn(server, 300));
  await server.clock.advance(299_999);
  assert.ok(asked > 5 && asked < 15, `it was asked ${asked} times`);
  for (const { id } of socket.of("authenticate")) assert.notEqual(id, undefined);
  socket.say({ type: "error", replyTo: socket.last("authenticate").id, data: { code: "unauthorized", message: "no" } });
  assert.equal(flow.state, "online");
  assert.deepEqual(errors, []);
  socket.drop(4401);
  await server.clock.advance(1_000);
  assert.deepEqual(server.socket.protocols, ["flowscript.v2", `flowscript.bearer.key-${asked}-true`]);
  flow.close();
});

test("A source of credentials that is slow is asked once, and its late token is not sent over a connection that has ended", async () => {
  const server = new ScriptedServer();
  const asked = [];
  let answer;
  const flow = server.client({ credentials: ({ refused }) => (asked.push(refused), refused ? new Promise((resolve) => (answer = resolve)) : "key") });
  flow.execution("x").on("event", () => {});
  const socket = await server.accept(expiresIn(server, 300));
  await server.clock.advance(250_000);
  assert.deepEqual(asked, [false, true]);
  flow.close();
  answer("late");
  await settle();
  assert.deepEqual(tokens(socket), []);
  assert.equal(server.clock.size, 0, "no timer is left");
});

test("Nothing is renewed without a token, or when the login does not expire, or expires beyond what a timer can take", async () => {
  for (const [credentials, expiresAt] of [[() => ({ query: { ticket: "t" } }), 2_000_000], [() => "key", undefined], [() => "key", 1e15], [undefined, 2_000_000]]) {
    const server = new ScriptedServer();
    const flow = server.client({ credentials });
    flow.execution("x").on("event", () => {});
    const socket = await server.accept({ expiresAt });
    assert.ok(Math.max(...server.clock.due) < 2 ** 31);
    await server.clock.advance(999_000);
    assert.deepEqual(tokens(socket), []);
    flow.close();
    assert.equal(server.clock.size, 0, "no timer is left");
  }
});

test("A 401 gets fresh credentials once; a second one ends the connection with unauthorized", async () => {
  for (const good of [2, Infinity]) {
    const server = new ScriptedServer();
    const asked = [];
    server.http = ({ path, headers }) =>
      path === "/health" ? { body: {} }
      : headers.Authorization === `Bearer ${good}` ? { status: 201, body: { executionId: "x", status: "started" } }
      : { status: 401, body: { code: "unauthorized", detail: "Say who you are" } };
    const flow = server.client({ transports: ["poll"], credentials: ({ refused }) => (asked.push(refused), `${asked.length}`) });
    const run = flow.execute("w", {}, { executionId: "x" });
    if (good === 2) assert.equal((await run).id, "x");
    else await assert.rejects(run, { code: "unauthorized" });
    assert.deepEqual(asked, [false, true]);
    assert.equal(flow.state, good === 2 ? "online" : "closed");
    flow.close();
  }
});

test("Credentials that cannot be had end the connection, and nothing is left unhandled", async () => {
  const server = new ScriptedServer();
  const flow = server.client({ credentials: async () => { throw new Error("logged out"); } });
  const seen = collect(flow.execution("x"));
  await seen.done;
  assert.equal(seen.error.code, "unauthorized");
  assert.match(seen.error.message, /logged out/);
});

test("The debug mode tells of each message in both directions", async () => {
  const lines = [];
  const server = new ScriptedServer();
  const flow = server.client({ debug: (...line) => lines.push(line) });
  flow.execution("x").on("event", () => {});
  const socket = await server.accept();
  subscribed(socket, "x");
  assert.ok(lines.some(([, way, message]) => way === ">" && message.type === "subscribe"));
  assert.ok(lines.some(([, way, message]) => way === "<" && message.type === "subscribed"));
  flow.close();
});

test("The debug mode is read from localStorage, and a page that may not look at it works", async () => {
  for (const [localStorage, printed] of [[{ getItem: (name) => (name === "flowscript-debug-ws" ? "1" : null) }, true], [{ getItem: () => null }, false], [{ getItem: () => { throw new Error("forbidden"); } }, false]]) {
    Object.defineProperty(globalThis, "localStorage", { value: localStorage, configurable: true });
    const { debug } = console;
    let lines = 0;
    console.debug = () => (lines += 1);
    try {
      const server = new ScriptedServer();
      const flow = server.client();
      flow.connect();
      await settle();
      flow.close();
    } finally {
      console.debug = debug;
      delete globalThis.localStorage;
    }
    assert.equal(lines > 0, printed);
  }
});

test("The statistics tell the lag of events, by the server's clock", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  flow.execution("x").on("event", () => {});
  const socket = await server.accept();
  subscribed(socket, "x");
  socket.say({ ...event("x", 1), timestamp: server.clock.now() - 120 });
  assert.equal(flow.stats.lag, 120);
  assert.equal(flow.stats.events, 1);
  assert.equal(flow.stats.executions, 1);
  flow.close();
});

test("To connect is not to wait any longer, and asking again and again for a sign of life does not put off its end", async () => {
  const server = new ScriptedServer();
  const flow = server.client({ transports: ["websocket"], backoffBase: 20_000 });
  flow.execution("x").on("event", () => {});
  await settle();
  server.socket.drop();
  assert.equal(flow.state, "waiting");
  flow.connect();
  await server.accept();
  assert.equal(server.sockets.length, 2);
  server.pongs = false;
  await server.clock.advance(1);
  for (let i = 0; i < 4; i += 1) {
    flow.connect();
    await server.clock.advance(2_500);
  }
  assert.equal(server.socket.closed, 1000);
  assert.equal(flow.state, "waiting");
  flow.close();
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { AnswerError, FlowScriptError } from "../../main/js/flowscript-client.js";
import { ScriptedServer, collect, settle } from "./support.mjs";

test("Commands given offline are queued in their order, sent with ids, and answered by their replies", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const run = flow.execute("expense", { amount: 250 }, { executionId: "x" });
  const answer = flow.resume({ executionId: "x", tokenId: "t" }, { decision: "approved" }, { seen: "h" });
  const claim = flow.claim({ executionId: "x", nodeId: "n" }, { lease: 1_000 });
  const release = flow.release({ executionId: "x", tokenId: "t" });
  const cancel = flow.cancel("x", "not needed");
  assert.equal(flow.stats.queued, 5);
  const socket = await server.accept();
  const sent = socket.sent.filter(({ type }) => type !== "ping");
  assert.deepEqual(sent.map(({ type, data }) => [type, data]), [
    ["execute", { workflowId: "expense", input: { amount: 250 }, executionId: "x" }],
    ["resume", { executionId: "x", tokenId: "t", data: { decision: "approved" }, seen: "h" }],
    ["claim", { executionId: "x", nodeId: "n", lease: 1_000 }],
    ["release", { executionId: "x", tokenId: "t" }],
    ["cancel", { executionId: "x", reason: "not needed" }],
  ]);
  assert.equal(new Set(sent.map(({ id }) => id)).size, 5);
  const id = (type) => socket.last(type).id;
  socket.say({ type: "execution_status", replyTo: id("execute"), data: { executionId: "x", epoch: "e1", latest: 1, status: "running" } });
  socket.say({ type: "resume_success", replyTo: id("resume"), data: { executionId: "x", tokenId: "t", closes: true } });
  socket.say({ type: "claimed", replyTo: id("claim"), data: { by: "ann", until: 5 } });
  socket.say({ type: "released", replyTo: id("release"), data: {} });
  socket.say({ type: "execution_status", replyTo: id("cancel"), data: { executionId: "x", status: "cancelled" } });
  assert.equal((await run).id, "x");
  assert.equal((await answer).closes, true);
  assert.equal((await claim).until, 5);
  assert.equal(await release, undefined);
  assert.equal((await cancel).status, "cancelled");
  assert.equal(flow.stats.queued, 0);
  flow.close();
});

test("A command without a reply is sent again over the next connection, with the same id and the same content", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const run = flow.execute("w");
  const first = await server.accept();
  const second = await server.reconnect();
  const third = await server.reconnect();
  const sent = [first, second, third].map((socket) => socket.last("execute"));
  assert.deepEqual(sent[1], sent[0]);
  assert.deepEqual(sent[2], sent[0]);
  assert.equal(third.of("execute").length, 1);
  third.say({ type: "execution_status", replyTo: sent[0].id, data: { executionId: sent[0].data.executionId } });
  await run;
  flow.execution("y").on("event", () => {});
  assert.equal((await server.reconnect()).of("execute").length, 0, "what has its reply is not sent again");
  flow.close();
});

test("An execution that the client named by itself is its own, also for a server that has forgotten the command", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const run = flow.execute("w");
  const socket = await server.accept();
  const { id, data } = socket.last("execute");
  socket.say({ type: "error", replyTo: id, data: { code: "execution_exists", message: "The id is taken" } });
  assert.equal((await run).id, data.executionId);
  const chosen = assert.rejects(flow.execute("w", {}, { executionId: "mine" }), { code: "execution_exists" });
  socket.say({ type: "error", replyTo: socket.last("execute").id, data: { code: "execution_exists", message: "The id is taken" } });
  await chosen;
  flow.close();
});

test("A command with an id of its own is the same each time that it is given", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const sent = [];
  for (let i = 0; i < 2; i += 1) {
    const run = flow.execute("w", { amount: 1 }, { id: "kept" });
    if (!i) await server.accept();
    sent.push(server.socket.last("execute"));
    server.socket.say({ type: "execution_status", replyTo: "kept", data: { executionId: "x" } });
    assert.equal((await run).id, "x");
  }
  assert.deepEqual(sent[0], sent[1]);
  flow.close();
});

for (const code of ["rate_limited", "memory_limit", "store_unavailable", "server_closing"]) {
  test(`A command that is refused with ${code} is tried again under its id, and not for ever`, async () => {
    const server = new ScriptedServer();
    const flow = server.client({ backoffBase: 100 });
    const cancel = flow.cancel("x");
    const failed = assert.rejects(cancel, { code });
    const socket = await server.accept();
    for (let tries = 1; tries <= 6; tries += 1) {
      assert.equal(socket.of("cancel").length, tries);
      assert.equal(new Set(socket.of("cancel").map(({ id }) => id)).size, 1);
      socket.say({ type: "error", replyTo: socket.last("cancel").id, data: { code, message: "Later" } });
      await server.clock.advance(20_000);
    }
    await failed;
    flow.close();
  });
}

test("An answer that does not count is an AnswerError with the code and the violations", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const answer = flow.resume({ executionId: "x", tokenId: "t" }, null);
  const socket = await server.accept();
  assert.equal(socket.last("resume").data.data, null);
  const violations = [{ path: "$.decision", keyword: "enum", message: "must be one of" }];
  socket.say({ type: "resume_error", replyTo: socket.last("resume").id, data: { executionId: "x", error: "It does not fit", code: "validation_failed", violations } });
  await assert.rejects(answer, (error) => error instanceof AnswerError && error.code === "validation_failed" && error.data.violations[0].path === "$.decision");
  flow.close();
});

test("The queue is bounded", async () => {
  const server = new ScriptedServer();
  const flow = server.client({ queue: 3 });
  const queued = [1, 2, 3].map(() => flow.cancel("x").catch((error) => error.code));
  await assert.rejects(flow.cancel("x"), { code: "queue_full" });
  flow.close();
  assert.deepEqual(await Promise.all(queued), ["closed", "closed", "closed"]);
});

test("A command can be given up with a signal; it is not sent after that", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const end = new AbortController();
  const failed = assert.rejects(flow.cancel("x", "", { signal: end.signal }), /enough/);
  end.abort(new Error("enough"));
  await failed;
  const socket = await server.accept();
  assert.equal(socket.of("cancel").length, 0);
  flow.close();
});

test("A command above the server's limit is refused before it is sent, since the server would end the connection", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  flow.connect();
  const socket = await server.accept({ maxMessageBytes: 1_000 });
  await assert.rejects(flow.execute("w", { text: "ä".repeat(600) }), { code: "message_too_large" });
  assert.equal(socket.of("execute").length, 0);
  flow.close();
});

test("ack sends the highest of each execution, and again after a loss", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  flow.ack("x", 3, "e1");
  flow.ack("x", 8, "e1");
  flow.ack("x", 5, "e1");
  const socket = await server.accept();
  assert.deepEqual(socket.of("ack").map(({ data }) => data), [{ executionId: "x", seq: 8, epoch: "e1" }]);
  flow.close();
});

test("Over WebSocket, acknowledgements go once in 250 ms: of those that wait the newest of each execution", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  flow.execution("other").on("event", () => {});
  const socket = await server.accept();
  const sent = (one) => one.of("ack").map(({ data }) => `${data.executionId}${data.seq}`);
  for (let seq = 1; seq <= 5_000; seq += 1) flow.ack("x", seq, "e1");
  flow.ack("y", 1, "e1");
  assert.deepEqual(sent(socket), ["x1"], "the first one goes at once");
  await server.clock.advance(249);
  assert.equal(sent(socket).length, 1);
  await server.clock.advance(1);
  assert.deepEqual(sent(socket), ["x1", "x5000", "y1"]);
  flow.ack("x", 5_001, "e1");
  await server.clock.advance(250);
  assert.deepEqual(sent(socket).slice(3), ["x5001"]);
  await server.clock.advance(250);
  flow.ack("x", 5_002, "e1");
  assert.deepEqual(sent(socket).slice(4), ["x5002"], "nothing was sent for a while");
  flow.ack("x", 5_003, "e1");
  const again = await server.reconnect();
  await server.clock.advance(250);
  assert.deepEqual(sent(socket).slice(5), []);
  assert.deepEqual(sent(again).sort(), ["x5003", "y1"], "what waited goes over the next connection");
  flow.close();
  assert.equal(server.clock.size, 0);
});

test("Who closes the client loses no acknowledgement that waits", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  flow.connect();
  const socket = await server.accept();
  flow.ack("x", 1, "e1");
  flow.ack("x", 2, "e1");
  flow.close();
  assert.deepEqual(socket.of("ack").map(({ data }) => data.seq), [1, 2]);
  assert.equal(server.clock.size, 0);
});

test("The inbox lists, and lists again upon a change, at most once in a while", async () => {
  const server = new ScriptedServer();
  const flow = server.client({ inboxMillis: 500 });
  const inbox = flow.inbox({ mine: true });
  const seen = collect(inbox);
  const socket = await server.accept();
  const live = () => socket.of("interactions").filter(({ data }) => data.live);
  const lists = () => socket.of("interactions").filter(({ data }) => !data.live);
  assert.deepEqual(live().map(({ data }) => data), [{ mine: true, limit: 1, live: true }]);
  const reply = (...tokens) => socket.say({ type: "interactions", replyTo: lists().at(-1).id, data: { interactions: tokens.map((tokenId) => ({ tokenId })) } });
  reply("a");
  await settle();
  assert.deepEqual(inbox.items, [{ tokenId: "a" }]);
  for (let i = 0; i < 10; i += 1) socket.say({ type: "interaction_changed", data: { interaction: { tokenId: "b" } } });
  assert.equal(lists().length, 1);
  await server.clock.advance(500);
  assert.equal(lists().length, 2);
  reply("a", "b");
  await settle();
  assert.equal(inbox.items.length, 2);
  const second = flow.inbox({});
  second.on("change", () => {});
  await settle();
  assert.deepEqual(live().at(-1).data, { limit: 1, live: true }, "two filters: the wider one wakes both");
  inbox.close();
  second.close();
  assert.deepEqual(socket.last("unsubscribe").data, { interactions: true });
  await seen.done;
  flow.close();
});

for (const code of ["queue_full", "rate_limited", "memory_limit", "store_unavailable", "server_closing"]) {
  test(`An inbox whose list is refused with ${code} lists again, and goes on`, async () => {
    const server = new ScriptedServer();
    const flow = server.client({ inboxMillis: 500, backoffBase: 0 });
    const inbox = flow.inbox();
    const seen = collect(inbox);
    const socket = await server.accept();
    const lists = () => socket.of("interactions").filter(({ data }) => !data.live);
    for (let tries = 1; lists().length < 7; tries += 1) {
      assert.ok(tries < 10);
      socket.say({ type: "error", replyTo: lists().at(-1).id, data: { code, message: "Later" } });
      await server.clock.advance(code === "queue_full" || lists().length === 6 ? 500 : 1);
    }
    assert.equal(inbox.isOver, false);
    socket.say({ type: "interactions", replyTo: lists().at(-1).id, data: { interactions: [{ tokenId: "a" }] } });
    await settle();
    assert.deepEqual(inbox.items, [{ tokenId: "a" }]);
    await server.clock.advance(500);
    socket.say({ type: "interaction_gone", data: {} });
    socket.say({ type: "error", replyTo: lists().at(-1).id, data: { code: "forbidden", message: "No" } });
    await seen.done;
    assert.equal(seen.error.code, "forbidden", "another refusal ends it");
    flow.close();
  });
}

test("Over WebSocket, an inbox lists again a minute after the last list, and after the client's own commands", async () => {
  const server = new ScriptedServer();
  const flow = server.client({ pongMillis: 1e9 });
  flow.inbox().on("change", () => {});
  const socket = await server.accept();
  const lists = () => socket.of("interactions").filter(({ data }) => !data.live);
  const reply = async () => {
    socket.say({ type: "interactions", replyTo: lists().at(-1).id, data: { interactions: [] } });
    await server.clock.advance(1_000);
  };
  await reply();
  await server.clock.advance(58_999);
  assert.equal(lists().length, 1);
  await server.clock.advance(1);
  assert.equal(lists().length, 2);
  await reply();
  const question = { executionId: "x", tokenId: "t" };
  for (const [type, said] of [["resume", "resume_success"], ["claim", "claimed"], ["release", "released"]]) {
    const before = lists().length;
    const refused = assert.rejects(flow[type](question, {}));
    socket.say({ type: "error", replyTo: socket.last(type).id, data: { code: "forbidden", message: "No" } });
    await refused;
    assert.equal(lists().length, before, "a refused command has changed nothing");
    const done = flow[type](question, {});
    socket.say({ type: said, replyTo: socket.last(type).id, data: question });
    await done;
    assert.equal(lists().length, before + 1, type);
    await reply();
  }
  flow.close();
});

test("Errors are classes with the protocol's codes", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const claim = flow.claim({ executionId: "x", tokenId: "t" });
  const socket = await server.accept();
  socket.say({ type: "error", replyTo: socket.last("claim").id, data: { code: "already_claimed", message: "ann has it", details: { by: "ann" } } });
  await assert.rejects(claim, (error) => error instanceof FlowScriptError && error.name === "FlowScriptError" && error.code === "already_claimed" && error.data.details.by === "ann");
  flow.close();
});

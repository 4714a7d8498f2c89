import assert from "node:assert/strict";
import { test } from "node:test";
import { ScriptedServer, collect, event, seqs, settle, subscribed } from "./support.mjs";

const status = (executionId, data = {}) => ({ type: "execution_status", data: { executionId, workflowId: "w", status: "running", startTime: 1, epoch: "e1", latest: 9, pauseTokens: [], interactions: [], ...data } });

test("An iterator gives each event once, in order, and ends after the last one", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x"));
  const socket = await server.accept();
  assert.deepEqual(socket.last("subscribe").data, { executionId: "x", after: 0 });
  subscribed(socket, "x");
  socket.say(event("x", 1), event("x", 2), event("x", 2), event("x", 1), event("x", 3, "workflow_completed"));
  await seen.done;
  assert.deepEqual(seqs(seen), [1, 2, 3]);
  assert.equal(seen.ended, true);
  assert.equal(flow.stats.doubles, 2);
  flow.close();
});

test("Listeners hear events by type and all together, and on() gives back what ends it", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const run = flow.execution("x");
  const heard = [];
  const off = run.on("node_started", ({ seq }) => heard.push(seq));
  run.addEventListener("event", ({ detail }) => heard.push(`all ${detail.seq}`));
  run.on("end", () => heard.push("end"));
  const socket = await server.accept();
  subscribed(socket, "x");
  socket.say(status("x"), event("x", 1));
  off();
  socket.say(event("x", 2), event("x", 3, "workflow_failed"));
  assert.deepEqual([...heard].sort(), ["all 1", 1, "all 2", "all 3", "end"].sort());
  assert.equal(run.status.status, "running");
  assert.equal(run.position, "e1:3");
  flow.close();
});

test("The position is that of the last event that was handled, not of the last one that came", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const run = flow.execution("x");
  const events = run[Symbol.asyncIterator]();
  const first = events.next();
  const socket = await server.accept();
  subscribed(socket, "x");
  socket.say(event("x", 1), event("x", 2), event("x", 3));
  assert.equal((await first).value.seq, 1);
  assert.equal(run.position, undefined);
  await events.next();
  assert.equal(run.position, "e1:1");
  await events.next();
  assert.equal(run.position, "e1:2");
  const waiting = events.next();
  assert.equal(run.position, "e1:3");
  flow.close();
  assert.equal((await waiting).done, true);
});

test("A position that was kept goes on exactly there, over a restart of the page too", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x", { after: "ab:cd:17" }));
  const socket = await server.accept();
  assert.deepEqual(socket.last("subscribe").data, { executionId: "x", after: "ab:cd:17" });
  subscribed(socket, "x", { epoch: "ab:cd" });
  socket.say(event("x", 17), event("x", 18));
  await settle();
  assert.deepEqual(seqs(seen), [18]);
  flow.close();
});

test("With after latest, what came while the connection was lost is not lost", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x", { after: "latest" }));
  const first = await server.accept();
  assert.deepEqual(first.last("subscribe").data, { executionId: "x", after: "latest" });
  subscribed(first, "x", { after: 40 });
  const second = await server.reconnect();
  assert.deepEqual(second.last("subscribe").data, { executionId: "x", after: "e1:40" });
  subscribed(second, "x");
  second.say(event("x", 41));
  await settle();
  assert.deepEqual(seqs(seen), [41]);
  flow.close();
});

test("events_missed and events_skipped are given in their place", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x", { conflate: true }));
  const socket = await server.accept();
  assert.equal(socket.last("subscribe").data.conflate, true);
  subscribed(socket, "x");
  socket.say({ type: "events_missed", data: { executionId: "x", epoch: "e1", from: 1, to: 4 } }, status("x"), event("x", 5));
  socket.say({ type: "events_skipped", data: { executionId: "x", from: 6, to: 8 } }, event("x", 9));
  const again = await server.reconnect();
  assert.equal(again.last("subscribe").data.after, "e1:9");
  subscribed(again, "x", { after: undefined, epoch: "e2" });
  again.say(status("x", { epoch: "e2" }), { type: "events_missed", data: { executionId: "x", epoch: "e1", from: 10 } }, status("x", { epoch: "e2" }), event("x", 1));
  await settle();
  assert.deepEqual(seqs(seen), ["events_missed 1-4", 5, "events_skipped 6-8", 9, "events_missed 10-", 1]);
  const third = await server.reconnect();
  assert.deepEqual(third.last("subscribe").data, { executionId: "x", after: "e2:1", conflate: true });
  flow.close();
});

test("A log that goes on in a new epoch from the same place is no gap", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x"));
  const first = await server.accept();
  subscribed(first, "x");
  first.say(event("x", 1), event("x", 2));
  const second = await server.reconnect();
  subscribed(second, "x", { epoch: "e2", after: 2 });
  second.say(event("x", 3));
  const third = await server.reconnect();
  assert.deepEqual(third.last("subscribe").data, { executionId: "x", after: "e2:3" });
  await settle();
  assert.deepEqual(seqs(seen), [1, 2, 3]);
  flow.close();
});

test("position moves a filtered subscription, so that it comes back where it stood", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x", { types: ["node_failed"] }));
  const first = await server.accept();
  assert.deepEqual(first.last("subscribe").data.types, ["node_failed", "workflow_completed", "workflow_failed", "workflow_cancelled"]);
  subscribed(first, "x");
  first.say({ type: "position", data: { executionId: "x", epoch: "e1", seq: 300 } });
  const second = await server.reconnect();
  assert.equal(second.last("subscribe").data.after, "e1:300");
  subscribed(second, "x");
  second.say(event("x", 301, "workflow_completed"));
  await seen.done;
  assert.deepEqual(seqs(seen), [], "the end was not asked for, but ends the iterator");
  flow.close();
});

test("An iterator that is not read pushes back: the server is told to stop, and goes on from the same place", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const run = flow.execution("x", { buffer: 4 });
  const events = run[Symbol.asyncIterator]();
  const first = events.next();
  const socket = await server.accept();
  subscribed(socket, "x");
  for (let seq = 1; seq <= 50; seq += 1) socket.say(event("x", seq));
  assert.equal((await first).value.seq, 1);
  assert.equal(run.queued, 4, "no more than its buffer");
  assert.equal(socket.of("unsubscribe").length, 1);
  assert.equal(socket.of("subscribe").length, 1);
  assert.equal((await events.next()).value.seq, 2);
  assert.equal((await events.next()).value.seq, 3);
  assert.deepEqual(socket.last("subscribe").data, { executionId: "x", after: "e1:5" });
  subscribed(socket, "x");
  socket.say(event("x", 6), event("x", 7));
  const rest = [(await events.next()).value.seq, (await events.next()).value.seq];
  socket.say(event("x", 8, "workflow_completed"));
  for await (const { seq } of { [Symbol.asyncIterator]: () => events }) rest.push(seq);
  assert.deepEqual(rest, [4, 5, 6, 7, 8]);
  flow.close();
});

test("A slow iterator does not slow another one of the same execution, and neither gets an event twice", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const slow = flow.execution("x", { buffer: 2 });
  const events = slow[Symbol.asyncIterator]();
  const fast = collect(flow.execution("x"));
  const socket = await server.accept();
  subscribed(socket, "x");
  for (let seq = 1; seq <= 6; seq += 1) socket.say(event("x", seq));
  await settle();
  assert.deepEqual(seqs(fast), [1, 2, 3, 4, 5, 6]);
  assert.equal(socket.of("unsubscribe").length, 0);
  await events.next();
  assert.deepEqual(socket.last("subscribe").data, { executionId: "x", after: "e1:2" });
  socket.say(event("x", 7)); // from the old place, before the reply
  subscribed(socket, "x");
  for (let seq = 3; seq <= 7; seq += 1) socket.say(event("x", seq));
  await settle();
  assert.deepEqual(seqs(fast), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([(await events.next()).value.seq, (await events.next()).value.seq], [2, 3]);
  flow.close();
});

test("Two subscriptions at different places of one execution: the newest place is asked for first, then the older one", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const old = collect(flow.execution("x", { after: "e0:5" }));
  const young = collect(flow.execution("x", { after: "e0:9" }));
  const socket = await server.accept();
  assert.deepEqual(socket.last("subscribe").data, { executionId: "x", after: "e0:9" });
  subscribed(socket, "x", { epoch: "e1", after: 9 });
  socket.say(event("x", 10));
  assert.deepEqual(socket.last("subscribe").data, { executionId: "x", after: "e0:5" });
  subscribed(socket, "x", { epoch: "e1", after: 5 });
  for (let seq = 6; seq <= 11; seq += 1) socket.say(event("x", seq));
  await settle();
  assert.deepEqual(seqs(young), [10, 11]);
  assert.deepEqual(seqs(old), [6, 7, 8, 9, 10, 11]);
  flow.close();
});

test("A later subscription that begins further on takes nothing away from one that is still catching up", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const old = collect(flow.execution("x"));
  const socket = await server.accept();
  subscribed(socket, "x");
  socket.say(event("x", 1), event("x", 2));
  const young = collect(flow.execution("x", { after: "e1:5" }));
  await settle();
  assert.equal(socket.last("subscribe").data.after, "e1:5");
  socket.say(event("x", 3)); // before the reply
  subscribed(socket, "x", { after: 5 });
  assert.equal(socket.last("subscribe").data.after, "e1:3", "the older one asks for its place again");
  socket.say(event("x", 6));
  subscribed(socket, "x", { after: 3 });
  socket.say(event("x", 4), event("x", 5), event("x", 6), event("x", 7));
  await settle();
  assert.deepEqual(seqs(old), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(seqs(young), [6, 7]);
  flow.close();
});

test("Who comes back with many subscriptions sends them in one message", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  for (let i = 0; i < 201; i += 1) flow.execution(`x${i}`).on("event", () => {});
  const socket = await server.accept();
  assert.deepEqual(socket.of("subscribe").map(({ data }) => data.executions?.length ?? 1), [200, 1]);
  const [first] = socket.of("subscribe");
  subscribed(socket, "x7", {}, first);
  socket.say(event("x7", 1));
  socket.say({ type: "error", replyTo: first.id, data: { code: "forbidden", message: "No", details: { executionId: "x8" } } });
  const again = await server.reconnect();
  const places = again.of("subscribe").flatMap(({ data }) => data.executions ?? [data]);
  assert.deepEqual(places.find(({ executionId }) => executionId === "x7"), { executionId: "x7", after: "e1:1" });
  assert.equal(places.some(({ executionId }) => executionId === "x8"), false, "the one that was refused is over");
  flow.close();
});

test("An execution that does not exist yet is waited for; when the server gives up, the iterator throws its code", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x"));
  const socket = await server.accept();
  const { id } = socket.last("subscribe");
  socket.say({ type: "subscribed", replyTo: id, data: { executionId: "x" } });
  subscribed(socket, "x");
  socket.say(event("x", 1));
  await settle();
  assert.deepEqual(seqs(seen), [1]);
  const lost = collect(flow.execution("y"));
  await settle();
  socket.say({ type: "subscribed", replyTo: socket.last("subscribe").id, data: { executionId: "y" } });
  socket.say({ type: "error", replyTo: socket.last("subscribe").id, data: { code: "execution_not_found", message: "There is none", details: { executionId: "y" } } });
  await lost.done;
  assert.equal(lost.error.code, "execution_not_found");
  flow.close();
});

test("Coming back to an execution of which all was seen ends the iterator at once", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.execution("x", { after: "e1:9" }));
  const socket = await server.accept();
  subscribed(socket, "x", { status: "completed", latest: 9 });
  await seen.done;
  assert.deepEqual(seqs(seen), []);
  flow.close();
});

test("A workflow: its executions are followed, and after a loss each goes on from its own place", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = collect(flow.workflow("w"));
  const first = await server.accept();
  assert.deepEqual(first.last("subscribe").data, { workflowId: "w" });
  first.say({ type: "subscribed", replyTo: first.last("subscribe").id, data: { workflowId: "w" } });
  const since = server.clock.now();
  const announce = (socket, executionId, after, data) =>
    socket.say({ type: "subscribed", data: { executionId, epoch: "e1", after, oldest: 1, latest: 9, status: "running" } }, status(executionId, data));
  announce(first, "a", 4);
  announce(first, "b", 0, { startTime: since + 1 });
  first.say(event("a", 5), event("b", 1), event("b", 2, "workflow_completed"), event("a", 6));
  await settle();
  assert.deepEqual(seen.map(({ seq, data }) => data.executionId + seq), ["a5", "b1", "b2", "a6"]);

  const second = await server.reconnect();
  const [single, wide] = second.of("subscribe");
  assert.deepEqual(single.data, { executionId: "a", after: "e1:6" });
  assert.deepEqual(wide.data, { workflowId: "w" });
  subscribed(second, "a", {}, single);
  second.say({ type: "subscribed", replyTo: wide.id, data: { workflowId: "w" } });
  assert.deepEqual(second.last("unsubscribe").data, { executionId: "a" }, "the one to the workflow takes over");
  announce(second, "a", 6); // again
  announce(second, "c", 3, { startTime: since + 10 }); // has begun while nobody told us
  assert.deepEqual(second.last("subscribe").data, { executionId: "c", after: "e1:0" });
  second.say(event("c", 4));
  subscribed(second, "c");
  second.say(event("a", 7), event("c", 1), event("c", 2), event("c", 3), event("c", 4));
  await settle();
  assert.deepEqual(seen.map(({ seq, data }) => data.executionId + seq).slice(4), ["a7", "c1", "c2", "c3", "c4"]);
  flow.close();
});

/** A subscription to all that follows executions from place 4 on, over a socket that has just been lost and found. */
async function dashboard(server, flow, ids, options) {
  const all = flow.all(options);
  const seen = collect(all);
  const first = await server.accept();
  first.say({ type: "subscribed", replyTo: first.last("subscribe").id, data: { all: true } });
  for (const id of ids) first.say({ type: "subscribed", data: { executionId: id, epoch: "e1", after: 4, oldest: 1, latest: 9, status: "running" } }, status(id));
  await settle();
  const socket = await server.reconnect();
  return { all, seen, socket, single: socket.of("subscribe")[0], wide: socket.of("subscribe").find(({ data }) => data.all) };
}

test("An execution that is refused ends the subscription to it alone; one to all is told the gap and goes on with the others", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const { all, seen, socket, single, wide } = await dashboard(server, flow, ["gone", "x"]);
  const alone = collect(flow.execution("gone", { after: "e1:4" }));
  await settle();
  socket.say({ type: "subscribed", replyTo: wide.id, data: { all: true } });
  subscribed(socket, "x", {}, single);
  socket.say({ type: "subscribed", replyTo: single.id, data: { executionId: "gone" } });
  socket.say({ type: "error", replyTo: single.id, data: { code: "execution_not_found", message: "There is none", details: { executionId: "gone" } } });
  await settle();
  const again = socket.last("subscribe");
  assert.deepEqual(again.data, { executionId: "gone", after: "e1:4" }, "who came later has a refusal of its own");
  socket.say({ type: "error", replyTo: again.id, data: { code: "execution_not_found", message: "There is none", details: { executionId: "gone" } } });
  await alone.done;
  socket.say(event("x", 5));
  await settle();
  assert.equal(alone.error.code, "execution_not_found");
  assert.deepEqual(seqs(seen), ["events_missed 5-", 5]);
  assert.deepEqual(seen[0].data, { executionId: "gone", epoch: "e1", from: 5 });
  assert.equal(all.isOver, false);
  assert.equal(flow.stats.executions, 1);
  flow.close();
});

test("A gap for which an iterator has no room is told when it has", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const all = flow.all({ buffer: 1 });
  const events = all[Symbol.asyncIterator]();
  const socket = await server.accept();
  socket.say({ type: "subscribed", replyTo: socket.last("subscribe").id, data: { all: true } });
  for (const id of ["gone", "x"]) socket.say({ type: "subscribed", data: { executionId: id, epoch: "e1", after: 4, oldest: 1, latest: 9, status: "running" } }, status(id));
  socket.say(event("x", 5));
  const refuse = (of = {}) => socket.say({ type: "error", ...of, data: { code: "execution_not_found", message: "There is none", details: { executionId: "gone" } } });
  refuse();
  assert.equal((await events.next()).value.seq, 5);
  await settle();
  const { id, data } = socket.last("subscribe");
  assert.deepEqual(data.executions ?? data, [{ executionId: "gone", after: "e1:4" }, { executionId: "x", after: "e1:5" }]);
  refuse({ replyTo: id });
  assert.equal((await events.next()).value.data.from, 5);
  assert.equal(flow.stats.executions, 1);
  flow.close();
});

/** Refuses the newest subscribe. */
const refuse = (socket, code, request = socket.last("subscribe")) => socket.say({ type: "error", replyTo: request.id, data: { code, message: "Later" } });

for (const code of ["rate_limited", "memory_limit", "store_unavailable", "server_closing"]) {
  test(`A subscription that is refused with ${code} stays, and is asked for again with backoff, for as long as it takes`, async () => {
    const server = new ScriptedServer();
    const flow = server.client({ pongMillis: 1e9 });
    const seen = collect(flow.execution("x"));
    const socket = await server.accept();
    const asked = () => socket.of("subscribe").length;
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]) {
      const before = asked();
      refuse(socket, code);
      flow.execution("x", { types: ["node_failed"] }).on("event", () => {}); // nor does this ask at once
      await server.clock.advance(wait - 1);
      assert.equal(asked(), before);
      await server.clock.advance(1);
      assert.equal(asked(), before + 1);
    }
    subscribed(socket, "x");
    socket.say(event("x", 1));
    await settle();
    assert.deepEqual(seqs(seen), [1]);
    const second = await server.reconnect();
    refuse(second, code);
    await server.clock.advance(999);
    assert.equal(second.of("subscribe").length, 1);
    await server.clock.advance(1);
    assert.equal(second.of("subscribe").length, 2, "it had an answer in between, so the wait begins anew");
    refuse(second, code);
    const third = await server.reconnect();
    assert.equal(third.last("subscribe").data.after, "e1:1", "a new connection asks at once");
    await server.clock.advance(100_000);
    assert.equal(third.of("subscribe").length, 1);
    assert.equal(seen.error, undefined);
    flow.close();
  });
}

test("A refusal that names no execution is for all that were asked for together", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const seen = ["x", "y"].map((id) => collect(flow.execution(id)));
  const socket = await server.accept();
  refuse(socket, "rate_limited");
  await server.clock.advance(1_000);
  const again = socket.of("subscribe").slice(1).flatMap(({ data }) => data.executions ?? [data]);
  assert.deepEqual(again.map(({ executionId }) => executionId), ["x", "y"]);
  assert.deepEqual(seen.map(({ error }) => error), [undefined, undefined]);
  flow.close();
});

test("A subscription to all that is refused for now stays, and what only it follows is not left to it before it is taken", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const { seen, socket, single, wide } = await dashboard(server, flow, ["x"]);
  refuse(socket, "memory_limit", wide);
  flow.all({ types: ["workflow_failed"] }).on("event", () => {});
  flow.all().on("event", () => {});
  subscribed(socket, "x", {}, single);
  socket.say(event("x", 5));
  await server.clock.advance(999);
  assert.equal(socket.of("unsubscribe").length, 0);
  assert.equal(socket.of("subscribe").filter(({ data }) => data.all).length, 1);
  await server.clock.advance(1);
  assert.equal(socket.of("subscribe").filter(({ data }) => data.all).length, 2);
  socket.say({ type: "subscribed", replyTo: socket.last("subscribe").id, data: { all: true } });
  assert.deepEqual(socket.last("unsubscribe").data, { executionId: "x" });
  await settle();
  assert.deepEqual([seqs(seen), seen.error], [[5], undefined]);
  flow.close();
  await server.clock.advance(100_000);
  assert.equal(server.clock.size, 0);
});

test("Who comes back to very many executions of one subscription asks for no more than 200 at a time, and in the end for all", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const ids = Array.from({ length: 1_500 }, (_, i) => `x${i}`);
  const { seen, socket, wide } = await dashboard(server, flow, ids, { buffer: 2_000 });
  const alone = collect(flow.execution("x3", { after: "e1:4" })); // is in the first window, and stays
  const open = new Set();
  const asked = [];
  let most = 0;
  let read = 0;
  let isWide = false;
  while (read < socket.sent.length) {
    const { type, id, data } = socket.sent[read++];
    if (type === "subscribe" && data.all) {
      isWide = true;
      socket.say({ type: "subscribed", replyTo: id, data: { all: true } });
    } else if (type === "subscribe") {
      const places = data.executions ?? [data];
      for (const { executionId } of places) open.add(executionId);
      most = Math.max(most, open.size);
      for (const { executionId, after } of places) {
        asked.push(executionId);
        assert.equal(after, "e1:4");
        subscribed(socket, executionId, {}, { id, data });
        socket.say(event(executionId, 5));
      }
    } else if (type === "unsubscribe") open.delete(data.executionId);
  }
  await settle();
  assert.ok(isWide && wide);
  assert.deepEqual([...new Set(asked)].sort(), [...ids].sort());
  assert.ok(most <= 201, `${most} were open`);
  assert.deepEqual([...open], ["x3"]);
  assert.equal(seen.length, 1_500);
  assert.equal(alone.length, 1);
  flow.close();
});

test("One execution and all: each subscription gets each event once", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const all = collect(flow.all());
  const socket = await server.accept();
  socket.say({ type: "subscribed", replyTo: socket.last("subscribe").id, data: { all: true } });
  socket.say({ type: "subscribed", data: { executionId: "x", epoch: "e1", after: 2, oldest: 1, latest: 2, status: "running" } }, status("x"));
  socket.say(event("x", 3));
  const one = collect(flow.execution("x"));
  await settle();
  subscribed(socket, "x");
  socket.say(event("x", 1), event("x", 2), event("x", 3), event("x", 4));
  await settle();
  assert.deepEqual(seqs(all), [3, 4]);
  assert.deepEqual(seqs(one), [1, 2, 3, 4]);
  flow.close();
});

test("An execution that has ended does not come again to a workflow's subscription when it is looked at again", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const all = collect(flow.all());
  const socket = await server.accept();
  socket.say({ type: "subscribed", replyTo: socket.last("subscribe").id, data: { all: true } });
  const announced = { type: "subscribed", data: { executionId: "x", epoch: "e1", after: 0, oldest: 1, latest: 2, status: "running" } };
  const began = { startTime: server.clock.now() + 1 };
  socket.say(announced, status("x", began), event("x", 1), event("x", 2, "workflow_completed"));
  const again = collect(flow.execution("x"));
  await settle();
  subscribed(socket, "x", { latest: 2, status: "completed" });
  socket.say(status("x", { ...began, status: "completed", latest: 2 }), event("x", 1), event("x", 2, "workflow_completed"));
  await again.done;
  socket.say(announced, status("x", began), event("x", 1), event("x", 2)); // also when it is announced again
  await settle();
  assert.deepEqual([seqs(all), seqs(again)], [[1, 2], [1, 2]]);
  assert.equal(socket.of("subscribe").length, 2);
  flow.close();
});

test("Filters of several subscriptions: the server sends what any wants, each gets its own", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const started = collect(flow.execution("x", { types: ["node_started"] }));
  const socket = await server.accept();
  subscribed(socket, "x");
  const failed = collect(flow.execution("x", { types: ["node_failed"] }));
  await settle();
  assert.ok(socket.last("subscribe").data.types.includes("node_started") && socket.last("subscribe").data.types.includes("node_failed"));
  subscribed(socket, "x", {}, socket.of("subscribe").filter(({ data }) => data.after === 0).at(-1));
  socket.say(event("x", 1), event("x", 2, "node_failed"), event("x", 3));
  await settle();
  assert.deepEqual(seqs(started), [1, 3]);
  assert.deepEqual(seqs(failed), [2]);
  const other = collect(flow.execution("x", { nodes: ["review"] }));
  await other.done;
  assert.equal(other.error.code, "conflicting_filters");
  flow.close();
});

test("Leaving the loop ends the subscription", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const loop = (async () => {
    for await (const { seq } of flow.execution("x")) if (seq === 2) break;
  })();
  const socket = await server.accept();
  subscribed(socket, "x");
  socket.say(event("x", 1), event("x", 2), event("x", 3));
  await loop;
  assert.deepEqual(socket.last("unsubscribe").data, { executionId: "x" });
  assert.equal(flow.stats.subscriptions, 0);
  assert.equal(flow.stats.executions, 0);
  flow.close();
});

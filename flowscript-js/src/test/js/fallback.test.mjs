import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeLocks, ScriptedServer, ScriptedStream, collect, event, seqs, settle, subscribed } from "./support.mjs";

const healthy = (more) => (request) => (request.path === "/health" ? { body: { status: "ok", timestamp: "2026-01-01T00:00:00.000Z" } } : more(request));
const query = ({ path }) => Object.fromEntries(new URL(path, "http://x").searchParams);

test("From WebSocket to a stream to a poll when each fails three times, and from the last to the first again", async () => {
  const server = new ScriptedServer();
  const flow = server.client({ backoffBase: 10, backoffCap: 10 });
  flow.execution("x").on("event", () => {});
  await settle();
  const tried = [];
  for (let i = 0; i < 9; i += 1) {
    const { requests, sockets } = server;
    tried.push(sockets.length + requests.length);
    if (flow.state === "connecting") server.socket.drop();
    await server.clock.advance(10);
  }
  assert.equal(server.requests.length, 6, "twice three tries over HTTP");
  assert.equal(server.sockets.length, 4, "and WebSocket again");
  flow.close();
});

test("Where there is no WebSocket, as in Node.js 20, it begins with a stream", async () => {
  const server = new ScriptedServer({ WebSocket: undefined });
  const stream = new ScriptedStream();
  server.http = healthy(() => ({ stream: stream.stream, headers: { "Content-Type": "text/event-stream" } }));
  const flow = server.client();
  const run = flow.execution("x");
  const seen = collect(run);
  await settle();
  assert.equal(flow.transport, "sse");
  assert.equal(server.requests.at(-1).headers.Accept, "text/event-stream");
  stream.say({ type: "subscribed", data: { executionId: "x", epoch: "e1", after: 0, oldest: 1, latest: 2, status: "running" } }, "e1:0");
  stream.say(event("x", 1), "e1:1");
  stream.say(event("x", 2), "e1:2");
  stream.comment();
  stream.say(event("x", 3, "workflow_completed"), "e1:3");
  await seen.done;
  assert.deepEqual(seqs(seen), [1, 2, 3]);
  flow.close();
});

test("A stream that breaks off goes on from its position, and one that falls silent is given up", async () => {
  const server = new ScriptedServer({ WebSocket: undefined });
  const streams = [];
  server.http = healthy(() => {
    streams.push(new ScriptedStream());
    return { stream: streams.at(-1).stream };
  });
  const flow = server.client({ silenceMillis: 1_000, backoffBase: 10 });
  const seen = collect(flow.execution("x"));
  await settle();
  streams[0].say({ type: "subscribed", data: { executionId: "x", epoch: "e1", after: 0, latest: 9, status: "running" } }, "e1:0");
  streams[0].say(event("x", 1), "e1:1");
  await settle();
  streams[0].end();
  await server.clock.advance(10);
  assert.deepEqual(query(server.requests.at(-1)), { after: "e1:1" });
  streams[1].say({ type: "subscribed", data: { executionId: "x", epoch: "e1", after: 1, latest: 9, status: "running" } }, "e1:1");
  streams[1].say(event("x", 2), "e1:2");
  await server.clock.advance(900);
  streams[1].comment();
  await server.clock.advance(900);
  assert.equal(streams.length, 2);
  await server.clock.advance(110);
  assert.equal(streams.length, 3);
  assert.deepEqual(query(server.requests.at(-1)), { after: "e1:2" });
  assert.deepEqual(seqs(seen), [1, 2]);
  flow.close();
  await seen.done;
});

test("Behind a proxy that lets no stream through, or none before its end, it goes on by polls", async () => {
  for (const streamed of [{ status: 403, body: {} }, { stream: new ReadableStream() }]) {
    const server = new ScriptedServer({ WebSocket: undefined });
    server.http = healthy(({ headers, path }) => {
      if (headers.Accept) return streamed;
      const after = new URL(path, "http://x").searchParams.get("after");
      return { body: after === "e1:1" ? { events: [event("x", 2, "workflow_completed")], next: "e1:2", terminal: true } : { events: [event("x", 1)], next: "e1:1", terminal: false } };
    });
    const flow = server.client({ connectMillis: 100 });
    const seen = collect(flow.execution("x"));
    await settle();
    await server.clock.advance(100);
    for (let i = 0; i < 20 && seen.length < 2; i += 1) await server.clock.advance(flow._options.pollMillis);
    assert.deepEqual(seqs(seen), [1, 2]);
    assert.equal(flow.state, "online");
    flow.close();
  }
});

test("A 204 ends the subscription that has everything, and not one that is still behind", async () => {
  const server = new ScriptedServer({ WebSocket: undefined });
  const stream = new ScriptedStream();
  server.http = healthy((request) => (query(request).after === "e1:9" ? { status: 204 } : { stream: stream.stream }));
  const flow = server.client();
  const old = collect(flow.execution("x", { after: "e1:7" }));
  const young = collect(flow.execution("x", { after: "e1:9" }));
  await settle();
  await young.done;
  assert.equal(old.ended, undefined);
  stream.say({ type: "subscribed", data: { executionId: "x", epoch: "e1", after: 7, latest: 9, status: "completed" } }, "e1:7");
  stream.say(event("x", 8), "e1:8");
  stream.say(event("x", 9, "workflow_completed"), "e1:9");
  await old.done;
  assert.deepEqual([seqs(young), seqs(old)], [[], [8, 9]]);
  flow.close();
});

test("A 204 from the latest on ends who asked for that, without a position, and not one that is still behind", async () => {
  const server = new ScriptedServer({ WebSocket: undefined });
  const stream = new ScriptedStream();
  server.http = healthy((request) => (query(request).after === "latest" ? { status: 204 } : { stream: stream.stream }));
  const flow = server.client();
  const run = flow.execution("x", { after: "latest" });
  const young = collect(run);
  const old = collect(flow.execution("x", { after: "e1:8" }));
  await settle();
  assert.deepEqual([young.ended, run.position, old.ended], [true, undefined, undefined]);
  stream.say({ type: "subscribed", data: { executionId: "x", epoch: "e1", after: 8, latest: 9, status: "completed" } }, "e1:8");
  stream.say(event("x", 9, "workflow_completed"), "e1:9");
  await old.done;
  assert.deepEqual([seqs(young), seqs(old)], [[], [9]]);
  flow.close();
});

test("A poll goes on with next, and ends where the server says that nothing can follow", async () => {
  const server = new ScriptedServer();
  const pages = [
    { events: [event("x", 1), event("x", 2)], next: "e1:2", terminal: false },
    { events: [], next: "e1:40", terminal: false },
    { events: [{ type: "events_missed", data: { executionId: "x", epoch: "e1", from: 41, to: 44 } }, event("x", 45)], next: "e1:45", terminal: false },
    { events: [event("x", 46, "workflow_completed")], next: "e1:46", terminal: true },
  ];
  const asked = [];
  server.http = healthy((request) => {
    asked.push(query(request));
    return { body: { executionId: "x", ...pages[asked.length - 1] } };
  });
  const flow = server.client({ transports: ["poll"] });
  const seen = collect(flow.execution("x"));
  await seen.done;
  assert.deepEqual(seqs(seen), [1, 2, "events_missed 41-44", 45, 46]);
  assert.deepEqual(asked.map(({ after, wait }) => [after, wait]), [[undefined, "0"], ["e1:2", "20"], ["e1:40", "20"], ["e1:45", "20"]]);
  flow.close();
});

test("A poll whose position is of another epoch says what is missing and goes on", async () => {
  const server = new ScriptedServer();
  server.http = healthy((request) => {
    if (query(request).after === "e2:2") return undefined;
    return { body: { events: [{ type: "events_missed", data: { executionId: "x", epoch: "e1", from: 8 } }, event("x", 1), event("x", 2)], next: "e2:2", terminal: false } };
  });
  const flow = server.client({ transports: ["poll"] });
  const run = flow.execution("x", { after: "e1:7" });
  const seen = collect(run);
  await settle();
  assert.deepEqual(seqs(seen), ["events_missed 8-", 1, 2]);
  flow.close();
});

test("While it polls, it tries the WebSocket again, and goes on over it from the same place", async () => {
  const server = new ScriptedServer();
  server.http = healthy((request) => (query(request).after ? undefined : { body: { events: [event("x", 1)], next: "e1:1", terminal: false } }));
  const flow = server.client({ backoffBase: 10, backoffCap: 10, transports: ["websocket", "poll"], upgradeMillis: 30_000, requestMillis: 600_000 });
  const seen = collect(flow.execution("x"));
  await settle();
  for (let i = 0; i < 3; i += 1) {
    server.socket.drop();
    await server.clock.advance(10);
  }
  assert.equal(flow.transport, "poll");
  assert.deepEqual(seqs(seen), [1]);
  const before = server.sockets.length;
  await server.clock.advance(30_000);
  assert.equal(server.sockets.length, before + 1);
  server.socket.drop(); // not yet
  assert.equal(flow.transport, "poll");
  await server.clock.advance(60_000);
  assert.equal(server.sockets.length, before + 2);
  assert.equal(flow.state, "online", "the poll goes on meanwhile");
  const socket = await server.accept();
  assert.equal(flow.transport, "websocket");
  assert.deepEqual(socket.last("subscribe").data, { executionId: "x", after: "e1:1" });
  subscribed(socket, "x");
  socket.say(event("x", 1), event("x", 2));
  await settle();
  assert.deepEqual(seqs(seen), [1, 2]);
  assert.ok(server.requests.at(-1).signal.aborted, "the poll has ended");
  flow.close();
});

test("A command keeps its id when it changes the transport", async () => {
  const server = new ScriptedServer();
  const flow = server.client({ transports: ["websocket", "poll"], backoffBase: 10, backoffCap: 10 });
  const answer = flow.resume({ executionId: "x", tokenId: "t" }, { yes: true }, { seen: "h" });
  const socket = await server.accept();
  const { id } = socket.last("resume");
  server.http = healthy(() => ({ body: { executionId: "x", status: "resumed", closes: true } }));
  socket.drop();
  for (let i = 0; i < 3; i += 1) {
    await server.clock.advance(10);
    if (server.socket.closed === null) server.socket.drop();
  }
  await server.clock.advance(10);
  assert.equal((await answer).closes, true);
  const sent = server.requests.find(({ method }) => method === "POST");
  assert.equal(sent.path, "/executions/x/resume");
  assert.equal(sent.headers["Idempotency-Key"], id);
  assert.deepEqual(sent.body, { tokenId: "t", data: { yes: true }, seen: "h" });
  flow.close();
});

test("The replies of REST are those of the WebSocket, with times in milliseconds", async () => {
  const server = new ScriptedServer();
  const until = "2026-11-28T16:33:42.053Z";
  const replies = {
    "POST /executions/x/claim": { body: { executionId: "x", nodeId: "n", tokenId: "t", status: "claimed", claim: { by: "ann", until } } },
    "POST /executions/x/release": { body: { executionId: "x", nodeId: "n", tokenId: "t", status: "open" } },
    "POST /executions/x/cancel": { body: { executionId: "x", status: "cancelled" } },
    "POST /workflows/w/execute": { status: 201, body: { executionId: "x", workflowId: "w", status: "started" } },
    "POST /executions/x/ack": { status: 204 },
    "POST /executions/x/resume": { status: 409, body: { code: "already_claimed", detail: "ann has it", claim: { by: "ann", until } } },
    "GET /interactions?mine=true": { body: { interactions: [{ executionId: "x", nodeId: "n", tokenId: "t", workflowId: "w", nodeName: "approve", status: "open", requestedAt: until, seenBy: [], position: "e1:8" }] } },
  };
  server.http = healthy(({ method, path }) => replies[`${method} ${path}`]);
  const flow = server.client({ transports: ["poll"] });
  assert.equal((await flow.claim({ executionId: "x", tokenId: "t" })).until, Date.parse(until));
  assert.equal(await flow.release({ executionId: "x", tokenId: "t" }), undefined);
  assert.equal((await flow.cancel("x")).status, "cancelled");
  assert.equal((await flow.execute("w", {}, { executionId: "x" })).id, "x");
  await assert.rejects(flow.resume({ executionId: "x", tokenId: "t" }, 1), (error) => error.name === "AnswerError" && error.code === "already_claimed" && error.data.claim.until === Date.parse(until));
  const { interactions } = await flow.interactions({ mine: true });
  assert.equal(interactions[0].nodeInfo.name, "approve");
  assert.equal(interactions[0].nodeInfo.requestedAt, Date.parse(until));
  assert.equal(interactions[0].askedSeq, 8);
  flow.ack("x", 8, "e1");
  await settle();
  assert.deepEqual(server.requests.at(-1).body, { position: "e1:8" });
  flow.close();
});

test("A page that is not allowed is told so, and does not come back; a proxy without a server is waited for", async () => {
  for (const [status, body, state] of [[403, { code: "forbidden", detail: "Not this page" }, "closed"], [502, "no server", "waiting"], [503, { status: "store_unavailable", timestamp: "2026-01-01T00:00:00.000Z" }, "online"]]) {
    const server = new ScriptedServer();
    server.http = ({ path }) => (path === "/health" ? { status, body } : undefined);
    const flow = server.client({ transports: ["sse"] });
    flow.execution("x").on("event", () => {});
    await settle();
    assert.equal(flow.state, state);
    flow.close();
  }
});

test("Retry-After is kept to", async () => {
  const server = new ScriptedServer();
  let busy = true;
  server.http = healthy(() => (busy ? { status: 503, headers: { "Retry-After": "7" }, body: { code: "too_many_connections", detail: "Later" } } : undefined));
  const flow = server.client({ transports: ["poll"], backoffBase: 10 });
  flow.execution("x").on("event", () => {});
  await settle();
  busy = false;
  const before = server.requests.length;
  await server.clock.advance(6_999);
  assert.equal(server.requests.length, before);
  await server.clock.advance(1);
  assert.ok(server.requests.length > before);
  flow.close();
});

test("More executions than a browser has connections are polled, one request at a time", async () => {
  const server = new ScriptedServer({ WebSocket: undefined });
  const open = new Set();
  let most = 0;
  server.http = healthy(async (request) => {
    if (request.headers.Accept) return { stream: new ScriptedStream().stream };
    open.add(request);
    request.signal.addEventListener("abort", () => open.delete(request));
    most = Math.max(most, open.size);
    await settle();
    open.delete(request);
    return { body: { events: query(request).after ? [] : [event("x", 1)], next: "e1:1", terminal: false } };
  });
  const flow = server.client();
  for (let i = 0; i < 6; i += 1) flow.execution(`x${i}`).on("event", () => {});
  for (let i = 0; i < 10; i += 1) await server.clock.advance(1_000);
  const polled = new Set(server.requests.filter(({ path, headers }) => path.includes("/events") && !headers.Accept).map(({ path }) => path.split("/")[2]));
  assert.equal(polled.size, 6);
  assert.equal(most, 1);
  flow.close();
});

/** What something else than FlowScript answers while a server or a proxy restarts. */
const FOREIGN = [400, 403, 404, 429, 500, 502, 503, 504].flatMap((status) => [
  { status, body: "<html>Not here</html>" },
  { status, body: { timestamp: "2026-01-01T00:00:00.000Z", status, code: status, error: "Not here" } },
]);

test("A refusal that FlowScript has not written is a lost connection: a poll comes back from its position", async () => {
  for (const refusal of FOREIGN) {
    const server = new ScriptedServer();
    let isAway = false;
    server.http = healthy((request) => {
      if (isAway) return refusal;
      return query(request).after ? { body: { events: [event("x", 2, "workflow_completed")], next: "e1:2", terminal: true } } : { body: { events: [event("x", 1)], next: ((isAway = true), "e1:1"), terminal: false } };
    });
    const flow = server.client({ transports: ["poll"], backoffBase: 10 });
    const seen = collect(flow.execution("x"));
    await settle();
    assert.deepEqual([flow.state, flow.error.code], ["waiting", "http_error"], JSON.stringify(refusal));
    assert.deepEqual(server.clock.due.slice(0, 1), [10]);
    isAway = false;
    await server.clock.advance(10);
    await seen.done;
    assert.deepEqual([seqs(seen), seen.error], [[1, 2], undefined]);
    flow.close();
  }
});

test("A refusal that FlowScript has not written is a lost connection: a stream comes back from its position", async () => {
  for (const refusal of FOREIGN) {
    const server = new ScriptedServer({ WebSocket: undefined });
    const streams = [];
    let isAway = false;
    server.http = healthy(({ path }) => {
      if (isAway && path.includes("/y/")) return refusal;
      streams.push(new ScriptedStream());
      return { stream: streams.at(-1).stream };
    });
    const flow = server.client({ backoffBase: 10 });
    const seen = collect(flow.execution("x"));
    await settle();
    streams[0].say({ type: "subscribed", data: { executionId: "x", epoch: "e1", after: 0, latest: 9, status: "running" } }, "e1:0");
    streams[0].say(event("x", 1), "e1:1");
    await settle();
    isAway = true;
    const other = collect(flow.execution("y"));
    await settle();
    assert.deepEqual([flow.state, flow.error.code], ["waiting", "http_error"], JSON.stringify(refusal));
    isAway = false;
    await server.clock.advance(10);
    assert.equal(flow.state, "online");
    assert.deepEqual(server.requests.filter(({ path }) => path.includes("/events")).slice(-2).map(query), [{ after: "e1:1" }, {}]);
    flow.close();
    await Promise.all([seen.done, other.done]);
    assert.deepEqual([seen.error, other.error], [undefined, undefined]);
  }
});

test("A refusal that FlowScript has not written is a lost connection: a command is sent again under its id", async () => {
  for (const refusal of FOREIGN) {
    const server = new ScriptedServer();
    let away = 9;
    server.http = healthy(() => (away-- > 0 ? refusal : { body: { executionId: "x", status: "cancelled" } }));
    const flow = server.client({ transports: ["poll"], backoffBase: 10, backoffCap: 10 });
    const cancelled = flow.cancel("x");
    for (let i = 0; i < 9; i += 1) await server.clock.advance(10);
    assert.equal((await cancelled).status, "cancelled", JSON.stringify(refusal));
    const sent = server.requests.filter(({ method }) => method === "POST");
    assert.equal(sent.length, 10);
    assert.equal(new Set(sent.map(({ headers }) => headers["Idempotency-Key"])).size, 1);
    flow.close();
  }
});

test("A refusal that FlowScript has not written is a lost connection: an acknowledgement is sent again", async () => {
  const server = new ScriptedServer();
  let isAway = true;
  server.http = healthy(({ method }) => (method === "GET" ? undefined : isAway ? FOREIGN[0] : { status: 204 }));
  const flow = server.client({ transports: ["poll"], backoffBase: 10 });
  flow.execution("other").on("event", () => {});
  await settle();
  flow.ack("x", 8, "e1");
  await settle();
  assert.equal(flow.state, "waiting");
  isAway = false;
  await server.clock.advance(10);
  assert.deepEqual(server.requests.filter(({ method }) => method === "POST").map(({ body }) => body), Array(2).fill({ position: "e1:8" }));
  flow.close();
});

test("A refusal that FlowScript has written is one: of the execution, of the command; and what is too large is so by whomever", async () => {
  const server = new ScriptedServer();
  server.http = healthy(({ method, path }) => {
    if (path.endsWith("/cancel")) return { status: 413, body: "<html>Too large</html>" };
    return method === "POST" ? { status: 409, body: { code: "execution_finished", detail: "It has ended" } } : { status: 404, body: { code: "execution_not_found", detail: "There is none" } };
  });
  const flow = server.client({ transports: ["poll"] });
  const seen = collect(flow.execution("x"));
  await assert.rejects(flow.claim({ executionId: "x", tokenId: "t" }), { code: "execution_finished" });
  await assert.rejects(flow.cancel("x"), { code: "message_too_large" });
  assert.equal(flow.state, "online");
  await server.clock.advance(301_000);
  assert.equal(seen.error.code, "execution_not_found");
  flow.close();
});

test("A 401 leads to new credentials, whoever has written it", async () => {
  for (const body of ["<html>Who are you?</html>", { code: "unauthorized", detail: "Who are you?" }]) {
    const server = new ScriptedServer();
    server.http = healthy(({ headers }) => (headers.Authorization === "Bearer true" ? { body: { executionId: "x", status: "cancelled" } } : { status: 401, body }));
    const flow = server.client({ transports: ["poll"], credentials: ({ refused }) => `${refused}` });
    assert.equal((await flow.cancel("x")).status, "cancelled");
    flow.close();
  }
});

test("Executions that do not exist yet do not hold up the polls of others; alone, one is asked for once in a while", async () => {
  for (const missing of [1, 5]) {
    const server = new ScriptedServer();
    server.http = healthy(({ path }) => (path.includes("/no") ? { status: 404, body: { code: "execution_not_found", detail: "There is none" } } : { body: { events: [], next: "e1:1", terminal: false } }));
    const flow = server.client({ transports: ["poll"], pollMillis: 2_000 });
    const polls = () => server.requests.filter(({ path }) => path.includes("/events")).length;
    for (let i = 0; i < missing; i += 1) flow.execution(`no${i}`).on("event", () => {});
    await settle();
    if (missing === 1) {
      assert.equal(polls(), 1);
      await server.clock.advance(999);
      assert.equal(polls(), 1);
      await server.clock.advance(1);
      assert.equal(polls(), 2);
    }
    flow.execution("x").on("event", () => {});
    await settle();
    await server.clock.advance(2_000);
    const before = polls();
    await server.clock.advance(2_000);
    assert.equal(polls() - before, missing + 1, "each once in a round, which waits for no one");
    flow.close();
  }
});

test("Over HTTP, one acknowledgement is on its way, and of those that wait the newest of each of 100 executions is kept; commands go first", async () => {
  const server = new ScriptedServer();
  const replies = [];
  server.http = healthy(() => new Promise((reply) => replies.push(reply)));
  const flow = server.client({ transports: ["poll"] });
  const first = flow.cancel("first");
  await settle();
  for (let i = 1; i <= 1_000; i += 1) flow.ack("x", i, "e1");
  for (let i = 1; i <= 150; i += 1) flow.ack(`x${i}`, i, "e1");
  const second = flow.cancel("second");
  await settle();
  const sent = () => server.requests.filter(({ method }) => method === "POST").map(({ path }) => path.split("/")[2]);
  assert.deepEqual(sent(), ["first"]);
  while (replies.length) {
    replies.shift()({ body: { status: "cancelled" } });
    await settle();
  }
  await Promise.all([first, second]);
  assert.deepEqual(sent(), ["first", "second", ...Array.from({ length: 100 }, (_, i) => `x${i + 51}`)]);
  flow.ack("x", 1_001, "e1");
  await settle();
  assert.deepEqual(server.requests.at(-1).body, { position: "e1:1001" }, "what comes later is sent at once");
  flow.close();
});

test("Over HTTP, commands that were given up before they were sent are not kept and not sent", async () => {
  const server = new ScriptedServer();
  const replies = [];
  server.http = healthy(() => new Promise((reply) => replies.push(reply)));
  const flow = server.client({ transports: ["poll"] });
  const first = flow.cancel("first");
  await settle();
  for (let i = 0; i < 1_000; i += 1) {
    const end = new AbortController();
    const given = flow.cancel(`given-up-${i}`, undefined, { signal: end.signal });
    end.abort();
    await assert.rejects(given, { name: "AbortError" });
  }
  const last = flow.cancel("last");
  for (const command of [first, last]) {
    await settle();
    replies.shift()({ body: { status: "cancelled" } });
    await command;
  }
  assert.deepEqual(server.requests.filter(({ method }) => method === "POST").map(({ path }) => path.split("/")[2]), ["first", "last"]);
  flow.close();
});

test("The tabs of a browser keep at most four requests open together: one tab has streams, the others poll without waiting, and the next takes over", async () => {
  const server = new ScriptedServer({ WebSocket: undefined });
  const open = new Set();
  const waits = [];
  server.http = healthy((request) => {
    if (request.headers.Accept) {
      open.add(request);
      request.signal.addEventListener("abort", () => open.delete(request));
      return { stream: new ScriptedStream().stream };
    }
    waits.push(query(request).wait);
    return { body: { events: [], next: "e1:1", terminal: false } };
  });
  const locks = new FakeLocks();
  const tab = () => server.client({ document: new EventTarget(), locks, upgradeMillis: 30_000, connectMillis: 1_000_000 });
  const tabs = [tab(), tab(), tab()];
  for (const flow of tabs) {
    flow.execution("x").on("event", () => {});
    await settle();
  }
  for (const flow of tabs.slice(0, 2)) for (let i = 0; i < 3; i += 1) flow.execution(`x${i}`).on("event", () => {});
  await server.clock.advance(20_000);
  assert.deepEqual(tabs.map(({ transport }) => transport), ["sse", "poll", "poll"]);
  assert.equal(open.size, 4);
  assert.deepEqual([...new Set(waits)], ["0"]);
  tabs[0].close();
  await server.clock.advance(30_000);
  assert.deepEqual(tabs.slice(1).map(({ transport }) => transport).sort(), ["poll", "sse"]);
  for (const flow of tabs) flow.close();
  await settle();
  const [next] = [tab()];
  next.execution("x").on("event", () => {});
  await settle();
  assert.equal(next.transport, "sse", "nothing keeps the lock");
  next.close();
});

test("A page without Web Locks polls without waiting, since it cannot know of other tabs", async () => {
  const server = new ScriptedServer({ WebSocket: undefined });
  server.http = healthy(() => ({ body: { events: [], next: "e1:1", terminal: false } }));
  const flow = server.client({ document: new EventTarget() });
  flow.execution("x").on("event", () => {});
  await server.clock.advance(10_000);
  assert.equal(flow.transport, "poll");
  assert.deepEqual([...new Set(server.requests.slice(1).map((request) => query(request).wait))], ["0"]);
  flow.close();
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { flowscript } from "../../main/js/flowscript-alpine.js";
import { ScriptedServer, event, settle, subscribed } from "./support.mjs";

/** What of Alpine.js the store needs. */
function fakeAlpine() {
  const stores = {};
  return { store: (name, value) => (value === undefined ? stores[name] : (stores[name] = value)) };
}

test("The store of Alpine.js shows the connection, the executions, their events and the interactions", async () => {
  const server = new ScriptedServer();
  const flow = server.client();
  const alpine = fakeAlpine();
  flowscript(alpine, { flow, inbox: { mine: true } });
  const store = alpine.store("flowscript");
  const socket = await server.accept();
  assert.equal(store.connection, "online");
  assert.equal(store.transport, "websocket");
  const list = socket.of("interactions").find(({ data }) => !data.live);
  socket.say({ type: "interactions", replyTo: list.id, data: { interactions: [{ executionId: "x", tokenId: "t" }] } });
  await settle();
  assert.deepEqual(store.interactions, [{ executionId: "x", tokenId: "t" }]);

  store.answer(store.interactions[0], { yes: true }).catch(() => {});
  assert.deepEqual(socket.last("resume").data, { executionId: "x", tokenId: "t", data: { yes: true } });
  store.follow("x");
  await settle();
  subscribed(socket, "x");
  socket.say({ type: "execution_status", data: { executionId: "x", workflowId: "w", status: "running", state: { amount: 1 }, epoch: "e1", latest: 0 } });
  for (let seq = 1; seq < 300; seq += 1) socket.say(event("x", seq));
  assert.deepEqual(store.executions.x.state, { amount: 1 });
  assert.equal(store.executions.x.last.seq, 299);
  assert.equal(store.events.length, 200, "no more than the last 200");
  socket.say(event("x", 300, "workflow_failed"));
  assert.equal(store.executions.x.status, "failed");
  for (let i = 0; i < 300; i += 1) store.follow(`y${i}`);
  assert.equal(Object.keys(store.executions).length, 200);
  flow.close();
});

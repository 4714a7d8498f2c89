/** A client with a token, over WebSocket and after a refusal: node credentials.mjs http://localhost:PORT */
import assert from "node:assert/strict";
import process from "node:process";
import WebSocket from "ws";
import { FlowScript } from "../../main/js/flowscript-client.js";

const [url] = process.argv.slice(2);

for (const tokens of [["good (1)"], ["old", "good (1)"]]) {
  const asked = [];
  const flow = new FlowScript(url, {
    WebSocket,
    backoffBase: 1,
    upgradeMillis: 10,
    credentials: ({ refused }) => {
      asked.push(refused);
      return tokens[refused || asked.includes(true) ? tokens.length - 1 : 0];
    },
  });
  const run = await flow.execute("short");
  const seen = [];
  for await (const { seq } of run) seen.push(seq);
  assert.deepEqual(seen, seen.map((_, index) => index + 1));
  assert.ok(seen.length > 2);
  assert.equal(asked.includes(true), tokens.length > 1);
  if (flow.transport !== "websocket") {
    await new Promise((resolve) => flow.on("state", ({ transport }) => transport === "websocket" && resolve()));
  }
  flow.close();
}

const lost = new FlowScript(url, { WebSocket, backoffBase: 1, credentials: () => "old" });
await assert.rejects(lost.execute("short"), { name: "ConnectionError", code: "unauthorized" });

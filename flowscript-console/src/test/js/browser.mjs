/**
 * Plays parts in one Chromium. Each line of the input names a part and a server:
 *
 *     run races http://localhost:PORT/
 *
 * It answers "ok", with figures if the part has some, or "failed" with what went wrong. Between, a line "do ..." asks for something of the server, and "done" is the answer.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { startChromium, Windows } from "./chromium.mjs";
import * as answering from "./answering.mjs";
import * as connecting from "./connecting.mjs";
import * as looking from "./looking.mjs";
import * as screenshots from "./screenshots.mjs";

const parts = { ...answering, ...connecting, ...looking, ...screenshots };
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Asks for something of the server. */
async function act(...words) {
  console.log(["do", ...words].join(" "));
  await lines.next();
}

/** Requests of somebody, without a page. */
function requests(base, user = "ann") {
  const headers = { "Content-Type": "application/json", "X-FlowScript-User": user, "X-FlowScript-Groups": "managers" };
  const call = async (path, options) => {
    const response = await fetch(new URL(path, base), { headers, ...options });
    const body = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    return body;
  };
  const post = (path, body) => call(path, { method: "POST", body: JSON.stringify(body) });
  return {
    call,
    start: (workflow, executionId, input = {}) => post(`workflows/${workflow}/execute`, { executionId, input }),
    status: (id) => call(`executions/${id}/status`),
    questions: async (executionId) => (await call(`interactions?executionId=${executionId}`)).interactions,
    /** All events of an execution. */
    events: async (id) => {
      const events = [];
      for (let after = ""; ;) {
        const page = await call(`executions/${id}/events?limit=1000&after=${after}`);
        events.push(...page.events);
        if (page.terminal || page.events.length === 0) return events;
        after = page.next;
      }
    },
    answer: async (executionId, data) => {
      const [{ tokenId }] = (await call(`interactions?executionId=${executionId}`)).interactions;
      return post(`executions/${executionId}/resume`, { tokenId, data });
    },
  };
}

/** Waits until something holds. */
async function until(what, describe = String(what)) {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await what();
    if (value) return value;
    if (Date.now() > end) throw new Error(`It never became true: ${describe}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const browser = await startChromium();
console.log("ready");
for await (const line of lines) {
  const [, name, base] = line.split(" ");
  const windows = new Windows(browser, base);
  try {
    const figures = await parts[name]({ windows, act, until, server: requests(base), as: (user) => requests(base, user) });
    await windows.close();
    console.log(`ok ${figures ?? ""}`);
  } catch (error) {
    const problems = await windows.abandon();
    console.log(`failed ${name}: ${error.stack.replaceAll("\n", " | ")} ${problems.join(" | ")}`);

  }
}
await browser.close();
process.exit();

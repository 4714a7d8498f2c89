/**
 * Plays parts of tests in one Chromium, several at a time. The lines that it reads and writes are those of `BrowserScript`; a part is a
 * name and the address of a server, such as "races http://localhost:80/".
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { startChromium, Windows } from "./chromium.mjs";
import * as answering from "./answering.mjs";
import * as connecting from "./connecting.mjs";
import * as executing from "./executing.mjs";
import * as looking from "./looking.mjs";
import * as screenshots from "./screenshots.mjs";

const parts = { answering, connecting, executing, looking, screenshots };
const asked = new Map(); // by the number of a part, what goes on when the test has done what the part asked for

/** Asks for something that only the test can do. */
function act(number, words) {
  console.log([number, "do", ...words].join(" "));
  return new Promise((resolve, reject) => asked.set(number, { done: resolve, undone: () => reject(new Error(`"${words.join(" ")}" was not done`)) }));
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
    /** Answers the question of an execution, which may still be on its way to it. */
    answer: async (executionId, data) => {
      const { tokenId } = await until(async () => (await call(`interactions?executionId=${executionId}`)).interactions[0], `${executionId} asks`);
      return post(`executions/${executionId}/resume`, { tokenId, data });
    },
  };
}

/** Waits until something holds. */
async function until(what, describe = String(what), millis = 45_000) {
  const end = Date.now() + millis;
  for (;;) {
    const value = await what();
    if (value) return value;
    if (Date.now() > end) throw new Error(`It never became true: ${describe}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function play(number, part, base) {
  const [file, name] = part.split(".");
  const windows = new Windows(browser, base);
  try {
    const figures = await parts[file][name]({ windows, act: (...words) => act(number, words), until, server: requests(base), as: (user) => requests(base, user) });
    await windows.close();
    console.log(`${number} ok ${figures ?? ""}`);
  } catch (error) {
    const problems = await windows.abandon();
    console.log(`${number} failed ${part}: ${error.stack.replaceAll("\n", " | ")} ${problems.join(" | ")}`);
  }
}

const browser = await startChromium();
for await (const line of createInterface({ input: process.stdin })) {
  const [word, number, ...rest] = line.split(" ");
  if (word === "run") void play(number, ...rest);
  else asked.get(number)[word]();
}
await browser.close();
process.exit();

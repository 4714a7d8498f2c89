/**
 * Plays the protocol's cases with the client, where they are about what a client is given:
 *
 *     node cases.mjs http://localhost:PORT FOLDER
 *
 * A case is left out when it does what this client never does: malformed messages, the first version, messages by hand.
 * What the server says to the client itself (subscribed, positions) only gives the variables their values; events have to
 * come from subscriptions, and replies from commands. Prints how many cases were played, and ends with 0 when all passed.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import WebSocket from "ws";
import { FlowScript } from "../../main/js/flowscript-client.js";

const PATIENCE_MILLIS = 5_000;
/** How long to wait for what the client may do without, such as the reply to a subscribe that it did not send. */
const CALM_MILLIS = 200;
const COMMANDS = ["execute", "resume", "claim", "release", "cancel", "interactions"];
const INTERNAL = ["connected", "subscribed", "unsubscribed", "execution_status", "position", "pong", "interaction_changed", "interaction_gone"];
const KINDS = {
  $any: () => true,
  $string: (value) => typeof value === "string",
  $integer: Number.isInteger,
  $number: (value) => typeof value === "number",
  $boolean: (value) => typeof value === "boolean",
  $object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  $array: Array.isArray,
};
const [base, folder] = process.argv.slice(2);

/** Puts the variables' values into what is sent. */
function filled(value, variables) {
  if (typeof value === "string") {
    const whole = /^\$\{(\w+)\}$/.exec(value);
    return whole ? variables[whole[1]] : value.replace(/\$\{(\w+)\}/g, (_, name) => variables[name]);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, variables));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, item]) => [filled(name, variables), filled(item, variables)]));
  return value;
}

/** Whether a value fits a pattern; variables take their values. */
function fits(pattern, value, variables) {
  if (typeof pattern === "string") {
    if (pattern === "$absent") return value === undefined;
    if (KINDS[pattern]) return KINDS[pattern](value);
    const whole = /^\$\{(\w+)\}$/.exec(pattern);
    if (whole && !(whole[1] in variables)) {
      variables[whole[1]] = value;
      return value !== undefined;
    }
    return same(filled(pattern, variables), value);
  }
  if (Array.isArray(pattern)) return Array.isArray(value) && pattern.length === value.length && pattern.every((item, i) => fits(item, value[i], variables));
  if (pattern && typeof pattern === "object") {
    if (pattern.$includes) return Array.isArray(value) && pattern.$includes.every((item) => value.some((one) => fits(item, one, variables)));
    return value !== null && typeof value === "object" && Object.entries(pattern).every(([name, item]) => fits(item, value[name], variables));
  }
  return same(pattern, value);
}

function same(one, other) {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}

/** Whether this client can play a case. */
function applies({ steps }) {
  const subscribed = new Set();
  const wide = new Set();
  return steps.every(({ connect, send, expect, times, fits: odd, on = "client", ...rest }) => {
    if (rest.http) return true;
    if (connect) return connect.subprotocol === "flowscript.v2" && !connect.refused && !connect.path && !connect.headers;
    if (send) {
      const { type, data, ...more } = send;
      const named = Object.keys(more).every((name) => name === "id");
      if (times || odd || !named || !data || typeof data !== "object") return false;
      if (type === "subscribe") {
        const keys = (data.executions ?? [data]).map(({ executionId, workflowId, all }) => `${on} ${executionId ?? workflowId ?? all}`);
        if (!data.executionId && !data.executions) wide.add(on);
        if (keys.some((key) => subscribed.has(key)) || (typeof data.after === "number" && data.after > 0 && !data.epoch)) return false;
        keys.forEach((key) => subscribed.add(key));
        // Here each subscription gets all of its own; what overlaps comes once only over the wire.
        return !wide.size || subscribed.size === 1;
      }
      if (type === "interactions") return !data.live;
      return COMMANDS.includes(type) || ["unsubscribe", "ping", "ack"].includes(type);
    }
    if (expect) return [expect].flat().every(({ type, data }) => typeof type === "string" && !(type === "error" && data?.code?.startsWith?.("invalid_")));
    return "quiet" in rest || "cut" in rest || rest.close === 1000;
  });
}

/** One client of a case: what its subscriptions and its commands gave, in their order. */
class Player {
  raw = [];
  events = [];
  replies = [];
  subs = new Map();
  /** The executions that it follows from the latest event on. What happens before the reply does not come. */
  fromLatest = new Set();

  constructor(user) {
    this.flow = new FlowScript(base, {
      WebSocket,
      transports: ["websocket"],
      backoffBase: 5,
      credentials: () => (user ? { query: { user }, headers: { "X-FlowScript-User": user } } : { query: {} }),
      debug: (_, way, message) => way === "<" && this.raw.push(message),
    });
    this.flow.connect();
  }

  send({ type, id = randomUUID(), data }) {
    if (type === "ping") return;
    if (type === "ack") return this.flow.ack(data.executionId, data.seq, data.epoch);
    if (type === "subscribe") return (data.executions ?? [data]).forEach((one) => this.#subscribe({ ...data, ...one, executions: undefined }));
    if (type === "unsubscribe") return this.subs.get(JSON.stringify(data))?.close();
    const options = { ...data, id };
    const { flow } = this;
    const call = {
      execute: () => flow.execute(data.workflowId, data.input, options).then((run) => ({ executionId: run.id })),
      resume: () => flow.resume(data, data.data, options),
      claim: () => flow.claim(data, options),
      release: () => flow.release(data, options),
      cancel: () => flow.cancel(data.executionId, data.reason, options),
      interactions: () => flow.interactions(data, { id }),
    }[type];
    call().then(
      (result) => this.replies.push({ replyTo: id, data: result }),
      (error) => this.replies.push({ replyTo: id, error, data: { ...error.data } }),
    );
  }

  #subscribe({ executionId, workflowId, all, after, epoch, ...filter }) {
    const { flow } = this;
    if (after === "latest" && executionId !== undefined) this.fromLatest.add(executionId);
    const options = { ...filter, after: epoch ? `${epoch}:${after}` : typeof after === "string" ? after : undefined };
    const sub = executionId !== undefined ? flow.execution(executionId, options) : all ? flow.all(options) : flow.workflow(workflowId, options);
    this.subs.set(JSON.stringify(executionId !== undefined ? { executionId } : all ? { all } : { workflowId }), sub);
    sub.on("event", (message) => this.events.push(message));
    sub.on("error", (error) => this.replies.push({ error, data: { ...error.data } }));
  }

  async #next(list, what) {
    const end = Date.now() + PATIENCE_MILLIS;
    while (!list.length) {
      assert.ok(Date.now() < end, `${what} should come`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return list.shift();
  }

  async expect(pattern, variables, skip = []) {
    const { type } = pattern;
    const what = JSON.stringify(pattern);
    const isReply = ["resume_success", "resume_error", "claimed", "released", "interactions", "error"].includes(type) || (type === "execution_status" && pattern.replyTo && pattern.replyTo !== "$absent");
    if (isReply) {
      const reply = await this.#next(this.replies, what);
      assert.equal(Boolean(reply.error), type.endsWith("error"), `${what}: ${reply.error}`);
      const { replyTo, data = {} } = pattern;
      if (replyTo && replyTo !== "$absent") assert.ok(fits(replyTo, reply.replyTo, variables), what);
      // `execute` gives the execution, and `release` nothing; other replies are given whole.
      const given = type === "execution_status" ? { executionId: data.executionId } : data;
      if (type !== "released") assert.ok(fits(given, reply.data, variables), `${what}: ${JSON.stringify(reply.data)}`);
    } else if (INTERNAL.includes(type)) {
      const { replyTo, ...own } = pattern; // the client has its own ids for these
      const needed = (type === "subscribed" && this.fromLatest.has(filled(own.data?.executionId, variables))) || [...JSON.stringify(own).matchAll(/\$\{(\w+)\}/g)].some(([, name]) => !(name in variables));
      const end = Date.now() + (needed ? PATIENCE_MILLIS : CALM_MILLIS);
      const isIt = (message) => message.type === type && fits(own, message, { ...variables });
      while (!this.raw.some(isIt) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 2));
      const found = this.raw.find(isIt);
      assert.ok(found || !needed, `${what} should come`);
      if (found) fits(own, found, variables);
    } else {
      let event = await this.#next(this.events, what);
      while (skip.includes(event.type) && !fits(pattern, event, { ...variables })) event = await this.#next(this.events, what);
      assert.ok(fits(pattern, event, variables), `${what}: ${JSON.stringify(event)}`);
    }
  }
}

async function http({ http: request, as, headers = {}, body, text, expect = {} }, variables) {
  const [method, path] = filled(request, variables).split(" ");
  const response = await fetch(base + path, {
    method,
    headers: { ...(as && { "X-FlowScript-User": filled(as, variables) }), ...(body !== undefined && { "Content-Type": "application/json" }), ...filled(headers, variables) },
    body: text ?? (body === undefined ? undefined : JSON.stringify(filled(body, variables))),
  });
  const said = await response.text();
  if (expect.status) assert.equal(response.status, expect.status, said);
  if (expect.body) assert.ok(fits(expect.body, JSON.parse(said), variables), `${request}: ${said}`);
  return said;
}

async function play({ steps }) {
  const variables = { run: `case-${randomUUID()}`, server: base };
  const players = new Map();
  try {
    for (const step of steps) {
      const { on = "client" } = step;
      const player = players.get(on);
      if (step.http) await http(step, variables);
      else if (step.connect) {
        players.set(on, new Player(filled(step.connect.as, variables)));
      } else if (step.send) player.send(filled(step.send, variables));
      else if (step.expect) for (const pattern of [step.expect].flat()) await player.expect(pattern, variables, step.skip);
      else if (step.quiet) assert.deepEqual(player.events.filter(({ type }) => !step.skip?.includes(type)), []);
      else player.flow.close();
    }
    for (const { events } of players.values()) assert.deepEqual(events, []);
  } finally {
    for (const { flow } of players.values()) flow.close();
    const { executions } = await (await fetch(`${base}/executions?limit=100`)).json();
    for (const { executionId, status } of executions) if (!["completed", "failed", "cancelled"].includes(status)) await fetch(`${base}/executions/${executionId}/cancel`, { method: "POST" });
  }
}

let played = 0;
let failed = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "case.schema.json").sort()) {
  const { cases } = JSON.parse(readFileSync(join(folder, file), "utf8"));
  for (const one of cases.filter(({ steps }) => steps.some(({ connect }) => connect))) {
    if (!applies(one)) continue;
    played += 1;
    try {
      await play(one);
    } catch (error) {
      failed += 1;
      console.log(`${file}: ${one.name}\n  ${error.stack.split("\n").slice(0, 3).join("\n  ")}`);
    }
  }
}
console.log(`${played} cases, ${failed} failed`);
process.exit(failed ? 1 : 0);

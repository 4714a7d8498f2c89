/** A clock that stands still, sockets and responses that say what a test lets them say. */
import assert from "node:assert/strict";
import { FlowScript } from "../../main/js/flowscript-client.js";

/** Lets everything run that can run without the clock. */
export async function settle() {
  for (let i = 0; i < 4; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

export class ManualClock {
  #now = 1_000_000;
  #timers = new Map();
  #next = 1;

  now = () => this.#now;

  set = (run, millis) => {
    const id = this.#next++;
    this.#timers.set(id, { at: this.#now + millis, run });
    return id;
  };

  clear = (id) => this.#timers.delete(id);

  /** How many timers are set. */
  get size() {
    return this.#timers.size;
  }

  /** In how many milliseconds the next timers are due. */
  get due() {
    return [...this.#timers.values()].map(({ at }) => at - this.#now).sort((one, other) => one - other);
  }

  async advance(millis) {
    const end = this.#now + millis;
    await settle();
    while (true) {
      const [next] = [...this.#timers].filter(([, timer]) => timer.at <= end).sort(([, one], [, other]) => one.at - other.at);
      if (!next) break;
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
      await settle();
    }
    this.#now = end;
  }
}

/** A server of WebSockets, and of HTTP, that does nothing by itself. */
export class ScriptedServer {
  sockets = [];
  requests = [];
  clock = new ManualClock();
  /** Whether pings are answered at once. */
  pongs = true;
  /** Answers HTTP requests: (request) => {status, headers, body} or an error to throw. */
  http = () => new Error("no network");

  constructor(options = {}) {
    const server = this;
    this.WebSocket = class {
      sent = [];
      closed = null;

      constructor(url, protocols) {
        Object.assign(this, { url, protocols });
        server.sockets.push(this);
      }

      send(text) {
        if (this.closed !== null) throw new Error("the socket is closed");
        const message = JSON.parse(text);
        this.sent.push(message);
        if (server.pongs && message.type === "ping") queueMicrotask(() => this.say({ type: "pong", replyTo: message.id, data: {} }));
      }

      close(code) {
        this.closed = code;
      }

      /** The server says something. */
      say(...messages) {
        this.onmessage?.({ data: messages.map((message) => JSON.stringify({ timestamp: server.clock.now(), ...message }) + "\n").join("") });
      }

      connected(data = {}) {
        this.say({ type: "connected", data: { clientId: "c", protocol: "flowscript.v2", heartbeatMillis: 30_000, maxMessageBytes: 1 << 20, messagesPerSecond: 100, messageBurst: 200, ...data } });
      }

      drop(code = 1006) {
        this.closed = code;
        this.onclose?.({ code, reason: "" });
      }

      /** What was sent of a type. */
      of(type) {
        return this.sent.filter((message) => message.type === type);
      }

      last(type) {
        return this.of(type).at(-1);
      }
    };
    this.options = {
      clock: this.clock,
      WebSocket: this.WebSocket,
      fetch: (url, init) => this.#fetch(url, init),
      random: () => 1,
      SharedWorker: undefined,
      ...options,
    };
  }

  client(options = {}) {
    const flow = new FlowScript("http://flows.test", { ...this.options, ...options });
    this.states = [];
    flow.on("state", ({ state }) => this.states.push(state));
    return flow;
  }

  get socket() {
    return this.sockets.at(-1);
  }

  /** The newest socket, connected. */
  async accept(data) {
    await settle();
    const { socket } = this;
    assert.ok(socket && socket.closed === null && !socket.accepted, "a socket should wait for the server");
    socket.accepted = true;
    socket.connected(data);
    await settle();
    return socket;
  }

  /** Drops the connection, and lets the client come back. */
  async reconnect(code = 1006) {
    const before = this.sockets.length;
    this.socket.drop(code);
    while (this.sockets.length === before) {
      assert.ok(this.clock.size > 0, "the client should come back");
      await this.clock.advance(this.clock.due[0]);
    }
    return this.accept();
  }

  #fetch(url, init) {
    const path = url.slice("http://flows.test".length);
    const request = { method: init.method, path, headers: init.headers, body: init.body && JSON.parse(init.body), signal: init.signal };
    this.requests.push(request);
    return new Promise((resolve, reject) => {
      init.signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
      Promise.resolve(this.http(request)).then((reply) => {
        if (reply instanceof Error) return reject(reply);
        if (reply === undefined) return; // never
        const { status = 200, headers = {}, body, stream } = reply;
        resolve(new Response(stream ?? (status === 204 ? null : JSON.stringify(body ?? {})), { status, headers }));
      }, reject);
    });
  }
}

/** A stream of server-sent events that a test writes. */
export class ScriptedStream {
  constructor() {
    this.stream = new ReadableStream({ start: (controller) => (this.controller = controller), cancel: () => (this.cancelled = true) });
  }

  say(message, id) {
    const text = `${id === undefined ? "" : `id: ${id}\n`}event: ${message.type}\ndata: ${JSON.stringify({ timestamp: 1, ...message })}\n\n`;
    this.controller.enqueue(new TextEncoder().encode(text));
  }

  comment() {
    this.controller.enqueue(new TextEncoder().encode(":\n\n"));
  }

  end() {
    this.controller.close();
  }
}

export const subscribed = (socket, executionId, data = {}, request = socket.last("subscribe")) => {
  const named = request.data.executions?.find((one) => one.executionId === executionId) ?? request.data;
  socket.say({ type: "subscribed", replyTo: request.id, data: { executionId, epoch: "e1", after: Number(String(named.after ?? 0).split(":").at(-1)) || 0, oldest: 1, latest: 9, status: "running", ...data } });
};

export const event = (executionId, seq, type = "node_started") => ({ type, seq, data: { executionId } });

/** Collects what an iterator gives, in the background. */
export function collect(iterable) {
  const seen = [];
  seen.done = (async () => {
    try {
      for await (const item of iterable) seen.push(item);
      seen.ended = true;
    } catch (error) {
      seen.error = error;
    }
  })();
  return seen;
}

export const seqs = (seen) => seen.map(({ seq, type, data }) => seq ?? `${type} ${data.from}-${data.to ?? ""}`);

/** The Web Locks of one browser. */
export class FakeLocks {
  #held = new Set();

  async request(name, { ifAvailable }, run) {
    assert.ok(ifAvailable, "a page does not wait for a lock");
    await null;
    if (this.#held.has(name)) return run(null);
    this.#held.add(name);
    try {
      return await run({ name });
    } finally {
      this.#held.delete(name);
    }
  }
}

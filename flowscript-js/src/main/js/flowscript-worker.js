/**
 * The shared worker of the FlowScript client: the tabs of one origin share its connection. To each tab it is a server
 * of the client protocol. FlowScript starts it by itself; a page has nothing to do with it.
 */
import { FlowScript, Subscription } from "./flowscript-client.js";

const MAX_BYTES = 1 << 20;
const MANY = 1_000;

/** The connection of this worker, and the tabs that share it. */
class Hub {
  tabs = new Set();
  #requests = new Map();

  constructor({ url, token, options }, closed) {
    let first = token;
    this.closed = closed;
    this.flow = new FlowScript(url, {
      ...options,
      shared: false,
      SharedWorker: undefined,
      credentials:
        token === undefined
          ? undefined
          : ({ refused }) => {
              const given = first;
              first = undefined;
              return given !== undefined && !refused ? given : this.#ask({ refused });
            },
    });
    this.flow.on("state", () => this.tabs.forEach((tab) => tab.tellState()));
    this.flow.on("error", (error) => {
      if (this.flow.state === "closed") [...this.tabs].forEach((tab) => tab.end({ code: 1008, reason: `${error.code}: ${error.message}`.slice(0, 120) }));
    });
  }

  /** Asks the newest tab for credentials, and when that goes away without a word, the next. */
  async #ask(why) {
    while (this.tabs.size) {
      const tab = [...this.tabs].at(-1);
      try {
        return await tab.ask(why);
      } catch (error) {
        if (this.tabs.has(tab)) throw error;
      }
    }
    throw new Error("There is no tab");
  }

  /** Carries out a request once, though its tab sends it again by a new port. */
  request(type, data, id) {
    const key = JSON.stringify([id, type, data]);
    if (!this.#requests.has(key)) {
      this.#requests.set(key, this.flow._request(type, data, id).finally(() => this.#requests.delete(key)));
    }
    return this.#requests.get(key);
  }

  leave(tab) {
    this.tabs.delete(tab);
    if (this.tabs.size) return;
    this.closed();
    this.flow.close();
  }
}

/** One tab: what it sends, and what it gets. */
class Tab {
  #port;
  #hub = null;
  #taps = new Map();
  #asked = null;

  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#take(data);
  }

  #take({ open, text, close, token, failed }) {
    if (open) this.#open(open);
    else if (close) this.end();
    else if (text && this.#hub) this.#receive(JSON.parse(text));
    else if (this.#asked) {
      const { resolve, reject } = this.#asked;
      this.#asked = null;
      if (failed) reject(new Error(failed));
      else resolve(token);
    }
  }

  /** Asks the tab for fresh credentials. */
  ask(why) {
    this.#port.postMessage({ credentials: why });
    return new Promise((resolve, reject) => (this.#asked = { resolve, reject }));
  }

  #open(open) {
    if (!hubs.has(open.url)) hubs.set(open.url, new Hub(open, () => hubs.delete(open.url)));
    this.#hub = hubs.get(open.url);
    this.#hub.tabs.add(this);
    this.#hub.flow.connect();
    this.#say({ type: "connected", data: { clientId: "shared", protocol: "flowscript.v2", heartbeatMillis: 30_000, maxMessageBytes: MAX_BYTES } });
    this.tellState();
    // The tab holds this lock for as long as it lives.
    globalThis.navigator?.locks?.request(open.lock, () => this.end()).catch(() => {});
  }

  end(close) {
    if (!this.#hub) return;
    const hub = this.#hub;
    this.#hub = null;
    hub.tabs.delete(this);
    this.#asked?.reject(new Error("The tab was closed"));
    this.#asked = null;
    if (close) this.#port.postMessage({ close });
    for (const tap of this.#taps.values()) tap.close();
    this.#taps.clear();
    hub.flow._unwatch(this);
    hub.leave(this);
    this.#port.close();
  }

  #say(message) {
    if (this.#hub) this.#port.postMessage({ text: JSON.stringify({ timestamp: this.#hub.flow._serverNow, ...message }) });
  }

  tellState() {
    if (!this.#hub) return;
    const { state, transport } = this.#hub.flow;
    this.#say({ type: "state", data: { state, transport } });
  }

  #receive({ type, id, data }) {
    const { flow } = this.#hub;
    if (type === "ping") {
      flow._wake();
      this.#say({ type: "pong", replyTo: id, data: {} });
    } else if (type === "ack") flow.ack(data.executionId, data.seq, data.epoch);
    else if (type === "subscribe") this.#subscribe(id, data);
    else if (type === "unsubscribe") this.#unsubscribe(id, data);
    else if (type === "interactions" && data.live) {
      const { live, limit, ...filter } = data;
      flow._watch(this, filter, () => this.#say({ type: "interactions_missed", data: {} }));
    } else {
      this.#hub.request(type, data, id).then(
        (reply) => this.#say(reply),
        (error) => this.#say({ type: "error", replyTo: id, data: { code: error.code ?? "internal", message: error.message } }),
      );
    }
  }

  #subscribe(id, { executions, executionId, workflowId, all, after, epoch, ...filter }) {
    if (executions) for (const one of executions) this.#subscribe(id, { ...one, ...filter });
    else if (executionId !== undefined) {
      const place = after === undefined || after === "latest" || after === 0 ? after : epoch === undefined ? after : { epoch, seq: after };
      this.#tap({ executionId }, place === 0 && epoch ? { epoch, seq: 0 } : place || undefined, after === undefined, filter, id);
    } else {
      const scope = all ? { all: true } : { workflowId };
      this.#say({ type: "subscribed", replyTo: id, data: scope });
      this.#tap(scope, undefined, false, filter, id);
    }
  }

  #tap(scope, place, stays, filter, id) {
    const { flow } = this.#hub;
    const key = JSON.stringify(scope);
    const before = this.#taps.get(key);
    if (!before && this.#taps.size >= MANY) {
      return this.#say({ type: "error", replyTo: id, data: { code: "too_many_subscriptions", message: `A tab has at most ${MANY} subscriptions`, details: scope } });
    }
    const reader = stays ? before?._readers.get(scope.executionId) : undefined;
    let request = id;
    const tap = new Subscription(flow, scope, {
      ...filter,
      after: reader?.epoch ? { epoch: reader.epoch, seq: reader.seq } : place,
      _owner: this,
      _sink: ({ replyTo, ...message }) => {
        if (message.type === "subscribed" && request && scope.executionId !== undefined) {
          message.replyTo = request;
          request = undefined;
        }
        this.#say(message);
      },
    });
    tap.on("error", ({ code, message }) => this.#say({ type: "error", ...((request || !scope.executionId) && { replyTo: id }), data: { code, message, details: scope } }));
    tap.on("end", () => this.#taps.get(key) === tap && this.#taps.delete(key));
    this.#taps.set(key, tap);
    tap.begin();
    if (before) {
      before._owner = undefined;
      before.close();
    }
  }

  #unsubscribe(id, data) {
    const key = JSON.stringify(data);
    const tap = this.#taps.get(key);
    this.#taps.delete(key);
    if (data.interactions) this.#hub.flow._unwatch(this);
    tap?.close();
    this.#say({ type: "unsubscribed", replyTo: id, data });
  }
}

const hubs = new Map();
globalThis.onconnect = ({ ports: [port] }) => new Tab(port);

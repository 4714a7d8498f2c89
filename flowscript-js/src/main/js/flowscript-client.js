/**
 * The FlowScript client for browsers and Node.js 20 or newer. What each part promises is in flowscript-client.d.ts.
 *
 *     const flow = new FlowScript("https://flows.example.com");
 *     const run = await flow.execute("expense-approval", { employee: "bob", amount: 250 });
 *     for await (const event of run) console.log(event.type, event.data);
 *
 * Apache-2.0.
 */

const LAST_EVENTS = ["workflow_completed", "workflow_failed", "workflow_cancelled"];
const ENDED = ["completed", "failed", "cancelled"];
/** Refusals of a command that can succeed later, under the same id. */
const TRY_AGAIN = ["rate_limited", "memory_limit", "store_unavailable", "server_closing"];
/** Close codes after which the client does not come back. */
const FINAL_CODES = [1000, 1007, 1008, 1009, 4403];
/** What a refusal means that says so by its status, whoever has written it. */
const MEANINGS = { 401: "unauthorized", 413: "message_too_large" };
const SUBPROTOCOL = "flowscript.v2";
const BATCH = 200;
const MAX_TRIES = 6;
const MAX_STREAMS = 4;
const MAX_EXECUTIONS = 10_000;
const MAX_ACKS = 100;
const ACK_MILLIS = 250;
const MAX_TEXT = 16 << 20;
const NOT_FOUND_MILLIS = 300_000;
const UNTOLD_MILLIS = 60_000;

const DEFAULTS = {
  transports: ["websocket", "sse", "poll"],
  buffer: 1000,
  queue: 100,
  backoffBase: 500,
  backoffCap: 30_000,
  connectMillis: 10_000,
  requestMillis: 30_000,
  pongMillis: 10_000,
  silenceMillis: 75_000,
  stableMillis: 10_000,
  fallbackAfter: 3,
  upgradeMillis: 30_000,
  upgradeCapMillis: 300_000,
  pollMillis: 2_000,
  pollSeconds: 20,
  inboxMillis: 500,
  inboxPollMillis: 5_000,
  hiddenMillis: 60_000,
  idleMillis: 5_000,
  shared: "",
  random: Math.random,
};

/** An error with a `code` of the protocol, or one of the client's own. `data` has the other fields of the server's reply. */
export class FlowScriptError extends Error {
  constructor(code, message, data = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.data = data;
  }
}

/** An answer that does not count; `data` has the `violations`, or `by` and `at` of the answer that was first. */
export class AnswerError extends FlowScriptError {}

/** The connection cannot be had, or ended for good. `data.closeCode` is the WebSocket's close code, if there was one. */
export class ConnectionError extends FlowScriptError {}

const toJson = JSON.stringify;
const encode = encodeURIComponent;

/** A position as one string, as the protocol has it, and back. */
const toText = (at) => at?.epoch && `${at.epoch}:${at.seq}`;
const toPosition = (text) => ({ epoch: text.slice(0, text.lastIndexOf(":")), seq: Number(text.slice(text.lastIndexOf(":") + 1)) });

/** A page without https has no randomUUID. */
const newId = () => crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(4)).join("-");

/** Keeps the newest acknowledgement of each of the last executions. */
function keep(acks, ack) {
  acks.delete(ack.executionId);
  acks.set(ack.executionId, ack);
  if (acks.size > MAX_ACKS) acks.delete(acks.keys().next().value);
}

const systemClock = {
  now: Date.now,
  set: (run, millis) => setTimeout(run, millis),
  clear: (timer) => clearTimeout(timer),
};

/** An EventTarget with a shorter way to listen. */
class Emitter extends EventTarget {
  /** Calls `listener` with what happened; returns a function that ends this. */
  on(type, listener) {
    const heard = (event) => listener(event.detail);
    this.addEventListener(type, heard);
    return () => this.removeEventListener(type, heard);
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** A live sequence: for `for await`, or for listeners. It starts with its first reader or listener. */
class Live extends Emitter {
  #queue = [];
  #readers = [];
  #started = false;
  #iterated = false;
  #over = false;
  #error = null;

  addEventListener(...listener) {
    super.addEventListener(...listener);
    this.begin();
  }

  begin() {
    if (this.#started || this.#over) return;
    this.#started = true;
    this._start();
  }

  get isOver() {
    return this.#over;
  }

  get _isIterated() {
    return this.#iterated;
  }

  get queued() {
    return this.#queue.length;
  }

  /** Adds an item for the iterator. */
  push(item) {
    const reader = this.#readers.shift();
    if (reader) {
      reader.resolve({ value: this._taken(item), done: false });
    } else {
      this.#queue.push(item);
    }
  }

  /** Puts the newest item in the place of those that nobody has read. */
  replace(item) {
    this.#queue.length = 0;
    this.push(item);
  }

  /** Ends the sequence, with an error or without; what is queued can still be read. */
  _finish(error = null) {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    for (const reader of this.#readers.splice(0)) this.#settle(reader);
    this._stop();
    if (error) this.emit("error", error);
    this.emit("end", undefined);
  }

  #settle({ resolve, reject }) {
    const error = this.#error;
    this.#error = null;
    if (error) reject(error);
    else resolve({ value: undefined, done: true });
  }

  /** Ends the subscription. */
  close() {
    this.#queue.length = 0;
    this._finish();
  }

  [Symbol.asyncIterator]() {
    this.#iterated = true;
    this.begin();
    return {
      next: () =>
        new Promise((resolve, reject) => {
          this._next();
          if (this.#queue.length) {
            resolve({ value: this._taken(this.#queue.shift()), done: false });
            this._drained();
          } else if (this.#over) this.#settle({ resolve, reject });
          else if (this.#readers.length >= 100) reject(new FlowScriptError("queue_full", "Too many calls"));
          else this.#readers.push({ resolve, reject });
        }),
      return: async (value) => {
        this.close();
        return { value, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  _start() {}
  _stop() {}
  _next() {}
  _drained() {}
  _taken(item) {
    return item;
  }
}

/** The events of one execution, of a workflow, or of all. */
export class Subscription extends Live {
  /** True while events are not taken because the iterator is behind; they are asked for again when it is not. */
  _behind = false;
  #client;
  #limit;
  #current = null;
  #handled = null;

  constructor(client, scope, options = {}) {
    super();
    this.#client = client;
    this._scope = scope;
    this.#limit = options.buffer ?? client._options.buffer;
    this.filter = options;
    this.after = options.after;
    this._sink = options._sink;
    this._owner = options._owner;
    /** The reader of each execution, by its id. */
    this._readers = new Map();
    /** The executions of which this subscription has everything. */
    this.done = new Set();
  }

  /** Where the last event that was handled stands, as a string for `after`; undefined before the first. */
  get position() {
    if (this._scope.executionId === undefined) return undefined;
    const [reader] = this._readers.values();
    return this.queued || this.#current || !reader ? toText(this.#handled) : toText(reader);
  }

  _start() {
    this.#client._add(this);
  }

  _stop() {
    this.#client._remove(this);
  }

  _next() {
    if (this.#current) this.#handled = this.#current.at;
    this.#current = null;
  }

  _taken(item) {
    this.#current = item;
    return item.message;
  }

  _drained() {
    if (this._behind && this.queued <= this.#limit / 2) {
      this._behind = false;
      this.#client._resume(this);
    }
  }

  /** Takes a message; false when there is no room. */
  _offer(message, reader) {
    const last = LAST_EVENTS.includes(message.type);
    const { types } = this.filter;
    if (this._sink) this._sink(message);
    else if (message.seq === undefined || !types || types.includes(message.type)) {
      const at = { epoch: reader.epoch, seq: message.seq ?? reader.seq };
      if (this._isIterated) {
        if (this.queued >= this.#limit) {
          this._behind = true;
          return false;
        }
        this.push({ message, at });
      }
      this.emit("event", message);
      this.emit(message.type, message);
      if (!this._isIterated) this.#handled = at;
    }
    if (last) this._ended(reader);
    return true;
  }

  /** The execution has ended, and this reader has all of it. */
  _ended(reader) {
    if (this._wide) {
      this.done.add(`${reader.epoch} ${reader.feed.id}`);
      if (this.done.size > MAX_EXECUTIONS) this.done.delete(this.done.values().next().value);
      this.#client._drop(reader);
    } else {
      this.#handled ??= { epoch: reader.epoch, seq: reader.seq };
      this._finish();
    }
  }

  _covers(executionId, workflowId) {
    const { _scope: scope } = this;
    return scope.all || scope.executionId === executionId || (scope.workflowId && scope.workflowId === workflowId);
  }
}

/** One execution: its events, and what can be done with it. */
export class Execution extends Subscription {
  #client;

  constructor(client, id, options) {
    super(client, { executionId: id }, options);
    this.#client = client;
    /** The execution's id. */
    this.id = id;
    /** The newest `execution_status`; null before the first. */
    this.status = null;
  }

  resume(interaction, answer, options) {
    return this.#client.resume({ ...named(interaction), executionId: this.id }, answer, options);
  }

  claim(interaction, options) {
    return this.#client.claim({ ...named(interaction), executionId: this.id }, options);
  }

  release(interaction, options) {
    return this.#client.release({ ...named(interaction), executionId: this.id }, options);
  }

  cancel(reason, options) {
    return this.#client.cancel(this.id, reason, options);
  }

  /** The person has seen every event up to this one. */
  ack(event) {
    const [reader] = this._readers.values();
    this.#client.ack(this.id, event.seq, reader?.epoch);
  }
}

/** What people are asked, kept up to date. */
export class Inbox extends Live {
  #client;
  #timer = null;
  #busy = false;
  #again = false;

  constructor(client, filter) {
    super();
    this.#client = client;
    this.filter = filter;
    /** The interactions of the first page, the oldest first. */
    this.items = [];
  }

  _start() {
    this.#client._watch(this, this.filter, () => this.refresh());
  }

  _stop() {
    this.#client._clock.clear(this.#timer);
    this.#client._unwatch(this);
  }

  /** Lists again, at most once in `inboxMillis`. */
  refresh() {
    if (this.isOver) return;
    if (this.#busy || this.#timer !== null) this.#again = true;
    else this.#list();
  }

  async #list() {
    this.#busy = true;
    try {
      const { interactions, total } = await this.#client.interactions(this.filter);
      if (this.isOver) return;
      this.items = interactions;
      this.total = total;
      if (this._isIterated) this.replace(interactions);
      this.emit("change", interactions);
    } catch (error) {
      if (error.code === "queue_full" || TRY_AGAIN.includes(error.code)) this.#again = true;
      else if (!this.isOver) this._finish(error);
    } finally {
      this.#busy = false;
    }
    this.#timer = this.#client._clock.set(() => {
      this.#timer = null;
      if (!this.#again) return;
      this.#again = false;
      this.refresh();
    }, this.#client._options.inboxMillis);
  }
}

/** How far one subscription has read one execution. */
class Reader {
  _attached = false;
  _forked = false;

  constructor(sub, feed, at) {
    this._sub = sub;
    this.feed = feed;
    this.epoch = at?.epoch;
    this.seq = at?.seq ?? 0;
    this.latest = at === "latest";
  }

  /** What `subscribe` names, and in which order the places are asked for: the newest first. */
  get _place() {
    return this.epoch ? toText(this) : this.latest ? "latest" : "";
  }

  get _rank() {
    return this.epoch ? this.seq : this.latest ? Infinity : -1;
  }

  get _isIdle() {
    return !this._attached || this._sub._behind || this._sub.isOver;
  }

  /** The server goes on after this reader's place. Without `after`, it does not know that place. */
  _attach({ epoch, after }) {
    if (after === undefined) {
      this._forked = this.epoch !== undefined && this.epoch !== epoch;
      if (this.epoch !== epoch) this.seq = 0;
    } else if (!this.epoch) this.seq = after;
    this.epoch = epoch;
    this._attached = true;
  }

  /** Takes an event after this reader's place. Returns how many doubles it dropped. */
  _take(message) {
    if (this._isIdle) return 0;
    if (message.seq <= this.seq) return 1;
    if (this._sub._offer(message, this)) this.seq = message.seq;
    return 0;
  }

  /** Events that are gone (`events_missed`) or were left out (`events_skipped`). */
  _miss(message) {
    if (this._isIdle) return;
    const { from, to, epoch } = message.data;
    if (this._forked) {
      this._forked = !this._sub._offer(message, this);
    } else if ((epoch === undefined || epoch === this.epoch) && to > this.seq) {
      if (this._sub._offer({ ...message, data: { ...message.data, from: Math.max(from, this.seq + 1) } }, this)) this.seq = to;
    }
  }
}

/** What the client gets of one execution, for all its readers. */
class Feed {
  _readers = new Set();
  /** The subscribe that waits for its `subscribed`: {id, readers, after}. */
  _request = null;
  /** Whether the server has a subscription to this execution alone. */
  _single = false;
  _filterKey = "";
  _announced = null;
  _high = 0;
  _asked = 0;
  _refusals = 0;
  _since = 0;

  constructor(id) {
    this.id = id;
  }

  get _isWanted() {
    return [...this._readers].some((reader) => !reader._sub._wide);
  }

  /** The readers that are to be attached next: those furthest on. */
  next() {
    const waiting = [...this._readers].filter((reader) => !reader._attached && !reader._sub._behind && !reader._sub.isOver);
    if (this._request || !waiting.length) return null;
    const first = waiting.reduce((best, reader) => (reader._rank > best._rank ? reader : best));
    const readers = waiting.filter((reader) => reader._place === first._place);
    this._request = { id: newId(), _readers: readers, after: first._place };
    return this._request;
  }
}

/** A client of one server. */
export class FlowScript extends Emitter {
  state = "idle";
  transport = null;
  /** The last error of the connection; null when there was none. */
  error = null;
  _options;
  _token;
  _clock;
  #url;
  #link = null;
  #probe = null;
  #timer;
  #idleTimer;
  #turn;
  #hiddenTimer;
  #stableTimer;
  #upgradeTimer;
  #triggerTimer;
  #upgrades = 0;
  #attempt = 0;
  #level = 0;
  #failures = 0;
  #refused = false;
  #unauthorized = 0;
  #feeds = new Map();
  /** What is asked for alone until a subscription to many takes over. The server takes 1,000 subscriptions, so not all at once. */
  #window = new Set();
  #subs = new Set();
  #wide = new Map();
  #commands = new Map();
  #acks = new Map();
  #watchers = new Map();
  #live = null;
  #unhook = [];
  #debug;
  #counts = { connects: 0, events: 0, doubles: 0, latency: undefined, lag: undefined };
  #offset = 0;

  /** @param {string} [url] the server's address; in a page, the page's own server if it is left out */
  constructor(url = globalThis.location?.origin, options = {}) {
    super();
    if (!url) throw new FlowScriptError("invalid_setting", "No server address");
    this.#url = new URL(url, globalThis.location?.href).href.replace(/\/$/, "");
    this._options = { WebSocket: globalThis.WebSocket, SharedWorker: globalThis.SharedWorker, fetch: (...call) => fetch(...call), ...DEFAULTS, ...options };
    this._clock = this._options.clock ?? systemClock;
    this.#debug = this._options.debug ?? debugIsOn();
    const { credentials, shared } = this._options;
    if (shared === false || (credentials && !shared)) this._options.SharedWorker = undefined;
    this.#hook();
  }

  // ---- what can be asked ----

  /** Starts a workflow. @returns {Promise<Execution>} the execution, to be followed from its first event */
  async execute(workflowId, input = {}, options = {}) {
    // With an id of its own the command is the same each time, so the server chooses. Else the execution is known by a new name.
    const executionId = options.executionId ?? (options.id === undefined ? newId() : undefined);
    const reply = await this.#command("execute", { workflowId, input, executionId }, options, !options.executionId);
    return this.execution(reply.data.executionId, options);
  }

  async resume(interaction, answer, options = {}) {
    const data = { ...named(interaction), data: answer ?? null, seen: options.seen };
    return (await this.#command("resume", data, options)).data;
  }

  async claim(interaction, options = {}) {
    return (await this.#command("claim", { ...named(interaction), lease: options.lease }, options)).data;
  }

  async release(interaction, options = {}) {
    await this.#command("release", named(interaction), options);
  }

  async cancel(executionId, reason, options = {}) {
    return (await this.#command("cancel", { executionId, reason }, options)).data;
  }

  /** One page of the inbox. */
  async interactions(filter = {}, options = {}) {
    return (await this.#command("interactions", filter, options)).data;
  }

  /** The person has seen every event of an execution up to `seq`. */
  ack(executionId, seq, epoch) {
    const before = this.#acks.get(executionId);
    if (before && before.epoch === epoch && before.seq >= seq) return;
    const ack = { executionId, seq, epoch };
    keep(this.#acks, ack);
    if (this.#isUp) this.#link.ack(ack);
    else this.#begin();
  }

  execution(id, options) {
    return new Execution(this, id, options);
  }

  workflow(workflowId, options) {
    return new Subscription(this, { workflowId }, options);
  }

  all(options) {
    return new Subscription(this, { all: true }, options);
  }

  inbox(filter = {}) {
    return new Inbox(this, filter);
  }

  /** What the connection has done so far. Times are in milliseconds. */
  get stats() {
    const { connects, ...counts } = this.#counts;
    return {
      ...counts,
      reconnects: Math.max(0, connects - 1),
      queued: this.#commands.size,
      executions: this.#feeds.size,
      subscriptions: this.#subs.size,
      shared: Boolean(this.#link?.shared),
    };
  }

  /** Connects now; without it, the first subscription or command does. */
  connect() {
    this.#begin();
    this._wake();
  }

  /** Connects if nothing was needed until now. A shared connection that rests begins with what is sent to its worker. */
  #begin() {
    this._clock.clear(this.#idleTimer);
    if (!this.#link && (this.state === "idle" || this.state === "closed")) {
      if (this.state === "closed") this.#hook();
      this.error = null;
      this.#open();
    }
  }

  /** Ends every subscription, refuses what is queued, and disconnects. */
  close() {
    this.#end(new ConnectionError("closed", "The client is closed"), null);
  }

  // ---- subscriptions ----

  _add(sub) {
    const nodes = toJson(sub.filter.nodes);
    if ([...this.#subs].some((other) => toJson(other.filter.nodes) !== nodes && overlap(other._scope, sub._scope))) {
      sub._finish(new FlowScriptError("conflicting_filters", "Other `nodes` need another client"));
      return;
    }
    this.#subs.add(sub);
    const { executionId } = sub._scope;
    if (executionId !== undefined) {
      const { after } = sub;
      this.#window.delete(this.#feeds.get(executionId)); // it stays open
      this.#read(sub, this.#feed(executionId), after?.includes?.(":") ? toPosition(after) : after);
    } else {
      const key = toJson(sub._scope);
      let wide = this.#wide.get(key);
      if (!wide) this.#wide.set(key, (wide = { _scope: sub._scope, subs: new Set(), _since: Infinity, _filterKey: "", id: "", _refusals: 0 }));
      wide.subs.add(sub);
      sub._wide = wide;
      for (const feed of this.#feeds.values()) {
        if (feed.epoch && sub._covers(feed.id, feed.workflowId)) this.#read(sub, feed, { ...feed, seq: feed._high })._attached = true;
      }
      if (this.#isUp && !wide._timer) this.#link._wide(wide);
    }
    this.#begin();
    if (this.#isUp) {
      this.#refilter();
      this.#attach();
    }
  }

  _remove(sub) {
    if (!this.#subs.delete(sub)) return;
    const { _wide: wide } = sub;
    for (const reader of sub._readers.values()) {
      if (!wide) this.#handOver(reader);
      this._drop(reader);
    }
    wide?.subs.delete(sub);
    if (wide && !wide.subs.size) {
      this.#wide.delete(toJson(sub._scope));
      this._clock.clear(wide._timer);
      if (this.#isUp) this.#link._unsubscribe(sub._scope);
    }
    this.#attach();
    this.#rest();
  }

  /** A subscription of the same owner to many executions goes on where the one to a single execution stood. */
  #handOver({ _sub: sub, feed, epoch, seq }) {
    if (!sub._owner || !epoch) return;
    for (const other of this.#subs) {
      if (other._owner !== sub._owner || !other._covers(feed.id, feed.workflowId)) continue;
      const reader = other._readers.get(feed.id) ?? this.#read(other, feed, { epoch, seq });
      if (reader.epoch !== epoch || reader.seq > seq) Object.assign(reader, { epoch, seq, _attached: false });
    }
  }

  _drop(reader) {
    const { feed, _sub: sub } = reader;
    sub._readers.delete(feed.id);
    feed._readers.delete(reader);
    if (!feed._readers.size) {
      this.#feeds.delete(feed.id);
      this._clock.clear(feed._timer);
      this.#forget(feed);
    } else this.#relax(feed);
  }

  /** An iterator that was behind goes on: what it did not take is asked for again. */
  _resume(sub) {
    for (const reader of sub._readers.values()) reader._attached = false;
    this.#attach();
  }

  #feed(id) {
    let feed = this.#feeds.get(id);
    if (!feed) {
      this.#feeds.set(id, (feed = new Feed(id)));
      feed._since = this._clock.now();
    }
    return feed;
  }

  #read(sub, feed, at) {
    const reader = new Reader(sub, feed, at);
    feed._readers.add(reader);
    sub._readers.set(feed.id, reader);
    if (sub._readers.size > MAX_EXECUTIONS) sub._finish(new FlowScriptError("too_many_subscriptions", "Too many executions"));
    return reader;
  }

  /** What the server is to filter by: no less than what all subscriptions to it want. */
  #filter(all) {
    const filter = {};
    if (all.length && all.every((sub) => sub.filter.types)) filter.types = [...new Set([...all.flatMap((sub) => sub.filter.types), ...LAST_EVENTS])];
    for (const name of ["nodes", "conflate", "maxEventsPerSecond"]) {
      if (new Set(all.map((sub) => toJson(sub.filter[name]))).size === 1) filter[name] = all[0].filter[name];
    }
    return filter;
  }

  get #wideSubs() {
    return [...this.#wide.values()].flatMap(({ subs }) => [...subs]);
  }

  _filterOf(feed) {
    return this.#filter([...[...feed._readers].map((reader) => reader._sub), ...this.#wideSubs]);
  }

  _filterOfWide(wide) {
    const wider = wide._scope.all ? [] : [...(this.#wide.get('{"all":true}')?.subs ?? [])];
    return this.#filter([...wide.subs, ...wider]);
  }

  /** Tells the server of filters that have become wider. */
  #refilter() {
    for (const feed of this.#feeds.values()) {
      if (feed._single && !feed._request && toJson(this._filterOf(feed)) !== feed._filterKey) this.#link._refilter(feed);
    }
    for (const wide of this.#wide.values()) {
      if (!wide._timer && toJson(this._filterOfWide(wide)) !== wide._filterKey) this.#link._wide(wide);
    }
  }

  /** Asks for what no reader gets yet. */
  #attach(feeds = this.#feeds.values()) {
    if (!this.#isUp) return;
    const asked = [];
    for (const feed of feeds) {
      const isOpen = !this.#link._takesWide || feed._isWanted || this.#window.has(feed);
      if ((isOpen || this.#window.size < BATCH) && feed.next()) {
        asked.push(feed);
        if (!isOpen) this.#window.add(feed);
      }
    }
    this.#link._attach(asked);
  }

  #forget(feed) {
    this.#link?._forget(feed);
    if (this.#window.delete(feed) && this.#window.size <= BATCH / 2) this.#attach();
  }

  /** Ends the server's subscription to one execution when nobody takes from it, or one to many takes over. */
  #relax(feed) {
    if (!this.#isUp || !feed._single || feed._request) return;
    const readers = [...feed._readers];
    if (readers.every((reader) => reader._sub._behind)) this.#forget(feed);
    else if (this.#link._takesWide && !feed._isWanted && !feed._ended && readers.every((reader) => reader._attached && reader._sub._wide._takes)) this.#forget(feed);
  }

  // ---- what the server says ----

  _receive(message) {
    this._log("<", message);
    const { type, data = {} } = message;
    const feed = this.#feeds.get(data.executionId);
    if (message.seq !== undefined) {
      if (feed) this.#event(feed, message);
      return;
    }
    switch (type) {
      case "subscribed":
        this.#subscribed(feed, message);
        break;
      case "execution_status":
        if (data.epoch !== undefined) this.#status(feed, message);
        this.#reply(message);
        break;
      case "events_missed":
      case "events_skipped":
        for (const reader of feed ? [...feed._readers] : []) {
          reader._miss(message);
          if (reader._sub._behind) this.#relax(feed);
        }
        break;
      case "position":
        if (feed) this.#position(feed, message);
        break;
      case "interaction_changed":
      case "interaction_gone":
      case "interactions_missed":
        this.#trigger();
        break;
      case "error":
        this.#refusal(message);
        break;
      case "connected":
        break;
      default:
        this.#progress();
        this.#reply(message);
    }
  }

  #event(feed, message) {
    this.#progress();
    this.#counts.events += 1;
    this.#counts.lag = Math.max(0, this._serverNow - message.timestamp);
    if (LAST_EVENTS.includes(message.type)) feed._ended = true;
    for (const reader of [...feed._readers]) {
      this.#counts.doubles += reader._take(message);
      if (reader._sub._behind) this.#relax(feed);
    }
    feed._high = Math.max(feed._high, message.seq);
  }

  #subscribed(feed, message) {
    const { data, replyTo } = message;
    for (const wide of this.#wide.values()) {
      if (replyTo !== wide.id || data.executionId !== undefined) continue;
      if (wide._since === Infinity) wide._since = message.timestamp;
      wide._refusals = 0;
      if (wide._takes) continue;
      wide._takes = true;
      for (const one of this.#feeds.values()) this.#relax(one);
    }
    const request = feed?._request;
    if (data.epoch === undefined) {
      // The execution does not exist yet, or there are many. Or it has ended, and nothing says where.
      if (!data.status || !request) return;
      feed._request = null;
      for (const reader of request._readers) {
        reader._attached = true;
        if (reader._sub._sink) reader._sub._sink(message);
        else reader._sub._ended(reader);
      }
      return this.#attach([feed]);
    }
    const isReply = request?.id && (replyTo === request.id || (replyTo === undefined && !this.#wide.size));
    if (!isReply && this.#wide.size) (feed ?? this.#feed(data.executionId))._announced = data;
    if (!feed) return;
    if (feed.epoch !== data.epoch) feed._high = 0;
    feed.epoch = data.epoch;
    if (isReply) {
      feed._request = null;
      feed._refusals = 0;
      // What is sent goes on from here, so a reader that is not so far yet asks for its place again.
      for (const reader of feed._readers) if (reader.seq < data.after) reader._attached = false;
    }
    feed._ended = ENDED.includes(data.status);
    const attached = isReply ? request._readers : [...feed._readers].filter((reader) => reader._attached);
    for (const reader of attached) {
      if (!feed._readers.has(reader)) continue;
      reader._attach(data);
      reader._sub._sink?.({ ...message, data: { ...data, after: data.after === undefined ? undefined : reader.seq } });
    }
    this.#finished(feed, attached, data);
    this.#attach([feed]);
    this.#relax(feed);
  }

  /** An execution that has ended, and of which a reader has all, has no more for it. */
  #finished(feed, readers, { status, latest, epoch }) {
    if (!ENDED.includes(status)) return;
    for (const reader of [...readers]) {
      if (reader._attached && !reader._forked && !reader._sub._behind && reader.epoch === epoch && reader.seq >= latest) {
        if (!reader._sub._sink) reader._sub._ended(reader);
      }
    }
  }

  #status(feed, message) {
    const { data } = message;
    if (!feed) return;
    const { _announced: announced } = feed;
    feed._announced = null;
    feed.workflowId = data.workflowId;
    for (const reader of feed._readers) {
      const { _sub: sub } = reader;
      if (sub._sink) sub._sink(message);
      else if (sub instanceof Execution) {
        sub.status = data;
        sub.emit("execution_status", message);
      }
    }
    for (const wide of this.#wide.values()) {
      for (const sub of wide.subs) {
        if (sub._readers.has(feed.id) || !sub._covers(feed.id, data.workflowId)) continue;
        if (sub.done.has(`${data.epoch} ${feed.id}`) || (!announced && (feed._request || ENDED.includes(data.status)))) continue;
        const began = data.startTime >= wide._since; // while nobody told us
        const after = announced ? (announced.after ?? 0) : feed._high;
        if (ENDED.includes(data.status) && after >= data.latest && !began) continue;
        if (sub._sink) {
          sub._sink({ ...message, type: "subscribed", data: { ...(announced ?? data), after: began ? 0 : after } });
          sub._sink(message);
        }
        this.#read(sub, feed, { epoch: data.epoch, seq: began ? 0 : after })._attached = !began || after === 0;
      }
    }
    if (!feed._readers.size) this.#feeds.delete(feed.id);
    else this.#attach([feed]);
  }

  #position(feed, { data }) {
    for (const reader of feed._readers) {
      if (reader._isIdle || reader.epoch !== data.epoch) continue;
      reader.seq = Math.max(reader.seq, data.seq);
      reader._sub._sink?.({ type: "position", timestamp: this._clock.now(), data });
    }
    // With `nodes`, the last event does not pass. Subscribing again tells whether it was.
    const now = this._clock.now();
    if (feed._single && !feed._request && this._filterOf(feed).nodes && now - feed._asked >= 5_000) {
      feed._asked = now;
      this.#link._refilter(feed);
    }
  }

  #refusal(message) {
    const { code, message: text, details, executionId } = message.data;
    const error = new FlowScriptError(code, text, message.data);
    const wide = [...this.#wide.values()].find((one) => one.id === message.replyTo);
    const named = this.#feeds.get(details?.executionId ?? executionId);
    // What names no execution is for all that were asked for together.
    const feeds = (named ? [named] : [...this.#feeds.values()]).filter(({ _request }) => (message.replyTo ? _request?.id === message.replyTo : named));
    const passes = TRY_AGAIN.includes(code);
    if (this.#commands.has(message.replyTo)) this.#reply(message);
    else if (feeds.length) {
      for (const feed of feeds) {
        const readers = [...(feed._request?._readers ?? feed._readers)];
        feed._request = null;
        if (passes) {
          for (const reader of readers) reader._attached = false;
          feed._request = {}; // so that nobody asks before the timer does
          this.#later(feed, () => {
            feed._request = null;
            this.#attach([feed]);
          });
        } else for (const reader of readers) this.#refuse(reader, error);
      }
      this.#attach(feeds);
    } else if (wide && passes) this.#later(wide, () => this.#link._wide(wide));
    else if (wide || code === "too_many_subscriptions") {
      for (const sub of wide ? [...wide.subs] : this.#wideSubs) sub._finish(error);
    } else this.emit("error", error);
  }

  /** Asks again for what was refused for now, if the link is still the same. */
  #later(one, ask) {
    this._clock.clear(one._timer);
    one._timer = this._clock.set(() => {
      one._timer = null;
      ask();
    }, this.#jitter(++one._refusals));
  }

  /** One execution is refused: that ends a subscription to it alone. One to many goes on without it, and is told the gap. */
  #refuse(reader, error) {
    const { _sub: sub, feed, epoch, seq } = reader;
    const { id: executionId } = feed;
    if (!sub._wide) sub._finish(error);
    else if (feed._readers.has(reader)) {
      if (sub._sink) sub._sink({ type: "error", data: { ...error.data, executionId } });
      else if (epoch && !sub._offer({ type: "events_missed", timestamp: this._serverNow, data: { executionId, epoch, from: seq + 1 } }, reader)) return; // until there is room
      this._drop(reader);
    }
  }

  // ---- commands: each has an id, and is carried out once however often it is sent ----

  #command(type, data, { signal, id = newId() } = {}, ownId = false) {
    return this._request(type, data, id, signal).then((reply) => {
      const { data: said = {} } = reply;
      if (reply.type === "resume_error") throw new AnswerError(said.code, said.error, said);
      if (reply.type !== "error") return reply;
      // The id of the execution is new: if it exists, this command has made it.
      if (ownId && said.code === "execution_exists") return { type: "execution_status", data: { executionId: data.executionId } };
      throw new FlowScriptError(said.code, said.message, said);
    });
  }

  /** Sends a request until it has a reply, and gives that as it came. */
  _request(type, data, id, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#commands.size >= this._options.queue) {
        return reject(new FlowScriptError("queue_full", "Too many commands"));
      }
      if (this.#commands.has(id)) return reject(new FlowScriptError("idempotency_conflict", "This id is in use"));
      const abort = () => {
        this.#settle(command);
        reject(signal.reason);
      };
      const command = { type, data, id, resolve, reject, sent: false, tries: 0, timer: null, done: () => signal?.removeEventListener("abort", abort) };
      signal?.addEventListener("abort", abort, { once: true });
      this.#commands.set(id, command);
      this.#begin();
      this.#send(command);
    });
  }

  #send(command) {
    if (!this.#isUp || command.sent || command.timer !== null) return;
    command.sent = true;
    command.tries += 1;
    this.#link.command(command);
  }

  #reply(message) {
    const command = this.#commands.get(message.replyTo);
    if (!command) return;
    const code = message.data?.code;
    if (TRY_AGAIN.includes(code) && command.tries < MAX_TRIES) {
      command.sent = false;
      command.timer = this._clock.set(() => {
        command.timer = null;
        this.#send(command);
      }, Math.max(message.retryAfter ?? 0, this.#jitter(command.tries)));
      return;
    }
    this.#settle(command);
    command.resolve(message);
    if (["resume_success", "claimed", "released"].includes(message.type)) this.#trigger();
    this.#rest();
  }

  #settle(command) {
    command._over = true;
    this._clock.clear(command.timer);
    command.done();
    this.#commands.delete(command.id);
  }

  /** The server's time of day, as far as it is known. */
  get _serverNow() {
    return this._clock.now() + this.#offset;
  }

  // ---- the live inbox ----

  _watch(owner, filter, changed) {
    this.#watchers.set(owner, { filter, changed });
    this.#begin();
    this.#watchUp();
  }

  _unwatch(owner) {
    if (!this.#watchers.delete(owner)) return;
    this.#watchUp();
    this.#rest();
  }

  /** One live list serves all: with the filter that all have, else without one. A change of it lists again. */
  #watchUp() {
    if (!this.#isUp) return;
    const filters = new Set([...this.#watchers.values()].map(({ filter }) => toJson(filter)));
    const wanted = !filters.size ? null : filters.size === 1 ? [...filters][0] : "{}";
    if (wanted !== this.#live) {
      this.#live = wanted;
      this.#link._live(wanted && JSON.parse(wanted));
    }
    this.#trigger();
  }

  #trigger() {
    for (const { changed } of [...this.#watchers.values()]) changed();
    this._clock.clear(this.#triggerTimer);
    // The server does not tell of a question that goes before it has told that it came, but a page can have had it.
    if (this.#watchers.size && this.#isUp) this.#triggerTimer = this._clock.set(() => this.#trigger(), this.#link._takesWide ? UNTOLD_MILLIS : this._options.inboxPollMillis);
  }

  // ---- the connection ----

  get #isUp() {
    return this.#link?._isUp;
  }

  /** The transports that there are here, the best first. */
  get #transports() {
    const { transports, WebSocket } = this._options;
    const usable = transports.filter((kind) => kind !== "websocket" || WebSocket);
    return usable.length ? usable : ["poll"];
  }

  #newLink(kind) {
    return new (kind === "websocket" ? SocketLink : HttpLink)(this, kind, this.#url);
  }

  async #open() {
    this._clock.clear(this.#timer);
    this.#set("connecting");
    const kind = this.#transports[this.#level % this.#transports.length];
    const turn = (this.#turn = {});
    try {
      await this._authorize();
    } catch (error) {
      if (this.#turn === turn) this.#end(new ConnectionError("unauthorized", `No credentials: ${error.message}`));
      return;
    }
    if (this.#turn !== turn || this.state !== "connecting") return;
    this.#link = this.#newLink(kind);
    this.#link.open();
  }

  /** Gets the credentials: before each connection, and anew when they were refused or are about to expire. */
  async _authorize(refused = this.#refused) {
    if (!this._options.credentials) return;
    this._token = await this._options.credentials({ refused });
    this.#refused = false;
  }

  get _headers() {
    const token = this._token;
    return typeof token === "string" ? { Authorization: `Bearer ${token}` } : token?.headers;
  }

  /** A link is connected: everything goes on over it. */
  _up(link, timestamp) {
    if (link === this.#probe) {
      this.#probe = null;
      this.#link.stop();
      this.#link = link;
      this.#level = this.#transports.indexOf(link._kind);
    } else if (link !== this.#link) return;
    this.transport = link._kind;
    this.#failures = 0;
    this.#counts.connects += 1;
    if (timestamp) this.#offset = timestamp - this._clock.now();
    this._clock.clear(this.#stableTimer);
    this.#stableTimer = this._clock.set(() => this.#progress(), this._options.stableMillis);
    this.#lost();
    this.#set("online");
    this.#attach();
    for (const wide of this.#wide.values()) link._wide(wide);
    for (const ack of this.#acks.values()) link.ack(ack);
    for (const command of this.#commands.values()) this.#send(command);
    this.#watchUp();
    this.#planUpgrade();
    this.#rest();
  }

  /** Nothing is under way at the server any more. */
  #lost() {
    this.#window.clear();
    for (const wide of this.#wide.values()) {
      this._clock.clear(wide._timer);
      wide._timer = wide._takes = null;
    }
    for (const feed of this.#feeds.values()) {
      this._clock.clear(feed._timer);
      feed._request = null;
      feed._single = false;
      for (const reader of feed._readers) reader._attached = false;
    }
    this.#live = null;
    for (const command of this.#commands.values()) command.sent = false;
  }

  /** The connection has shown that it works, so the next loss begins with a short wait. */
  #progress() {
    this.#attempt = this.#unauthorized = 0;
  }

  #jitter(attempt) {
    const { random, backoffBase, backoffCap } = this._options;
    return random() * Math.min(backoffCap, backoffBase * 2 ** attempt);
  }

  /** A link has ended. @param error why; `data.closeCode` of a WebSocket; `data.retryAfter` in milliseconds */
  _down(link, error, wasUp) {
    if (link === this.#probe) {
      this.#probe = null;
      if (this.#link?._kind === "poll" && this.#transports.includes("sse")) this.#switchTo("sse");
      else this.#planUpgrade();
      return;
    }
    if (link !== this.#link) return;
    this.#link = null;
    this.#lost();
    this.#clearTimers();
    if (FINAL_CODES.includes(error.data.closeCode) || error.code === "forbidden") return this.#end(error);
    this.#refused = error.data.closeCode === 4401; // the login has expired
    if (error.code === "unauthorized") {
      this.#unauthorized += 1;
      if (!this._options.credentials || this.#unauthorized > 1) return this.#end(error);
      this.#refused = true;
      return void this.#open();
    }
    this.error = error;
    if (!this.#hasWork) return this.#set("idle");
    if (!wasUp && ++this.#failures >= this._options.fallbackAfter) {
      this.#failures = 0;
      this.#level = (this.#level + 1) % this.#transports.length;
    }
    this.#set("waiting");
    const wait = Math.max(error.data.retryAfter ?? 0, this.#jitter(this.#attempt++));
    this.#timer = this._clock.set(() => this.#open(), wait);
  }

  #clearTimers() {
    for (const timer of [this.#timer, this.#idleTimer, this.#stableTimer, this.#upgradeTimer, this.#triggerTimer]) this._clock.clear(timer);
    this.#probe?.stop();
    this.#probe = null;
  }

  /** Tries the best transport again from time to time, while the present one goes on. */
  #planUpgrade() {
    this._clock.clear(this.#upgradeTimer);
    if (!this.#link || this.#link._kind === this.#transports[0]) {
      this.#upgrades = 0;
      return;
    }
    const { upgradeMillis, upgradeCapMillis, random } = this._options;
    const wait = Math.min(upgradeCapMillis, upgradeMillis * 2 ** this.#upgrades++) * (0.5 + random() / 2);
    this.#upgradeTimer = this._clock.set(() => {
      if (!this.#isUp) return;
      if (this.#transports[0] !== "websocket") this.#switchTo(this.#transports[0]);
      else {
        this.#probe = this.#newLink("websocket");
        this.#probe.open();
      }
    }, wait);
  }

  #switchTo(kind) {
    this.#halt("connecting");
    this.#level = this.#transports.indexOf(kind);
    this.#open();
  }

  get #hasWork() {
    return this.#subs.size > 0 || this.#commands.size > 0 || this.#watchers.size > 0;
  }

  /** Disconnects a while after the last subscription and command, so that a script can end. */
  #rest() {
    this._clock.clear(this.#idleTimer);
    if (this.#hasWork || this.state === "closed") return;
    this.#idleTimer = this._clock.set(() => this.#hasWork || this.#halt("idle"), this._options.idleMillis);
  }

  #halt(state) {
    const link = this.#link;
    this.#link = null;
    this.#turn = null;
    link?.stop();
    this.#lost();
    this.#clearTimers();
    this.#set(state);
  }

  #end(error, failure = error) {
    this.error = failure ?? this.error;
    this.#halt("closed");
    this._clock.clear(this.#hiddenTimer);
    for (const unhook of this.#unhook.splice(0)) unhook();
    for (const command of [...this.#commands.values()]) {
      this.#settle(command);
      command.reject(error);
    }
    for (const live of [...this.#subs, ...this.#watchers.keys()]) {
      if (live instanceof Live) live._finish(failure);
    }
    this.#watchers.clear();
    this.#acks.clear();
    if (failure) this.emit("error", failure);
  }

  #set(state) {
    if (this.state === state && state !== "online") return;
    this.state = state;
    this._log("=", { state, transport: this.transport, error: this.error?.message });
    this.emit("state", { state, transport: this.transport, error: this.error });
  }

  /** The connection behind a shared one has another state, or another transport. */
  _shared({ state, transport }) {
    if (!this.#isUp) return;
    this.transport = transport;
    this.#set(state);
  }

  /** The round trip of a ping, and the server's clock. */
  _measured(millis, timestamp) {
    this.#counts.latency = millis;
    if (timestamp) this.#offset = timestamp - this._clock.now() + millis / 2;
  }

  _log(direction, message) {
    if (this.#debug) (typeof this.#debug === "function" ? this.#debug : console.debug)("flowscript", direction, message);
  }

  /** A page that is hidden for a while is disconnected; it catches up when it is seen again. */
  #hook() {
    const listen = (target, type, run) => {
      target.addEventListener?.(type, run);
      this.#unhook.push(() => target.removeEventListener?.(type, run));
    };
    const page = this._options.document ?? globalThis.document;
    listen(this._options.window ?? globalThis, "online", () => this._wake());
    if (!page) return;
    const pause = () => {
      if (this.#commands.size) this.#hiddenTimer = this._clock.set(pause, 1_000);
      else if (this.state !== "idle" && this.state !== "closed") this.#halt("paused");
    };
    listen(page, "visibilitychange", () => {
      this._clock.clear(this.#hiddenTimer);
      if (!page.hidden) this._wake();
      else if (this._options.hiddenMillis !== Infinity) this.#hiddenTimer = this._clock.set(pause, this._options.hiddenMillis);
    });
  }

  /** Waits no longer. What is up is asked for a sign of life; a shared connection then tries at once, too. */
  _wake() {
    const { state } = this;
    if (this.#isUp) this.#link._check();
    else if (state === "waiting" || (state === "paused" && this.#hasWork)) this.#open();
    else if (state === "paused") this.#set("idle");
  }
}

/** A WebSocket: its handshake, its signs of life, and its messages. */
class SocketLink {
  _takesWide = true;
  _isUp = false;
  #client;
  #clock;
  #options;
  #url;
  #socket = null;
  #timer = null;
  #heard = 0;
  #pinged = 0;
  #pingId = "";
  #renewalId = "";
  #renewal;
  #heartbeat = 30_000;
  #maxBytes = Infinity;
  #acks = new Map();
  #ackTimer = null;
  #over = false;

  constructor(client, kind, url) {
    this.#client = client;
    this.#clock = client._clock;
    this.#options = client._options;
    this._kind = kind;
    this.#url = url;
  }

  get shared() {
    return this.#socket instanceof SharedSocket;
  }

  open() {
    const { _token: token } = this.#client;
    const protocols = [SUBPROTOCOL];
    let url = `${this.#url.replace(/^http/, "ws")}/ws`;
    if (typeof token === "string") protocols.push(`flowscript.bearer.${encode(token).replaceAll("(", "%28").replaceAll(")", "%29")}`);
    else if (token) {
      protocols.push(...(token.protocols ?? []));
      if (token.query) url += `?${new URLSearchParams(token.query)}`;
    }
    this.#set(this.#options.connectMillis, () => this.#fail("timeout", "No answer"));
    try {
      this.#socket = this.#options.SharedWorker ? new SharedSocket(this.#client, this.#url, token) : new this.#options.WebSocket(url, protocols);
    } catch (error) {
      return this.#fail("unreachable", `No connection: ${error.message}`);
    }
    this.#socket.onmessage = (frame) => this.#receive(frame.data);
    this.#socket.onerror = () => {};
    this.#socket.onclose = ({ code, reason }) => this.#fail(this._isUp ? "connection_lost" : "unreachable", `Closed: ${code} ${reason}`, code);
  }

  #set(millis, run) {
    this.#clock.clear(this.#timer);
    this.#timer = this.#clock.set(run, millis);
  }

  #fail(code, text, closeCode) {
    if (this.#over) return;
    const wasUp = this._isUp;
    this.stop();
    this.#client._down(this, new ConnectionError(code, text, { closeCode }), wasUp);
  }

  stop() {
    if (this.#over) return;
    if (this._isUp) this.#sendAcks(); // there may be no next link
    this.#over = true;
    this._isUp = false;
    this.#clock.clear(this.#ackTimer);
    this.#clock.clear(this.#timer);
    this.#clock.clear(this.#renewal);
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    try {
      this.#socket.close(1000);
    } catch {
      // it is gone
    }
  }

  #receive(text) {
    this.#heard = this.#clock.now();
    if (this.#pinged) this.#watch(); // whatever comes is a sign of life
    for (const line of text.split("\n")) {
      if (this.#over) return;
      if (!line) continue;
      let message;
      try {
        message = JSON.parse(line);
      } catch {
        return this.#fail("invalid_json", "No JSON");
      }
      if (message.type === "pong" && message.replyTo === this.#pingId) this.#client._measured(this.#heard - this.#pinged, message.timestamp);
      else if (message.type === "connected" && !this._isUp) this.#connected(message);
      else if (message.type === "authenticated") this.#renew(message.data.expiresAt);
      else if (message.replyTo === this.#renewalId) continue; // it was refused
      else if (message.type === "state") this.#client._shared(message.data);
      else this.#client._receive(message);
    }
  }

  #connected({ timestamp, data }) {
    this._isUp = true;
    this.#heartbeat = data.heartbeatMillis;
    this.#maxBytes = data.maxMessageBytes;
    this.#client._up(this, timestamp);
    if (!this._isUp) return;
    this._check();
    this.#renew(data.expiresAt);
  }

  /** Renews a login in the last part of its time. What fails is tried again in the time that is left, a few times; then the server closes. */
  #renew(expiresAt) {
    const { _serverNow: now } = this.#client;
    this.#clock.clear(this.#renewal);
    const left = Math.min(expiresAt - now, 2e9); // what a timer takes
    if (!(left > 200) || typeof this.#client._token !== "string") return;
    this.#renewal = this.#clock.set(async () => {
      await this.#client._authorize(true).catch(() => {});
      if (this.#over) return;
      this.#renewalId = this.#ask("authenticate", { token: this.#client._token });
      this.#renew(expiresAt);
    }, left - Math.min(60_000, left / 4) * (1 + this.#options.random()));
  }

  /** Asks for a sign of life now. Without one, the connection is taken for lost: the network may have gone without a word. */
  _check() {
    if (this.#pinged > this.#heard) return; // it is being waited for
    this.#pinged = this.#clock.now();
    this.#pingId = this.#ask("ping", {});
    this.#set(this.#options.pongMillis, () => this.#fail("heartbeat_missed", "No sign of life"));
  }

  /** Asks again when nothing was heard for as long as the server's heartbeat. */
  #watch() {
    const quiet = this.#clock.now() - this.#heard;
    if (this._isUp) this.#set(Math.max(1, this.#heartbeat - quiet), () => (this.#clock.now() - this.#heard >= this.#heartbeat ? this._check() : this.#watch()));
  }

  #write(message) {
    const text = toJson(message);
    if (text.length * 3 > this.#maxBytes && new TextEncoder().encode(text).length > this.#maxBytes) return false;
    this.#client._log(">", message);
    try {
      this.#socket.send(text);
    } catch {
      // its close is on the way, and everything is sent again
    }
    return true;
  }

  #ask(type, data, id = newId()) {
    this.#write({ type, id, data });
    return id;
  }

  command({ type, id, data }) {
    if (!this.#write({ type, id, data })) {
      this.#client._receive({ type: "error", replyTo: id, data: { code: "message_too_large", message: "Too large" } });
    }
  }

  ack(ack) {
    keep(this.#acks, ack);
    if (!this.#ackTimer) this.#sendAcks();
  }

  /** At most once in a while, so that no command waits behind many. */
  #sendAcks() {
    this.#clock.clear(this.#ackTimer);
    this.#ackTimer = null;
    if (!this.#acks.size) return;
    for (const data of this.#acks.values()) this.#write({ type: "ack", data });
    this.#acks.clear();
    this.#ackTimer = this.#clock.set(() => this.#sendAcks(), ACK_MILLIS);
  }

  _live(filter) {
    if (filter) this.#ask("interactions", { ...filter, limit: 1, live: true });
    else this._unsubscribe({ interactions: true });
  }

  _wide(wide) {
    const filter = this.#client._filterOfWide(wide);
    wide._filterKey = toJson(filter);
    wide.id = this.#ask("subscribe", { ...wide._scope, ...filter });
  }

  _unsubscribe(scope) {
    this.#ask("unsubscribe", scope);
  }

  /** Subscribes to executions from their places, many in one message. */
  _attach(feeds) {
    const groups = new Map();
    for (const feed of feeds) {
      feed._single = true;
      feed._filterKey = toJson(this.#client._filterOf(feed));
      if (!groups.has(feed._filterKey)) groups.set(feed._filterKey, []);
      groups.get(feed._filterKey).push(feed);
    }
    for (const group of groups.values()) {
      for (let i = 0; i < group.length; i += BATCH) {
        const part = group.slice(i, i + BATCH);
        const id = newId();
        const places = part.map((feed) => {
          feed._request.id = id;
          return { executionId: feed.id, after: feed._request.after || 0 };
        });
        const filter = JSON.parse(part[0]._filterKey);
        this.#ask("subscribe", { ...(places.length === 1 ? places[0] : { executions: places }), ...filter }, id);
      }
    }
  }

  /** Gives a subscription another filter, without moving it. */
  _refilter(feed) {
    feed._filterKey = toJson(this.#client._filterOf(feed));
    this.#ask("subscribe", { executionId: feed.id, ...JSON.parse(feed._filterKey) });
  }

  _forget(feed) {
    if (!feed._single || !this._isUp) return;
    feed._single = false;
    feed._request = null;
    this._unsubscribe({ executionId: feed.id });
  }
}

/** Server-sent events or long polls for what comes, and REST for what is sent. */
class HttpLink {
  _takesWide = false;
  _isUp = false;
  #client;
  #clock;
  #options;
  #url;
  #over = new AbortController();
  /** What ends the stream of each execution that is followed. */
  #feeds = new Map();
  #streams;
  #hasStreamed = false;
  #polling = false;
  /** Whether requests may be kept open. */
  #holds;
  #commands = [];
  #acks = new Map();
  #sending = false;

  constructor(client, kind, url) {
    this.#client = client;
    this.#clock = client._clock;
    this.#options = client._options;
    this._kind = kind;
    this.#url = url;
    this.#streams = kind === "sse";
  }

  async open() {
    const claim = this.#claim();
    try {
      const response = await this.#fetch("GET", "/health");
      const { timestamp } = await response.json().catch(() => ({}));
      const problem = !timestamp && (await this.#problem(response)); // a server with a failure of its own tells the time
      this.#holds = await claim;
      if (this.#over.signal.aborted) return;
      if (problem) throw problem;
      if (!this.#holds) {
        this._kind = "poll"; // until the next attempt at something better
        this.#streams = false;
      }
      this._isUp = true;
      this.#client._up(this, Date.parse(timestamp));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A browser opens few connections to one server for all tabs together: only one tab keeps requests open, so that all can send theirs. */
  #claim() {
    const { document = globalThis.document, locks = globalThis.navigator?.locks } = this.#client._options;
    if (!document || !locks) return !document;
    const { signal } = this.#over;
    return new Promise((resolve) => {
      locks
        .request(`flowscript ${new URL(this.#url).host}`, { ifAvailable: true }, (lock) => {
          resolve(lock);
          return lock && !signal.aborted && new Promise((release) => signal.addEventListener("abort", release));
        })
        .catch(() => resolve());
    });
  }

  stop() {
    this._isUp = false;
    this.#over.abort();
    for (const end of this.#feeds.values()) end.abort();
    this.#feeds.clear();
  }

  #fail(error) {
    if (this.#over.signal.aborted) return;
    const wasUp = this._isUp;
    this.stop();
    this.#client._down(this, error instanceof ConnectionError ? error : new ConnectionError("unreachable", `No connection: ${error.message}`), wasUp);
  }

  /** Sends a request, with a limit of time until `finished` is called, or at once when the reply is whole. */
  async #fetch(method, path, { headers = {}, body, signal, millis } = {}) {
    const end = new AbortController();
    const stop = () => end.abort();
    const signals = headers.Accept ? [signal] : [this.#over.signal, signal].filter(Boolean); // a stream ends with its own
    for (const one of signals) {
      if (one.aborted) stop();
      one.addEventListener("abort", stop);
    }
    const timer = this.#clock.set(stop, millis ?? this.#options.requestMillis);
    try {
      const response = await this.#options.fetch(this.#url + path, {
        method,
        headers: { ...this.#client._headers, ...headers, ...(body && { "Content-Type": "application/json" }) },
        body: toJson(body),
        credentials: "same-origin",
        cache: "no-store",
        signal: end.signal,
        ...this.#options.fetchOptions,
      });
      if (headers.Accept) return response; // a stream; its silence is watched by its reader
      const text = await response.text();
      return { status: response.status, headers: response.headers, json: async () => JSON.parse(text) };
    } finally {
      this.#clock.clear(timer);
      if (!headers.Accept) for (const one of signals) one.removeEventListener("abort", stop);
    }
  }

  /**
   * How FlowScript refuses a request; null when it does not.
   * @throws {ConnectionError} when it does not know the client, or something else has answered, as while a server or a proxy restarts
   */
  async #problem(response) {
    const { status, headers } = response;
    if (status < 300) return null;
    const said = await response.json().catch(() => ({}));
    const data = { ...said, status, retryAfter: 1000 * (Number(headers.get("Retry-After")) || 0) };
    const code = typeof said.code === "string" ? said.code : (MEANINGS[status] ?? "http_error");
    const problem = new ConnectionError(code, said.detail ?? `Status ${status}`, data);
    if (code === "http_error" || code === "unauthorized") throw problem;
    return problem;
  }

  /** Tells the client of an execution what the server of a WebSocket would. */
  #say(type, feed, data) {
    this.#client._receive({ type, replyTo: feed._request?.id, timestamp: this.#clock.now(), data: { ...data, executionId: feed.id } });
  }

  _check() {}

  _live() {}

  /** New executions are found when there is a WebSocket again; those that are known go on. */
  _wide() {}

  _unsubscribe() {}

  _refilter(feed) {
    feed._filterKey = toJson(this.#client._filterOf(feed));
    if (this.#streams) this.#stream(feed);
    else this.#feeds.get(feed)?.abort();
  }

  _forget(feed) {
    feed._single = false;
    feed._request = null;
    const end = this.#feeds.get(feed);
    this.#feeds.delete(feed);
    end?.abort();
  }

  _attach(feeds) {
    for (const feed of feeds) {
      feed._single = true;
      feed._filterKey = toJson(this.#client._filterOf(feed));
      if (this.#streams && this.#feeds.size >= MAX_STREAMS && !this.#feeds.has(feed)) this.#pollInstead();
      if (this.#streams) this.#stream(feed);
      else this.#poll(feed);
    }
  }

  #path(feed, query) {
    const { types, nodes } = JSON.parse(feed._filterKey);
    const after = feed._request ? feed._request.after : feed._cursor;
    if (after) query.after = after;
    if (types) query.types = types.join(",");
    if (nodes) query.nodes = nodes.join(",");
    return `/executions/${encode(feed.id)}/events?${new URLSearchParams(query)}`;
  }

  // ---- streams ----

  async #stream(feed) {
    this.#feeds.get(feed)?.abort();
    const end = new AbortController();
    this.#feeds.set(feed, end);
    const { signal } = end;
    let reader = null;
    let timer = null;
    try {
      const response = await this.#fetch("GET", this.#path(feed, {}), { headers: { Accept: "text/event-stream" }, signal, millis: this.#options.connectMillis });
      if (signal.aborted || this.#over.signal.aborted) return void response.body?.cancel().catch(() => {});
      if (response.status === 204) return this.#nothingMore(feed);
      const problem = await this.#problem(response);
      if (problem) return await this.#refused(feed, problem, signal);
      reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      signal.addEventListener("abort", () => reader.cancel().catch(() => {}), { once: true });
      let text = "";
      while (true) {
        timer = this.#clock.set(() => end.abort(), text === "" && !feed._cursor ? this.#options.connectMillis : this.#options.silenceMillis);
        const { value, done } = await reader.read();
        this.#clock.clear(timer);
        if (this.#over.signal.aborted || this.#feeds.get(feed) !== end) return;
        if (done) break;
        this.#hasStreamed = true;
        text += value;
        if (text.length > MAX_TEXT) throw new ConnectionError("message_too_large", "Too large");
        const blocks = text.split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          if (this.#feeds.get(feed) !== end) return;
          this.#block(feed, block);
        }
      }
      // The server has ended the stream: after the last event, or to be asked again.
      if (this.#feeds.get(feed) === end) throw new ConnectionError("connection_lost", "The stream has ended");
    } catch (error) {
      if (this.#feeds.get(feed) === end) {
        if (this.#hasStreamed) this.#fail(error);
        else this.#pollInstead();
      }
    } finally {
      this.#clock.clear(timer);
      reader?.cancel().catch(() => {});
    }
  }

  #block(feed, block) {
    let id;
    let data = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("id: ")) id = line.slice(4);
      if (line.startsWith("data: ")) data += line.slice(6);
    }
    if (id !== undefined) feed._cursor = id;
    if (!data) return;
    const message = JSON.parse(data);
    if (message.type === "error") throw new ConnectionError(message.data.code, message.data.message, { retryAfter: 1000 });
    if (message.type === "subscribed" && feed._request) message.replyTo = feed._request.id;
    this.#client._receive(message);
  }

  /** There are too many streams, or none comes through, as behind a proxy that waits for the end of each answer. */
  #pollInstead() {
    this.#streams = false;
    for (const feed of this.#feeds.keys()) this.#poll(feed);
  }

  /** The execution has ended, and the position is behind its last event. */
  #nothingMore(feed) {
    const after = feed._request?.after || feed._cursor;
    const { epoch, seq } = after === "latest" ? {} : toPosition(after);
    this.#feeds.delete(feed);
    this.#say("subscribed", feed, { epoch, after: seq, latest: seq, status: ENDED[0] });
  }

  /** An execution that does not exist may begin yet; other refusals are for this execution or for the whole link. */
  async #refused(feed, problem, signal) {
    const { status } = problem.data;
    if (problem.code === "execution_not_found" && !feed.epoch && this.#clock.now() - feed._since < NOT_FOUND_MILLIS) {
      // Alone, it is not polled at once again. With others, it does not hold them up.
      if (this.#streams || this.#feeds.size === 1) await this.#pause(1_000, signal);
      if (!signal.aborted && this.#streams) this.#stream(feed);
    } else if (status === 429 || status >= 500) throw problem;
    else this.#say("error", feed, { ...problem.data, code: problem.code, message: problem.message });
  }

  #pause(millis, signal) {
    return new Promise((resolve) => {
      const timer = this.#clock.set(resolve, millis);
      signal.addEventListener("abort", () => (this.#clock.clear(timer), resolve()), { once: true });
    });
  }

  // ---- polls: one after the other, so that they take one connection ----

  #poll(feed) {
    this.#feeds.get(feed)?.abort();
    this.#feeds.set(feed, new AbortController());
    for (const [other, end] of this.#feeds) if (other !== feed) end.abort(); // the present poll waits no longer
    if (!this.#polling) this.#polls();
  }

  async #polls() {
    this.#polling = true;
    try {
      while (this.#feeds.size && !this.#over.signal.aborted) {
        const wait = this.#feeds.size === 1 && this.#holds ? this.#options.pollSeconds : 0;
        let got = 0;
        for (const feed of [...this.#feeds.keys()]) {
          if (this.#feeds.has(feed)) got += await this.#pollOnce(feed, wait);
          if (this.#over.signal.aborted) return;
        }
        if (!wait && !got) await this.#pause(this.#options.pollMillis, this.#over.signal);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#polling = false; // at once, so that an execution that is added now begins the next round
    }
  }

  /** @returns how many messages came */
  async #pollOnce(feed, wait) {
    const end = new AbortController();
    this.#feeds.set(feed, end);
    const request = feed._request;
    let response;
    try {
      // Without a place yet, the reply says where the execution stands; it is not waited for.
      response = await this.#fetch("GET", this.#path(feed, { wait: request ? 0 : wait, limit: 500 }), { signal: end.signal, millis: this.#options.requestMillis + wait * 1000 });
    } catch (error) {
      if (end.signal.aborted) return 1; // another execution was added, or this one is not followed any more
      throw error;
    }
    if (this.#over.signal.aborted || !this.#feeds.has(feed) || feed._request !== request) return 1;
    const problem = await this.#problem(response);
    if (problem) {
      await this.#refused(feed, problem, end.signal);
      return 0;
    }
    const { events, next, terminal } = await response.json();
    const at = toPosition(next);
    if (request) {
      const gone = events[0]?.type === "events_missed" && events[0].data.epoch !== at.epoch;
      const after = request.after === "latest" ? at.seq : gone ? undefined : request.after ? toPosition(request.after).seq : 0;
      this.#say("subscribed", feed, { epoch: at.epoch, after });
    }
    for (const message of events) this.#client._receive(message);
    if (feed._request) return 1; // another place comes next
    feed._cursor = next;
    this.#say("position", feed, at);
    if (terminal && this.#feeds.has(feed)) {
      for (const reader of [...feed._readers]) if (!reader._isIdle && reader.seq >= at.seq) reader._sub._ended(reader);
    }
    return events.length;
  }

  // ---- commands, and after them what people have seen: one after the other ----

  command(command) {
    this.#commands = this.#commands.filter(({ _over: over }) => !over); // so that no more wait than the client takes
    this.#commands.push(command);
    this.#send();
  }

  ack(ack) {
    if (!ack.epoch) return;
    keep(this.#acks, ack);
    this.#send();
  }

  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this._isUp) {
        const command = this.#commands.shift();
        const [ack] = this.#acks.values();
        if (command) {
          if (!command._over) await this.#carryOut(command);
        } else if (ack) {
          const { executionId, seq, epoch } = ack;
          this.#acks.delete(executionId);
          await this.#problem(await this.#fetch("POST", `/executions/${encode(executionId)}/ack`, { body: { position: `${epoch}:${seq}` } }));
        } else break;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#sending = false; // at once, so that what comes now is sent
    }
  }

  async #carryOut({ type, id, data }) {
    const response = await (type === "interactions" ? this.#fetch("GET", `/interactions?${inboxQuery(data)}`) : this.#post(type, id, data));
    if (!this._isUp) return;
    const problem = await this.#problem(response);
    const body = problem ? millisOf(problem.data) : await response.json();
    const message = { replyTo: id, timestamp: this.#clock.now(), retryAfter: body.retryAfter };
    if (problem) {
      const { code, message: text } = problem;
      const isAnswer = type === "resume" && (body.violations || body.by || /^(stale|expired|already_|validation_)/.test(code));
      Object.assign(message, { type: isAnswer ? "resume_error" : "error", data: { ...body, code, message: text, error: text } });
    } else Object.assign(message, REPLIES[type](body, data));
    this.#client._receive(message);
  }

  #post(type, id, data) {
    const { executionId, workflowId, ...rest } = data;
    const path = type === "execute" ? `/workflows/${encode(workflowId)}/execute` : `/executions/${encode(executionId)}/${type}`;
    return this.#fetch("POST", path, { headers: { "Idempotency-Key": id }, body: type === "execute" ? { executionId, ...rest } : rest });
  }
}

/** The replies of REST as those of the WebSocket: times are milliseconds. */
const REPLIES = {
  execute: ({ status, message, ...data }) => ({ type: "execution_status", data }),
  cancel: ({ message, ...data }) => ({ type: "execution_status", data }),
  resume: ({ executionId, closes }, { nodeId, tokenId }) => ({ type: "resume_success", data: { executionId, nodeId, tokenId, closes } }),
  claim: ({ status, message, claim, ...data }) => ({ type: "claimed", data: { ...data, ...millisOf(claim) } }),
  release: (data) => ({ type: "released", data }),
  interactions: ({ interactions, next }) => ({
    type: "interactions",
    data: {
      interactions: interactions.map(({ nodeName, title, requestedAt, deadline, assignees, groups, position, claim, ...item }) => ({
        ...item,
        ...(claim && { claim: millisOf(claim) }),
        askedSeq: toPosition(position).seq,
        nodeInfo: { name: nodeName, ...(title && { uiHints: { title } }), ...millisOf({ requestedAt, deadline }), assignees, groups },
      })),
      next,
    },
  }),
};

/** The times of an object, which REST writes in ISO 8601, in milliseconds. */
function millisOf(fields) {
  const copy = { ...fields };
  for (const name of ["at", "until", "requestedAt", "deadline"]) if (typeof copy[name] === "string") copy[name] = Date.parse(copy[name]);
  if (copy.claim) copy.claim = millisOf(copy.claim);
  return copy;
}

function inboxQuery({ live, count, requestedBefore, olderThan, ...filter }) {
  return new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** A WebSocket that several tabs share, by way of flowscript-worker.js. */
class SharedSocket {
  onmessage = null;
  onclose = null;
  #port = null;

  constructor(client, url, token) {
    const { _options: options } = client;
    const script = options.worker ?? new URL("./flowscript-worker.js", import.meta.url);
    const fallBack = () => {
      if (options.SharedWorker === undefined) return;
      options.SharedWorker = undefined; // this page goes on alone
      this.onclose?.({ code: 1006, reason: "No shared worker" });
    };
    const worker = new options.SharedWorker(script, { type: "module", name: `flowscript ${url} ${options.shared}` });
    worker.onerror = fallBack;
    this.#port = worker.port;
    const timer = client._clock.set(fallBack, 3_000);
    this._forget = () => client._clock.clear(timer);
    this.#port.onmessage = ({ data }) => {
      this._forget();
      if (data.text) this.onmessage?.({ data: data.text });
      if (data.close) this.onclose?.(data.close);
      if (data.credentials) {
        Promise.resolve(options.credentials?.(data.credentials)).then(
          (fresh) => this.#port?.postMessage({ token: fresh }),
          (error) => this.#port?.postMessage({ failed: String(error?.message ?? error) }),
        );
      }
    };
    // The lock tells the worker that this tab has gone, however it went.
    const lock = `flowscript ${newId()}`;
    const plain = Object.fromEntries(Object.entries(options).filter(([name, value]) => typeof value === "number" || name === "transports"));
    const open = () => this.#port?.postMessage({ open: { url, lock, token, options: { ...plain, debug: options.debug === true || debugIsOn() } } });
    if (globalThis.navigator?.locks) navigator.locks.request(lock, () => (open(), new Promise((release) => (this.release = release)))).catch(fallBack);
    else open();
  }

  send(text) {
    this.#port.postMessage({ text });
  }

  close() {
    this._forget();
    this.#port.postMessage({ close: true });
    this.#port.close?.();
    this.#port = null;
    this.release?.();
  }
}

/** Which interaction is meant: by its token, its node, or both. */
function named(interaction) {
  const { executionId, nodeId, tokenId } = interaction.executionId === undefined ? (interaction.data ?? interaction) : interaction;
  return { executionId, nodeId, tokenId };
}

/** Whether two subscriptions can get the same execution. */
function overlap(one, other) {
  return ["executionId", "workflowId"].every((key) => one[key] === undefined || other[key] === undefined || one[key] === other[key]);
}

function debugIsOn() {
  try {
    return globalThis.localStorage?.getItem("flowscript-debug-ws");
  } catch {
    // a page may be forbidden to look
  }
}

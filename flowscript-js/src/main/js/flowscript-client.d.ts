/** The FlowScript client for browsers and Node.js 20 or newer. All durations and times are milliseconds. */

/** A message of the server. An event has a `seq`, its number in the execution. */
export interface FlowMessage<Data = Record<string, any>> {
  type: string;
  timestamp: number;
  seq?: number;
  replyTo?: string;
  data: Data & { executionId: string };
}

/** Which events a subscription gets, and how. */
export interface SubscriptionOptions {
  /** Where to begin: a `position` that was kept, or "latest". From the first event if it is left out. */
  after?: string;
  /** Only events of these types, such as "node_completed". The last event ends the iterator in any case. */
  types?: string[];
  /** Only events of the nodes with these names. Subscriptions of one client to the same execution have the same `nodes`. */
  nodes?: string[];
  /** When the client falls behind, newer values take the place of older ones; `events_skipped` says which. */
  conflate?: boolean;
  /** At most so many events in a second. */
  maxEventsPerSecond?: number;
  /** How many events wait for an iterator, from 1; 1,000 if it is left out. Beyond that the server is asked to stop, and later to go on. */
  buffer?: number;
}

/** Emits events whose `detail` is what happened. */
export interface Emitter extends EventTarget {
  /** Calls the listener with each `detail`. Returns a function that ends this. */
  on(type: string, listener: (detail: any) => void): () => void;
}

/**
 * Events, once and in order, over however many connections. It starts with its first reader or listener.
 *
 * It gives events, and in their place `events_missed` (they are gone) and `events_skipped` (newer ones took their place).
 * Listeners hear "event" for each, its type, "error" with a FlowScriptError, and "end".
 */
export interface Subscription extends Emitter, AsyncIterable<FlowMessage> {
  /** The position of the last event that was handled, to be kept and given as `after`; of one execution only. */
  readonly position: string | undefined;
  /** Whether it has ended: with the execution, with an error, or by `close`. */
  readonly isOver: boolean;
  /** Ends the subscription. Leaving a `for await` loop does so too. */
  close(): void;
}

/** What names an interaction: an event that asks it, an item of the inbox, or its ids. */
export type InteractionName =
  | { executionId: string; tokenId?: string; nodeId?: string }
  | { data: { executionId: string; tokenId?: string; nodeId?: string } };

export interface CommandOptions {
  /** The command's id, its idempotency key, 1 to 64 characters; a new UUID if it is left out. */
  id?: string;
  /** Gives the command up. It may have been carried out. */
  signal?: AbortSignal;
}

/** One execution: its events, and what can be done with it. */
export interface Execution extends Subscription {
  readonly id: string;
  /** The data of the newest `execution_status`; null before the first. */
  readonly status: Record<string, any> | null;
  resume(interaction: Partial<InteractionName>, answer: unknown, options?: CommandOptions & { seen?: string }): Promise<{ closes: boolean }>;
  claim(interaction: Partial<InteractionName>, options?: CommandOptions & { lease?: number }): Promise<{ by: string; until: number }>;
  release(interaction: Partial<InteractionName>, options?: CommandOptions): Promise<void>;
  cancel(reason?: string, options?: CommandOptions): Promise<{ executionId: string; status: string }>;
  /** The person has seen every event up to this one. */
  ack(event: FlowMessage): void;
}

export interface InboxFilter {
  status?: string | string[];
  executionId?: string;
  workflowId?: string;
  assignee?: string;
  group?: string;
  mine?: boolean;
  unseen?: boolean;
  text?: string;
  /** Over WebSocket only. */
  requestedBefore?: number;
  /** Over WebSocket only. */
  olderThan?: number;
  limit?: number;
  /** Over WebSocket only. */
  count?: boolean;
}

export interface Interaction {
  executionId: string;
  nodeId: string;
  tokenId: string;
  workflowId: string;
  status: "open" | "claimed" | "answered" | "expired" | "cancelled";
  /** The step of the workflow's graph that asks. */
  step?: string;
  askedSeq: number;
  /** What a person is shown. Over HTTP, the form and what is shown with it are left out. */
  nodeInfo: Record<string, any>;
  claim?: { by: string; until: number };
  seenBy?: string[];
}

/** What people are asked now. An iterator gives the newest list; "change" has it as `detail`. */
export interface Inbox extends Emitter, AsyncIterable<Interaction[]> {
  readonly items: Interaction[];
  readonly total: number | undefined;
  readonly isOver: boolean;
  refresh(): void;
  close(): void;
}

export type State = "idle" | "connecting" | "online" | "waiting" | "paused" | "closed";
export type Transport = "websocket" | "sse" | "poll";

/** Credentials. A string is a bearer token: over HTTP as `Authorization`, over WebSocket as the subprotocol `flowscript.bearer.TOKEN`. */
export type Credentials = string | null | undefined | { headers?: Record<string, string>; query?: Record<string, string>; protocols?: string[] };

export interface Options {
  /**
   * Called before each connection, and before the login of a WebSocket expires that began with a string. `refused` is true when fresh
   * credentials are needed: the server has refused those before, or the login of a WebSocket has expired or is about to.
   */
  credentials?: (why: { refused: boolean }) => Credentials | Promise<Credentials>;
  /** The transports to use, the best first. */
  transports?: Transport[];
  /** Whether tabs share a connection, where there is a SharedWorker. With `credentials`, only if this names the user. false for never. */
  shared?: string | false;
  /** The address of flowscript-worker.js, if it is not beside the client. */
  worker?: string | URL;
  /** How many commands wait for their replies; 100. */
  queue?: number;
  /** How many events wait for an iterator; 1,000. */
  buffer?: number;
  /** The wait before the n-th try is drawn from 0 to min(backoffCap, backoffBase * 2^n); 500 and 30,000. */
  backoffBase?: number;
  backoffCap?: number;
  /** How long a connection may take; 10,000. */
  connectMillis?: number;
  /** How long a request over HTTP may take; 30,000. */
  requestMillis?: number;
  /** How long the server may take for a sign of life; 10,000. */
  pongMillis?: number;
  /** How long a stream may be silent; 75,000. */
  silenceMillis?: number;
  /** After how many failures in a row the next transport is tried; 3. */
  fallbackAfter?: number;
  /** When a better transport is tried again; 30,000, doubling to upgradeCapMillis, 300,000. */
  upgradeMillis?: number;
  upgradeCapMillis?: number;
  /** How often many executions are polled, 2,000; how long a poll for one waits, in seconds, 20. */
  pollMillis?: number;
  pollSeconds?: number;
  /** The inbox is listed at most once in this time; 500. Over HTTP, every inboxPollMillis; 5,000. */
  inboxMillis?: number;
  inboxPollMillis?: number;
  /** After how long a hidden page is disconnected; 60,000. Infinity for never. */
  hiddenMillis?: number;
  /** After how long without subscriptions and commands it disconnects; 5,000. */
  idleMillis?: number;
  /** Prints every message; or where to print. Also switched on by `localStorage["flowscript-debug-ws"] = "1"`. */
  debug?: boolean | ((...line: unknown[]) => void);
  /** The WebSocket to use, such as that of the package ws where Node.js has none. */
  WebSocket?: unknown;
  fetch?: typeof fetch;
  fetchOptions?: RequestInit;
  [other: string]: unknown;
}

export interface Stats {
  /** The round trip of the last ping; undefined before the first. */
  latency: number | undefined;
  /** How long after it happened the last event came, by the server's clock. */
  lag: number | undefined;
  reconnects: number;
  events: number;
  /** Events that came again after a loss, and were dropped. */
  doubles: number;
  /** Commands without a reply. */
  queued: number;
  executions: number;
  subscriptions: number;
  /** Whether the connection is shared with other tabs. */
  shared: boolean;
}

/**
 * A client of one server. It connects when it is first needed, comes back after a loss, and disconnects when nothing is left to do.
 *
 * Emits "state" with {state, transport, error}, and "error" with a FlowScriptError.
 */
export class FlowScript extends EventTarget implements Emitter {
  /** @param url the server's address, with a path if it has one; in a page, the page's own server if it is left out */
  constructor(url?: string | URL, options?: Options);
  readonly state: State;
  readonly transport: Transport | null;
  readonly error: FlowScriptError | null;
  readonly stats: Stats;
  on(type: string, listener: (detail: any) => void): () => void;

  /** Starts a workflow, once, however often the connection is lost meanwhile. */
  execute(workflowId: string, input?: Record<string, unknown>, options?: CommandOptions & SubscriptionOptions & { executionId?: string }): Promise<Execution>;
  resume(interaction: InteractionName, answer: unknown, options?: CommandOptions & { seen?: string }): Promise<{ closes: boolean }>;
  claim(interaction: InteractionName, options?: CommandOptions & { lease?: number }): Promise<{ by: string; until: number }>;
  release(interaction: InteractionName, options?: CommandOptions): Promise<void>;
  cancel(executionId: string, reason?: string, options?: CommandOptions): Promise<{ executionId: string; status: string }>;
  interactions(filter?: InboxFilter & { cursor?: string }, options?: CommandOptions): Promise<{ interactions: Interaction[]; next?: string; total?: number }>;
  ack(executionId: string, seq: number, epoch?: string): void;

  execution(id: string, options?: SubscriptionOptions): Execution;
  workflow(workflowId: string, options?: SubscriptionOptions): Subscription;
  all(options?: SubscriptionOptions): Subscription;
  inbox(filter?: InboxFilter): Inbox;

  /** Connects now: before a wait is over, and also after an error that ended the connection. */
  connect(): void;
  /** Ends every subscription, refuses what is queued with the code `closed`, and disconnects. */
  close(): void;
}

/**
 * An error with a `code` of the protocol, or one of the client's own: `queue_full`, `conflicting_filters`, `closed`,
 * `connection_lost`, `unreachable`, `timeout`, `heartbeat_missed`, `http_error`, `invalid_setting`.
 */
export class FlowScriptError extends Error {
  constructor(code: string, message: string, data?: Record<string, any>);
  readonly code: string;
  /** The other fields of the server's reply. */
  readonly data: Record<string, any>;
}

/** An answer that does not count: `data` has the `violations`, or `by` and `at` of the answer that was first. */
export class AnswerError extends FlowScriptError {}

/** The connection ended for good; `data.closeCode` is that of the WebSocket, if there was one. */
export class ConnectionError extends FlowScriptError {}

/**
 * A client of the first protocol, as it was written before there were numbered events, tokens and positions: it knows
 * nothing that PROTOCOL marks as new. Node and a browser load this same file; the WebSocket is handed in.
 *
 * What is known of such clients, and what this one therefore does:
 *  - it offers no subprotocol, and takes one JSON object per text frame;
 *  - it sends as soon as the socket is open, without waiting for "connected", and reads data.clientId there unguarded;
 *  - it puts a timestamp on its messages, or leaves it out;
 *  - it may subscribe before the execution exists, and waits for "subscribed" with its id;
 *  - after a lost connection it subscribes again to all it was subscribed to, and keeps no position;
 *  - every human_interaction_required becomes a form on the screen, each time it comes: one too many is a form too many;
 *  - it counts nodeInfo.timeout down as milliseconds;
 *  - it shows error of workflow_failed, node_failed and resume_error, and message of error, as text;
 *  - it knows a form by nodeId when human_interaction_timeout closes it;
 *  - it keeps itself alive with {type: "ping", data: {}};
 *  - fields and message types that it does not know mean nothing to it.
 */

const TIME_LIMIT_MILLIS = 20_000;

/** Every message type that the first protocol had, with the fields that it had. */
const FIELDS = {
  connected: ['clientId'],
  subscribed: ['executionId'],
  unsubscribed: ['executionId'],
  execution_status: [
    'executionId', 'workflowId', 'status', 'startTime', 'endTime', 'currentNodeId', 'currentNodeName', 'error',
    'pauseTokens', 'state',
  ],
  resume_success: ['executionId'],
  resume_error: ['executionId', 'error'],
  pong: [],
  error: ['message'],
  workflow_started: ['executionId', 'workflowId'],
  workflow_paused: ['executionId', 'nodeId', 'reason'],
  workflow_resumed: ['executionId', 'nodeId', 'data'],
  workflow_completed: ['executionId', 'finalState'],
  workflow_failed: ['executionId', 'error'],
  node_started: ['executionId', 'nodeId', 'nodeName'],
  node_completed: ['executionId', 'nodeId', 'nodeName', 'edge', 'data'],
  node_failed: ['executionId', 'nodeId', 'nodeName', 'error'],
  human_interaction_required: ['executionId', 'nodeId', 'nodeInfo'],
  human_interaction_timeout: ['executionId', 'nodeId', 'reason'],
  state_updated: ['executionId', 'path', 'newValue'],
  workflow_event: ['executionId', 'event', 'nodeId', 'payload'],
};

const NODE_INFO_FIELDS = ['name', 'formSchema', 'uiHints', 'contextData', 'timeout'];

const REPLIES = new Set([
  'connected', 'subscribed', 'unsubscribed', 'execution_status', 'resume_success', 'resume_error', 'pong', 'error',
]);

export class V1Client {
  /** What came, reduced to what this client knows: {type, data, timestamp}. */
  messages = [];
  /** The frames of events as they came, with what this client does not know, to compare what clients were sent. */
  frames = [];
  /** Types that came and that this client does not know. */
  unknown = new Set();
  clientId = null;

  #WebSocket;
  #url;
  #socket = null;
  #subscriptions = new Set();
  #waiting = new Set();
  #broken = null;
  #ended = false;
  #listener;

  /**
   * @param base the server, such as http://localhost:3013
   * @param WebSocket the browser's own, or that of the ws package
   * @param listener is handed every message, to show it
   */
  constructor(base, WebSocket, listener = () => {}) {
    this.#url = base.replace(/^http/, 'ws') + '/ws';
    this.#WebSocket = WebSocket;
    this.#listener = listener;
  }

  /** Connects, or connects again; what was subscribed is subscribed anew. Resolves when the socket is open. */
  connect() {
    this.#ended = false;
    return new Promise((resolve, reject) => {
      const socket = new this.#WebSocket(this.#url);
      this.#socket = socket;
      socket.addEventListener('open', () => {
        for (const executionId of this.#subscriptions) {
          this.send('subscribe', { executionId });
        }
        resolve();
      });
      socket.addEventListener('message', (event) => this.#take(socket, event.data));
      socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${this.#url}`)));
      socket.addEventListener('close', (event) => {
        if (!this.#ended) {
          this.#fail(new Error(`the server closed the connection: ${event.code} ${event.reason}`));
        }
      });
    });
  }

  /** Breaks off, without a goodbye where the socket can do that. */
  disconnect() {
    this.#ended = true;
    const socket = this.#socket;
    return new Promise((resolve) => {
      if (socket.readyState === this.#WebSocket.CLOSED) {
        resolve();
        return;
      }
      socket.addEventListener('close', () => resolve());
      if (typeof socket.terminate === 'function') {
        socket.terminate();
      } else {
        socket.close();
      }
    });
  }

  /** Subscribes with the very first thing that is sent once the socket is open. */
  subscribeOnOpen(executionId) {
    this.#subscriptions.add(executionId);
  }

  send(type, data = {}) {
    this.sendRaw(JSON.stringify({ type, data, timestamp: Date.now() }));
  }

  sendRaw(text) {
    this.#socket.send(text);
  }

  /** Subscribes, and resolves with "subscribed". */
  subscribe(executionId) {
    const from = this.messages.length;
    this.#subscriptions.add(executionId);
    this.send('subscribe', { executionId });
    return this.next('subscribed', (data) => data.executionId === executionId, from);
  }

  unsubscribe(executionId) {
    const from = this.messages.length;
    this.#subscriptions.delete(executionId);
    this.send('unsubscribe', { executionId });
    return this.next('unsubscribed', (data) => data.executionId === executionId, from);
  }

  /** Answers, and resolves with "resume_success" or "resume_error". */
  resume(executionId, nodeId, data) {
    const from = this.messages.length;
    this.send('resume', { executionId, nodeId, data });
    return this.#when(
      `the reply to the answer for ${nodeId}`,
      (message) =>
        (message.type === 'resume_success' || message.type === 'resume_error')
        && message.data.executionId === executionId,
      from,
    );
  }

  ping() {
    const from = this.messages.length;
    this.send('ping');
    return this.next('pong', () => true, from);
  }

  /** The first message of a type that fits, among those that came since `from` and those that will come. */
  next(type, fits = () => true, from = 0) {
    return this.#when(type, (message) => message.type === type && fits(message.data), from);
  }

  /** The form of the `count`-th question that this client was shown since `from`. */
  question(count = 1, from = 0) {
    let seen = 0;
    return this.#when(
      `question ${count}`,
      (message) => message.type === 'human_interaction_required' && ++seen === count,
      from,
    ).then((message) => message.data);
  }

  /** How the execution ended: the message workflow_completed or workflow_failed. */
  end(from = 0) {
    return this.#when(
      'the end of the workflow',
      (message) => message.type === 'workflow_completed' || message.type === 'workflow_failed',
      from,
    );
  }

  /** The events since `from`, without the replies. */
  events(from = 0) {
    return this.messages.slice(from).filter((message) => !REPLIES.has(message.type));
  }

  #take(socket, text) {
    if (socket !== this.#socket || this.#ended) {
      return;
    }
    try {
      this.#read(text);
    } catch (error) {
      this.#fail(error);
    }
  }

  #read(text) {
    if (typeof text !== 'string') {
      throw new Error('a frame that is not text');
    }
    const message = parse(text);
    const { type, data, timestamp } = message;
    if (typeof type !== 'string' || data === null || typeof data !== 'object' || Array.isArray(data)) {
      throw new Error(`a message needs a type and an object as data: ${text}`);
    }
    if (!Number.isSafeInteger(timestamp)) {
      throw new Error(`the timestamp should be milliseconds as a whole number: ${text}`);
    }
    if (!REPLIES.has(type)) {
      this.frames.push(text);
    }
    if (!(type in FIELDS)) {
      this.unknown.add(type);
      return;
    }
    const known = { type, data: pick(data, FIELDS[type]), timestamp };
    if (type === 'connected') {
      this.clientId = known.data.clientId;
    }
    if (type === 'human_interaction_required') {
      known.data.nodeInfo = pick(data.nodeInfo, NODE_INFO_FIELDS);
    }
    this.messages.push(known);
    this.#listener(known);
    for (const waiting of [...this.#waiting]) {
      waiting.look();
    }
  }

  #when(what, fits, from) {
    return new Promise((resolve, reject) => {
      let looked = from;
      const waiting = {
        look: () => {
          while (looked < this.messages.length) {
            const message = this.messages[looked++];
            if (fits(message)) {
              waiting.stop();
              resolve(message);
              return;
            }
          }
        },
        fail: (error) => {
          waiting.stop();
          reject(new Error(`${what} did not come: ${error.message}\n${this.#story()}`));
        },
        stop: () => {
          clearTimeout(waiting.timer);
          this.#waiting.delete(waiting);
        },
      };
      waiting.timer = setTimeout(
        () => waiting.fail(new Error(`nothing more in ${TIME_LIMIT_MILLIS} ms`)),
        TIME_LIMIT_MILLIS,
      );
      this.#waiting.add(waiting);
      if (this.#broken) {
        waiting.fail(this.#broken);
      } else {
        waiting.look();
      }
    });
  }

  #fail(error) {
    this.#broken ??= error;
    for (const waiting of [...this.#waiting]) {
      waiting.fail(error);
    }
  }

  #story() {
    const lines = this.messages.slice(-40).map((message) => '  ' + describe(message));
    return ['what came last:', ...lines].join('\n');
  }
}

/** The REST calls that such a client makes. */
export class V1Rest {
  constructor(base) {
    this.base = base;
  }

  /** Starts a workflow; resolves with the id of the execution. */
  async execute(workflowId, input, executionId) {
    const answer = await this.post(`/workflows/${encodeURIComponent(workflowId)}/execute`, {
      initialInput: input,
      ...(executionId === undefined ? {} : { executionId }),
    });
    if (answer.status !== 201 || answer.body.status !== 'started' || answer.body.workflowId !== workflowId) {
      throw new Error(`${workflowId} was not started: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body.executionId;
  }

  post(path, body) {
    return this.#call(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  get(path) {
    return this.#call(path, {});
  }

  async #call(path, options) {
    const response = await fetch(this.base + path, { ...options, signal: AbortSignal.timeout(TIME_LIMIT_MILLIS) });
    return { status: response.status, body: await response.json() };
  }
}

/** One line that tells a message. */
export function describe({ type, data }) {
  const name = data.nodeName ?? data.nodeInfo?.name ?? '';
  const rest = data.edge ?? data.error ?? data.message ?? data.event ?? data.status ?? '';
  return [type.padEnd(28), data.nodeId ?? name, rest].join(' ').trimEnd();
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`a frame that is not one JSON object: ${error.message}: ${text.slice(0, 200)}`);
  }
}

function pick(from, names) {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}

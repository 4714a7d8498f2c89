import { OMITTED, segments, valueAt, withValue } from "./values.js";

const NO_VISITS = Object.freeze({ visits: 0, failures: 0, retries: 0, work: 0, people: 0, pause: 0, edge: null, lastSeq: 0 });
const ENDS = { workflow_completed: "completed", workflow_failed: "failed", workflow_cancelled: "cancelled" };

/**
 * An execution as it was directly after one event.
 *
 * `apply` takes the next event. The values in the maps, the state and the visit are never changed, but replaced; so a copy is cheap
 * and shares nearly everything with its original.
 */
export class Moment {
  constructor() {
    this.seq = 0;
    this.time = 0;
    this.startedAt = 0;
    this.status = "pending";
    this.failure = null;
    /** The state; null when nothing of it is known. */
    this.state = null;
    /** "whole", "partial" (only what was written since events were missed) or "none". */
    this.stateKnown = "none";
    /** How many events are missing before this one; Infinity when nobody can say. */
    this.missed = 0;
    /** By the step's id: how often it was visited, how it went, and the milliseconds of work, of people and between attempts. */
    this.steps = new Map();
    /** By the flow's index in the graph: how often it was taken. */
    this.flows = new Map();
    this.lastFlow = null;
    /** Where it stands: {id, step, name, type, attempt, phase, since, startedAt, from}; `phase` is "work", "people" or "pause". */
    this.visit = null;
    /** The visit that ended last: {id, step, edges}. */
    this.left = null;
    /** The open interactions by their tokenId. */
    this.open = new Map();
    /** What the present visit, or the one that ended last, has written so far: [{seq, path, before, after}]. */
    this.changes = [];
    this.changedBy = null;
    this.work = 0;
    this.people = 0;
  }

  copy() {
    const copy = Object.assign(new Moment(), this);
    copy.steps = new Map(this.steps);
    copy.flows = new Map(this.flows);
    copy.open = new Map(this.open);
    copy.changes = this.changes.slice();
    return copy;
  }

  /** Lets time pass without an event, such as up to now. */
  passTo(time) {
    if (this.isOver || time <= this.time) return this;
    this.#pass(time);
    this.time = time;
    return this;
  }

  get isOver() {
    return this.status === "completed" || this.status === "failed" || this.status === "cancelled";
  }

  /** Takes the next event, or `events_missed`. */
  apply(event, graph) {
    if (event.type === "events_missed") {
      this.#miss(event.data);
      return;
    }
    const time = Math.max(this.time, event.timestamp);
    this.#pass(time);
    this.time = time;
    this.seq = event.seq;
    const handle = HANDLERS[event.type];
    if (handle) handle(this, event.data, event, graph);
  }

  /** Takes a status of the server as it was at this event. It says what events that are missing would have said. */
  anchor(status, graph) {
    if (this.stateKnown !== "whole" && status.state !== undefined && !status.omitted?.includes("state")) {
      this.state = status.state;
      this.stateKnown = "whole";
    }
    if (this.missed === 0) return;
    this.status = status.status;
    this.startedAt = status.startTime;
    this.time = Math.max(this.time, status.endTime ?? 0);
    this.seq = Math.max(this.seq, status.latest);
    for (const { tokenId, nodeId, nodeInfo, claim, votes } of status.interactions ?? []) {
      if (!this.open.has(tokenId)) this.open.set(tokenId, { tokenId, nodeId, ...nodeInfo, claim: claim ?? null, votes: votes?.length ?? 0 });
    }
    const at = status.currentNodeId ?? status.currentNode?.id;
    if (!this.visit && at !== undefined && !this.isOver) {
      const name = status.currentNodeName ?? status.currentNode?.name;
      this.#enter({ nodeId: at, nodeName: name, step: status.currentStep ?? status.currentNode?.step, attempt: 1 }, graph, this.time);
      this.#phase(this.open.size > 0 ? "people" : "work");
    }
  }

  #miss({ from, to }) {
    this.missed += to === undefined ? Infinity : to - from + 1;
    if (to !== undefined) this.seq = Math.max(this.seq, to);
    this.state = null;
    this.stateKnown = "none";
    this.visit = null;
    this.left = null;
    this.lastFlow = null;
    this.changes = [];
    this.changedBy = null;
    this.open.clear();
  }

  /** Counts the time since the event before to where the execution stood. */
  #pass(time) {
    if (!this.visit || this.time === 0) return;
    const passed = time - this.time;
    if (passed === 0) return;
    const { step, phase } = this.visit;
    if (phase !== "pause") this[phase] += passed;
    this.count(step, { [phase]: (this.steps.get(step) ?? NO_VISITS)[phase] + passed });
  }

  /** Changes what is known of a step. */
  count(step, changes) {
    this.steps.set(step, { ...(this.steps.get(step) ?? NO_VISITS), ...changes, lastSeq: this.seq });
  }

  #phase(phase) {
    if (this.visit && this.visit.phase !== phase) this.visit = { ...this.visit, phase, since: this.time };
  }

  #enter(data, graph, time) {
    const step = graph.locate(data, this.left);
    if (this.left) this.take(graph.flowTo(this.left, step));
    this.visit = { id: data.nodeId, step, name: data.nodeName, type: data.nodeType, attempt: data.attempt, phase: "work", since: time, startedAt: time, from: this.seq };
    this.left = null;
    this.changes = [];
    this.changedBy = this.visit;
    this.count(step, { visits: (this.steps.get(step)?.visits ?? 0) + 1 });
  }

  take(flow) {
    this.lastFlow = flow;
    if (flow !== null) this.flows.set(flow, (this.flows.get(flow) ?? 0) + 1);
  }

  start(data, graph) {
    if (this.visit?.id === data.nodeId) {
      this.visit = { ...this.visit, attempt: data.attempt, phase: "work", since: this.time };
      this.count(this.visit.step, { retries: this.steps.get(this.visit.step).retries + 1 });
    } else {
      this.#enter(data, graph, this.time);
    }
  }

  /** A visit ends, by an edge of one of these names. */
  leave(data, edges) {
    if (this.visit?.id !== data.nodeId) return;
    this.left = { id: data.nodeId, step: this.visit.step, edges };
    this.count(this.visit.step, { edge: edges[0] });
    this.visit = null;
  }

  /** An attempt fails. */
  fail({ nodeId, code, willRetry }) {
    if (this.visit?.id !== nodeId) return;
    this.count(this.visit.step, { failures: this.steps.get(this.visit.step).failures + 1 });
    if (willRetry) this.#phase("pause");
    else this.leave({ nodeId }, code === "node_timeout" ? ["timeout", "error"] : ["error"]);
  }

  wait() {
    this.status = "paused";
    this.#phase("people");
  }

  ask({ tokenId, nodeId, nodeInfo }) {
    this.open.set(tokenId, { tokenId, nodeId, ...nodeInfo, step: this.visit?.step, askedSeq: this.seq, claim: null, votes: 0 });
  }

  change(tokenId, changes) {
    const interaction = this.open.get(tokenId);
    if (interaction) this.open.set(tokenId, { ...interaction, ...changes });
  }

  goOn({ tokenId }) {
    this.open.delete(tokenId);
    if ([...this.open.values()].some((other) => other.nodeId === this.visit?.id)) return;
    this.status = "running";
    this.#phase("work");
  }

  write({ path, newValue, omitted }) {
    const parts = segments(path);
    if (parts === null) return;
    const after = omitted?.includes("newValue") ? OMITTED : newValue;
    const before = this.state === null ? undefined : valueAt(this.state, parts);
    this.state = withValue(this.state ?? {}, parts, after);
    if (this.stateKnown === "none") this.stateKnown = "partial";
    this.changes.push({ seq: this.seq, path, before, after });
  }

  end(type, data, graph) {
    this.status = ENDS[type];
    if (type === "workflow_completed") {
      if (this.left) this.take(graph.flowToEnd(this.left));
      if (data.finalState !== undefined && !data.omitted?.includes("finalState")) {
        this.state = data.finalState;
        this.stateKnown = "whole";
      }
    } else {
      this.failure = { error: data.error ?? data.reason ?? null, code: data.code ?? null, by: data.by ?? null, step: this.left?.step ?? this.visit?.step ?? null };
    }
    this.visit = null;
    this.open.clear();
  }
}

const HANDLERS = {
  workflow_started(moment, data, event) {
    moment.status = "running";
    moment.startedAt = event.timestamp;
    if (data.state === undefined || data.omitted?.includes("state")) return;
    moment.state = data.state;
    moment.stateKnown = "whole";
  },
  node_started: (moment, data, event, graph) => moment.start(data, graph),
  node_completed: (moment, data) => moment.leave(data, [data.edge]),
  node_failed: (moment, data) => moment.fail(data),
  workflow_paused: (moment) => moment.wait(),
  workflow_resumed: (moment, data) => moment.goOn(data),
  human_interaction_required: (moment, data) => moment.ask(data),
  human_interaction_received: (moment, data) => moment.open.delete(data.tokenId),
  human_interaction_timeout: (moment, data) => moment.open.delete(data.tokenId),
  human_interaction_voted: (moment, data) => moment.change(data.tokenId, { votes: data.votes }),
  human_interaction_claimed: (moment, data) => moment.change(data.tokenId, { claim: { by: data.by, until: data.until } }),
  human_interaction_released: (moment, data) => moment.change(data.tokenId, { claim: null }),
  human_interaction_escalated: (moment, data) => moment.change(data.tokenId, { assignees: data.assignees, groups: data.groups }),
  human_interaction_revised: (moment, data) => moment.change(data.tokenId, { contextData: data.contextData, contextHash: data.contextHash }),
  state_updated: (moment, data) => moment.write(data),
  workflow_completed: (moment, data, event, graph) => moment.end(event.type, data, graph),
  workflow_failed: (moment, data, event, graph) => moment.end(event.type, data, graph),
  workflow_cancelled: (moment, data, event, graph) => moment.end(event.type, data, graph),
};

import { Moment } from "./moment.js";

const EVERY = 200;
const KEEP = 20_000;

/**
 * What happened in one execution, and how it was at any event.
 *
 * It keeps the newest events, and a copy of the model every `every` events; seeking replays less than that from the copy before. When it
 * lets go of old events, their copy stays, so nothing that was counted is lost. The bars of the time line are kept as long as an event
 * that they touch.
 */
export class History {
  #checkpoints = [];
  #anchors = new Map();
  #pending = null;
  #head = new Moment();
  #every;
  #keep;

  /**
   * @param {import("./workflow-graph.js").WorkflowGraph} graph
   * @param {{every?: number, keep?: number}} [limits] events between two copies, and how many events are kept
   */
  constructor(graph, { every = EVERY, keep = KEEP } = {}) {
    this.graph = graph;
    this.#every = every;
    this.#keep = Math.max(keep, 2 * every);
    this.#begin();
  }

  #begin() {
    /** The events that are kept, and `events_missed` in their places with the `seq` of the last event that is missing. */
    this.events = [];
    /** Of each of these events the id of the step that it belongs to, or null. */
    this.stepOf = [];
    /** Bars: what the execution did from `from` to `to` (numbers of events) and from `start` to `end` (times). The last may be open. */
    this.bars = [];
    /** How many events came and are not kept any more. */
    this.letGo = 0;
    this.gaps = [];
    this.#head = new Moment();
    this.#checkpoints = [{ at: 0, moment: new Moment() }];
    this.#anchors.clear();
  }

  get isEmpty() {
    return this.events.length === 0;
  }

  /** The number of the first event that is kept; 0 when there is none. */
  get first() {
    return this.events[0]?.seq ?? 0;
  }

  get last() {
    return this.#head.seq;
  }

  get isOver() {
    return this.#head.isOver;
  }

  /** The moment of the last event. It is not to be changed, and changes with the next event. */
  get head() {
    return this.#head;
  }

  /** Takes the next message: an event, or `events_missed`. A number that was there before begins a new history. */
  add(message) {
    if (message.type === "events_missed") {
      this.#miss(message);
    } else if (message.seq !== undefined) {
      if (message.seq <= this.#head.seq) this.#begin();
      this.#append(message);
      if (this.#pending?.latest === message.seq) this.#fix(this.#pending);
    }
  }

  /** Takes a status: it tells the state where events are missing. */
  status(data) {
    if (data.latest === this.#head.seq && this.events.length > 0) this.#fix(data);
    else if (data.latest > this.#head.seq || this.#head.missed > 0) this.#pending = data;
  }

  #miss(message) {
    const seq = message.data.to ?? this.#head.seq;
    this.gaps.push({ from: message.data.from, to: message.data.to ?? null });
    this.#append({ ...message, seq: Math.max(seq, this.#head.seq) });
    if (this.#pending) this.status(this.#pending);
  }

  /** Nothing has followed for a while: where the last events are missing, the newest status says how it stands. */
  settle() {
    if (this.#pending && this.events.at(-1)?.type === "events_missed") this.#fix(this.#pending);
  }

  #append(event) {
    const before = this.#head.visit;
    this.#head.apply(event, this.graph);
    this.events.push(event);
    const isOfStep = event.data.nodeId !== undefined || event.type === "state_updated";
    this.stepOf.push(isOfStep ? ((this.#head.visit ?? before)?.step ?? null) : null);
    this.#bar();
    const position = this.letGo + this.events.length;
    if (position % this.#every === 0) this.#checkpoints.push({ at: position, moment: this.#head.copy() });
    if (this.events.length >= this.#keep + this.#every) this.#drop();
  }

  #fix(status) {
    this.#pending = null;
    if (this.#head.stateKnown === "whole" && this.#head.missed === 0) return;
    const position = this.letGo + this.events.length;
    this.#anchors.set(position, status);
    this.#head.anchor(status, this.graph);
    this.#bar();
    if (this.#checkpoints.at(-1).at === position) this.#checkpoints.at(-1).moment = this.#head.copy();
  }

  /** Ends the open bar, and begins the next, when the execution stands elsewhere than before. */
  #bar() {
    const { visit, time, seq } = this.#head;
    const open = this.bars.at(-1);
    if (open && open.to === null) {
      if (visit?.id === open.visit && visit.phase === open.kind) return;
      open.to = seq;
      open.end = time;
    }
    if (visit) this.bars.push({ visit: visit.id, step: visit.step, name: visit.name, attempt: visit.attempt, kind: visit.phase, from: seq, to: null, start: time, end: null });
  }

  /** Lets go of the oldest events, up to a copy. */
  #drop() {
    this.events.splice(0, this.#every);
    this.stepOf.splice(0, this.#every);
    this.letGo += this.#every;
    while (this.#checkpoints[0].at < this.letGo) this.#checkpoints.shift();
    for (const position of this.#anchors.keys()) if (position <= this.letGo) this.#anchors.delete(position);
    const gone = this.bars.findIndex((bar) => bar.to === null || bar.to >= this.first);
    if (gone > 0) this.bars.splice(0, gone);
  }

  /** The index in `events` of the last event whose number is at most `seq`; -1 when there is none. */
  indexOf(seq) {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle].seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** A copy of the execution as it was after the event of this number, or after the last one before it. */
  at(seq) {
    const position = this.letGo + this.indexOf(seq) + 1;
    if (position === this.letGo + this.events.length) return this.#head.copy();
    let index = this.#checkpoints.length - 1;
    while (this.#checkpoints[index].at > position) index--;
    const { at, moment: copy } = this.#checkpoints[index];
    const moment = copy.copy();
    for (let next = at; next < position; next++) {
      moment.apply(this.events[next - this.letGo], this.graph);
      const anchor = this.#anchors.get(next + 1);
      if (anchor) moment.anchor(anchor, this.graph);
    }
    return moment;
  }
}

/** Which events of a history are listed. It goes on where it stopped when events were added. */
export class EventFilter {
  #history;
  #events;
  #taken = 0;
  #types;
  #step;

  /**
   * @param {import("./history.js").History} history
   * @param {{types?: Set<string> | null, step?: string | null}} filter types of events, and the id of a step; null for all
   */
  constructor(history, { types = null, step = null } = {}) {
    this.#history = history;
    this.#types = types;
    this.#step = step;
    this.#begin();
  }

  #begin() {
    this.#events = this.#history.events;
    this.#taken = this.#history.letGo;
    /** The positions of what fits, counted from the first event that came. */
    this.positions = [];
  }

  /** Takes the events that came since. What says that events are missing always fits. */
  update() {
    const { events, stepOf, letGo } = this.#history;
    if (events !== this.#events) this.#begin();
    this.#taken = Math.max(this.#taken, letGo);
    for (; this.#taken - letGo < events.length; this.#taken++) {
      const index = this.#taken - letGo;
      const { type } = events[index];
      const fits = (!this.#types || this.#types.has(type)) && (!this.#step || stepOf[index] === this.#step);
      if (fits || type === "events_missed") this.positions.push(this.#taken);
    }
    const gone = this.positions[0] < letGo ? this.#search(letGo) : 0;
    if (gone > 0) this.positions.splice(0, gone);
    return this;
  }

  /** The index in the list of the last entry at or before an index of the history's events; -1 when there is none. */
  indexOf(index) {
    return this.#search(this.#history.letGo + index + 1) - 1;
  }

  event(index) {
    return this.#history.events[this.positions[index] - this.#history.letGo];
  }

  #search(position) {
    let low = 0;
    let high = this.positions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.positions[middle] < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The list of executions as data: pages from the server, newest first, and what happens meanwhile on top. It knows nothing of the
 * page, and gets what it asks as `source` {executions(filter), countExecutions(filter)}.
 */

export const STATUSES = ["running", "paused", "completed", "failed", "cancelled"];
export const PERIODS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };
export const MAX_ROWS = 100_000;

const PAGE = 100;
const MORE = 500;
const ENDS = { workflow_completed: "completed", workflow_failed: "failed", workflow_cancelled: "cancelled" };
const LIVE_STATUS = { ...ENDS, workflow_started: "running", workflow_resumed: "running", workflow_paused: "paused" };

/** The types of the events that change the list. */
export const LIVE_TYPES = [...Object.keys(LIVE_STATUS), "human_interaction_required", "human_interaction_received", "human_interaction_timeout", "human_interaction_escalated"];

export const isOver = (status) => status === "completed" || status === "failed" || status === "cancelled";

/** The filter that the query of a route says. */
export function filterOf({ status = "", workflow = "", text = "", since = "" }) {
  return { status: status.split(",").filter((each) => STATUSES.includes(each)), workflow, text, since: since in PERIODS ? since : "" };
}

/** The parameters of a request for a filter. */
export function parametersOf({ status, workflow, text, since }, now) {
  return { status, workflowId: workflow, text, from: since ? new Date(now - PERIODS[since]).toISOString() : "" };
}

/** Whether a row passes a filter, as the server decides it. */
export function matches(row, { status, workflow, text, since }, now) {
  if (status.length && !status.includes(row.status)) return false;
  if (workflow && row.workflowId !== workflow) return false;
  if (text && ![row.executionId, row.workflowId].some((id) => id.toLowerCase().includes(text.toLowerCase()))) return false;
  return !since || row.startTime >= now - PERIODS[since];
}

const millis = (time) => (typeof time === "string" ? Date.parse(time) : time);

/** A row from an entry of the server's list. */
export function rowOf({ executionId, workflowId, status, startTime, endTime, waitsFor = [] }) {
  return { executionId, workflowId, status, startTime: millis(startTime), endTime: endTime === undefined ? undefined : millis(endTime), waitsFor };
}

/** The row after an event. */
export function apply(row, { type, timestamp, data }) {
  const status = LIVE_STATUS[type];
  if (status) {
    const over = isOver(status);
    return { ...row, status, endTime: over ? timestamp : row.endTime, waitsFor: over ? [] : row.waitsFor };
  }
  const others = row.waitsFor.filter(({ tokenId, nodeName }) => (tokenId === undefined ? nodeName !== data.nodeName : tokenId !== data.tokenId));
  switch (type) {
    case "human_interaction_required": {
      const { name: nodeName, assignees, groups } = data.nodeInfo;
      return { ...row, waitsFor: [...row.waitsFor.filter(({ tokenId }) => tokenId !== data.tokenId), { tokenId: data.tokenId, nodeName, assignees, groups }].slice(0, 3) };
    }
    case "human_interaction_escalated":
      return { ...row, waitsFor: row.waitsFor.map((each) => (each.tokenId === data.tokenId || row.waitsFor.length === 1 ? { ...each, assignees: data.assignees, groups: data.groups } : each)) };
    case "human_interaction_received":
    case "human_interaction_timeout":
      return { ...row, waitsFor: others.length === row.waitsFor.length && row.waitsFor.length === 1 ? [] : others };
    default:
      return row;
  }
}

/** Whether `a` comes before `b` in the list: the newest first. */
const isBefore = (a, b) => a.startTime > b.startTime;

export class ExecutionList {
  /** @param changed called after each change */
  constructor(source, filter, now, changed) {
    this.source = source;
    this.filter = filter;
    this.now = now;
    this.changed = changed;
    this.rows = [];
    this.news = []; // new rows, held back while somebody reads further down
    this.next = undefined;
    this.count = null;
    this.isLoading = false;
    this.isLoaded = false;
    this.error = null;
    this.isAtTop = true;
    this.at = new Map(); // the rows and the news by id
    this.aborter = new AbortController();
  }

  close() {
    this.aborter.abort();
  }

  async #ask(what) {
    try {
      return await what({ signal: this.aborter.signal });
    } catch (error) {
      if (this.aborter.signal.aborted) return null;
      throw error;
    }
  }

  /** Loads the next page; the first one to begin with. Does nothing while a page is on its way. */
  async more() {
    if (this.isLoading || (this.isLoaded && !this.next) || this.rows.length >= MAX_ROWS) return;
    this.isLoading = true;
    this.error = null;
    this.changed();
    try {
      const parameters = { ...parametersOf(this.filter, this.now()), limit: this.isLoaded ? MORE : PAGE, cursor: this.next };
      const page = await this.#ask((options) => this.source.executions(parameters, options));
      if (!page) return;
      for (const entry of page.executions) {
        if (this.at.has(entry.executionId)) continue;
        const row = rowOf(entry);
        this.rows.push(row);
        this.at.set(row.executionId, row);
      }
      this.next = page.next;
      this.isLoaded = true;
    } catch (error) {
      this.error = error;
    } finally {
      this.isLoading = false;
      if (!this.aborter.signal.aborted) this.changed();
    }
    // A page can be short, even empty, and yet have a next one.
    if (this.next && this.rows.length < PAGE / 2 && !this.error && !this.aborter.signal.aborted) await this.more();
  }

  /** Reads the first page again, and takes what is new or has changed. */
  async refresh() {
    if (!this.isLoaded) return this.more();
    try {
      const page = await this.#ask((options) => this.source.executions({ ...parametersOf(this.filter, this.now()), limit: PAGE }, options));
      if (!page) return undefined;
      for (const entry of page.executions) this.#put(rowOf(entry));
      this.error = null;
      this.changed();
    } catch (error) {
      this.error = error;
      this.changed();
    }
    return undefined;
  }

  /** Counts what passes the filter without its statuses, by status. Without such a request, nothing is counted. */
  async recount() {
    const { status, ...others } = this.filter;
    try {
      const count = await this.#ask((options) => this.source.countExecutions(parametersOf({ ...others, status: [] }, this.now()), options));
      if (count) this.count = count;
    } catch {
      this.count = null;
    }
    if (!this.aborter.signal.aborted) this.changed();
  }

  /** How many pass the whole filter; undefined if it is not known. */
  get total() {
    if (!this.count) return undefined;
    const { byStatus = {}, count } = this.count;
    return this.filter.status.length ? this.filter.status.reduce((sum, status) => sum + (byStatus[status] ?? 0), 0) : count;
  }

  /**
   * Takes events. Returns whether the first page has to be read again, because an execution that is not in the list may have begun to
   * pass the filter.
   */
  take(events) {
    let isUnsure = false;
    for (const event of events) {
      const { executionId, workflowId } = event.data;
      const known = this.at.get(executionId);
      if (known) this.#replace(known, apply(known, event));
      else if (event.type === "workflow_started") this.#put({ executionId, workflowId, status: "running", startTime: event.timestamp, endTime: undefined, waitsFor: [] });
      else isUnsure ||= this.filter.status.length > 0;
    }
    this.changed();
    return isUnsure;
  }

  /** Shows the new rows that were held back. */
  showNews() {
    for (const row of this.news.splice(0)) this.#insert(this.rows, row);
    this.changed();
  }

  /** Takes away the rows that do not pass the filter any more. */
  sweep() {
    const before = this.rows.length;
    this.rows = this.rows.filter((row) => this.fits(row) || !this.at.delete(row.executionId));
    if (this.rows.length !== before) this.changed();
  }

  fits(row) {
    return matches(row, this.filter, this.now());
  }

  #put(row) {
    const known = this.at.get(row.executionId);
    if (known) {
      this.#replace(known, row);
      return;
    }
    const last = this.rows[this.rows.length - 1];
    if (!this.fits(row) || this.rows.length >= MAX_ROWS || (this.next && last && isBefore(last, row))) return;
    this.at.set(row.executionId, row);
    this.#insert(this.isAtTop ? this.rows : this.news, row);
  }

  #insert(rows, row) {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(rows[middle], row)) low = middle + 1;
      else high = middle;
    }
    rows.splice(low, 0, row);
  }

  #replace(before, after) {
    this.at.set(after.executionId, after);
    for (const rows of [this.rows, this.news]) {
      const index = this.#indexOf(rows, before);
      if (index >= 0) rows[index] = after;
    }
  }

  /** The rows are sorted by their start, so only those that began in the same millisecond are looked at. */
  #indexOf(rows, row) {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(rows[middle], row)) low = middle + 1;
      else high = middle;
    }
    while (low < rows.length && rows[low] !== row && rows[low].startTime === row.startTime) low += 1;
    return rows[low] === row ? low : -1;
  }
}

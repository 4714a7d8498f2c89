/**
 * The graph of a workflow as the model of an execution uses it: where an event is, and which flow was taken.
 *
 * What events show and the graph does not have is added to it: a flow that a node chose itself, and every step of a workflow whose
 * graph is unknown. `version` counts these additions.
 */
export class WorkflowGraph {
  /** @param {{start?: string, steps: object[], flows: object[]} | null} graph that of the server; null when there is none */
  constructor(graph) {
    this.known = graph !== null;
    this.start = graph?.start ?? null;
    this.steps = [...(graph?.steps ?? [])];
    this.flows = [...(graph?.flows ?? [])];
    this.version = 0;
    this.byId = new Map(this.steps.map((step) => [step.id, step]));
    this.byName = new Map();
    for (const step of this.steps) this.byName.set(step.name, this.byName.has(step.name) ? null : step);
    this.outgoing = new Map();
    this.flows.forEach((flow, index) => this.#leads(flow, index));
  }

  #leads(flow, index) {
    const from = this.outgoing.get(flow.from);
    if (from) from.push(index);
    else this.outgoing.set(flow.from, [index]);
  }

  /**
   * The step of a visit: the one that the event names, else the one that the flow taken leads to, else the only one of that name.
   *
   * @param {{step?: string, nodeName: string, nodeType?: string}} data of a `node_started`
   * @param {{step: string, edges: string[]} | null} left where the execution came from
   * @returns {string} the step's id
   */
  locate(data, left) {
    if (data.step !== undefined && this.byId.has(data.step)) return data.step;
    const next = this.#flows(left).find((index) => this.byId.get(this.flows[index].to)?.name === data.nodeName);
    if (next !== undefined) return this.flows[next].to;
    const only = this.byName.get(data.nodeName);
    return only ? only.id : this.#addStep(data);
  }

  #addStep(data) {
    const id = data.step ?? `name:${data.nodeName}`;
    if (!this.byId.has(id)) {
      const step = { id, name: data.nodeName, kind: "node", type: data.nodeType, seen: true };
      this.steps.push(step);
      this.byId.set(id, step);
      if (!this.byName.has(step.name)) this.byName.set(step.name, step);
      this.start ??= id;
      this.version++;
    }
    return id;
  }

  #flows(left) {
    return left ? (this.outgoing.get(left.step) ?? []) : [];
  }

  /**
   * The index of the flow by which an execution came to a step. It is added when the graph does not have it.
   *
   * @param {{step: string, edges: string[]}} left where it came from; `edges` are names that the edge may have, the best first
   */
  flowTo(left, to) {
    const between = this.#flows(left).filter((index) => this.flows[index].to === to);
    if (between.length === 0) {
      this.flows.push({ from: left.step, to, edge: this.known ? left.edges[0] : undefined, seen: true });
      this.#leads(this.flows.at(-1), this.flows.length - 1);
      this.version++;
      return this.flows.length - 1;
    }
    return best(between, this.flows, left.edges);
  }

  /** The index of the flow by which an execution ended; null when the graph has no such flow. */
  flowToEnd(left) {
    const ends = this.#flows(left).filter((index) => this.isEnd(this.flows[index].to));
    return ends.length === 0 ? null : best(ends, this.flows, left.edges);
  }

  isEnd(id) {
    const kind = this.byId.get(id)?.kind;
    return kind === "end" || kind === "exit";
  }
}

/** Of these flows the one with the first of the edges, else the one for any edge, else the first. */
function best(indexes, flows, edges) {
  for (const edge of [...edges, "default", undefined]) {
    const found = indexes.find((index) => flows[index].edge === edge);
    if (found !== undefined) return found;
  }
  return indexes[0];
}

/** Executions that are made up from a seed: a graph and events as an engine could have sent them. */

/** Numbers from a seed; the same ones each time. */
export function random(seed) {
  let at = seed >>> 0;
  return (below) => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export const GRAPH = {
  start: "each",
  steps: [
    { id: "each", name: "forEach", kind: "loop", type: "control", inside: ["check", "ask", "count", "write"] },
    { id: "check", name: "checkValue", kind: "node", type: "control" },
    { id: "ask", name: "approve", kind: "node", type: "human" },
    { id: "count", name: "incrementCounter", kind: "node", type: "action" },
    { id: "write", name: "log", kind: "node", type: "action" },
    { id: "last", name: "log", kind: "node", type: "action" },
    { id: "end", name: "end", kind: "end" },
  ],
  flows: [
    { from: "each", to: "check", edge: "next_iteration" },
    { from: "each", to: "last", edge: "exit_loop" },
    { from: "check", to: "ask", edge: "true" },
    { from: "check", to: "count", edge: "false" },
    { from: "ask", to: "count", edge: "approved" },
    { from: "ask", to: "end", edge: "rejected" },
    { from: "ask", to: "write", edge: "error" },
    { from: "count", to: "write" },
    { from: "write", to: "each" },
    { from: "last", to: "end" },
  ],
};

const PATHS = ["$.count", "$.items[0]", "$.items[1].name", '$["a key"].x', "$.review.votes", "$.deep.er.still"];

/** At least `size` events of one execution, which may stand in the middle of something at the end. */
export function madeEvents(seed, size) {
  const next = random(seed);
  const events = [];
  let time = 1_700_000_000_000;
  let visits = 0;
  let tokens = 0;
  const emit = (type, data) => {
    time += next(4) === 0 ? next(50_000) : next(5);
    events.push({ type, timestamp: time, seq: events.length + 1, data: { executionId: "x", ...data } });
  };
  const ask = (nodeId) => {
    tokens++;
    const tokenId = `token-${tokens}`;
    emit("workflow_paused", { nodeId, tokenId });
    emit("human_interaction_required", { nodeId, tokenId, nodeInfo: { name: "approve", requestedAt: time, groups: ["managers"], contextData: { n: tokens } } });
    for (let more = next(4); more > 0; more--) {
      [
        () => emit("human_interaction_claimed", { nodeId, tokenId, by: "ann", until: time + 1000 }),
        () => emit("human_interaction_released", { nodeId, tokenId, by: "ann", lapsed: false }),
        () => emit("human_interaction_voted", { nodeId, tokenId, by: "bob", votes: next(3) }),
        () => emit("human_interaction_escalated", { nodeId, tokenId, assignees: [], groups: ["directors"] }),
      ][next(4)]();
    }
    emit(next(5) === 0 ? "human_interaction_timeout" : "human_interaction_received", { nodeId, tokenId, reason: "deadline", by: "bob" });
    emit("workflow_resumed", { nodeId, tokenId, data: null });
  };
  const visit = (step, edge) => {
    visits++;
    const { name, type } = GRAPH.steps.find(({ id }) => id === step);
    const nodeId = `${name}-${visits}`;
    let attempt = 1;
    emit("node_started", { nodeId, nodeName: name, nodeType: type, attempt, step });
    while (next(12) === 0) {
      emit("node_failed", { nodeId, nodeName: name, error: "no", code: "node_failed", attempt, willRetry: true });
      attempt++;
      emit("node_started", { nodeId, nodeName: name, nodeType: type, attempt, step });
    }
    if (step === "ask") for (let round = 1 + next(2); round > 0; round--) ask(nodeId);
    if (next(9) === 0) emit("workflow_event", { event: "app:thing", nodeId, payload: next(9) });
    if (edge === "error") {
      emit("node_failed", { nodeId, nodeName: name, error: "no", code: "node_failed", attempt, willRetry: false });
      return;
    }
    for (let writes = next(3); writes > 0; writes--) emit("state_updated", { path: PATHS[next(PATHS.length)], newValue: [next(100), { name: next(9) }, "text", null][next(4)] });
    emit("node_completed", { nodeId, nodeName: name, edge, durationMs: 1 });
  };
  emit("workflow_started", { workflowId: "made", state: { count: 0, items: [] } });
  while (events.length < size) {
    visit("each", "next_iteration");
    const asks = next(2) === 0;
    visit("check", String(asks));
    const fails = asks && next(6) === 0;
    if (asks) visit("ask", fails ? "error" : "approved");
    if (!fails) visit("count", "success");
    visit("write", "success");
  }
  return events;
}

/**
 * FlowScript for Alpine.js: `Alpine.store("flowscript")` with the connection, the executions that are followed, the last
 * events and the open interactions.
 *
 *     import Alpine from "alpinejs";
 *     import { flowscript } from "./flowscript-alpine.js";
 *     flowscript(Alpine);
 *     Alpine.start();
 *
 *     <p x-text="$store.flowscript.connection"></p>
 *     <template x-for="item in $store.flowscript.interactions"> … </template>
 */
import { FlowScript } from "./flowscript-client.js";

const MAX_EVENTS = 200;
const MAX_EXECUTIONS = 200;

export function flowscript(Alpine, { flow = new FlowScript(), inbox = {} } = {}) {
  Alpine.store("flowscript", {
    connection: flow.state,
    transport: flow.transport,
    error: null,
    executions: {},
    events: [],
    interactions: [],

    /** Follows an execution: its status and its last event are in `executions`, by its id. */
    follow(id) {
      const run = flow.execution(id);
      const ids = Object.keys(this.executions);
      if (ids.length >= MAX_EXECUTIONS) delete this.executions[ids[0]];
      this.executions[id] = { id, status: "pending", last: null, state: {} };
      run.on("execution_status", ({ data }) => Object.assign(this.executions[id] ?? {}, { status: data.status, state: data.state ?? {} }));
      run.on("event", (event) => {
        const ended = /^workflow_(completed|failed|cancelled)$/.exec(event.type);
        Object.assign(this.executions[id] ?? {}, { last: event }, ended && { status: ended[1] });
        this.events = [...this.events.slice(1 - MAX_EVENTS), event];
      });
      run.on("error", (error) => (this.error = error.message));
      return run;
    },

    async execute(workflowId, input) {
      const { id } = await flow.execute(workflowId, input);
      return this.follow(id);
    },

    answer: (interaction, answer) => flow.resume(interaction, answer),
    claim: (interaction) => flow.claim(interaction),
    release: (interaction) => flow.release(interaction),
    cancel: (executionId, reason) => flow.cancel(executionId, reason),
  });

  const store = Alpine.store("flowscript"); // the reactive one
  flow.on("state", ({ state, transport, error }) => Object.assign(store, { connection: state, transport, error: error?.message ?? null }));
  if (inbox) {
    const live = flow.inbox(inbox);
    live.on("change", (items) => (store.interactions = items));
    live.on("error", (error) => (store.error = error.message));
  }
  return flow;
}

import type { Execution, FlowMessage, FlowScript, InboxFilter, Interaction, InteractionName, State, Transport } from "./flowscript-client.js";

/** What `Alpine.store("flowscript")` holds. */
export interface FlowScriptStore {
  connection: State;
  transport: Transport | null;
  error: string | null;
  /** The executions that are followed, by their ids; the last 200. */
  executions: Record<string, { id: string; status: string; last: FlowMessage | null; state: Record<string, unknown> }>;
  /** The last 200 events. */
  events: FlowMessage[];
  interactions: Interaction[];
  follow(id: string): Execution;
  execute(workflowId: string, input?: Record<string, unknown>): Promise<Execution>;
  answer(interaction: InteractionName, answer: unknown): Promise<{ closes: boolean }>;
  claim(interaction: InteractionName): Promise<{ by: string; until: number }>;
  release(interaction: InteractionName): Promise<void>;
  cancel(executionId: string, reason?: string): Promise<{ executionId: string; status: string }>;
}

/** Makes the store. `inbox` is the filter of its interactions; false for none. Call it before `Alpine.start()`. */
export function flowscript(Alpine: { store(name: string, value?: unknown): any }, options?: { flow?: FlowScript; inbox?: InboxFilter | false }): FlowScript;

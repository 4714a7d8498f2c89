// This file is never run: the compiler checks that the declarations let a user write this.
import { AnswerError, ConnectionError, FlowScript, FlowScriptError } from "../../main/js/flowscript-client.js";
import { flowscript } from "../../main/js/flowscript-alpine.js";
import { FlowScriptForm } from "../../main/js/flowscript-form.js";
import { de } from "../../main/js/flowscript-form-de.js";
import type { Execution, Inbox, Stats } from "../../main/js/flowscript-client.js";

const flow = new FlowScript("https://flows.example.com", { credentials: async ({ refused }) => (refused ? "fresh" : "kept") });
const run: Execution = await flow.execute("expense-approval", { amount: 250 });
for await (const event of run) {
  if (event.type === "human_interaction_required") await run.resume(event, { decision: "approved" });
  const seq: number | undefined = event.seq;
  localStorage.setItem("position", run.position ?? String(seq));
}
const off = flow.workflow("w", { types: ["node_failed"] }).on("event", ({ data }) => data.executionId);
off();
const inbox: Inbox = flow.inbox({ mine: true });
for await (const [first] of inbox) if (first) await flow.claim(first, { lease: 60_000 });
const { latency }: Stats = flow.stats;
try {
  await flow.cancel("x");
} catch (error) {
  if (error instanceof AnswerError || error instanceof ConnectionError) console.log(error.data.violations, latency);
  if (error instanceof FlowScriptError) console.log(error.code);
}
flowscript({ store: () => undefined }, { flow, inbox: false }).close();
FlowScriptForm.texts.de = de;
const form = document.createElement("flowscript-form");
form.flow = run;
form.draftKey = "review";
form.interaction = inbox.items[0];
form.texts = { submit: "Go", keywords: { minimum: (limit) => `not below ${limit}` } };
form.violations = [{ path: "$.amount", keyword: "minimum", message: "must be at least 1" }];
if (form.submit()) form.reset();
// @ts-expect-error a workflow has a name
await flow.execute();

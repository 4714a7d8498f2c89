/** Starts a workflow: with a form where the workflow says what it expects, and else with JSON. */
import { useDraft } from "./drafts.js";
import { useWorkflows } from "./executions-filters.js";
import { Form } from "./form-host.js";
import { href } from "./router.js";
import { toast } from "./toasts.js";
import { Dialog, Skeleton, explain } from "./ui.js";
import { html, useEffect, useMemo, useState } from "./vendor/preact.js";

/** The input schema of a workflow; null where it has none, and undefined until it is known. */
function useInput(api, id) {
  const [input, setInput] = useState({ id: "", schema: undefined });
  useEffect(() => {
    if (!id) return undefined;
    const aborter = new AbortController();
    api.workflow(id, undefined, { signal: aborter.signal }).then(
      ({ input: schema }) => setInput({ id, schema: schema ?? null }),
      () => aborter.signal.aborted || setInput({ id, schema: null }),
    );
    return () => aborter.abort();
  }, [api, id]);
  return input.id === id ? input.schema : undefined;
}

/** The object in a text; {wrong} says why there is none. */
export function parseInput(text, t) {
  if (!text.trim()) return { input: {} };
  try {
    const input = JSON.parse(text);
    return input !== null && typeof input === "object" && !Array.isArray(input) ? { input } : { wrong: t("start.notObject") };
  } catch (error) {
    return { wrong: t("start.notJson", { message: error.message }) };
  }
}

/** `start(input, forget)` forgets what was typed when it counts. */
function JsonInput({ workflowId, start, isBusy, t }) {
  const [text, setText] = useDraft(`flowscript start ${workflowId}`, "{\n  \n}");
  const [wrong, setWrong] = useState("");
  const submit = (event) => {
    event.preventDefault();
    const parsed = parseInput(text, t);
    setWrong(parsed.wrong ?? "");
    if (parsed.input) start(parsed.input, () => setText(null));
    else document.getElementById("start-input").focus();
  };
  return html`<form class="start-form" onSubmit=${submit} novalidate>
    <div class="field">
      <label for="start-input">${t("start.input")}</label>
      <span class="help" id="start-input-help">${t("start.inputHelp")}</span>
      <textarea id="start-input" class="textarea mono" rows="8" spellcheck="false" aria-invalid=${wrong ? "true" : undefined} aria-describedby="start-input-help start-input-wrong" value=${text} onInput=${(event) => setText(event.target.value)}></textarea>
      <span class="wrong" id="start-input-wrong" role="alert">${wrong}</span>
    </div>
    <div><button type="submit" class="button primary" disabled=${isBusy}>${t("start.submit")}</button></div>
  </form>`;
}

export function StartDialog({ workflowId, choose, close, api, t, navigate }) {
  const workflows = useWorkflows(api);
  const [executionId, setExecutionId] = useDraft("flowscript start id", "");
  const [isBusy, setBusy] = useState(false);
  const [violations, setViolations] = useState(undefined);
  const schema = useInput(api, workflowId);
  const question = useMemo(() => schema && { formSchema: schema, uiHints: { submitLabel: t("start.submit") } }, [schema, t]);
  const workflow = workflows.find(({ id }) => id === workflowId);

  const start = (input, forget) => {
    if (isBusy) return;
    setBusy(true);
    api.execute(workflowId, input ?? {}, executionId.trim() ? { executionId: executionId.trim() } : {}).then(
      ({ id }) => {
        setExecutionId(null);
        forget();
        toast({ kind: "ok", title: t("start.started", { id }) });
        navigate(href(["executions", id]));
      },
      (error) => {
        setBusy(false);
        const found = error.data?.violations ?? error.data?.details?.violations;
        if (found && schema) setViolations(found);
        else toast({ kind: "problem", key: "start", title: t("start.title"), text: explain(error, t) });
      },
    );
  };

  return html`<${Dialog} title=${t("start.title")} close=${close} t=${t} wide>
    ${workflows.length === 0 && html`<p class="muted">${t("start.none")}</p>`}
    <div class="start-head">
      <div class="field">
        <label for="start-workflow">${t("start.workflow")}</label>
        <select id="start-workflow" class="select" autofocus value=${workflowId} onChange=${(event) => choose(event.target.value)}>
          <option value="">${t("start.choose")}</option>
          ${workflows.map(({ id, name }) => html`<option key=${id} value=${id}>${name && name !== id ? `${name} (${id})` : id}</option>`)}
        </select>
        ${workflow?.description && html`<span class="help">${workflow.description}</span>`}
      </div>
      <div class="field">
        <label for="start-id">${t("start.id")}</label>
        <input id="start-id" class="input mono" maxlength="128" autocomplete="off" spellcheck="false" aria-describedby="start-id-help" value=${executionId} onInput=${(event) => setExecutionId(event.target.value)} />
        <span class="help" id="start-id-help">${t("start.idHelp")}</span>
      </div>
    </div>
    ${workflowId && schema === undefined && html`<${Skeleton} lines="3" kind="row" t=${t} />`}
    ${workflowId && schema === null && html`<${JsonInput} key=${workflowId} workflowId=${workflowId} start=${start} isBusy=${isBusy} t=${t} />`}
    ${workflowId && schema && html`<${Form} key=${workflowId} question=${question} violations=${violations} draftKey=${`start ${workflowId}`} onSubmit=${(input) => start(input, () => document.querySelector(".dialog flowscript-form")?.reset())} t=${t} />`}
  </${Dialog}>`;
}

/** The filters of the list of executions. They are in the route, so that a filtered list has an address. */
import { PERIODS, STATUSES } from "./executions-model.js";
import { Icon, classes } from "./ui.js";
import { html, useEffect, useRef, useState } from "./vendor/preact.js";

const TYPING_MILLIS = 250;

/** The workflows for a choice; an empty list until they are there. */
export function useWorkflows(api) {
  const [workflows, setWorkflows] = useState([]);
  useEffect(() => {
    const aborter = new AbortController();
    api.workflows({ signal: aborter.signal }).then(setWorkflows, () => {});
    return () => aborter.abort();
  }, [api]);
  return workflows;
}

/** A field to search with. It tells what was typed after a short rest. What else was chosen meanwhile stays chosen. */
export function Search({ value, label, change, inputRef }) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const tell = useRef(change);
  tell.current = change;
  useEffect(() => {
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);
  useEffect(() => {
    if (text === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = text;
      tell.current(text);
    }, TYPING_MILLIS);
    return () => clearTimeout(timer);
  }, [text]);
  return html`<div class="search"><${Icon} name="search" size="16" /><input ref=${inputRef} class="input" type="search" maxlength="128" placeholder=${label} aria-label=${label} value=${text} onInput=${(event) => setText(event.target.value)} /></div>`;
}

export function Filters({ filter, count, change, clear, api, t }) {
  const workflows = useWorkflows(api);
  const toggle = (status) => change({ status: (filter.status.includes(status) ? filter.status.filter((each) => each !== status) : [...filter.status, status]).join(",") });
  const known = workflows.some(({ id }) => id === filter.workflow);
  return html`<div class="filters">
    <div class="chips" role="group" aria-label=${t("executions.columns.status")}>
      <button type="button" class="chip" aria-pressed=${filter.status.length === 0} onClick=${() => change({ status: "" })}>${t("executions.all")}${count && html`<span>${t.compact(count.count)}</span>`}</button>
      ${STATUSES.map((status) => html`<button key=${status} type="button" class=${classes("chip", status)} aria-pressed=${filter.status.includes(status)} onClick=${() => toggle(status)}>${t(`status.${status}`)}${count?.byStatus && html`<span>${t.compact(count.byStatus[status] ?? 0)}</span>`}</button>`)}
    </div>
    <div class="filter-fields">
      <${Search} value=${filter.text} label=${t("executions.search")} change=${(text) => change({ text })} />
      <select class="select" aria-label=${t("executions.workflow")} value=${filter.workflow} onChange=${(event) => change({ workflow: event.target.value })}>
        <option value="">${t("executions.everyWorkflow")}</option>
        ${filter.workflow && !known && html`<option value=${filter.workflow}>${filter.workflow}</option>`}
        ${workflows.map(({ id, name }) => html`<option key=${id} value=${id}>${name || id}</option>`)}
      </select>
      <select class="select" aria-label=${t("executions.since")} value=${filter.since} onChange=${(event) => change({ since: event.target.value })}>
        <option value="">${t("executions.periods.any")}</option>
        ${Object.keys(PERIODS).map((period) => html`<option key=${period} value=${period}>${t(`executions.periods.${period}`)}</option>`)}
      </select>
      ${clear && html`<button type="button" class="button plain" onClick=${clear}><${Icon} name="close" size="16" />${t("executions.clear")}</button>`}
    </div>
  </div>`;
}

/** The events of an execution as a list, with filters, and the chosen one as JSON. */
import { EventFilter } from "./event-filter.js";
import { toast } from "./toasts.js";
import { Tool } from "./tools.js";
import { OMITTED } from "./values.js";
import { html, useMemo, useState } from "./vendor/preact.js";
import { VirtualList } from "./virtual-list.js";

const ROW = 34;
const MAX_TEXT = 80;
const MAX_RAW = 200_000;

/** Groups of types, as a person asks for them. */
const GROUPS = {
  steps: ["node_started", "node_completed", "node_failed"],
  people: ["workflow_paused", "workflow_resumed", "human_interaction_required", "human_interaction_received", "human_interaction_timeout", "human_interaction_voted", "human_interaction_revised", "human_interaction_claimed", "human_interaction_released", "human_interaction_reminded", "human_interaction_escalated"],
  state: ["state_updated"],
  failures: ["node_failed", "workflow_failed", "human_interaction_timeout"],
  workflow: ["workflow_started", "workflow_completed", "workflow_failed", "workflow_cancelled"],
  own: ["workflow_event"],
};

const cut = (text) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** A value in one line, texts without quotes. */
export const plain = (value, t) => (typeof value === "string" ? cut(value) : short(value, t));

/** A value in one line, as JSON. */
export function short(value, t) {
  if (value === undefined) return t("execution.state.nothing");
  if (value === OMITTED) return t("execution.state.omitted");
  return cut(JSON.stringify(value));
}

/** What an event is, in words. */
export const typeOf = (event, t) => (event.type === "workflow_event" ? event.data.event : t(`execution.events.types.${event.type}`));

/** What an event is about, in a line. */
export function about({ type, data }, t) {
  switch (type) {
    case "events_missed":
      return data.to === undefined ? t("execution.gap.since", { from: data.from }) : t("execution.gap.between", { from: data.from, to: data.to });
    case "node_started":
      return data.attempt > 1 ? `${data.nodeName} · ${t("execution.events.attempt", { count: data.attempt })}` : data.nodeName;
    case "node_completed":
      return `${data.nodeName} → ${data.edge}`;
    case "node_failed":
      return `${data.nodeName}: ${data.error}`;
    case "state_updated":
      return `${data.path} = ${short(data.omitted?.includes("newValue") ? OMITTED : data.newValue, t)}`;
    case "workflow_failed":
      return data.error;
    case "workflow_cancelled":
      return [data.by, data.reason].filter(Boolean).join(": ");
    case "workflow_event":
      return data.payload === undefined ? "" : short(data.payload, t);
    case "human_interaction_required":
      return data.nodeInfo.uiHints?.title ?? data.nodeInfo.name;
    case "human_interaction_escalated":
      return [...(data.assignees ?? []), ...(data.groups ?? [])].join(", ");
    case "human_interaction_voted":
      return t("execution.questions.votes", { count: data.votes });
    case "workflow_started":
      return data.workflowId ?? "";
    case "workflow_completed":
      return data.exitSignal ?? "";
    default:
      return data.by ?? data.reason ?? "";
  }
}

function Raw({ event, t }) {
  const text = useMemo(() => JSON.stringify(event, null, 2), [event]);
  const copy = () => navigator.clipboard.writeText(text).then(() => toast({ kind: "ok", key: "copy", title: t("execution.events.copied") }), () => toast({ kind: "problem", key: "copy", title: t("execution.events.notCopied") }));
  return html`<div class="raw">
    <${Tool} icon="copy" label=${t("execution.events.copy")} onClick=${copy} />
    <pre tabindex="0" aria-label=${t("execution.events.raw")}>${text.length > MAX_RAW ? `${text.slice(0, MAX_RAW)}…` : text}</pre>
  </div>`;
}

/**
 * @param history the model; `version` changes with it
 * @param moment the chosen event; `seek` chooses another
 * @param selected the id of a step whose events are wanted, or null
 */
export function Events({ history, version, moment, seek, selected, select, t }) {
  const [group, setGroup] = useState("all");
  const [isRaw, setRaw] = useState(false);
  const filter = useMemo(() => new EventFilter(history, { types: group === "all" ? null : new Set(GROUPS[group]), step: selected }), [history, group, selected]);
  useMemo(() => filter.update(), [filter, version]);
  const index = history.indexOf(moment.seq);
  const current = filter.indexOf(index);
  const begin = history.head.startedAt || history.events[0]?.timestamp;
  const steps = history.graph.steps.filter(({ id }) => history.head.steps.has(id));
  const event = history.events[index];
  const row = (at) => {
    const each = filter.event(at);
    return html`<span class="seq">${each.type === "events_missed" ? "…" : each.seq}</span><span class=${`what ${each.type}`}>${typeOf(each, t)}</span><span class="about">${about(each, t)}</span><span class="when" title=${t.dateTime(each.timestamp)}>+${t.duration(each.timestamp - begin, { fine: true })}</span>`;
  };
  return html`<div class="events">
    <div class="event-filters">
      <label><span class="sr">${t("execution.events.kind")}</span><select class="select" value=${group} onChange=${({ currentTarget }) => setGroup(currentTarget.value)}>
        ${["all", ...Object.keys(GROUPS)].map((each) => html`<option key=${each} value=${each}>${t(`execution.events.groups.${each}`)}</option>`)}
      </select></label>
      <label><span class="sr">${t("execution.events.step")}</span><select class="select" value=${selected ?? ""} onChange=${({ currentTarget }) => select(currentTarget.value || null)}>
        <option value="">${t("execution.events.anyStep")}</option>
        ${steps.map(({ id, name, path }) => html`<option key=${id} value=${id}>${name}${path && history.graph.byName.get(name) === null ? ` ${path}` : ""}</option>`)}
      </select></label>
      <button type="button" class="button small" aria-pressed=${isRaw} onClick=${() => setRaw(!isRaw)}>${t("execution.events.json")}</button>
      <span class="muted amount" role="status">${t("execution.events.count", { count: filter.positions.length })}</span>
    </div>
    ${history.letGo > 0 && html`<p class="hint">${t("execution.events.letGo", { count: history.letGo })}</p>`}
    <${VirtualList} count=${filter.positions.length} height=${ROW} row=${row} current=${current} choose=${(at) => seek(filter.event(at).seq)} label=${t("execution.events.title")} empty=${t("execution.events.none")} />
    ${isRaw && event && html`<${Raw} event=${event} t=${t} />`}
  </div>`;
}

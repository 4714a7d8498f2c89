/** The state as a tree, with what the step at hand has changed. */
import { short } from "./events.js";
import { Glyph } from "./tools.js";
import { OMITTED, segments } from "./values.js";
import { html, memo, useMemo, useState } from "./vendor/preact.js";

const PAGE = 50;
const OPEN_LEVELS = 2;
const OPEN_SIZE = 12;
const MAX_TEXT = 400;

const isTree = (value) => typeof value === "object" && value !== null && value !== OMITTED;

function Leaf({ value, t }) {
  if (value === OMITTED) return html`<span class="value omitted">${t("execution.state.omitted")}</span>`;
  const kind = value === null ? "null" : value === "[secret]" ? "secret" : typeof value;
  const text = JSON.stringify(value) ?? "";
  return html`<span class=${`value ${kind}`}>${text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text}</span>`;
}

/** What was changed at a place, and below it: {here, below: Map of keys to the same}. */
function changeTree(changes) {
  const root = { here: null, below: new Map() };
  for (const change of changes) {
    let at = root;
    for (const part of segments(change.path) ?? []) {
      const key = String(part);
      if (!at.below.has(key)) at.below.set(key, { here: null, below: new Map() });
      at = at.below.get(key);
    }
    at.here = at.here ? { ...change, before: at.here.before } : change;
  }
  return root;
}

const Entry = memo(({ name, value, level, change, t }) => {
  const keys = isTree(value) ? Object.keys(value) : [];
  const [chosen, setChosen] = useState(null);
  const [room, setRoom] = useState(PAGE);
  const isOpen = chosen ?? ((level < OPEN_LEVELS && keys.length <= OPEN_SIZE) || (change?.below.size ?? 0) > 0);
  const isChanged = Boolean(change?.here);
  const mark = isChanged && html`<span class="change-mark" title=${t("execution.state.before", { value: short(change.here.before, t) })}>${t(change.here.before === undefined ? "execution.state.new" : "execution.state.changed")}</span>`;
  if (!isTree(value)) return html`<li class=${isChanged ? "is-changed" : undefined}><span class="key">${name}</span><${Leaf} value=${value} t=${t} />${mark}</li>`;
  const size = Array.isArray(value) ? t("execution.state.items", { count: keys.length }) : t("execution.state.entries", { count: keys.length });
  return html`<li class=${isChanged ? "is-changed" : undefined}>
    <button type="button" class="twist" aria-expanded=${isOpen} onClick=${() => setChosen(!isOpen)}><${Glyph} name="next" size="14" /><span class="key">${name}</span><span class="muted">${size}</span></button>${mark}
    ${isOpen && html`<ul>${keys.slice(0, room).map((key) => html`<${Entry} key=${key} name=${key} value=${value[key]} level=${level + 1} change=${change?.below.get(key)} t=${t} />`)}
      ${keys.length > room && html`<li><button type="button" class="link" onClick=${() => setRoom(room + 4 * PAGE)}>${t("execution.state.more", { count: keys.length - room })}</button></li>`}
    </ul>`}
  </li>`;
});

/** What a step has written: paths with their values before and after. */
export function Changes({ changes, t }) {
  const last = useMemo(() => {
    const byPath = new Map();
    for (const change of changes) byPath.set(change.path, { ...change, before: byPath.get(change.path)?.before ?? change.before });
    return [...byPath.values()];
  }, [changes]);
  const [room, setRoom] = useState(6);
  return html`<ul class="change-list">${last.slice(0, room).map(({ path, before, after }) => html`<li key=${path}><code class="path">${path}</code>${before === undefined ? html`<span class="change-mark">${t("execution.state.new")}</span>` : html`<span class="from"><span class="sr">${t("execution.state.was")} </span>${short(before, t)}</span><span aria-hidden="true">→</span>`}<span class="to"><span class="sr">${t("execution.state.is")} </span>${short(after, t)}</span></li>`)}
    ${last.length > room && html`<li><button type="button" class="link" onClick=${() => setRoom(last.length)}>${t("execution.state.more", { count: last.length - room })}</button></li>`}
  </ul>`;
}

/** The state at a moment. */
export function StateTree({ moment, t }) {
  const { state, stateKnown, changes } = moment;
  const tree = useMemo(() => changeTree(changes), [changes]);
  if (stateKnown === "none") return html`<p class="muted none">${t(moment.missed > 0 ? "execution.state.unknown" : "execution.state.notShown")}</p>`;
  const keys = Object.keys(state ?? {});
  return html`<div class="state">
    ${stateKnown === "partial" && html`<p class="hint">${t("execution.state.partial")}</p>`}
    ${keys.length === 0 ? html`<p class="muted none">${t("execution.state.empty")}</p>` : html`<ul class="tree" aria-label=${t("execution.state.title")}>${keys.map((key) => html`<${Entry} key=${key} name=${key} value=${state[key]} level=${0} change=${tree.below.get(key)} t=${t} />`)}</ul>`}
  </div>`;
}

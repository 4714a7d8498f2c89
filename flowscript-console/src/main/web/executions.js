/** The view of all executions: a live list with filters, which starts and cancels. */
import { CancelDialog } from "./cancel.js";
import { Filters } from "./executions-filters.js";
import { useExecutions } from "./executions-live.js";
import { filterOf, isOver } from "./executions-model.js";
import { href } from "./router.js";
import { StartDialog } from "./start.js";
import { Age, Duration, Empty, Failure, Icon, PHONE, Skeleton, Status, Who, classes, useMedia, useTitle } from "./ui.js";
import { html, useCallback, useEffect, useRef, useState } from "./vendor/preact.js";
import { useVirtual } from "./virtual.js";

const ROW_HEIGHT = 46;
const CARD_HEIGHT = 108;
const NEAR_END = 60;
const COLUMNS = ["status", "execution", "waitsFor", "started", "duration", "actions"];

function WaitsFor({ row, t }) {
  const [first, ...others] = row.waitsFor;
  if (!first) return null;
  return html`<span class="waits cut"><${Who} assignees=${first.assignees} groups=${first.groups} t=${t} />${first.nodeName && html`<span class="muted cut">${first.nodeName}</span>`}${others.length > 0 && html`<span class="muted">+${others.length}</span>`}</span>`;
}

function Row({ row, index, api, t, cancel, isLeaving }) {
  const now = () => api.now();
  const { executionId: id } = row;
  return html`<div role="row" class=${classes("erow", isLeaving && "leaving")} aria-rowindex=${index + 2}>
    <span role="cell" class="c-status"><${Status} status=${row.status} t=${t} /></span>
    <span role="cell" class="c-execution cut"><a class="mono cut" href=${href(["executions", id])}>${id}</a><span class="c-workflow muted cut">${row.workflowId}</span></span>
    <span role="cell" class="c-waits"><${WaitsFor} row=${row} t=${t} /></span>
    <span role="cell" class="c-started muted"><${Age} since=${row.startTime} now=${now} t=${t} text=${(ago) => ago} /></span>
    <span role="cell" class="c-duration muted"><${Duration} since=${row.startTime} until=${row.endTime} now=${now} t=${t} /></span>
    <span role="cell" class="c-actions">${!isOver(row.status) && html`<button type="button" class="button small plain" aria-label=${`${t("executions.cancel")}: ${id}`} onClick=${() => cancel(id)}>${t("executions.cancel")}</button>`}</span>
  </div>`;
}

/** The rows as elements. A row that has not changed keeps its element, so that Preact does not look at it again. */
function useRowElements(list, api, t, cancel) {
  const made = useRef({});
  if (made.current.t !== t || made.current.list !== list) made.current = { t, list, rows: new WeakMap() };
  const { rows } = made.current;
  return (row, index) => {
    const isLeaving = !list.fits(row);
    const known = rows.get(row);
    if (known?.index === index && known.isLeaving === isLeaving) return known.element;
    const element = html`<${Row} key=${row.executionId} row=${row} index=${index} api=${api} t=${t} cancel=${cancel} isLeaving=${isLeaving} />`;
    rows.set(row, { index, isLeaving, element });
    return element;
  };
}

function Table({ list, api, t, cancel }) {
  const top = useRef(null);
  const element = useRowElements(list, api, t, cancel);
  const height = useMedia(PHONE) ? CARD_HEIGHT : ROW_HEIGHT;
  const { rows } = list;
  const { first, end } = useVirtual(rows.length, height, top);
  const isNearEnd = end > rows.length - NEAR_END;
  useEffect(() => {
    if (isNearEnd && list.isLoaded && list.next && !list.error) list.more();
  }, [isNearEnd, list, rows.length]);
  return html`<div role="table" class="etable panel" aria-label=${t("executions.title")} aria-rowcount=${list.next ? -1 : rows.length + 1}>
    <div role="rowgroup" class="ehead"><div role="row" class="erow" aria-rowindex="1">${COLUMNS.map((column) => html`<span key=${column} role="columnheader" class=${`c-${column === "waitsFor" ? "waits" : column}`}>${column === "actions" ? html`<span class="sr">${t("executions.columns.actions")}</span>` : t(`executions.columns.${column}`)}</span>`)}</div></div>
    <div role="rowgroup" ref=${top} style=${{ height: `${rows.length * height}px`, position: "relative" }}>
      <div role="presentation" style=${{ transform: `translateY(${first * height}px)` }}>
        ${rows.slice(first, end).map((row, index) => element(row, first + index))}
      </div>
    </div>
  </div>`;
}

function Nothing({ isFiltered, clear, start, t }) {
  const key = isFiltered ? "noMatch" : "nothing";
  const action = isFiltered
    ? html`<button type="button" class="button" onClick=${clear}>${t("executions.clear")}</button>`
    : html`<button type="button" class="button primary" onClick=${start}><${Icon} name="play" />${t("executions.startWorkflow")}</button>`;
  return html`<${Empty} icon=${isFiltered ? "search" : "executions"} title=${t(`executions.${key}.title`)} action=${action}>${t(`executions.${key}.text`)}</${Empty}>`;
}

function Total({ list, t }) {
  const { total } = list;
  if (total === undefined) return null;
  return html`<span class="total muted">${list.count.exact === false ? t("executions.atLeast", { count: total }) : t("executions.count", { count: total })}</span>`;
}

export default function Executions({ route, api, t, navigate }) {
  useTitle(t("executions.title"));
  const { query } = route;
  const filter = filterOf(query);
  const isHeld = useCallback(() => Boolean(document.querySelector(".etable:hover, .etable :focus-visible")), []);
  const list = useExecutions(api, filter, isHeld);
  const [cancelled, setCancelled] = useState(null);

  const change = (changes) => navigate(href("executions", { ...query, ...changes }), { replace: true });
  const clear = () => change({ status: "", workflow: "", text: "", since: "" });
  const isFiltered = filter.status.length > 0 || Boolean(filter.workflow || filter.text || filter.since);

  useEffect(() => {
    const scrolled = () => {
      list.isAtTop = scrollY < 120;
    };
    scrolled();
    addEventListener("scroll", scrolled, { passive: true });
    return () => removeEventListener("scroll", scrolled);
  }, [list]);
  const showNews = () => {
    scrollTo({ top: 0 });
    list.isAtTop = true;
    list.showNews();
  };

  const isEmpty = list.isLoaded && list.rows.length === 0 && !list.isLoading;
  return html`
    <div class="page-head">
      <h1>${t("executions.title")}</h1><${Total} list=${list} t=${t} />
      <span class="grow"></span>
      <button type="button" class="button primary" onClick=${() => change({ start: "new" })}><${Icon} name="play" />${t("executions.start")}</button>
    </div>
    <${Filters} filter=${filter} count=${list.count} change=${change} clear=${isFiltered ? clear : null} api=${api} t=${t} />
    ${list.news.length > 0 && html`<div class="news"><button type="button" class="button primary" onClick=${showNews}>${t("executions.news", { count: list.news.length })}</button></div>`}
    ${list.rows.length > 0 && html`<${Table} list=${list} api=${api} t=${t} cancel=${setCancelled} />`}
    ${isEmpty && html`<div class="panel"><${Nothing} isFiltered=${isFiltered} clear=${clear} start=${() => change({ start: "new" })} t=${t} /></div>`}
    ${!list.isLoaded && !list.error && html`<${Skeleton} lines="12" kind="row" t=${t} />`}
    ${list.error && html`<${Failure} error=${list.error} retry=${() => list.more()} t=${t} />`}
    ${list.isLoaded && list.isLoading && html`<${Skeleton} lines="2" kind="row" t=${t} />`}
    ${query.start && html`<${StartDialog} workflowId=${query.start === "new" ? "" : query.start} choose=${(id) => change({ start: id || "new" })} close=${() => change({ start: "" })} api=${api} t=${t} navigate=${navigate} />`}
    ${cancelled && html`<${CancelDialog} id=${cancelled} close=${() => setCancelled(null)} api=${api} t=${t} />`}`;
}

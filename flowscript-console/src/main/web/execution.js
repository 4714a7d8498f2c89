/** The page of one execution: its picture, its time line, its events and its state, now or as they were at any event. */
import { CancelDialog } from "./cancel.js";
import { Events } from "./events.js";
import { Picture } from "./graph.js";
import { Now } from "./now.js";
import { href } from "./router.js";
import { Scrubber } from "./scrubber.js";
import { StateTree } from "./state-tree.js";
import { StepTable, Timeline } from "./timeline.js";
import { Duration, Empty, Failure, Icon, PHONE, Skeleton, Status, Who, explain, useMedia, useTick, useTitle } from "./ui.js";
import { useExecution } from "./use-execution.js";
import { html, useCallback, useEffect, useMemo, useRef, useState } from "./vendor/preact.js";

const URL_MILLIS = 250;
const PARTS = ["picture", "now", "timeline", "state", "events"];

/** The chosen event, which is also in the URL; null when the page is live. */
function useAt(route, navigate) {
  const inUrl = /^\d+$/.test(route.query.at ?? "") ? Number(route.query.at) : null;
  const [at, setAt] = useState(inUrl);
  const written = useRef(inUrl);
  const timer = useRef(0);
  useEffect(() => {
    if (inUrl === written.current) return;
    written.current = inUrl;
    setAt(inUrl);
  }, [inUrl]);
  useEffect(() => () => clearTimeout(timer.current), [route.id]);
  const seek = useCallback((seq) => {
    setAt(seq);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      written.current = seq;
      navigate(href(["executions", route.id], { at: seq }), { replace: true });
    }, URL_MILLIS);
  }, [route.id, navigate]);
  return [at, seek];
}

function CancelButton({ id, api, t }) {
  const [isAsking, ask] = useState(false);
  return html`<button type="button" class="button danger" onClick=${() => ask(true)}><${Icon} name="stop" size="16" />${t("executions.cancel")}</button>
    ${isAsking && html`<${CancelDialog} id=${id} close=${() => ask(false)} api=${api} t=${t} />`}`;
}

/** Who is waited for, of all open questions. */
function waitedFor(open) {
  const all = [...open.values()];
  return { assignees: [...new Set(all.flatMap(({ assignees = [] }) => assignees))].slice(0, 4), groups: [...new Set(all.flatMap(({ groups = [] }) => groups))].slice(0, 4) };
}

function Head({ id, view: { workflow, status: loaded, history }, api, t, now }) {
  const { head } = history;
  const status = head.status === "pending" ? loaded.status : head.status;
  const startedAt = head.startedAt || Date.parse(loaded.startTime);
  const first = head.open.values().next().value;
  return html`<header class="execution-head">
    <a class="back" href=${href("executions")}><${Icon} name="back" size="16" />${t("executions.title")}</a>
    <div class="execution-title">
      <h1>${workflow?.name ?? loaded.workflowId}</h1>
      <${Status} status=${status} t=${t} />
    </div>
    <dl class="head-facts">
      <div><dt>${t("execution.head.id")}</dt><dd><code>${id}</code></dd></div>
      <div><dt>${t("execution.head.started")}</dt><dd><time datetime=${new Date(startedAt).toISOString()}>${t.dayTime(startedAt)}</time></dd></div>
      <div><dt>${t(history.isOver ? "execution.head.took" : "execution.head.runs")}</dt><dd>${history.isOver ? t.duration(head.time - startedAt, { fine: true }) : html`<${Duration} since=${startedAt} t=${t} now=${now} />`}</dd></div>
      ${head.open.size > 0 && html`<div><dt>${t("execution.head.waitsFor")}</dt><dd><${Who} ...${waitedFor(head.open)} t=${t} /></dd></div>`}
    </dl>
    <div class="execution-actions">
      ${first && html`<a class="button primary" href=${href(["inbox", id, first.tokenId])}><${Icon} name="inbox" size="16" />${t("execution.head.answer")}</a>`}
      ${!history.isOver && html`<${CancelButton} id=${id} api=${api} t=${t} />`}
    </div>
  </header>`;
}

/** Says which events are missing, and that nothing was made up in their place. */
function Gaps({ history, t }) {
  const { gaps } = history;
  if (gaps.length === 0) return null;
  const { from, to } = gaps[0];
  return html`<p class="hint gap" role="note"><${Icon} name="info" />${to === null ? t("execution.gap.since", { from }) : t("execution.gap.between", { from, to })} ${t("execution.gap.means")}</p>`;
}

function PictureCard({ view: { history, workflow }, moment, selected, select, t }) {
  const [isList, setList] = useState(false);
  return html`<section class="panel picture-card" aria-label=${t("execution.picture.title")}>
    <header class="panel-head"><h2>${t("execution.picture.title")}</h2>
      ${!workflow && html`<span class="muted">${t("execution.picture.noWorkflow")}</span>`}
      <span class="grow"></span>
      <div class="segments small" role="group" aria-label=${t("execution.picture.view")}>
        ${[false, true].map((each) => html`<button key=${each} type="button" aria-pressed=${isList === each} onClick=${() => setList(each)}>${t(each ? "execution.steps.title" : "execution.picture.short")}</button>`)}
      </div>
    </header>
    ${isList ? html`<${StepTable} moment=${moment} graph=${history.graph} selected=${selected} select=${select} t=${t} />` : html`<${Picture} moment=${moment} graph=${history.graph} selected=${selected} select=${select} t=${t} />`}
  </section>`;
}

function Details({ part, setPart, children, t }) {
  return html`<section class="panel details" aria-label=${t(`execution.parts.${part}`)}>
    <header class="panel-head"><div class="segments" role="group" aria-label=${t("execution.parts.label")}>
      ${["state", "events"].map((each) => html`<button key=${each} type="button" aria-pressed=${part === each} onClick=${() => setPart(each)}>${t(`execution.parts.${each}`)}</button>`)}
    </div></header>
    ${children}
  </section>`;
}

function Content({ id, view, at, seek, api, t }) {
  const { history, version } = view;
  const isPhone = useMedia(PHONE);
  const [selected, select] = useState(null);
  const [part, setPart] = useState("events");
  const [phonePart, setPhonePart] = useState("picture");
  useTick(at === null && !history.isOver);
  const now = api.now();
  const second = at === null && !history.isOver ? Math.floor(now / 1000) : 0;
  const moment = useMemo(() => (at === null ? history.head.copy().passTo(now) : history.at(at)), [history, at, version, second]);
  const shared = { history, version, moment, seek, selected, select, t };
  const parts = {
    picture: () => html`<${PictureCard} key="picture" view=${view} moment=${moment} selected=${selected} select=${select} t=${t} />`,
    now: () => html`<${Now} key="now" history=${history} moment=${moment} executionId=${id} at=${at} t=${t} now=${() => api.now()} />`,
    timeline: () => html`<${Timeline} key="timeline" ...${shared} now=${now} />`,
    state: () => html`<${StateTree} moment=${moment} t=${t} />`,
    events: () => html`<${Events} ...${shared} />`,
  };
  const scrubber = html`<${Scrubber} history=${history} moment=${moment} at=${at} seek=${seek} t=${t} />`;
  if (isPhone) {
    return html`<nav class="segments page-parts" aria-label=${t("execution.parts.label")}>${PARTS.map((each) => html`<button key=${each} type="button" aria-pressed=${phonePart === each} onClick=${() => setPhonePart(each)}>${t(`execution.parts.${each}`)}</button>`)}</nav>
      <div class="phone-part">${phonePart === "state" || phonePart === "events" ? html`<section key=${phonePart} class="panel details" aria-label=${t(`execution.parts.${phonePart}`)}>${parts[phonePart]()}</section>` : parts[phonePart]()}</div>
      ${scrubber}`;
  }
  return html`${scrubber}<div class="execution-grid">
    <div class="column">${parts.picture()}${parts.timeline()}</div>
    <div class="column">${parts.now()}<${Details} part=${part} setPart=${setPart} t=${t}>${parts[part]()}</${Details}></div>
  </div>`;
}

export default function Execution({ route, api, t, navigate }) {
  const view = useExecution(route.id, api);
  const [at, seek] = useAt(route, navigate);
  const { history, error, isLoaded } = view;
  useTitle(view.workflow?.name ?? route.id);
  if (error && !(history && isLoaded)) {
    if (error.status === 404) return html`<${Empty} icon="search" title=${t("execution.notFound.title")} action=${html`<a class="button" href=${href("executions")}>${t("execution.notFound.back")}</a>`}>${t("execution.notFound.text", { id: route.id })}</${Empty}>`;
    return html`<${Failure} error=${error} retry=${view.retry} t=${t} />`;
  }
  if (!history || !isLoaded) return html`<${Skeleton} lines="6" kind="card" t=${t} />`;
  return html`<div class="execution">
    <${Head} id=${route.id} view=${view} api=${api} t=${t} now=${() => api.now()} />
    ${error && html`<p class="hint" role="alert"><${Icon} name="offline" />${explain(error, t)} <button type="button" class="link" onClick=${view.retry}>${t("failure.retry")}</button></p>`}
    <${Gaps} history=${history} t=${t} />
    <${Content} id=${route.id} view=${view} at=${at} seek=${seek} api=${api} t=${t} />
  </div>`;
}

/** The view of how the server is: live figures, small charts, and who falls behind. */
import { Bars, LineChart, PartsBar } from "./charts.js";
import { STATUSES } from "./executions-model.js";
import { EVERY_MILLIS, oldestAge, upTime, windowOf, withSample } from "./health-model.js";
import { href } from "./router.js";
import { Age, Empty, Failure, Icon, Skeleton, useTitle } from "./ui.js";
import { html, useEffect, useState } from "./vendor/preact.js";

const TRANSPORTS = ["webSocket", "stream", "poll", "memory"];

/** Asks for the figures every two seconds while the page is seen: {stats, samples, error, since}. */
function useStats(api) {
  const [state, setState] = useState({ stats: null, samples: [], error: null });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const aborter = new AbortController();
    let timer = 0;
    const ask = async () => {
      try {
        if (!document.hidden) {
          const stats = await api.stats({ signal: aborter.signal });
          setState((before) => ({ stats, samples: withSample(before.samples, stats), error: null }));
        }
      } catch (error) {
        if (aborter.signal.aborted) return;
        setState((before) => ({ ...before, error }));
        if (error.status === 403 || error.status === 404) return;
      }
      if (!aborter.signal.aborted) timer = setTimeout(ask, EVERY_MILLIS);
    };
    ask();
    return () => {
      aborter.abort();
      clearTimeout(timer);
    };
  }, [api, attempt]);
  return { ...state, retry: () => setAttempt((count) => count + 1) };
}

function Tile({ label, value, children }) {
  return html`<div class="tile panel"><dt class="muted">${label}</dt><dd><strong>${value}</strong>${children && html`<span class="muted">${children}</span>`}</dd></div>`;
}

const megabytes = (bytes, t) => `${t.number(Math.round(bytes / 1_048_576))} MB`;

function Tiles({ stats, t }) {
  const { interactions = {}, memory, counters = {}, threads, store } = stats;
  const running = (stats.executions?.running ?? 0) + (stats.executions?.paused ?? 0);
  return html`<dl class="tiles">
    <${Tile} label=${t("health.underWay")} value=${t.number(running)}>${t("health.failed", { count: stats.executions?.failed ?? 0 })}</${Tile}>
    <${Tile} label=${t("health.openQuestions")} value=${t.number(interactions.open ?? 0)}>${t.number(interactions.unseen ?? 0)} ${t("health.unseen")} · ${t.number(interactions.claimed ?? 0)} ${t("health.claimed")}</${Tile}>
    <${Tile} label=${t("health.answered")} value=${t.number(counters.answered ?? 0)}>${t("health.refused", { count: counters.refused ?? 0 })}</${Tile}>
    ${memory && html`<${Tile} label=${t("health.memory")} value=${megabytes(memory.used, t)}>${t("health.memoryOf", { max: megabytes(memory.max, t) })}</${Tile}>`}
    <${Tile} label=${t("health.store")} value=${t(`health.stores.${store ?? "none"}`)}>${t("health.threads", { count: threads ?? 0 })}</${Tile}>
  </dl>`;
}

function SlowClients({ clients, t }) {
  if (clients.length === 0) return html`<p class="muted calm"><${Icon} name="check" />${t("health.slowNone")}</p>`;
  return html`<table class="slow"><thead><tr><th scope="col">${t("health.client")}</th><th scope="col">${t("health.behind")}</th></tr></thead>
    <tbody>${clients.map(({ clientId, behind }) => html`<tr key=${clientId}><td class="mono cut">${clientId}</td><td>${t.number(behind)}</td></tr>`)}</tbody></table>`;
}

function Figures({ stats, samples, t }) {
  const line = (name, format, max) => html`<${LineChart} samples=${samples} name=${name} title=${t(`health.${name}`)} format=${format} max=${max} t=${t} />`;
  const { executions = {}, interactions = {}, connections = {}, slowClients = [], memory } = stats;
  const age = oldestAge(stats);
  const bars = (interactions.byAge ?? []).map(({ upTo, count }) => ({ label: upTo === undefined ? t("health.older") : t("health.upTo", { duration: t.duration(upTo * 1000) }), value: count }));
  return html`
    <${Tiles} stats=${stats} t=${t} />
    <div class="charts">
      ${line("events", (value) => t.number(value))}
      ${line("steps", (value) => t.number(value))}
      ${line("delivered", (value) => t.number(value))}
      ${line("bytes", (value) => t.number(value / 1024))}
      ${line("lag", (value) => t.number(value))}
      ${line("memory", (value) => megabytes(value, t), memory?.max)}
    </div>
    <div class="boards">
      <section class="panel board"><h2>${t("health.executions")}</h2><${PartsBar} parts=${STATUSES.map((name) => ({ name, label: t(`status.${name}`), value: executions[name] ?? 0, link: href("executions", { status: name }) }))} t=${t} /></section>
      <section class="panel board"><h2>${t("health.questions")}</h2>${interactions.open ? html`<${Bars} bars=${bars} t=${t} />` : html`<p class="muted calm"><${Icon} name="check" />${t("health.questionsNone")}</p>`}${age !== null && html`<p class="muted">${t("health.oldest", { age: t.duration(age) })}</p>`}</section>
      <section class="panel board"><h2>${t("health.connections")}</h2><${PartsBar} parts=${TRANSPORTS.map((name) => ({ name, label: t(`health.transports.${name}`), value: connections[name] ?? 0 }))} t=${t} /></section>
      <section class="panel board"><h2>${t("health.slow")}</h2><${SlowClients} clients=${slowClients} t=${t} /></section>
    </div>`;
}

export default function Health({ api, t }) {
  useTitle(t("health.title"));
  const { stats, samples, error, retry } = useStats(api);
  const isOff = error && !stats && (error.status === 403 || error.status === 404);
  return html`
    <div class="page-head"><h1>${t("health.title")}</h1>${stats && html`<span class="muted">${t("health.up", { duration: t.duration(upTime(stats)) })}</span>`}<span class="grow"></span>
      ${stats && html`<span class="muted">${error ? html`<span role="status">${t("health.lost")} <${Age} since=${samples[samples.length - 1].at} now=${() => api.now()} t=${t} /></span>` : t("health.window", { duration: t.duration(windowOf(samples)) })}</span>`}</div>
    ${isOff && html`<div class="panel"><${Empty} icon="health" title=${t("health.off.title")}>${t("health.off.text")}</${Empty}></div>`}
    ${error && !stats && !isOff && html`<${Failure} error=${error} retry=${retry} t=${t} />`}
    ${!error && !stats && html`<${Skeleton} lines="4" kind="card" t=${t} />`}
    ${stats && html`<${Figures} stats=${stats} samples=${samples} t=${t} />`}`;
}

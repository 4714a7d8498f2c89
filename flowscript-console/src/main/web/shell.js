/** The frame of the page: the top bar with the views, the connection, and the settings of the person. */
import { LANGUAGES } from "./i18n.js";
import { Identity } from "./identity.js";
import { Pending } from "./quick.js";
import { href } from "./router.js";
import { THEMES } from "./theme-choice.js";
import { Toasts } from "./toasts.js";
import { Icon, Popover } from "./ui.js";
import { html, useEffect, useState } from "./vendor/preact.js";

const VIEWS = ["executions", "inbox", "health"];
const ICON = new URL("icon.svg", import.meta.url).href;
const CALM_MILLIS = 1_500;
const AGAIN_MILLIS = 1_000;

/**
 * The client's state and how many commands wait. A short interruption is not shown, so that nothing flickers; a longer one is one state,
 * however often the client tries.
 */
function useConnection(api) {
  const { flow } = api;
  const [shown, setShown] = useState({ state: "connecting", transport: null, queued: 0 });
  useEffect(() => {
    let timer = 0;
    let wasOnline = false;
    const read = () => {
      const state = wasOnline && flow.state === "connecting" ? "waiting" : flow.state;
      setShown({ state, transport: flow.transport, queued: api.waiting });
    };
    const lost = () => {
      read();
      timer = setTimeout(lost, AGAIN_MILLIS);
    };
    const changed = () => {
      if (flow.state === "online") {
        clearTimeout(timer);
        timer = 0;
        wasOnline = true;
        read();
      } else {
        timer ||= setTimeout(lost, CALM_MILLIS);
      }
    };
    changed();
    const off = flow.on("state", changed);
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [api]);
  return shown;
}

function Connection({ api, t }) {
  const { state, transport, queued } = useConnection(api);
  const key = state === "online" && transport !== "websocket" ? "slow" : state;
  const tells = queued > 0 && state !== "online" ? t("connection.queued", { count: queued }) : t(`connection.${key}`);
  return html`<div class=${`connection ${state === "idle" ? "online" : state}`} title=${t(`connection.hint.${key}`)}>
    <span class="dot" aria-hidden="true"></span>
    <span role="status">${tells}</span>
    ${(state === "waiting" || state === "closed") && html`<button type="button" onClick=${() => api.flow.connect()}>${t("connection.now")}</button>`}
  </div>`;
}

function Choice({ label, values, value, text, choose }) {
  return html`<div class="field"><span class="label">${label}</span>
    <div class="segments" role="group" aria-label=${label}>${values.map((each) => html`<button key=${each} type="button" aria-pressed=${each === value} onClick=${() => choose(each)}>${text(each)}</button>`)}</div>
  </div>`;
}

/** The frame around a view. `open` is how many questions wait for this person. */
export function Shell({ route, api, t, open, language, theme, children }) {
  const name = api?.identity?.name;
  const current = route.view === "execution" ? "executions" : route.view;
  return html`
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById("main").focus(); }}>${t("skip")}</a>
    <header class="bar">
      <a class="brand" href="#/executions"><img src=${ICON} alt="" /><span>FlowScript</span></a>
      <nav class="tabs" aria-label=${t("nav.label")}>
        ${VIEWS.map((view) => html`<a key=${view} href=${href(view)} aria-current=${view === current ? "page" : undefined}>
          <${Icon} name=${view} />${t(`nav.${view}`)}
          ${view === "inbox" && open > 0 && html`<span class="badge" aria-label=${t("nav.open", { count: open })}>${open > 99 ? "99+" : open}</span>`}
        </a>`)}
      </nav>
      <span class="grow"></span>
      ${api && html`<${Connection} api=${api} t=${t} />`}
      <${Popover} label=${t("settings.label")} button=${html`<span class="avatar" aria-hidden="true">${name ? name[0] : html`<${Icon} name="person" size="14" />`}</span><${Icon} name="down" size="14" />`}>
        ${() => html`
          ${api && html`<${Identity} api=${api} t=${t} />`}
          <${Choice} label=${t("settings.language")} values=${Object.keys(LANGUAGES)} value=${language.value} text=${(each) => LANGUAGES[each]} choose=${language.choose} />
          <${Choice} label=${t("settings.theme")} values=${THEMES} value=${theme.value} text=${(each) => t(`settings.themes.${each}`)} choose=${theme.choose} />`}
      </${Popover}>
    </header>
    <main id="main" class="main" tabindex="-1">${children}</main>
    <${Toasts} t=${t} first=${html`<${Pending} t=${t} />`} />
    <div id="live" class="sr" role="status" aria-live="polite"></div>`;
}

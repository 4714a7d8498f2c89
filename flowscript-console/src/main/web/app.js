/** The start of the page: connects, chooses the view of the route, and loads a view when it is first shown. */
import { connect, loadPart } from "./api.js";
import { LANGUAGES, chosenLanguage, keepLanguage, translator } from "./i18n.js";
import { useRoute } from "./router.js";
import { Shell } from "./shell.js";
import { useTheme } from "./theme-choice.js";
import { toast } from "./toasts.js";
import { Failure, Skeleton } from "./ui.js";
import { html, render, useCallback, useEffect, useMemo, useRef, useState } from "./vendor/preact.js";
import { isOutdated } from "./version.js";

/** A view is the default export of its module, a component with {route, api, t, navigate}. Its styles load with it. */
const VIEWS = {
  executions: { load: () => import("./executions.js"), styles: "executions.css" },
  execution: { load: () => import("./execution.js"), styles: "execution.css" },
  inbox: { load: () => import("./inbox.js"), styles: "inbox.css" },
  health: { load: () => import("./health.js"), styles: "health.css" },
};

const loaded = new Map();

function loadStyles(href) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL(href, import.meta.url).href });
    link.onload = resolve;
    link.onerror = () => reject(new Error(`${href} cannot be loaded`));
    document.head.append(link);
  });
}

async function loadView(name) {
  const { load, styles } = VIEWS[name];
  const [module] = await loadPart(() => Promise.all([load(), loadStyles(styles)]));
  loaded.set(name, module.default);
}

function View({ name, t, ...rest }) {
  const [, again] = useState(0);
  const [error, setError] = useState(null);
  const View = loaded.get(name);
  useEffect(() => {
    let isCurrent = true;
    setError(null);
    if (!loaded.has(name)) loadView(name).then(() => isCurrent && again((count) => count + 1), (problem) => isCurrent && setError(problem));
    return () => {
      isCurrent = false;
    };
  }, [name]);
  if (error) return html`<${Failure} error=${error} retry=${() => location.reload()} t=${t} />`;
  return View ? html`<${View} t=${t} ...${rest} />` : html`<${Skeleton} lines="8" kind="row" t=${t} />`;
}

/** How many questions wait for this person, live. */
function useOpen(api) {
  const [open, setOpen] = useState(0);
  useEffect(() => {
    if (!api) return undefined;
    const inbox = api.flow.inbox({ ...(api.identity && { mine: true }), count: true, limit: 1 });
    inbox.on("change", () => setOpen(inbox.total ?? inbox.items.length));
    inbox.on("error", () => setOpen(0));
    return () => inbox.close();
  }, [api]);
  return open;
}

/** Offers to load the page again when a connection that came back leads to a server with another version of it. */
function useUpdate(api, t) {
  const texts = useRef(t);
  texts.current = t;
  useEffect(() => {
    if (!api) return undefined;
    let connections = 0;
    return api.flow.on("state", async ({ state }) => {
      if (state !== "online") return;
      connections += 1;
      if (connections === 1 || !(await isOutdated())) return;
      const say = texts.current;
      toast({ key: "update", title: say("update.title"), text: say("update.text"), actions: [{ label: say("update.reload"), run: () => location.reload() }], millis: Infinity });
    });
  }, [api]);
}

function App() {
  const [route, navigate] = useRoute();
  const [language, setLanguage] = useState(chosenLanguage);
  const [theme, chooseTheme] = useTheme();
  const [api, setApi] = useState(null);
  const [error, setError] = useState(null);
  const t = useMemo(() => translator(language), [language]);
  const open = useOpen(api);
  useUpdate(api, t);

  const start = useCallback(() => {
    setError(null);
    connect().then(setApi, setError);
  }, []);
  useEffect(start, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const chooseLanguage = (next) => {
    if (!(next in LANGUAGES)) return;
    keepLanguage(next);
    setLanguage(next);
  };

  return html`<${Shell} route=${route} api=${api} t=${t} open=${open} language=${{ value: language, choose: chooseLanguage }} theme=${{ value: theme, choose: chooseTheme }}>
    ${error && html`<${Failure} error=${error} retry=${start} t=${t} />`}
    ${!error && !api && html`<${Skeleton} lines="8" kind="row" t=${t} />`}
    ${api && html`<${View} key=${route.view} name=${route.view} route=${route} api=${api} t=${t} navigate=${navigate} />`}
  </${Shell}>`;
}

render(html`<${App} />`, document.getElementById("app"));

/** The view of what people are asked: tabs, a live list, and the question that is open. */
import { Answers } from "./answers.js";
import { Search } from "./executions-filters.js";
import { SHOWN, useInbox, useQuestion, useSeen } from "./inbox-live.js";
import { TABS, firstTab, inOrder, isIn, keyOf, quickOf, titleOf } from "./inbox-model.js";
import { List } from "./inbox-list.js";
import { KeysHelp, useKeys } from "./keys.js";
import { Question } from "./question.js";
import { schedule, undo, usePending } from "./quick.js";
import { href } from "./router.js";
import { toast } from "./toasts.js";
import { Icon, IconButton, PHONE, announce, explain, useMedia, useTitle } from "./ui.js";
import { html, useCallback, useEffect, useMemo, useReducer, useRef, useState } from "./vendor/preact.js";

const helpRows = (t) => [
  ["j", t("inbox.keys.next")],
  ["k", t("inbox.keys.previous")],
  ["Enter", t("inbox.keys.open")],
  ["a", t("inbox.keys.approve")],
  ["u", t("inbox.keys.undo")],
  ["c", t("inbox.keys.claim")],
  ["r", t("inbox.keys.release")],
  ["/", t("inbox.keys.search")],
  ["1–5", t("inbox.keys.tabs")],
  ["Esc", t("inbox.keys.back")],
  ["?", t("inbox.keys.help")],
];

/** The answers of this page, which outlive a change of the view's language. */
function useAnswers(api, t) {
  const [, render] = useReducer((count) => count + 1, 0);
  const answers = useMemo(() => new Answers(api, render), [api]);
  answers.t = t;
  return answers;
}

function Tabs({ tab, counts, choose, t }) {
  const strip = useRef(null);
  useEffect(() => {
    const { current } = strip;
    const chosen = current.querySelector("[aria-pressed=true]");
    if (chosen) current.scrollLeft = chosen.offsetLeft - (current.clientWidth - chosen.clientWidth) / 2;
  }, [tab]);
  return html`<div ref=${strip} class="segments inbox-tabs" role="group" aria-label=${t("inbox.title")}>${TABS.map((each) => html`<button key=${each} type="button" aria-pressed=${each === tab} onClick=${() => choose(each)}>${t(`inbox.tabs.${each}`)}<span class="tab-count">${counts[each]}</span></button>`)}</div>`;
}

export default function Inbox({ route, api, t, navigate }) {
  useTitle(t("inbox.title"));
  const { id, token, query } = route;
  const isPhone = useMedia(PHONE);
  const { items, total, isLoaded, error, retry } = useInbox(api, query.text ?? "");
  const answers = useAnswers(api, t);
  const pending = usePending();
  const [isHelp, setHelp] = useState(false);
  const search = useRef(null);
  const startTab = useRef(null);

  if (isLoaded) startTab.current ??= firstTab(items, api.identity);
  const tab = TABS.includes(query.tab) ? query.tab : startTab.current ?? (api.identity ? "mine" : "all");
  // What is about to be sent has left the list already; "Undo" brings it back.
  const waiting = items.filter((item) => answers.of(item)?.closes !== true);
  const counts = Object.fromEntries(TABS.map((each) => [each, waiting.filter((item) => isIn(each, item, api.identity)).length]));
  const listed = inOrder(waiting.filter((item) => isIn(tab, item, api.identity)));
  const item = useQuestion(api, id, token, items);
  useSeen(api, item);
  answers.shown = item ? keyOf(item) : null;

  const go = useCallback((target, options) => navigate(href(target ? ["inbox", target.executionId, target.tokenId] : "inbox", query), options), [navigate, query]);
  const change = (changes) => navigate(href(id ? ["inbox", id, token] : "inbox", { ...query, ...changes }), { replace: true });
  const at = listed.findIndex((each) => each.executionId === id && each.tokenId === token);
  const select = (target) => {
    if (!target) return;
    if (!isPhone) go(target, { replace: true });
    requestAnimationFrame(() => document.getElementById(`question ${keyOf(target)}`)?.focus());
  };
  const next = () => {
    const others = listed.filter((each) => !(each.executionId === id && each.tokenId === token) && !pending.some((entry) => keyOf(entry.item) === keyOf(each)));
    const target = others[Math.min(Math.max(at, 0), others.length - 1)];
    go(isPhone ? null : target ?? null, { replace: true });
    // Somebody who has gone on to something else, such as the search, stays there.
    const isElsewhere = document.activeElement !== document.body && !document.activeElement.closest(".question");
    if (!isElsewhere) requestAnimationFrame(() => (target ? document.getElementById(`question ${keyOf(target)}`) : document.getElementById("main"))?.focus());
  };
  const command = (call, title) => call.then((reply) => toast({ kind: "ok", title: title(reply ?? {}) }), (problem) => toast({ kind: "problem", title: titleOf(item.nodeInfo), text: explain(problem, t) }));
  const actions = {
    answers,
    next: listed.length > (at >= 0 ? 1 : 0) || isPhone ? next : null,
    answered: next,
    claim: (target) => command(api.claim(target), ({ until }) => t("inbox.claimed", { duration: t.duration(until - api.now() + 500) })),
    release: (target) => command(api.release(target), () => t("inbox.released")),
    quick: (target, choice) => {
      schedule(target, choice, () => answers.answer(target, choice.answer));
      announce(`${t("inbox.quick.pending", { choice: choice.label, title: titleOf(target.nodeInfo) })} ${t("inbox.quick.pendingText")}`);
      next();
    },
  };
  const focused = () => listed.find((each) => `question ${keyOf(each)}` === document.activeElement?.id) ?? (item && !item.error ? item : null);
  const place = () => {
    const current = focused();
    return current ? listed.findIndex((each) => keyOf(each) === keyOf(current)) : -1;
  };
  const approve = () => {
    const target = focused();
    if (!target) return false;
    const choice = quickOf(target.nodeInfo).find(({ approves }) => approves);
    if (choice) actions.quick(target, choice);
    else {
      announce(t("inbox.quick.notPossible"));
      toast({ key: "quick", title: t("inbox.quick.notPossible") });
      go(target);
    }
    return true;
  };
  useKeys({
    j: () => select(listed[Math.min(place() + 1, listed.length - 1)]),
    k: () => select(listed[Math.max(place() - 1, 0)]),
    a: approve,
    c: () => focused() && actions.claim(focused()),
    r: () => focused() && actions.release(focused()),
    u: () => {
      const taken = undo();
      if (!taken) return false;
      toast({ key: "undo", title: t("inbox.quick.undone") });
      select(taken);
      return true;
    },
    "/": () => search.current?.focus(),
    "?": () => setHelp(true),
    Enter: (event) => {
      if (!item || !event.target.closest?.(".inbox-list a[aria-current]")) return false;
      document.querySelector(".question flowscript-form")?.focus();
      return true;
    },
    Escape: () => {
      if (document.activeElement === search.current && search.current.value) return false;
      const target = document.getElementById(`question ${item ? keyOf(item) : ""}`);
      if (isPhone) go(null);
      else (target ?? document.getElementById("main")).focus();
      return true;
    },
    ...Object.fromEntries(TABS.map((each, index) => [String(index + 1), () => change({ tab: each })])),
  });
  useEffect(() => {
    if (isPhone && id) scrollTo({ top: 0 });
  }, [isPhone, id, token]);

  const isDetail = isPhone && id;
  return html`
    ${isDetail
      ? html`<div class="page-head"><a class="button plain" href=${href("inbox", query)}><${Icon} name="back" />${t("inbox.back")}</a></div>`
      : html`<div class="page-head"><h1>${t("inbox.title")}</h1><span class="grow"></span>
          <${Search} value=${query.text ?? ""} label=${t("inbox.search")} change=${(text) => change({ text })} inputRef=${search} />
          ${!isPhone && html`<${IconButton} icon="keyboard" label=${t("inbox.keys.title")} onClick=${() => setHelp(true)} />`}</div>
        <${Tabs} tab=${tab} counts=${counts} choose=${(next) => change({ tab: next })} t=${t} />`}
    <div class="inbox">
      ${!isDetail && html`<${List} items=${listed} tab=${tab} at=${item} query=${query} isLoaded=${isLoaded} error=${error} retry=${retry} truncated=${total > SHOWN ? SHOWN : 0} pending=${pending} answers=${answers} api=${api} t=${t} />`}
      ${(!isPhone || id) && html`<section class="inbox-detail panel" aria-label=${t("inbox.detail")}><${Question} item=${item} result=${item && !item.error ? answers.of(item) : undefined} isPending=${Boolean(item) && pending.some((entry) => keyOf(entry.item) === keyOf(item))} actions=${actions} level=${isPhone ? "h1" : "h2"} api=${api} t=${t} /></section>`}
    </div>
    ${isHelp && html`<${KeysHelp} rows=${helpRows(t)} close=${() => setHelp(false)} t=${t} />`}`;
}

/** The components that all views share. */
import { Icon } from "./icons.js";
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "./vendor/preact.js";

export { Icon };

/** Class names, without those that are false. */
export const classes = (...names) => names.filter(Boolean).join(" ");

const ticking = new Set();
let ticker = 0;

/** Renders again each second, together with all others that do, while `isOn`. A hidden page does not tick. */
export function useTick(isOn = true) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!isOn) return undefined;
    const again = () => tick((count) => count + 1);
    ticking.add(again);
    ticker ||= setInterval(() => document.hidden || ticking.forEach((each) => each()), 1000);
    return () => {
      ticking.delete(again);
      if (ticking.size === 0) {
        clearInterval(ticker);
        ticker = 0;
      }
    };
  }, [isOn]);
}

/** Whether a media query fits, such as "(max-width: 40rem)". */
export function useMedia(query) {
  const [fits, setFits] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const changed = () => setFits(media.matches);
    changed();
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, [query]);
  return fits;
}

/** Up to this width there is one column, and tables are cards. */
export const PHONE = "(max-width: 40rem)";

/** Sets the title of the document while the view is shown. */
export function useTitle(title) {
  useEffect(() => {
    document.title = `${title} · FlowScript`;
  }, [title]);
}

/** How long ago a time was; it ticks. `text(ago)` makes a sentence of it; without it, there is only the age. */
export function Age({ since, t, now, text }) {
  useTick();
  const millis = now() - since;
  return html`<time datetime=${new Date(since).toISOString()} title=${t.dateTime(since)}>${text ? text(t.ago(millis)) : t.age(millis)}</time>`;
}

/** How long something takes, or took. */
export function Duration({ since, until, t, now }) {
  useTick(!until);
  return html`<span>${t.duration((until ?? now()) - since)}</span>`;
}

/** The time that is left. The last hour is urgent. */
export function Countdown({ deadline, t, now }) {
  useTick();
  const left = deadline - now();
  return html`<time class=${classes("countdown", left < 3_600_000 && "urgent", left < 0 && "over")} datetime=${new Date(deadline).toISOString()} title=${t.dateTime(deadline)}>
    <${Icon} name="clock" size="15" />${left < 0 ? t("time.over", { duration: t.duration(-left) }) : t("time.left", { duration: t.duration(left) })}
  </time>`;
}

const STATUS_ICONS = { pending: "clock", running: "play", paused: "pause", completed: "check", failed: "alert", cancelled: "stop" };

/** The status of an execution: a shape, a word and a colour. */
export function Status({ status, t }) {
  return html`<span class=${`status ${status}`}><${Icon} name=${STATUS_ICONS[status] ?? "info"} size="14" />${t(`status.${status}`)}</span>`;
}

/** People and groups, such as "ada, managers". */
export function Who({ assignees = [], groups = [], t }) {
  if (assignees.length + groups.length === 0) return html`<span class="who muted">${t("who.anybody")}</span>`;
  return html`<span class="who">
    ${assignees.map((name) => html`<span key=${name}><${Icon} name="person" size="14" />${name}</span>`)}
    ${groups.map((name) => html`<span key=${`group ${name}`}><${Icon} name="group" size="14" />${name}</span>`)}
  </span>`;
}

/** What a list without entries says, and what to do about it. */
export function Empty({ icon = "info", title, children, action }) {
  return html`<div class="empty"><span class="empty-icon"><${Icon} name=${icon} size="28" /></span><h2>${title}</h2><p>${children}</p>${action}</div>`;
}

/** Grey lines in place of what is being loaded. They take the room of what comes. */
export function Skeleton({ lines = 3, kind = "line", t }) {
  return html`<div class="skeletons" aria-busy="true"><span class="sr">${t("loading")}</span>${Array.from({ length: lines }, (_, index) => html`<div key=${index} class=${`skeleton ${kind}`} aria-hidden="true"></div>`)}</div>`;
}

/** What went wrong with a view, and a button to try again. */
export function Failure({ error, retry, t }) {
  return html`<${Empty} icon="offline" title=${t("failure.title")} action=${retry && html`<button type="button" class="button" onClick=${retry}><${Icon} name="refresh" />${t(error.code === "outdated" ? "update.reload" : "failure.retry")}</button>`}>${explain(error, t)}</${Empty}>`;
}

/** What an error means to people, and what to do next. */
export function explain(error, t) {
  const known = t(`errors.${error.code}`, { by: error.data?.by ?? error.data?.claim?.by ?? t("who.somebody") });
  return known === `errors.${error.code}` ? t("errors.other", { message: error.message }) : known;
}

/** A button that shows an icon only. Its label is read out and shown as a hint. */
export function IconButton({ icon, label, class: name, ...rest }) {
  return html`<button type="button" class=${classes("icon-button", name)} aria-label=${label} title=${label} ...${rest}><${Icon} name=${icon} /></button>`;
}

/** A key of the keyboard. */
export const Key = ({ children }) => html`<kbd>${children}</kbd>`;

/** A modal dialog. `close()` is called when it was closed, by Escape too. The focus goes back to where it was. */
export function Dialog({ title, close, children, actions, t, wide = false }) {
  const dialog = useRef(null);
  const id = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  const outside = (event) => event.target === dialog.current && close();
  return html`<dialog ref=${dialog} class=${classes("dialog", wide && "wide")} aria-labelledby=${id} onCancel=${(event) => { event.preventDefault(); close(); }} onClick=${outside}>
    <div class="dialog-body">
      <header><h2 id=${id}>${title}</h2><${IconButton} icon="close" label=${t("close")} onClick=${close} /></header>
      ${children}
      ${actions && html`<footer>${actions}</footer>`}
    </div>
  </dialog>`;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, children, yes, no, isBusy, confirm, close, t }) {
  return html`<${Dialog} title=${title} close=${close} t=${t} actions=${html`
    <button type="button" class="button" onClick=${close} autofocus>${no}</button>
    <button type="button" class="button danger" disabled=${isBusy} onClick=${confirm}>${yes}</button>`}>${children}</${Dialog}>`;
}

/** A button with a menu of a panel below it. It closes by Escape, by a click elsewhere, and when `close` is called. */
export function Popover({ label, button, children, class: name }) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return undefined;
    const elsewhere = (event) => root.current?.contains(event.target) || setOpen(false);
    const escape = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setOpen(false);
      root.current?.querySelector("button")?.focus();
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    document.addEventListener("keydown", escape, true);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
      document.removeEventListener("keydown", escape, true);
    };
  }, [isOpen]);
  return html`<div class=${classes("popover", name)} ref=${root}>
    <button type="button" class="popover-button" aria-expanded=${isOpen} aria-controls=${id} aria-label=${label} title=${label} onClick=${() => setOpen(!isOpen)}>${button}</button>
    <div id=${id} class="popover-panel" hidden=${!isOpen} role="group" aria-label=${label}>${isOpen && children(() => setOpen(false))}</div>
  </div>`;
}

/** Says something to a screen reader, without showing it. */
export function announce(text) {
  const region = document.getElementById("live");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}

/** Short messages at the edge of the page. A view calls `toast({...})`; the shell shows them with `<Toasts>`. */
import { Icon, IconButton, classes } from "./ui.js";
import { html, useEffect, useState } from "./vendor/preact.js";

const MAX_TOASTS = 4;
const SHOWN_MILLIS = 6_000;

let toasts = [];
let lastId = 0;
const listeners = new Set();

function set(next) {
  toasts = next;
  listeners.forEach((listener) => listener(toasts));
}

/** Takes a message away. */
export const dismiss = (id) => set(toasts.filter((toast) => toast.id !== id));

/**
 * Shows a message.
 *
 * @param kind "ok", "info" or "problem"; a problem stays until it is closed
 * @param actions [{label, run}], buttons that also close the message
 * @param key a message with the same key takes the place of the one before
 * @param millis how long it is shown; 6 s, or without end for a problem and for Infinity
 * @return the id, for `dismiss`
 */
export function toast({ kind = "info", title, text, actions = [], key, millis = kind === "problem" ? Infinity : SHOWN_MILLIS }) {
  const id = (lastId += 1);
  set([...toasts.filter((other) => key === undefined || other.key !== key), { id, kind, title, text, actions, key, millis }].slice(-MAX_TOASTS));
  return id;
}

const ICONS = { ok: "check", info: "info", problem: "alert" };

function Toast({ toast: { id, kind, title, text, actions, millis }, t }) {
  const [isHeld, hold] = useState(false);
  useEffect(() => {
    if (isHeld || !Number.isFinite(millis)) return undefined;
    const timer = setTimeout(() => dismiss(id), millis);
    return () => clearTimeout(timer);
  }, [id, isHeld, millis]);
  const held = { onMouseEnter: () => hold(true), onMouseLeave: () => hold(false), onFocusIn: () => hold(true), onFocusOut: () => hold(false) };
  return html`<li class=${classes("toast", kind)} ...${held}>
    <span class="toast-icon"><${Icon} name=${ICONS[kind]} /></span>
    <div class="toast-text"><strong>${title}</strong>${text && html`<span>${text}</span>`}</div>
    ${actions.map(({ label, run }) => html`<button key=${label} type="button" class="button small" onClick=${() => { dismiss(id); run(); }}>${label}</button>`)}
    <${IconButton} icon="close" label=${t("close")} onClick=${() => dismiss(id)} />
  </li>`;
}

/** The messages, after `first`. New ones are read out. */
export function Toasts({ first, t }) {
  const [shown, setShown] = useState(toasts);
  useEffect(() => {
    listeners.add(setShown);
    return () => listeners.delete(setShown);
  }, []);
  return html`<section class="toasts" aria-label=${t("messages")}>
    <ol aria-live="polite" aria-relevant="additions">${first}${shown.map((each) => html`<${Toast} key=${each.id} toast=${each} t=${t} />`)}</ol>
  </section>`;
}

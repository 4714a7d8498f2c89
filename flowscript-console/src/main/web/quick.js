/**
 * Answers of one key or one click. Nothing leaves the page for some seconds, so "Undo" really undoes: no server, no workflow and no
 * colleague has seen anything yet. A page that is closed meanwhile has sent nothing, and asks before it closes.
 *
 * The clock stands still while the pointer or the focus is on the message, so that nobody has to hurry.
 */
import { keyOf, titleOf } from "./inbox-model.js";
import { Icon } from "./ui.js";
import { html, useEffect, useState } from "./vendor/preact.js";

export const GRACE_SECONDS = 6;
const MAX_PENDING = 20;

let pending = [];
const listeners = new Set();

function set(next) {
  pending = next;
  listeners.forEach((listener) => listener(pending));
}

const asks = (event) => event.preventDefault();

/** Whether an answer to this question is about to be sent. */
export const isPending = (item) => pending.some(({ item: other }) => keyOf(other) === keyOf(item));

/** Begins the grace of an answer. `send()` is called when it is over. Does nothing when one is pending for the question. */
export function schedule(item, choice, send) {
  if (isPending(item)) return;
  if (pending.length === 0) addEventListener("beforeunload", asks);
  set([...pending, { item, choice, send, left: GRACE_SECONDS }]);
  while (pending.length > MAX_PENDING) finish(pending[0], true);
}

function finish(entry, isSent) {
  if (!pending.includes(entry)) return;
  set(pending.filter((other) => other !== entry));
  if (pending.length === 0) removeEventListener("beforeunload", asks);
  if (isSent) entry.send();
}

/** Takes an answer back; the newest without an item. Returns what was taken back, or undefined. */
export function undo(item) {
  const entry = item ? pending.find(({ item: other }) => keyOf(other) === keyOf(item)) : pending[pending.length - 1];
  if (entry) finish(entry, false);
  return entry?.item;
}

/** What is pending now, for a component. */
export function usePending() {
  const [shown, setShown] = useState(pending);
  useEffect(() => {
    listeners.add(setShown);
    setShown(pending);
    return () => listeners.delete(setShown);
  }, []);
  return shown;
}

function Entry({ entry, t }) {
  const [left, setLeft] = useState(entry.left);
  const [isHeld, hold] = useState(false);
  useEffect(() => {
    if (isHeld) return undefined;
    const timer = setInterval(() => {
      entry.left -= 1;
      setLeft(entry.left);
      if (entry.left <= 0) finish(entry, true);
    }, 1000);
    return () => clearInterval(timer);
  }, [entry, isHeld]);
  const held = { onMouseEnter: () => hold(true), onMouseLeave: () => hold(false), onFocusIn: () => hold(true), onFocusOut: () => hold(false) };
  return html`<li class="toast pending" ...${held}>
    <span class="pending-left" aria-hidden="true">${left}</span>
    <div class="toast-text"><strong>${t("inbox.quick.pending", { choice: entry.choice.label, title: titleOf(entry.item.nodeInfo) })}</strong><span>${t("inbox.quick.pendingText")}</span></div>
    <button type="button" class="button small" onClick=${() => finish(entry, false)}><${Icon} name="undo" size="16" />${t("inbox.quick.undo")}</button>
    <button type="button" class="button small plain" onClick=${() => finish(entry, true)}>${t("inbox.quick.now")}</button>
  </li>`;
}

/** The answers that are about to be sent. */
export function Pending({ t }) {
  return html`${usePending().map((entry) => html`<${Entry} key=${keyOf(entry.item)} entry=${entry} t=${t} />`)}`;
}

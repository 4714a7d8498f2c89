/** The keys of a view, such as j and k, and the help that shows them. Keys are not taken from fields, nor from dialogs. */
import { Dialog, Key } from "./ui.js";
import { html, useEffect, useRef, useState } from "./vendor/preact.js";

const KEPT = "flowscript-keys";

function areOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function isTyping(event) {
  const [target] = event.composedPath();
  return target.isContentEditable || target.tagName === "SELECT" || target.tagName === "TEXTAREA" || (target.tagName === "INPUT" && !["checkbox", "radio", "button"].includes(target.type));
}

/** Calls the function of a key, such as {j: next}. Escape also counts in a field. */
export function useKeys(keys) {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const pressed = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (event.key !== "Escape" && (isTyping(event) || !areOn())) return;
      const run = current.current[event.key];
      if (run && run(event) !== false) event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

/** The keys of a view, as [[key, what it does]], with a switch for people whose other tools use the same keys. */
export function KeysHelp({ rows, close, t }) {
  const [isOn, setOn] = useState(areOn);
  const change = (event) => {
    setOn(event.target.checked);
    try {
      localStorage.setItem(KEPT, event.target.checked ? "on" : "off");
    } catch {
      // It cannot be kept.
    }
  };
  return html`<${Dialog} title=${t("inbox.keys.title")} close=${close} t=${t}>
    <dl class="keys">${rows.map(([key, text]) => html`<div key=${text}><dt><${Key}>${key}</${Key}></dt><dd>${text}</dd></div>`)}</dl>
    <label class="row switch"><input type="checkbox" checked=${isOn} onChange=${change} />${t("inbox.keys.on")}</label>
  </${Dialog}>`;
}

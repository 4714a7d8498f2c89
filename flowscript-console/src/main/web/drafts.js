/** What is typed into fields of the page's own survives a reload, as what is typed into a `<flowscript-form>` does. */
import { useState } from "./vendor/preact.js";

function kept(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // a page may be forbidden to look
  }
}

function keep(key, text) {
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // It is kept by the page alone.
  }
}

/** The text of a field, and what changes it. It begins with what was kept under the key; `change(null)` forgets that. */
export function useDraft(key, first) {
  const [text, setText] = useState(() => kept(key) ?? first);
  const change = (next) => {
    keep(key, next);
    setText(next ?? first);
  };
  return [text, change];
}

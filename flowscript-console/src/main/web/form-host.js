/** `<flowscript-form>` as a component. It is loaded when it is first needed. */
import { loadForm } from "./api.js";
import { Failure, Skeleton } from "./ui.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";

/**
 * A form for a question.
 *
 * @param question an item of the inbox, or {formSchema, uiHints}
 * @param flow the client that answers; without one, `onSubmit` gets the answer
 * @param violations what a server found wrong
 * @param draftKey under which what is typed survives a reload
 */
export function Form({ question, flow = null, violations, draftKey, onSubmit, onAnswered, onRefused, onChange, t }) {
  const [isThere, setThere] = useState(() => customElements.get("flowscript-form") !== undefined);
  const [error, setError] = useState(null);
  const form = useRef(null);
  const handlers = useRef({});
  handlers.current = { submit: onSubmit, answered: onAnswered, refused: onRefused, change: onChange };

  useEffect(() => {
    let isShown = true;
    if (!isThere) loadForm().then(() => isShown && setThere(true), (problem) => isShown && setError(problem));
    return () => {
      isShown = false;
    };
  }, []);
  useLayoutEffect(() => {
    const { current } = form;
    if (!current) return undefined;
    current.texts = { revised: "" }; // the page says what was corrected
    const listeners = Object.keys(handlers.current).map((type) => {
      const listener = (event) => handlers.current[type]?.(event.detail);
      current.addEventListener(type, listener);
      return [type, listener];
    });
    return () => listeners.forEach(([type, listener]) => current.removeEventListener(type, listener));
  }, [isThere]);
  useLayoutEffect(() => {
    if (!form.current) return;
    form.current.flow = flow;
    if (draftKey) form.current.draftKey = draftKey;
    form.current.interaction = question;
  }, [isThere, question, flow, draftKey]);
  useLayoutEffect(() => {
    if (form.current && violations) form.current.violations = violations;
  }, [isThere, violations]);

  if (error) return html`<${Failure} error=${error} retry=${() => location.reload()} t=${t} />`;
  return isThere ? html`<flowscript-form ref=${form} lang=${t.language}></flowscript-form>` : html`<${Skeleton} lines="4" kind="row" t=${t} />`;
}

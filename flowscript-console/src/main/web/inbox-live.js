/** The live questions, and one of them. */
import { isOpen, keyOf } from "./inbox-model.js";
import { useEffect, useState } from "./vendor/preact.js";

export const SHOWN = 200;

const MILLIS = ["at", "until", "requestedAt", "deadline", "closedAt"];

/** An interaction of REST with its times in milliseconds, as those of the client have them. */
export function withMillis(value) {
  if (Array.isArray(value)) return value.map(withMillis);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => {
    if (MILLIS.includes(name) && typeof inner === "string") return [name, Date.parse(inner)];
    return [name, ["contextData", "formSchema", "defaultValues", "uiHints"].includes(name) ? inner : withMillis(inner)];
  }));
}

/** The oldest open questions that have a text in them, live: {items, total, isLoaded, error, retry}. */
export function useInbox(api, text) {
  const [state, setState] = useState({ items: [], total: 0, isLoaded: false, error: null });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const inbox = api.flow.inbox({ limit: SHOWN, count: true, ...(text && { text }) });
    inbox.on("change", (items) => setState({ items, total: inbox.total ?? items.length, isLoaded: true, error: null }));
    inbox.on("error", (error) => setState((before) => ({ ...before, error })));
    return () => inbox.close();
  }, [api, text, attempt]);
  return { ...state, retry: () => setAttempt((count) => count + 1) };
}

/**
 * One question: that of the list, or else what the server says of it, also when it is closed; without a WebSocket it is asked again
 * whenever the list is new. What was shown last stays until then, so that nothing vanishes under somebody's hands. `null` when there is
 * none, and {error} when it cannot be had.
 */
export function useQuestion(api, id, token, items) {
  const listed = items.find((item) => item.executionId === id && item.tokenId === token);
  const hasForm = listed && (listed.nodeInfo.formSchema !== undefined || api.flow.transport === "websocket");
  const [known, setKnown] = useState(null);
  const key = id && token ? keyOf({ executionId: id, tokenId: token }) : null;
  useEffect(() => {
    if (hasForm) setKnown(listed);
  }, [hasForm && listed]);
  useEffect(() => {
    if (!key || hasForm) return undefined;
    const aborter = new AbortController();
    api.interaction(id, token, { signal: aborter.signal }).then(
      (item) => setKnown(withMillis(item)),
      // What is shown stays while the server is away.
      (error) => aborter.signal.aborted || setKnown((before) => (before && !before.error && keyOf(before) === key ? before : { executionId: id, tokenId: token, error })),
    );
    return () => aborter.abort();
  }, [api, key, hasForm, hasForm ? null : listed]);
  if (!key) return null;
  if (hasForm) return listed;
  return known && keyOf(known) === key ? known : undefined;
}

/** Says once that the person has seen a question that is open. */
export function useSeen(api, item) {
  const key = item && !item.error && isOpen(item) && item.askedSeq ? keyOf(item) : null;
  useEffect(() => {
    if (key) api.flow.ack(item.executionId, item.askedSeq);
  }, [api, key]);
}

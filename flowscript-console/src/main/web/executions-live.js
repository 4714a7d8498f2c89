/** Keeps a list of executions up to date: by events where they come, and else by asking now and then. */
import { ExecutionList, LIVE_TYPES } from "./executions-model.js";
import { useEffect, useReducer, useRef } from "./vendor/preact.js";

const TAKE_MILLIS = 200;
const RECOUNT_MILLIS = 2_000;
const POLL_MILLIS = 5_000;
const SWEEP_MILLIS = 4_000;

/** Calls a function soon after it is wanted, at most once in `millis`. */
function paced(millis, run) {
  let timer = 0;
  const call = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      run();
    }, millis);
  };
  call.stop = () => clearTimeout(timer);
  return call;
}

/** Follows all executions. Calls `taken` with the events of a moment together. Returns what ends it. */
function follow(api, list, isHeld) {
  const { flow } = api;
  const events = [];
  let isLive = true;
  const recount = paced(RECOUNT_MILLIS, () => list.recount());
  const refresh = paced(RECOUNT_MILLIS / 2, () => list.refresh());
  const sweep = paced(SWEEP_MILLIS, () => (isHeld() ? sweep() : list.sweep()));
  const take = paced(TAKE_MILLIS, () => {
    if (list.take(events.splice(0))) refresh();
    recount();
    sweep();
  });
  const all = flow.all({ types: LIVE_TYPES });
  all.on("event", (event) => {
    if (!LIVE_TYPES.includes(event.type)) return;
    events.push(event);
    take();
  });
  // Where more happens than one page can follow, or over HTTP, the first page is read again now and then.
  all.on("error", () => {
    isLive = false;
  });
  const offState = flow.on("state", ({ state }) => state === "online" && (refresh(), recount()));
  const poll = setInterval(() => {
    if (document.hidden || (isLive && flow.transport === "websocket")) return;
    list.refresh();
    list.recount();
  }, POLL_MILLIS);
  return () => {
    all.close();
    offState();
    clearInterval(poll);
    for (const each of [recount, refresh, sweep, take]) each.stop();
  };
}

/** The live list for a filter. `isHeld()` tells whether rows should stay where they are. */
export function useExecutions(api, filter, isHeld) {
  const [, render] = useReducer((count) => count + 1, 0);
  const list = useRef(null);
  const key = JSON.stringify(filter);
  if (list.current?.key !== key) {
    list.current?.close();
    list.current = Object.assign(new ExecutionList(api, filter, () => api.now(), render), { key });
  }
  useEffect(() => {
    const { current } = list;
    current.more();
    current.recount();
    const stop = follow(api, current, isHeld);
    return () => {
      stop();
      current.close();
    };
  }, [api, key]);
  return list.current;
}

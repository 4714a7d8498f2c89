/** FlowScript for React, as an example: two hooks. */
import { useEffect, useState } from "react";

/** The events of an execution so far, the last 1,000 of them. */
export function useExecution(flow, id) {
  const [events, setEvents] = useState([]);
  useEffect(() => {
    const run = flow.execution(id);
    setEvents([]);
    run.on("event", (event) => setEvents((before) => [...before.slice(-999), event]));
    return () => run.close();
  }, [flow, id]);
  return events;
}

/** What people are asked now. */
export function useInbox(flow, filter) {
  const [items, setItems] = useState([]);
  const key = JSON.stringify(filter ?? {});
  useEffect(() => {
    const inbox = flow.inbox(JSON.parse(key));
    inbox.on("change", setItems);
    return () => inbox.close();
  }, [flow, key]);
  return items;
}

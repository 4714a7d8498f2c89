import { History } from "./history.js";
import { useEffect, useState } from "./vendor/preact.js";
import { WorkflowGraph } from "./workflow-graph.js";

const PACE_MILLIS = 80;
const QUIET_MILLIS = 1_000;

/** Follows one execution: loads its graph, takes its events from the first, and tells at most every 80 ms that something is new. */
class Watch {
  #changed;
  #run = null;
  #timer = 0;
  #quiet = 0;
  #isClosed = false;

  constructor(id, api, changed) {
    this.#changed = changed;
    this.view = { history: null, workflow: null, status: null, error: null, isLoaded: false, version: 0 };
    this.#start(id, api).catch((error) => this.#tell({ error }));
  }

  close() {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#quiet);
    this.#run?.close();
  }

  async #start(id, api) {
    const status = await api.status(id);
    const workflow = await api.workflow(status.workflowId, status.hash).catch((error) => {
      if (error.status === 404) return null;
      throw error;
    });
    if (this.#isClosed) return;
    const history = new History(new WorkflowGraph(workflow?.graph ?? null));
    this.#tell({ history, workflow, status });
    this.#run = api.flow.execution(id);
    this.#run.on("event", (event) => {
      history.add(event);
      if (event.type === "events_missed") this.#settleWhenQuiet(history);
      this.#soon();
    });
    this.#run.on("execution_status", (now) => {
      history.status(now);
      this.view = { ...this.view, isLoaded: this.view.isLoaded || now.latest === 0 };
      this.#settleWhenQuiet(history);
      this.#soon();
    });
    this.#run.on("error", (error) => this.#tell({ error }));
  }

  #settleWhenQuiet(history) {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      history.settle();
      this.#soon();
    }, QUIET_MILLIS);
  }

  #soon() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#tell({ isLoaded: true });
    }, PACE_MILLIS);
  }

  #tell(changes) {
    if (this.#isClosed) return;
    this.view = { ...this.view, ...changes, version: this.view.version + 1 };
    this.#changed(this.view);
  }
}

/** What is known of an execution: {history, workflow, status, error, isLoaded, version, retry()}. */
export function useExecution(id, api) {
  const [view, setView] = useState(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    setView(null);
    const watch = new Watch(id, api, setView);
    return () => watch.close();
  }, [id, api, tries]);
  return { history: null, workflow: null, status: null, error: null, isLoaded: false, version: 0, ...view, retry: () => setTries((count) => count + 1) };
}

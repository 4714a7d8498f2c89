/**
 * The routes of the page, which are in the hash:
 *
 *     #/executions?status=running     { view: "executions", id: null, token: null, query: { status: "running" } }
 *     #/executions/{id}?at=7          { view: "execution", id, query: { at: "7" } }
 *     #/inbox/{executionId}/{token}   { view: "inbox", id: executionId, token }
 *     #/health
 */
import { useCallback, useEffect, useState } from "./vendor/preact.js";

const decode = (part) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** The route of a hash. An unknown one is the list of executions. */
export function parse(hash) {
  const [path, search = ""] = hash.replace(/^#?\/?/, "").split("?");
  const [view, id = null, token = null] = path.split("/").map(decode);
  const query = Object.fromEntries(new URLSearchParams(search));
  if (view === "executions" && id) return { view: "execution", id, token: null, query };
  if (view === "inbox") return { view, id, token, query };
  if (view === "health") return { view, id: null, token: null, query };
  return { view: "executions", id: null, token: null, query };
}

/** A hash of parts of a path and a query; entries of the query that are empty are left out. */
export function href(parts, query = {}) {
  const path = [].concat(parts).filter((part) => part !== null && part !== undefined).map(encodeURIComponent).join("/");
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined)).toString();
  return `#/${path}${search ? `?${search}` : ""}`;
}

/** The present route, and `navigate(hash, {replace})`. */
export function useRoute() {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const changed = () => setRoute(parse(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  const navigate = useCallback((hash, { replace = false } = {}) => {
    if (replace) {
      history.replaceState(history.state, "", hash);
      setRoute(parse(hash));
    } else {
      location.hash = hash;
    }
  }, []);
  return [route, navigate];
}

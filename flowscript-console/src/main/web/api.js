/**
 * What the page asks of the server: requests over HTTP, and one FlowScript client for what is live.
 *
 * `flowscript-base` in the page's head says where the server is, relative to the page. So it works behind any path prefix.
 */

import { FlowScript } from "./flowscript/flowscript-client.min.js";
import { isOutdated } from "./version.js";

export const base = new URL(document.querySelector('meta[name="flowscript-base"]')?.content || "../", document.baseURI);

/** A refusal of the server: `code` is one of the protocol's, `unreachable`, or `outdated` for a part of the page that is gone. */
export class ApiError extends Error {
  constructor(code, message, status = 0, data = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

const query = (parameters) => {
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false);
  return entries.length ? `?${new URLSearchParams(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : String(value)]))}` : "";
};

async function request(path, { signal, ...options } = {}) {
  let response;
  try {
    response = await fetch(new URL(path, base), { credentials: "same-origin", headers: { Accept: "application/json" }, signal, ...options });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("unreachable", "The server cannot be reached");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(body?.code ?? `http_${response.status}`, body?.detail ?? body?.message ?? response.statusText, response.status, body ?? {});
  return body;
}

/** The requests of the console. `identity` is null for somebody without a name; `skew` is the server's clock less this one, in milliseconds. */
class Api {
  constructor(flow, whoami, skew) {
    this.flow = flow;
    this.identity = whoami.identity ?? null;
    this.isDevelopment = whoami.development === true;
    this.skew = skew;
    /** How many commands of the person have no reply yet. */
    this.waiting = 0;
  }

  /** Carries out a command by the client, and counts it while it waits. */
  async #command(name, ...what) {
    this.waiting += 1;
    try {
      return await this.flow[name](...what);
    } finally {
      this.waiting -= 1;
    }
  }

  execute(workflowId, input, options) {
    return this.#command("execute", workflowId, input, options);
  }

  cancel(executionId, reason) {
    return this.#command("cancel", executionId, reason);
  }

  resume(interaction, answer, options) {
    return this.#command("resume", interaction, answer, options);
  }

  claim(interaction) {
    return this.#command("claim", interaction);
  }

  release(interaction) {
    return this.#command("release", interaction);
  }

  /** The server's time. */
  now() {
    return Date.now() + this.skew;
  }

  get(path, parameters = {}, options) {
    return request(path + query(parameters), options);
  }

  executions(filter, options) {
    return this.get("executions", filter, options);
  }

  countExecutions(filter, options) {
    return this.get("executions/count", filter, options);
  }

  status(id, options) {
    return this.get(`executions/${encodeURIComponent(id)}/status`, {}, options);
  }

  workflows(options) {
    return this.get("workflows", {}, options).then(({ workflows }) => workflows);
  }

  workflow(id, hash, options) {
    return this.get(`workflows/${encodeURIComponent(id)}`, { hash }, options);
  }

  interaction(executionId, tokenId, options) {
    return this.get(`interactions/${encodeURIComponent(executionId)}/${encodeURIComponent(tokenId)}`, {}, options);
  }

  stats(options) {
    return this.get("stats", {}, options);
  }
}

/**
 * Who the server takes this page for. In development, the page's own address can say who that is, as ?user=ann&groups=managers; the
 * server keeps it in a cookie, and the address loses it.
 */
async function whoAmI() {
  const url = new URL(location.href);
  const { user, groups } = Object.fromEntries(url.searchParams);
  const whoami = await request(`whoami${query({ user, groups })}`);
  if (user !== undefined) {
    url.searchParams.delete("user");
    url.searchParams.delete("groups");
    history.replaceState(history.state, "", url);
  }
  return whoami;
}

/** Difference between the server's clock and this one, from a request that both have seen. */
async function clockSkew() {
  const before = Date.now();
  const { timestamp } = await request("health").catch((error) => error.data ?? {});
  const server = typeof timestamp === "string" ? Date.parse(timestamp) : timestamp;
  return Number.isFinite(server) ? server - (before + Date.now()) / 2 : 0;
}

/** Finds out who is asking, and makes the client. Tabs of the same person share its connection. */
export async function connect() {
  const [whoami, skew] = await Promise.all([whoAmI(), clockSkew()]);
  const flow = new FlowScript(base, { shared: `console ${whoami.identity?.name ?? ""}` });
  return new Api(flow, whoami, skew);
}

/** Loads a part of the page. Fails with `outdated` when the server has another version of the page, and else with `unreachable`. */
export async function loadPart(load) {
  try {
    return await load();
  } catch (error) {
    throw new ApiError((await isOutdated()) ? "outdated" : "unreachable", error.message);
  }
}

let form = null;

/** Loads `<flowscript-form>` when it is first needed. */
export function loadForm() {
  form ??= loadPart(() => Promise.all([import("./flowscript/flowscript-form.min.js"), import("./flowscript/flowscript-form-de.js")])).then(
    ([{ FlowScriptForm }, { de }]) => {
      FlowScriptForm.texts.de = de;
    },
    (error) => {
      form = null;
      throw error;
    },
  );
  return form;
}

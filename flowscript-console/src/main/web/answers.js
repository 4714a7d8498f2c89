/**
 * Sends answers and remembers how they went, whichever question is shown meanwhile. A form answers through `flowFor(item)`; a quick
 * answer through `answer(item, value)`. Each result is told once.
 */
import { keyOf, titleOf } from "./inbox-model.js";
import { toast } from "./toasts.js";
import { explain } from "./ui.js";

const WAITS_MILLIS = 1_500;
const MAX_KEPT = 200;

/** Codes that a form explains beside its fields. */
const TOLD_BY_FORM = ["validation_failed", "stale", "already_resolved", "expired", "execution_finished", "interaction_not_found"];

export class Answers {
  /** @param changed called after each change */
  constructor(api, changed) {
    this.api = api;
    this.changed = changed;
    this.t = null;
    this.results = new Map(); // by key: "sending", {closes}, or {error}
    this.shown = null; // the key of the question that is open
  }

  of(item) {
    return this.results.get(keyOf(item));
  }

  forget(item) {
    if (this.results.delete(keyOf(item))) this.changed();
  }

  /** What a form answers by. */
  flowFor(item) {
    return { resume: (question, value, options) => this.#send(item, value, options, true) };
  }

  /** Answers without a form. */
  answer(item, value) {
    return this.#send(item, value, { seen: item.nodeInfo.contextHash }, false).catch(() => {});
  }

  #set(key, result) {
    this.results.delete(key);
    this.results.set(key, result);
    if (this.results.size > MAX_KEPT) this.results.delete(this.results.keys().next().value);
    this.changed();
  }

  async #send(item, value, { seen, ...options }, isForm) {
    const { api, t } = this;
    const key = keyOf(item);
    const waits = setTimeout(() => api.flow.state !== "online" && toast({ key, title: t("inbox.waits"), text: t("inbox.waitsText"), millis: Infinity }), WAITS_MILLIS);
    this.#set(key, "sending");
    try {
      const reply = await api.resume(item, value, { ...options, ...(seen && { seen }) });
      this.#set(key, { closes: reply.closes });
      toast({ key, kind: "ok", title: t(reply.closes ? "inbox.sent" : "inbox.votedNow"), text: reply.closes ? titleOf(item.nodeInfo) : t("inbox.votedText") });
      return reply;
    } catch (error) {
      this.#set(key, { error });
      if (!isForm || this.shown !== key || !TOLD_BY_FORM.includes(error.code)) {
        toast({ key, kind: error.code === "already_resolved" ? "info" : "problem", title: titleOf(item.nodeInfo), text: explain(error, t) });
      }
      throw error;
    } finally {
      clearTimeout(waits);
    }
  }
}

/** What is said above a question: that it has changed, that somebody is at it, or that it is closed. */
import { closedBy, spokenPath } from "./inbox-model.js";
import { Age, Icon } from "./ui.js";
import { html } from "./vendor/preact.js";

const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** A note: an icon, a sentence, and more below it. */
export function Note({ kind = "info", icon, title, children, role }) {
  return html`<div class=${`note ${kind}`} role=${role}><${Icon} name=${icon} /><div><strong>${title}</strong>${children}</div></div>`;
}

/** What has changed: [{path, before?, after?}]. */
export function Changes({ changes, t }) {
  return html`<${Note} kind="changed" icon="refresh" title=${t("inbox.changed")} role="status">
    <p>${t("inbox.changedText")}</p>
    <dl class="changes">${changes.map(({ path, before, after }) => html`<div key=${path}>
      <dt>${spokenPath(path) || t("inbox.context")}</dt>
      <dd><span class="sr">${t("inbox.changedBefore")}: </span><del>${before === undefined ? t("inbox.nothingThere") : plain(before)}</del><span aria-hidden="true"> → </span><span class="sr">, ${t("inbox.changedAfter")}: </span><ins>${after === undefined ? t("inbox.nothingThere") : plain(after)}</ins></dd>
    </div>`)}</dl>
  </${Note}>`;
}

/** That somebody else has claimed it. */
export function Claimed({ claim, api, t }) {
  return html`<${Note} icon="person" title=${t("inbox.claimedBy", { by: claim.by })} role="status"><p>${t("inbox.claimedUntil", { time: t.time(claim.until - api.skew) })}</p></${Note}>`;
}

/** That it is closed, by whom, and what this means for what was typed. `error` is the refusal of an answer that came too late. */
export function Closed({ item, error, isOwn, next, api, t }) {
  const { by, at } = error?.code === "already_resolved" ? error.data : closedBy(item);
  const name = by ?? t("who.somebody");
  const kind = isOwn ? "answeredByYou" : error?.code === "already_resolved" ? "raced" : item.status in { expired: 1, cancelled: 1 } ? item.status : "answered";
  return html`<${Note} kind=${isOwn ? "good" : "info"} icon=${isOwn ? "check" : "flag"} title=${t(`inbox.closed.${kind}`, { by: name })} role="status">
    <p>${!isOwn && t(`inbox.closed.${kind}Text`)} ${at && kind !== "expired" && html`<span class="muted">(<${Age} since=${at} now=${() => api.now()} t=${t} />)</span>`}</p>
    ${next && html`<button type="button" class="button" onClick=${next}>${t("inbox.closed.next")}</button>`}
  </${Note}>`;
}

/** The list of questions. Each entry is a link, so that it can be opened in its own tab. */
import { isIn, keyOf, summaryOf, titleOf } from "./inbox-model.js";
import { href } from "./router.js";
import { Age, Countdown, Empty, Failure, Icon, Skeleton, Who, classes } from "./ui.js";
import { html } from "./vendor/preact.js";

function Entry({ item, isCurrent, isPending, isSending, query, api, t }) {
  const { nodeInfo, claim } = item;
  const now = () => api.now();
  const isNew = isIn("unseen", item, api.identity);
  return html`<li>
    <a id=${`question ${keyOf(item)}`} class=${classes("entry", isPending && "leaving")} href=${href(["inbox", item.executionId, item.tokenId], query)} aria-current=${isCurrent ? "true" : undefined}>
      <span class="entry-title row">${isNew && html`<span class="new-dot" title=${t("inbox.unseen")}><span class="sr">${t("inbox.unseen")}</span></span>`}<strong class="cut grow">${titleOf(nodeInfo)}</strong>
        <span class="muted entry-age"><${Age} since=${nodeInfo.requestedAt} now=${now} t=${t} /></span></span>
      <span class="entry-summary cut muted">${summaryOf(nodeInfo).map(({ name, value }, index) => html`${index > 0 && " · "}${name} <b>${value}</b>`)}${!summaryOf(nodeInfo).length && item.workflowId}</span>
      <span class="entry-meta row muted">
        ${claim ? html`<span class="row claim"><${Icon} name="flag" size="14" />${claim.by === api.identity?.name ? t("inbox.yours") : t("inbox.claimedBy", { by: claim.by })}</span>` : html`<${Who} assignees=${nodeInfo.assignees} groups=${nodeInfo.groups} t=${t} />`}
        ${nodeInfo.quorum && html`<span>${t("inbox.voted", { count: item.votes?.length ?? 0 })}</span>`}
        ${isSending && html`<span>${t("inbox.sending")}</span>`}
        <span class="grow"></span>
        ${nodeInfo.deadline && html`<${Countdown} deadline=${nodeInfo.deadline} now=${now} t=${t} />`}
      </span>
    </a>
  </li>`;
}

export function List({ items, tab, at, query, isLoaded, error, retry, truncated, pending, answers, api, t }) {
  if (error && !isLoaded) return html`<div class="inbox-list"><${Failure} error=${error} retry=${retry} t=${t} /></div>`;
  if (!isLoaded) return html`<div class="inbox-list"><${Skeleton} lines="5" kind="card" t=${t} /></div>`;
  if (items.length === 0) {
    const key = query.text ? "search" : tab;
    return html`<div class="inbox-list panel"><${Empty} icon=${query.text ? "search" : "check"} title=${t(`inbox.empty.${key}.title`)}>${t(`inbox.empty.${key}.text`)}</${Empty}></div>`;
  }
  return html`<div class="inbox-list">
    ${error && html`<${Failure} error=${error} retry=${retry} t=${t} />`}
    <ul class="panel" aria-label=${t("inbox.list")}>${items.map((item) => html`<${Entry} key=${keyOf(item)} item=${item} isCurrent=${at !== null && at !== undefined && keyOf(at) === keyOf(item)} isPending=${pending.some((entry) => keyOf(entry.item) === keyOf(item))} isSending=${answers.of(item) === "sending"} query=${query} api=${api} t=${t} />`)}</ul>
    ${truncated > 0 && html`<p class="muted truncated">${t("inbox.truncated", { count: truncated })}</p>`}
  </div>`;
}

/** One question: what is asked, by when, who is at it, and the form to answer with. */
import { Form } from "./form-host.js";
import { changesOf, isOpen, keyOf, quickOf, spoken, titleOf } from "./inbox-model.js";
import { Changes, Claimed, Closed } from "./question-notes.js";
import { href } from "./router.js";
import { Age, Countdown, Empty, Icon, Skeleton, Who, explain } from "./ui.js";
import { html, useMemo, useRef } from "./vendor/preact.js";

/**
 * What has changed since the person looked. A change that arrives while the question is open counts from what was shown; a refused
 * answer brings the server's own list.
 */
function useChanges(item, error) {
  const seen = useRef(null);
  const key = keyOf(item);
  const { contextHash: hash, contextData } = item.nodeInfo;
  if (seen.current?.key !== key) seen.current = { key, hash, contextData };
  if (error?.code === "stale" && error.data.changes) return error.data.changes;
  return hash === seen.current.hash ? [] : changesOf(seen.current.contextData ?? {}, contextData ?? {});
}

function Votes({ item, t }) {
  const { quorum } = item.nodeInfo;
  if (!quorum) return null;
  const needed = Object.entries(quorum.needed ?? {}).map(([value, count]) => t("inbox.needed", { value: spoken(value), needed: count }));
  return html`<div class="votes"><${Icon} name="group" size="16" /><strong>${t("inbox.votes", { count: item.votes?.length ?? 0 })}</strong><span class="muted">${needed.join(" · ")}</span></div>`;
}

function Facts({ item, api, t }) {
  const { nodeInfo, seenBy = [] } = item;
  const now = () => api.now();
  return html`<div class="facts muted">
    <a class="mono cut" href=${href(["executions", item.executionId])} title=${t("inbox.execution")}>${item.executionId}</a>
    <span>${item.workflowId}</span>
    <${Age} since=${nodeInfo.requestedAt} now=${now} t=${t} text=${(ago) => t("inbox.asked", { ago })} />
    <${Who} assignees=${nodeInfo.assignees} groups=${nodeInfo.groups} t=${t} />
    ${seenBy.length > 0 && html`<span class="row"><${Icon} name="eye" size="15" />${t("inbox.seenBy", { names: seenBy.join(", ") })}</span>`}
    ${nodeInfo.deadline && isOpen(item) && html`<${Countdown} deadline=${nodeInfo.deadline} now=${now} t=${t} />`}
  </div>`;
}

function Claim({ item, isMine, isOthers, actions, t }) {
  if (isMine) return html`<button type="button" class="button" onClick=${() => actions.release(item)}>${t("inbox.release")}</button>`;
  return html`<button type="button" class="button" disabled=${isOthers} title=${t("inbox.claimHint")} onClick=${() => actions.claim(item)}><${Icon} name="flag" size="16" />${t("inbox.claim")}</button>`;
}

function Quick({ item, isOff, actions, t }) {
  const choices = quickOf(item.nodeInfo);
  if (choices.length === 0) return null;
  return html`<div class="quick row wrap" role="group" aria-label=${t("inbox.quick.label")}>
    <span class="muted">${t("inbox.quick.label")}</span>
    <div class="row wrap">${choices.map((choice) => html`<button key=${choice.label} type="button" class="button" disabled=${isOff} onClick=${() => actions.quick(item, choice)}>${choice.approves && html`<${Icon} name="check" size="16" />`}${choice.label}</button>`)}</div>
  </div>`;
}

/** The question at the right, or alone on a phone. `result` is how an answer of this page went. */
function Open({ item, result, actions, isPending, level, api, t }) {
  const key = keyOf(item);
  const error = result?.error;
  const changes = useChanges(item, error);
  const form = useMemo(() => actions.answers.flowFor(item), [key]);
  const isOver = !isOpen(item) || error?.code === "already_resolved" || result?.closes === true;
  const isMine = item.claim?.by !== undefined && item.claim.by === api.identity?.name;
  const isOthers = item.claim !== undefined && !isMine;
  return html`<article class="question" aria-labelledby="question-title">
    <header>
      <div class="row question-head"><${level} id="question-title" class="question-title grow">${titleOf(item.nodeInfo)}</${level}>${!isOver && html`<${Claim} item=${item} isMine=${isMine} isOthers=${isOthers} actions=${actions} t=${t} />`}</div>
      <${Facts} item=${item} api=${api} t=${t} />
    </header>
    ${isOver && html`<${Closed} item=${item} error=${error} isOwn=${result?.closes === true} next=${actions.next} api=${api} t=${t} />`}
    ${!isOver && changes.length > 0 && html`<${Changes} changes=${changes} t=${t} />`}
    ${!isOver && isOthers && html`<${Claimed} claim=${item.claim} api=${api} t=${t} />`}
    ${!isOver && isMine && html`<p class="muted claim-left row"><${Icon} name="flag" size="16" /><span>${t("inbox.claimedByYou")} <${Countdown} deadline=${item.claim.until} now=${() => api.now()} t=${t} /></span></p>`}
    <${Votes} item=${item} t=${t} />
    ${!isOver && html`<${Quick} item=${item} isOff=${isPending || isOthers} actions=${actions} t=${t} />`}
    <div class="question-form" inert=${isOver || isOthers || isPending}><${Form} key=${key} question=${item} flow=${form} draftKey=${`flowscript ${key}`} onAnswered=${({ closes }) => closes && actions.answered(item)} t=${t} /></div>
  </article>`;
}

export function Question({ item, t, ...rest }) {
  if (item === undefined) return html`<div class="question"><${Skeleton} lines="5" kind="row" t=${t} /></div>`;
  if (item === null) return html`<${Empty} icon="inbox" title=${t("inbox.choose.title")}>${t("inbox.choose.text")}</${Empty}>`;
  if (item.error) return html`<${Empty} icon="info" title=${t("failure.title")}>${explain(item.error, t)}</${Empty}>`;
  return html`<${Open} key=${keyOf(item)} item=${item} t=${t} ...${rest} />`;
}

/** What people were asked at a moment, and what a visit of a step has changed. */
import { plain } from "./events.js";
import { href } from "./router.js";
import { Changes } from "./state-tree.js";
import { Countdown, Icon, Status, Who } from "./ui.js";
import { html } from "./vendor/preact.js";

function Question({ question, executionId, isOpen, at, t, now }) {
  const { tokenId, name, uiHints, assignees, groups, deadline, claim, votes, quorum, contextData } = question;
  const needed = quorum ? Object.values(quorum.needed)[0] : 0;
  return html`<li class="asked">
    <h4>${uiHints?.title ?? name}</h4>
    <p class="row wrap">
      <${Who} assignees=${assignees} groups=${groups} t=${t} />
      ${claim && html`<span class="muted">${t("execution.questions.claimed", { by: claim.by })}</span>`}
      ${needed > 0 && html`<span class="muted">${t("execution.questions.votesOf", { count: votes, needed })}</span>`}
      ${deadline && isOpen && html`<${Countdown} deadline=${deadline} t=${t} now=${now} />`}
    </p>
    ${contextData && html`<dl class="context">${Object.entries(contextData).slice(0, 6).map(([key, value]) => html`<div key=${key}><dt>${key}</dt><dd>${plain(value, t)}</dd></div>`)}</dl>`}
    ${isOpen ? html`<a class="button small primary" href=${href(["inbox", executionId, tokenId])}>${t("execution.questions.answer")}</a>` : html`<p class="muted">${t(at === null ? "execution.questions.closed" : "execution.questions.wasOpen")}</p>`}
  </li>`;
}

/** What the execution is at, at this moment: status, place, open questions, and what the step has changed. */
export function Now({ history, moment, executionId, at, t, now }) {
  const { visit, left, open, changes, changedBy, failure, status } = moment;
  const place = visit ?? (left && { name: history.graph.byId.get(left.step)?.name });
  return html`<section class="panel now" aria-label=${t("execution.now.title")}>
    <header class="panel-head"><h2>${t(at === null ? "execution.now.title" : "execution.now.then", { seq: moment.seq })}</h2><span class="grow"></span><${Status} status=${status} t=${t} /></header>
    <div class="now-body">
      ${failure && html`<p class="failure"><${Icon} name=${status === "failed" ? "alert" : "stop"} /><span>${failure.error ?? t(`status.${status}`)}${failure.by ? ` (${failure.by})` : ""}</span></p>`}
      ${visit ? html`<p>${t(`execution.now.${visit.phase}`, { step: visit.name })}${visit.attempt > 1 ? ` · ${t("execution.events.attempt", { count: visit.attempt })}` : ""}</p>` : place && !failure && html`<p>${t(moment.isOver ? "execution.now.ended" : "execution.now.between", { step: place.name })}</p>`}
      ${open.size > 0 && html`<h3>${t("execution.questions.title", { count: open.size })}</h3><ul class="asked-list">${[...open.values()].map((question) => html`<${Question} key=${question.tokenId} question=${question} executionId=${executionId} isOpen=${history.head.open.has(question.tokenId)} at=${at} t=${t} now=${now} />`)}</ul>`}
      <h3>${changedBy && changes.length > 0 ? t("execution.now.changedBy", { step: changedBy.name }) : t("execution.now.changes")}</h3>
      ${changes.length > 0 ? html`<${Changes} changes=${changes} t=${t} />` : html`<p class="muted">${t("execution.now.noChanges")}</p>`}
    </div>
  </section>`;
}

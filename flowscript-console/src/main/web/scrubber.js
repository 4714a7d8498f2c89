/** The slider through time: each position is an event; at the right end the page is live. */
import { about, typeOf } from "./events.js";
import { Tool } from "./tools.js";
import { html, useEffect, useState } from "./vendor/preact.js";

const PLAY_MILLIS = 125;
const PLAY_STEPS = 240;

/**
 * @param at the number of the chosen event; null when the page is live
 * @param seek called with a number, or null to be live
 */
export function Scrubber({ history, moment, at, seek, t }) {
  const [isPlaying, setPlaying] = useState(false);
  const { first, last } = history;
  const now = moment.seq;
  const index = history.indexOf(now);
  const event = history.events[index];
  const move = (by) => {
    const to = Math.min(history.events.length - 1, Math.max(0, index + by));
    seek(to === history.events.length - 1 && by > 0 ? null : history.events[to].seq);
  };
  useEffect(() => {
    if (!isPlaying) return undefined;
    const timer = setInterval(() => move(Math.max(1, Math.round(history.events.length / PLAY_STEPS))), PLAY_MILLIS);
    return () => clearInterval(timer);
  });
  useEffect(() => {
    if (at === null) setPlaying(false);
  }, [at]);
  const play = () => {
    if (!isPlaying && at === null) seek(first);
    setPlaying(!isPlaying);
  };
  const tells = event ? [typeOf(event, t), about(event, t)].filter(Boolean).join(" · ") : "";
  const slide = ({ currentTarget }) => {
    setPlaying(false);
    seek(Number(currentTarget.value));
  };
  return html`<section class="panel scrubber" aria-label=${t("execution.time.title")}>
    <div class="scrubber-row">
      <div class="scrubber-tools">
        <${Tool} icon="previous" label=${t("execution.time.previous")} disabled=${index <= 0} onClick=${() => move(-1)} />
        <${Tool} icon=${isPlaying ? "pause" : "play"} label=${t(isPlaying ? "execution.time.pause" : "execution.time.play")} disabled=${first === last} onClick=${play} />
        <${Tool} icon="next" label=${t("execution.time.next")} disabled=${at === null} onClick=${() => move(1)} />
      </div>
      <input class="slider" type="range" aria-label=${t("execution.time.slider")} aria-valuetext=${t("execution.time.position", { seq: now, last, tells })} min=${first} max=${Math.max(first, last)} step="1" value=${Math.max(first, now)} onInput=${slide} />
      <button type="button" class="button small live" aria-pressed=${at === null} onClick=${() => seek(null)}><span class="dot" aria-hidden="true"></span>${t(history.isOver ? "execution.time.end" : "execution.time.live")}</button>
    </div>
    <p class="scrubber-text"><strong>${t("execution.time.event", { seq: now, last })}</strong><span class="cut">${tells}</span>${event && html`<time datetime=${new Date(event.timestamp).toISOString()}>${t.dateTime(event.timestamp)}</time>`}</p>
  </section>`;
}

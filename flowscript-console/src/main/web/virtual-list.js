/** A list of any length of which only the rows in view exist. Rows have one height. */
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "./vendor/preact.js";

const MORE = 8;

/**
 * @param count how many rows there are
 * @param height of a row, in pixels
 * @param row (index) => the content of a row
 * @param current the index of the chosen row, or -1; it is kept in view
 * @param choose called with the index of another row
 * @param label what the list is
 */
export function VirtualList({ count, height, row, current, choose, label, empty }) {
  const box = useRef(null);
  const id = useId();
  const [view, setView] = useState({ top: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    const observer = new ResizeObserver(() => setView({ top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current;
    if (current < 0 || element.clientHeight === 0) return;
    const top = current * height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + element.clientHeight) element.scrollTop = top + height - element.clientHeight;
  }, [current, count, view.height]);
  const page = Math.max(1, Math.floor(view.height / height) - 1);
  const keys = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
  const key = (event) => {
    const by = keys[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey || count === 0) return;
    event.preventDefault();
    choose(Math.min(count - 1, Math.max(0, (current < 0 ? 0 : current) + by)));
  };
  const top = Math.max(0, Math.min(view.top, count * height - view.height)); // a list that became shorter is not scrolled back yet
  const first = Math.max(0, Math.floor(top / height) - MORE);
  const last = Math.min(count, Math.ceil((top + view.height) / height) + MORE);
  const rows = [];
  for (let index = first; index < last; index++) {
    rows.push(html`<div key=${index} id=${`${id}-${index}`} class=${index === current ? "event-line current" : "event-line"} role="option" aria-selected=${index === current} aria-setsize=${count} aria-posinset=${index + 1} onClick=${() => choose(index)}>${row(index)}</div>`);
  }
  return html`<div ref=${box} class="virtual" role="listbox" tabindex="0" aria-label=${label} aria-activedescendant=${current >= first && current < last ? `${id}-${current}` : undefined} onKeyDown=${key} onScroll=${(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}>
    ${count === 0 ? html`<p class="muted none">${empty}</p>` : html`<svg class="before" width="1" height=${first * height} aria-hidden="true"></svg>${rows}<svg class="after" width="1" height=${(count - last) * height} aria-hidden="true"></svg>`}
  </div>`;
}

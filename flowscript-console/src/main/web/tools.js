/** The buttons of the page of one execution, with icons that only it needs; paths on a grid of 20 by 20. */
import { classes } from "./ui.js";
import { html } from "./vendor/preact.js";

const PATHS = {
  plus: "M10 4.500v11M4.500 10h11",
  minus: "M4.500 10h11",
  fit: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  target: "M10 15a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10 2.500V6M10 14v3.500M2.500 10H6M14 10h3.500",
  first: "M5.500 5v10M14.500 5l-6 5 6 5z",
  previous: "M12.500 5l-5 5 5 5",
  next: "M7.500 5l5 5-5 5",
  play: "M6.500 4.500l8.500 5.500-8.500 5.500z",
  pause: "M7 5v10M13 5v10",
  copy: "M7 7h9v9H7zM4 13V4h9",
  close: "M5.500 5.500l9 9M14.500 5.500l-9 9",
};

/** An icon; what it means is said by the text beside it, or by the label of its button. */
export function Glyph({ name, size = 18 }) {
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
}

/** A button that shows an icon only. */
export function Tool({ icon, label, class: name, ...rest }) {
  return html`<button type="button" class=${classes("icon-button", name)} aria-label=${label} title=${label} ...${rest}><${Glyph} name=${icon} /></button>`;
}

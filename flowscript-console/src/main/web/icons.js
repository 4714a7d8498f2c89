/** The icons, as paths on a grid of 20 by 20 that are drawn with the colour of the text. */
import { html } from "./vendor/preact.js";

const PATHS = {
  executions: "M3.5 5h13M3.5 10h13M3.5 15h8",
  inbox: "M3 11.500l2.400-6.500h9.200L17 11.500v4H3zM3 11.500h4l1.200 2h3.600l1.200-2h4",
  health: "M2.500 10.500h3.500l2-5.500 4 10 2-4.500h3.500",
  play: "M6.500 4.500l8.500 5.500-8.500 5.500z",
  stop: "M6 6h8v8H6z",
  close: "M5.500 5.500l9 9M14.500 5.500l-9 9",
  check: "M4.500 10.500l3.500 3.500 7.500-8",
  search: "M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l4 4",
  chevron: "M7.500 5l5 5-5 5",
  down: "M5 7.500l5 5 5-5",
  back: "M12.500 5l-5 5 5 5",
  sun: "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100",
  moon: "M16.500 11.800A7 7 0 0 1 8.200 3.500a7 7 0 1 0 8.300 8.300z",
  system: "M3 4h14v9H3zM7 16.500h6M10 13v3.500",
  person: "M10 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.500c.6-3 3-4.500 6-4.500s5.400 1.500 6 4.500",
  group: "M7.500 9.500a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM2.500 16c.5-2.800 2.500-4 5-4s4.500 1.200 5 4M13 4.500a2.500 2.500 0 0 1 0 4.800M14.500 12c1.800.4 2.800 1.700 3.200 4",
  globe: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3 10h14M10 3c2.500 2 3.500 4.500 3.500 7s-1 5-3.500 7c-2.500-2-3.500-4.500-3.500-7s1-5 3.500-7z",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.300l2.800 1.700",
  plus: "M10 4.500v11M4.500 10h11",
  undo: "M7.500 4.500L4 8l3.500 3.500M4 8h7.500a4 4 0 0 1 0 8H8",
  keyboard: "M2.500 5.500h15v9h-15zM5.500 8.500h.01M8.500 8.500h.01M11.500 8.500h.01M14.500 8.500h.01M6.500 11.500h7",
  alert: "M10 3.500l7.500 13h-15zM10 8.500v3.500M10 14.500h.01",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.500v4M10 6.700h.01",
  flag: "M5 17V4M5 4.500h9l-2 3 2 3H5",
  eye: "M2.500 10S5.500 5 10 5s7.500 5 7.500 5-3 5-7.500 5-7.500-5-7.500-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  refresh: "M16 10a6 6 0 1 1-1.800-4.300M16 3.500v3h-3",
  pause: "M7 5v10M13 5v10",
  offline: "M3 3l14 14M4 9a9.500 9.500 0 0 1 3-2M9.500 6.500c2.500 0 4.700.9 6.500 2.500M6.500 12a5.500 5.500 0 0 1 3-1.400M10 15.500h.01",
};

/** An icon. It says nothing to a screen reader: the text beside it, or the label of its button, does. */
export function Icon({ name, size = 18 }) {
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width=${name === "more" ? 2.6 : 1.6} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
}

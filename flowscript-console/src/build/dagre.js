/** What vendor/dagre.js holds: the layout of directed graphs. */
import dagre from "@dagrejs/dagre";

export const { Graph } = dagre.graphlib;
export const { layout } = dagre;

/** Lays graphs out beside the page, which stays free meanwhile. */
import { layoutOf } from "./graph-layout.js";

onmessage = ({ data: { id, graph } }) => {
  try {
    postMessage({ id, layout: layoutOf(graph) });
  } catch (error) {
    postMessage({ id, error: String(error?.message ?? error) });
  }
};

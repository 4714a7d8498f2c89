/** A page that shows an execution with Alpine.js, or with React: it is bundled for the test. */
import Alpine from "@alpinejs/csp";
import { createElement, useState } from "react";
import { createRoot } from "react-dom/client";
import { useExecution, useInbox } from "../../../examples/react.js";
import { flowscript } from "../../main/js/flowscript-alpine.js";
import { FlowScript } from "../../main/js/flowscript-client.js";

const { way, execution, next } = Object.fromEntries(new URLSearchParams(location.search));
const flow = new FlowScript(undefined, { shared: false });
globalThis.flow = flow;

function Inbox() {
  return createElement("ul", null, useInbox(flow).map(({ tokenId, executionId }) => createElement("li", { key: tokenId }, executionId)));
}

/** Follows one execution, then another, then none. */
function Runs() {
  const [id, setId] = useState(execution);
  return createElement(
    "div",
    null,
    createElement("button", { onClick: () => setId(id === execution ? next : null) }, "Next"),
    id && createElement(Run, { id }),
    id && createElement(Inbox),
  );
}

function Run({ id }) {
  return createElement("ol", null, useExecution(flow, id).map(({ seq, type }) => createElement("li", { key: seq }, type)));
}

if (way === "alpine") {
  flowscript(Alpine, { flow });
  Alpine.start();
  Alpine.store("flowscript").follow(execution);
} else {
  createRoot(document.getElementById("react")).render(createElement(Runs));
}

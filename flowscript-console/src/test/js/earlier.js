/*
 * A page as it was written for the first version of the protocol: a bare WebSocket without a subprotocol, one subscription, and a form
 * for each question. It keeps no position, and knows no type, field or reply that is newer.
 */
const EVENTS = ["workflow_started", "workflow_paused", "workflow_resumed", "workflow_completed", "workflow_failed", "node_started", "node_completed", "node_failed", "human_interaction_required", "human_interaction_timeout"];
const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
let executionId = query.get("execution");
let socket;

function connect() {
  socket = new WebSocket(`ws://${location.host}/ws`);
  socket.onopen = () => {
    byId("log").replaceChildren();
    send("subscribe", { executionId });
    send("ping", {});
  };
  socket.onmessage = (event) => take(JSON.parse(event.data));
  socket.onclose = () => {
    byId("status").textContent = "disconnected";
    setTimeout(connect, 200);
  };
}

function send(type, data) {
  socket.send(JSON.stringify({ type, data, timestamp: Date.now() }));
}

function take({ type, data, timestamp }) {
  if (!Number.isFinite(timestamp)) throw new Error(`${type} has no time`);
  switch (type) {
    case "connected":
      byId("status").textContent = `connected as ${data.clientId.slice(0, 4)}`;
      break;
    case "subscribed":
      byId("status").textContent = `subscribed to ${data.executionId}`;
      break;
    case "human_interaction_required":
      ask(data);
      break;
    case "human_interaction_timeout":
    case "workflow_resumed":
      byId("form").hidden = true;
      break;
    case "workflow_completed":
      byId("form").hidden = true;
      byId("state").textContent = JSON.stringify(data.finalState);
      break;
    case "workflow_failed":
    case "node_failed":
    case "resume_error":
      byId("error").textContent = data.error;
      break;
  }
  if (data.executionId === executionId && EVENTS.includes(type)) {
    const line = document.createElement("li");
    line.textContent = data.nodeName ? `${type} ${data.nodeName}` : type;
    byId("log").append(line);
  }
}

function ask({ nodeId, nodeInfo }) {
  const fields = Object.entries(nodeInfo.formSchema.properties).map(([name, schema]) => {
    const input = document.createElement(schema.enum ? "select" : "input");
    if (schema.enum) input.append(...schema.enum.map((value) => new Option(value, value)));
    const label = document.createElement("label");
    label.append(name, " ", input);
    return { name, input, label, isNumber: schema.type === "integer" };
  });
  const button = document.createElement("button");
  button.textContent = `Answer ${nodeInfo.name}`;
  const form = byId("form");
  form.replaceChildren(...fields.map(({ label }) => label), button);
  form.hidden = false;
  form.onsubmit = (event) => {
    event.preventDefault();
    const filled = fields.filter(({ input }) => input.value !== "");
    send("resume", { executionId, nodeId, data: Object.fromEntries(filled.map(({ name, input, isNumber }) => [name, isNumber ? Number(input.value) : input.value])) });
  };
}

async function start() {
  const response = await fetch(`/workflows/${query.get("workflow")}/execute`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ input: JSON.parse(query.get("input")) }),
  });
  ({ executionId } = await response.json());
}

if (executionId) connect();
else start().then(connect);

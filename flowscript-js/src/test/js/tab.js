const options = Object.fromEntries(new URLSearchParams(location.search));
const { FlowScript } = await import(options.alone ? "/flowscript/flowscript-client.min.js" : "/flowscript/flowscript-client.js");
const flow = new FlowScript(undefined, { ...(options.alone && { shared: false }), ...(options.http && { transports: ["sse", "poll"] }) });
flow.on("state", ({ state, transport }) => {
  document.getElementById("state").textContent = `${state} over ${transport}`;
});
const run = flow.execution(options.execution);
run.on("event", ({ type, seq }) => {
  const line = document.createElement("li");
  line.className = type;
  line.textContent = `${seq} ${type}`;
  document.getElementById("events").append(line);
});
run.on("error", (error) => {
  document.getElementById("state").textContent = `${error.code}: ${error.message}`;
});
Object.assign(window, { flow, run });

const options = Object.fromEntries(new URLSearchParams(location.search));
const { FlowScriptForm } = await import(options.small ? "/flowscript/flowscript-form.min.js" : "/flowscript/flowscript-form.js");
const { FlowScript } = await import("/flowscript/flowscript-client.js");
const { de } = await import("/flowscript/flowscript-form-de.js");
FlowScriptForm.texts.de = de;
const form = document.getElementById("form");
if (options.draft) form.draftKey = options.draft;
const heard = [];
for (const type of ["submit", "answered", "refused", "change"]) form.addEventListener(type, (event) => heard.push([type, event.detail]));
if (options.execution) {
  const flow = new FlowScript(undefined, { shared: false });
  form.flow = flow;
  const run = flow.execution(options.execution);
  run.on("human_interaction_required", (event) => (form.interaction = event));
  Object.assign(window, { flow, run });
}
Object.assign(window, { form, heard, ready: true });

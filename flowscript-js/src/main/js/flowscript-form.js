/**
 * A form from the JSON Schema of a question, as a custom element:
 *
 *     <flowscript-form id="form"></flowscript-form>
 *
 *     import "./flowscript-form.js";
 *     form.flow = flow;             // answers by itself
 *     form.interaction = event;     // human_interaction_required, or an item of the inbox
 */
import {
  LIMITS, check, chosenOf, describe, equal, fieldAt, fieldsIn, fill, formatJson, fromDraft, fromInput, newNode, normalPath, parseJson, problems, select, selectedOf, toDraft, toInput, valueOf,
} from "./flowscript-form-model.js";

const ROWS_SHOWN = 50;
const RADIOS = 4;
const FILTER_FROM = 15;
const MAX_CONTEXT = 100;
const MAX_SHOWN_TEXT = 2_000;
const DRAFT_MILLIS = 300;
const FOCUSABLE = ":is(input, select, textarea, button):enabled:not([hidden])";

const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
const shownValues = (values) => (Array.isArray(values) ? values.slice(0, 20).map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ") : JSON.stringify(values));

/** All texts, by language. Those of `keywords` say what is wrong; a function gets the limit that the schema sets. */
const TEXTS = {
  en: {
    submit: "Send",
    answer: "Answer",
    yes: "Yes",
    no: "No",
    nothing: "nothing",
    choose: "– choose –",
    chooseKind: "Kind",
    option: (number) => `Alternative ${number}`,
    types: { string: "Text", number: "Number", integer: "Whole number", boolean: "Yes or no", object: "Fields", array: "List", null: "Nothing" },
    filter: (label) => `Filter ${label}`,
    filtered: (shown) => count(shown, "option"),
    item: (number) => `Item ${number}`,
    add: "Add",
    addTo: (label) => `Add to ${label}`,
    remove: "Remove",
    removeItem: (label) => `Remove ${label}`,
    up: (label) => `Move ${label} up`,
    down: (label) => `Move ${label} down`,
    moved: (from, to) => `Item ${from} is now item ${to}`,
    removed: (label) => `${label} was removed`,
    more: (shown, all) => `Show more (${shown} of ${all})`,
    name: "Name",
    file: (kilobytes) => `A file of ${kilobytes} KB`,
    json: "JSON",
    notes: {
      any: "Any JSON value, or a text.",
      ref: "This part of the form cannot be shown as fields, because it refers to something that is not in it. Write JSON.",
      large: "This part of the form is too large to be shown as fields. Write JSON.",
      never: "This part of the form permits no value.",
    },
    wrong: (number) => (number === 1 ? "1 field needs your attention." : `${number} fields need your attention.`),
    sending: "Sending …",
    sent: "Your answer counts.",
    voted: "Your vote counts. More are needed.",
    resolved: (by, at) => `This was answered before${by ? ` by ${by}` : ""}${at ? `, ${at}` : ""}. Your answer was not needed.`,
    revised: "What is shown here was corrected meanwhile. Check it before you send; what you typed is still here.",
    stale: "What is shown here has changed meanwhile. Check it, and send again; what you typed is still here.",
    over: "This question is no longer open.",
    forbidden: "You may not answer this question, or somebody else is at it.",
    failed: (why) => `It was not sent: ${why}. What you typed is still here; try again.`,
    invalid: "is not valid",
    keywords: {
      required: "is required",
      dependentRequired: "is required",
      type: "has the wrong type",
      const: (limit) => `must be ${shownValues(limit)}`,
      enum: (limit) => `must be one of: ${shownValues(limit)}`,
      minimum: (limit) => `must be at least ${limit}`,
      maximum: (limit) => `must be at most ${limit}`,
      exclusiveMinimum: (limit) => `must be more than ${limit}`,
      exclusiveMaximum: (limit) => `must be less than ${limit}`,
      multipleOf: (limit) => (limit === 1 ? "must be a whole number" : `must be a multiple of ${limit}`),
      minLength: (limit) => (limit === 1 ? "must not be empty" : `must have at least ${count(limit, "character")}`),
      maxLength: (limit) => `must have at most ${count(limit, "character")}`,
      pattern: "does not have the required format",
      format: "does not have the required format",
      minItems: (limit) => `must have at least ${count(limit, "item")}`,
      maxItems: (limit) => `must have at most ${count(limit, "item")}`,
      uniqueItems: "must not have the same item twice",
      minProperties: (limit) => `must have at least ${count(limit, "field")}`,
      maxProperties: (limit) => `must have at most ${count(limit, "field")}`,
      additionalProperties: "is not expected here, so leave it out",
      number: "must be a number",
      digits: "has more digits than can be sent",
      json: "is not JSON",
      name: "needs a name",
      sameName: "has a name that is used twice",
      fileSize: (limit) => `must have at most ${limit / 1024} KB`,
      unreadable: "cannot be read",
    },
  },
};

const STYLE = `
:host { display: block; --accent: var(--flowscript-accent, light-dark(#0b5cad, #7ab8ff)); --danger: var(--flowscript-danger, light-dark(#b3261e, #ff9d94));
  --muted: var(--flowscript-muted, color-mix(in srgb, currentColor 68%, transparent)); --line: var(--flowscript-line, color-mix(in srgb, currentColor 28%, transparent));
  --gap: var(--flowscript-gap, 1rem); --radius: var(--flowscript-radius, .375rem); }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
form, .fields { display: grid; gap: var(--gap); }
form { max-width: var(--flowscript-width, 40rem); }
h2 { margin: 0; font-size: 1.25em; line-height: 1.3; }
p, dl, ul, ol { margin: 0; }
.field { display: grid; gap: .3rem; min-width: 0; border: 0; padding: 0; margin: 0; }
label, legend, .label { font-weight: 600; padding: 0; }
.field > .options { margin-top: .15rem; }
fieldset.group { gap: var(--gap); border: 1px solid var(--line); border-radius: var(--radius); padding: .75rem 1rem 1rem; }
fieldset.group > legend { padding: 0 .35rem; margin-inline-start: -.35rem; }
.plain > label { font-weight: 400; }
.required { color: var(--danger); }
.description { color: var(--muted); font-size: .9em; white-space: pre-line; }
.error { color: var(--danger); font-size: .9em; }
.fields:empty, .error:empty, .description:empty, .summary:empty, .notice:empty { display: none; }
input, select, textarea, button { font: inherit; color: inherit; }
input:not([type=checkbox], [type=radio], [type=file]), select, textarea { width: 100%; min-width: 0; padding: .45rem .6rem; color: FieldText; background: Field; border: 1px solid var(--line); border-radius: var(--radius); }
input[type=number] { max-width: 14rem; }
input[type=date], input[type=time], input[type=datetime-local] { max-width: 18rem; }
input[type=checkbox], input[type=radio] { width: 1.1em; height: 1.1em; margin: .15em 0 0; accent-color: var(--accent); flex: none; }
textarea { min-height: 5.5rem; resize: vertical; }
textarea.code { font-family: ui-monospace, monospace; font-size: .9em; }
:is(input, select, textarea)[aria-invalid=true] { border-color: var(--danger); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.option { display: flex; gap: .5rem; align-items: flex-start; }
.option > label { font-weight: 400; }
.boolean > .option > label { font-weight: 600; }
.options { display: grid; gap: .35rem; }
.options.long { max-height: 15rem; overflow: auto; border: 1px solid var(--line); border-radius: var(--radius); padding: .5rem .6rem; }
.rows { list-style: none; padding: 0; display: grid; gap: .75rem; }
.row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem; align-items: start; }
.row.entry { grid-template-columns: minmax(6rem, 1fr) minmax(0, 2fr) auto; }
.tools { display: flex; gap: .25rem; }
.row.entry > .tools, .row.named > .tools { padding-top: 1.85rem; }
.row.large { display: block; position: relative; }
.row.large + .row.large { border-top: 1px solid var(--line); padding-top: .75rem; }
.row.large > .tools { position: absolute; inset-block-start: 0; inset-inline-end: 0; }
.row.large + .row.large > .tools { inset-block-start: .75rem; }
.row.large > div > fieldset.group { border: 0; padding: 0; }
.row.large > div > fieldset.group > legend, .row.large > div > .field:not(.group) > :is(label, legend) { padding: .25rem 0; margin: 0; min-height: 2.2rem; }
.choice > .fields > fieldset.group { border-width: 0 0 0 2px; border-radius: 0; padding: .25rem 0 .25rem 1rem; }
button { padding: .4rem .8rem; background: transparent; border: 1px solid var(--line); border-radius: var(--radius); cursor: pointer; }
button:hover:enabled { border-color: currentColor; }
.tools button { padding: .4rem .55rem; line-height: 1.2; }
button.add { justify-self: start; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
button.submit { background: var(--accent); border-color: var(--accent); color: var(--flowscript-on-accent, light-dark(#fff, #0a1a2b)); font-weight: 600; padding: .5rem 1.25rem; }
:disabled, [readonly], [aria-disabled=true] { cursor: default; opacity: .75; }
.context { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1rem; padding: .75rem 1rem; border-radius: var(--radius); background: color-mix(in srgb, currentColor 6%, transparent); }
.context dt { color: var(--muted); }
.context dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.summary { color: var(--danger); font-weight: 600; }
.notice { padding: .6rem .8rem; border-inline-start: .25rem solid var(--accent); background: color-mix(in srgb, currentColor 6%, transparent); }
.hidden, .row.unnamed > div > .field > :is(label, legend), .choice > .fields > fieldset.group > legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) { .context { grid-template-columns: 1fr; } .context dt { margin-top: .3rem; } .row.entry { grid-template-columns: 1fr auto; } .row.entry > :first-child { grid-column: 1 / -1; } }
`;

let sheet = null;

function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  return sheet;
}

let lastId = 0;

/** An element with properties, `part` as its part and class, and children. */
function make(name, { part, ...properties } = {}, ...children) {
  const element = document.createElement(name);
  if (part) {
    element.className = part;
    element.setAttribute("part", part);
  }
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Gives an element exactly these children, and moves only those that are elsewhere. */
function place(element, children) {
  children.forEach((child, i) => {
    if (element.children[i] !== child) element.insertBefore(child, element.children[i] ?? null);
  });
  while (element.children.length > children.length) element.lastElementChild.remove();
}

const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

const setAttribute = (element, name, value) => {
  if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
};

/** A name as people write it: "startDate" and "start_date" are "Start date". */
function spoken(key) {
  const words = key.replace(/([\p{Ll}\p{Nd}])(\p{Lu})(?=\p{Ll})/gu, (_, before, letter) => `${before} ${letter.toLowerCase()}`).replaceAll(/[_-]+/g, " ").trim();
  return words ? words[0].toUpperCase() + words.slice(1) : key;
}

const plain = (value) => (typeof value === "string" ? value : typeof value === "number" ? String(value) : JSON.stringify(value, null, 1));

export class FlowScriptForm extends (globalThis.HTMLElement ?? class {}) {
  static texts = TEXTS;
  static observedAttributes = ["draft-key", "lang"];

  /** A client or an execution of flowscript-client.js, by which the form answers. */
  flow = null;

  #interaction = null;
  #info = {};
  #question = null;
  #identity = null; // what was typed belongs to this
  #node = newNode();
  #root = null; // the fields
  #views = new Map();
  #errors = new Map(); // nodes to what is wrong with them
  #parts = null;
  #texts = null;
  #state = "open"; // or "sending", "done"
  #attempt = null;
  #draftTimer = 0;
  #hookSet = null;
  #saveNow = () => this.#saveDraft();

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [styleSheet()];
    const parts = (this.#parts = {
      title: make("h2", { part: "title" }),
      description: make("p", { part: "description" }),
      context: make("dl", { part: "context" }),
      summary: make("p", { part: "summary", role: "alert" }),
      errors: make("ul", { part: "error" }),
      fields: make("div", { part: "fields" }),
      submit: make("button", { part: "submit", type: "submit" }),
      cancel: make("button", { part: "cancel", type: "button" }),
      notice: make("p", { part: "notice", role: "status" }),
      live: make("p", { part: "hidden", role: "status" }),
    });
    const actions = make("div", { part: "actions" }, parts.submit, parts.cancel);
    const form = (parts.form = make("form", { part: "form", noValidate: true }, parts.title, parts.description, parts.context, parts.notice, parts.summary, parts.errors, parts.fields, actions, parts.live));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    parts.cancel.addEventListener("click", () => this.#send({ _cancelled: true }));
    root.append(form);
  }

  connectedCallback() {
    addEventListener("pagehide", this.#saveNow);
    this.#render();
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.#saveNow);
    this.#saveDraft();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "draft-key") this.#begin();
    this.#render();
  }

  /** The key in `sessionStorage` under which what was typed is kept; nothing is kept without one. */
  get draftKey() {
    return this.getAttribute("draft-key");
  }

  set draftKey(key) {
    setAttribute(this, "draft-key", key);
  }

  /** Texts that replace those of the language, or some of them. */
  get texts() {
    const language = (this.closest("[lang]")?.lang || globalThis.navigator?.language || "en").slice(0, 2);
    const known = FlowScriptForm.texts[language] ?? FlowScriptForm.texts.en;
    const merged = { ...FlowScriptForm.texts.en, ...known, ...this.#texts };
    merged.keywords = { ...FlowScriptForm.texts.en.keywords, ...known.keywords, ...this.#texts?.keywords };
    merged.notes = { ...known.notes, ...this.#texts?.notes };
    merged.own = { ...(known === FlowScriptForm.texts.en ? {} : known.keywords), ...this.#texts?.keywords };
    return merged;
  }

  set texts(texts) {
    this.#texts = texts;
    this.#render();
  }

  /**
   * What is asked: a `human_interaction_required` event, its data, an item of the inbox, or {formSchema, uiHints, contextData,
   * defaultValues}. The same question set again, with another form too, keeps what was typed. A `human_interaction_revised` event shows
   * what was corrected in the question that is shown; one of another question changes nothing.
   */
  get interaction() {
    return this.#interaction;
  }

  set interaction(interaction) {
    const data = interaction?.nodeInfo || !interaction?.data ? interaction : interaction.data;
    const token = data?.tokenId;
    const isShown = Boolean(token) && token === this.#interaction?.tokenId;
    if (interaction?.type === "human_interaction_revised" && !isShown) return;
    const seen = isShown ? this.#info.contextHash : undefined;
    if (isShown && !data.nodeInfo) {
      this.#info = { ...this.#info, contextData: data.contextData, contextHash: data.contextHash };
    } else {
      this.#interaction = data ?? null;
      this.#info = data?.nodeInfo ?? data ?? {};
    }
    this.#begin();
    if (seen !== undefined && seen !== this.#info.contextHash && this.#state === "open") {
      this.#attempt = null; // an answer to what is shown now is another command
      setText(this.#parts.notice, this.texts.revised);
    }
    fill(this.#node, this.#info.defaultValues, true);
    this.#render();
  }

  /** The answer as it would be sent now; undefined when nothing was filled in. */
  get value() {
    return this.#interaction ? valueOf(this.#root) : undefined;
  }

  set value(value) {
    this.#node = newNode();
    if (value !== undefined) fill(this.#node, value);
    this.#errors.clear();
    this.#render();
  }

  /** What is wrong, as the server sends it: [{path, keyword, message}]. Shown beside the fields, with the focus on the first. */
  get violations() {
    return [...this.#errors.values()].flat();
  }

  set violations(violations) {
    if (!this.#interaction) return;
    this.#show(violations ?? [], false);
  }

  /** Checks, emits "submit", and answers if there is a `flow`. Returns whether nothing was wrong. */
  submit() {
    if (this.#state !== "open" || !this.#interaction) return false;
    const value = this.value;
    const own = problems(this.#root);
    const found = own.length || this.hasAttribute("novalidate") ? own : this.#check(value);
    this.#show(found, true);
    if (found.length) return false;
    this.#send(value === undefined ? null : value);
    return true;
  }

  #check(value) {
    const found = check(this.#info.formSchema ?? {}, value === undefined ? null : value);
    return value === undefined && found.length ? [{ path: "$", keyword: "required" }] : found;
  }

  /** Forgets what was typed. */
  reset() {
    this.#forgetDraft();
    this.#start(newNode());
    fill(this.#node, this.#info.defaultValues, true);
    this.#render();
  }

  async #send(value) {
    if (this.#state !== "open") return;
    const event = new CustomEvent("submit", { detail: value, cancelable: true, bubbles: true });
    if (!this.dispatchEvent(event) || !this.flow) return;
    const text = JSON.stringify(value);
    // The same answer, sent again after a failure, is the same command.
    if (this.#attempt?.text !== text) this.#attempt = { text, id: crypto.randomUUID?.() };
    const node = this.#node;
    this.#become("sending", this.texts.sending);
    try {
      const { id } = this.#attempt;
      const { contextHash: seen } = this.#info;
      const { closes } = await this.flow.resume(this.#interaction, value, { ...(seen && { seen }), ...(id && { id }) });
      if (node !== this.#node) return; // another question is shown
      this.#forgetDraft();
      this.#become("done", closes === false ? this.texts.voted : this.texts.sent);
      this.dispatchEvent(new CustomEvent("answered", { detail: { closes, value } }));
    } catch (error) {
      if (node === this.#node) this.#refused(error);
    }
  }

  #refused(error) {
    const { code, data = {}, message } = error;
    const { texts } = this;
    this.#attempt = data && ["validation_failed", "stale"].includes(code) ? null : this.#attempt;
    switch (code) {
      case "validation_failed":
        this.#become("open", "");
        this.#show(data.violations ?? [], true);
        break;
      case "stale":
        this.#info = { ...this.#info, contextData: data.contextData, contextHash: data.contextHash };
        this.#become("open", texts.stale);
        break;
      case "already_resolved":
        this.#become("done", texts.resolved(data.by, data.at && new Date(data.at).toLocaleString(this.#language())));
        break;
      case "expired":
      case "cancelled":
      case "interaction_not_found":
        this.#become("done", texts.over);
        break;
      case "forbidden":
      case "already_claimed":
        this.#become("open", texts.forbidden);
        break;
      default:
        this.#become("open", texts.failed(message || code));
    }
    this.dispatchEvent(new CustomEvent("refused", { detail: error }));
  }

  #language() {
    return this.closest("[lang]")?.lang || undefined;
  }

  #become(state, notice) {
    this.#state = state;
    setText(this.#parts.notice, notice);
    this.#render();
    if (state === "done") {
      this.#parts.notice.tabIndex = -1;
      this.#parts.notice.focus();
    }
  }

  // Drafts

  #begin() {
    const { executionId, tokenId, nodeId } = this.#interaction ?? {};
    const question = [executionId, tokenId ?? nodeId].join(" ");
    const identity = this.draftKey ?? question;
    const isNext = this.#state === "done" && question !== this.#question;
    this.#question = question;
    if (identity === this.#identity && !isNext) return;
    this.#saveDraft();
    this.#identity = identity;
    this.#start(this.#loadDraft() ?? newNode());
  }

  #start(node) {
    this.#node = node;
    this.#views.clear();
    this.#errors.clear();
    this.#state = "open";
    this.#attempt = null;
    setText(this.#parts.notice, "");
    setText(this.#parts.summary, "");
  }

  #storageKey() {
    return `flowscript-form ${this.draftKey}`;
  }

  #loadDraft() {
    if (!this.draftKey) return null;
    try {
      const text = sessionStorage.getItem(this.#storageKey());
      return text ? fromDraft(JSON.parse(text)) : null;
    } catch {
      return null; // a page may be forbidden to look
    }
  }

  #saveDraft() {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = 0;
    if (!this.draftKey || this.#identity !== this.draftKey || this.#state === "done" || !this.#interaction) return;
    try {
      let text = JSON.stringify(toDraft(this.#node, (node) => node.secret));
      if (text.length > LIMITS.draftChars) text = JSON.stringify(toDraft(this.#node, (node) => node.secret || node.file));
      if (text.length > LIMITS.draftChars) sessionStorage.removeItem(this.#storageKey());
      else sessionStorage.setItem(this.#storageKey(), text);
    } catch {
      // the storage is full or forbidden: what was typed is kept by the page alone
    }
  }

  #forgetDraft() {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = 0;
    if (!this.draftKey) return;
    try {
      sessionStorage.removeItem(this.#storageKey());
    } catch {
      // nothing was kept
    }
  }

  // Violations

  #show(violations, move) {
    this.#errors.clear();
    for (const violation of violations) {
      const path = normalPath(violation.path);
      const field = fieldAt(this.#root, path);
      const { texts } = this;
      const isEmpty = violation.keyword === "type" && !violation.message && valueOf(field, field.at) === undefined;
      const keyword = isEmpty ? "required" : violation.keyword;
      const own = texts.own[keyword] ?? (violation.message ? undefined : texts.keywords[keyword]);
      const limit = isEmpty ? undefined : violation.limit ?? (keyword === "fileSize" ? LIMITS.fileBytes : field.schema[keyword]);
      let message = typeof own === "function" ? (limit === undefined ? undefined : own(limit)) : own;
      message ??= violation.message ?? texts.invalid;
      if (field.at !== path) message = `${path.slice(field.at.length).replace(/^\./, "")}: ${message}`;
      const known = this.#errors.get(field.node) ?? [];
      if (!known.some((one) => one.message === message)) this.#errors.set(field.node, [...known, { ...violation, message }]);
    }
    this.#reveal(this.#root);
    this.#render();
    const summary = violations.length ? this.texts.wrong(this.#errors.size) : "";
    setText(this.#parts.summary, "");
    setText(this.#parts.summary, summary);
    if (violations.length || move) this.#focusFirst();
  }

  /** Shows the rows of long lists that have something wrong in them. */
  #reveal(field) {
    let wrong = this.#errors.has(field.node);
    field.children.forEach((child, i) => {
      if (!this.#reveal(child)) return;
      wrong = true;
      if (field.kind === "array") field.node.shown = Math.max(field.node.shown ?? ROWS_SHOWN, i + 1);
    });
    for (const { field: child } of field.entries ?? []) wrong = this.#reveal(child) || wrong;
    return wrong;
  }

  #focusFirst() {
    for (const field of fieldsIn(this.#root)) {
      if (this.#errorsOf(field).length === 0) continue;
      const first = this.#viewOf(field)?.element.querySelector(FOCUSABLE);
      if (first) {
        first.focus();
        return;
      }
    }
  }

  // Rendering: the fields are described anew after each change, and the elements of those that are still there are kept.

  #render() {
    const { formSchema = {}, uiHints, contextData } = this.#info;
    const hints = typeof uiHints === "object" && uiHints !== null ? uiHints : {};
    this.#root = describe(formSchema, this.#node, { labels: Array.isArray(hints.options) ? hints.options : undefined });
    this.#parts.form.hidden = !this.#interaction;
    if (!this.isConnected || !this.#interaction) return;
    const { texts } = this;
    const { title, description, context, errors, fields, submit, cancel } = this.#parts;
    setText(title, plain(hints.title ?? formSchema?.title ?? ""));
    setText(description, plain(hints.description ?? formSchema?.description ?? ""));
    title.hidden = !title.textContent;
    submit.textContent = hints.submitLabel ?? texts.submit;
    cancel.textContent = hints.cancelLabel ?? "";
    cancel.hidden = hints.cancelLabel === undefined;
    this.#renderContext(context, contextData);
    const before = this.shadowRoot.activeElement;
    const kept = this.#views;
    this.#views = new Map();
    place(fields, [this.#view(this.#root, texts, kept)]);
    const rootErrors = this.#root.kind === "object" ? (this.#errors.get(this.#node) ?? []) : [];
    errors.replaceChildren(...rootErrors.map(({ message }) => make("li", {}, message)));
    errors.hidden = rootErrors.length === 0;
    if (this.#errors.size === 0) setText(this.#parts.summary, "");
    if (before && before.isConnected && this.shadowRoot.activeElement !== before && !before.disabled) before.focus();
    const busy = this.#state !== "open";
    for (const button of [submit, cancel]) setAttribute(button, "aria-disabled", busy ? "true" : null);
    fields.inert = this.#state === "done";
    setAttribute(this, "aria-busy", this.#state === "sending" ? "true" : null);
    submit.hidden = this.#state === "done";
    cancel.hidden ||= this.#state === "done";
  }

  #renderContext(list, data) {
    const entries = typeof data === "object" && data !== null ? Object.entries(data).slice(0, MAX_CONTEXT) : [];
    list.hidden = entries.length === 0;
    const text = JSON.stringify(entries);
    if (list.shown === text) return;
    list.shown = text;
    list.replaceChildren(...entries.flatMap(([key, value]) => [make("dt", {}, spoken(key)), make("dd", {}, plain(value).slice(0, MAX_SHOWN_TEXT))]));
  }

  /** What is shown beside a field: not what its only part shows, and for the whole answer nothing. */
  #errorsOf(field) {
    if ((field.root && field.kind === "object") || (field.kind === "choice" && field.children.length)) return [];
    return this.#errors.get(field.node) ?? [];
  }

  #keyOf(field) {
    return [field.node.id, field.kind, field.level ?? "", field.input ?? "", field.options && this.#isRadio(field) ? "radio" : "", (field.options?.length ?? 0) >= FILTER_FROM ? "filter" : ""].join(" ");
  }

  #viewOf(field) {
    return this.#views.get(this.#keyOf(field));
  }

  #isRadio(field) {
    return field.kind === "select" && field.required && !field.nullable && field.options.length <= RADIOS;
  }

  #view(field, texts, kept) {
    const key = this.#keyOf(field);
    let view = kept.get(key);
    if (!view) {
      view = VIEWS[field.kind === "select" && this.#isRadio(field) ? "radio" : field.kind](this.#hooks(), field);
      view.id = `f${++lastId}`;
    }
    this.#views.set(key, view);
    view.field = field;
    const label = (field.root && field.kind !== "object" ? (this.#parts.title.textContent === field.label ? texts.answer : field.label) : undefined) ?? (field.label === undefined ? undefined : field.schema.title !== undefined ? field.label : spoken(field.label));
    view.update({
      field, texts, id: view.id,
      label: label ?? (typeof field.key === "number" ? texts.item(field.key + 1) : texts.answer),
      hasLabel: label !== undefined,
      errors: this.#errorsOf(field),
      child: (inner) => this.#view(inner, texts, kept),
    });
    return view.element;
  }

  /** What a view may do with the form. */
  #hooks() {
    return (this.#hookSet ??= {
      /** Something was filled in, and is in the node. */
      changed: (node) => {
        node.touched = true;
        delete node.bad;
        this.#errors.delete(node);
        this.#changed();
      },
      structure: (node, say) => {
        node.touched = true;
        this.#errors.delete(node);
        this.#changed();
        if (say) setText(this.#parts.live, say);
      },
      say: (text) => setText(this.#parts.live, text),
      focusIn: (element) => element?.querySelector(FOCUSABLE)?.focus(),
    });
  }

  #changed() {
    this.#render();
    if (!this.#draftTimer) this.#draftTimer = setTimeout(this.#saveNow, DRAFT_MILLIS);
    this.dispatchEvent(new CustomEvent("change", { detail: this.value }));
  }
}

// Views: an element for each kind of field, made once, and updated.

function requiredMark(field) {
  return field.required && !field.nullable ? [make("span", { part: "required", "aria-hidden": "true" }, "\u00a0*")] : [];
}

function setLabel(element, field, text, wanted = field.kind !== "boolean" || field.schema.const === true) {
  const mark = wanted && !field.free && typeof field.key !== "number" && !(field.root && field.kind === "object");
  const state = `${text} ${mark && field.required}`;
  if (element.state === state) return;
  element.state = state;
  element.replaceChildren(text, ...(mark ? requiredMark(field) : []));
}

/** The frame of a field: description and error, bound to the control. */
function frame(element, control) {
  const description = make("p", { part: "description" });
  const error = make("p", { part: "error" });
  return {
    description,
    error,
    update({ field, errors, id, note }) {
      setText(description, [field.root ? "" : field.description, note].filter(Boolean).join("\n"));
      description.id = `${id}-d`;
      error.id = `${id}-e`;
      setText(error, errors.map(({ message }) => message).join("; "));
      const described = [description.textContent && description.id, error.textContent && error.id].filter(Boolean).join(" ");
      for (const one of [control].flat()) {
        setAttribute(one, "aria-describedby", described || null);
        if (one.tagName !== "FIELDSET") setAttribute(one, "aria-invalid", errors.length ? "true" : null);
      }
      element.classList.toggle("wrong", errors.length > 0);
    },
  };
}

/** A field with one control. `read` gives what was typed, `write` shows a value. */
function control(element, hooks, { read, write, setup, note, event = "input", extra = [] }) {
  const label = make("label", { part: "label" });
  const box = make("div", { part: "field" });
  const around = frame(box, element);
  box.append(label, around.description, ...extra, element, around.error);
  const view = {
    element: box,
    update(context) {
      const { field, id } = context;
      element.id = id;
      label.htmlFor = id;
      setLabel(label, field, context.label);
      around.update({ ...context, note: note?.(context) });
      setAttribute(element, "aria-required", field.required && !field.nullable && typeof field.key !== "number" ? "true" : null);
      if ("readOnly" in element && element.tagName !== "SELECT") element.readOnly = field.readOnly;
      else element.disabled = field.readOnly;
      setup?.(context);
      write(field, context);
    },
  };
  element.addEventListener(event, () => {
    read(view.field);
    hooks.changed(view.field.node);
  });
  return view;
}

const optionText = (option, texts) => option.label ?? (option.value === null ? texts.nothing : typeof option.value === "boolean" ? (option.value ? texts.yes : texts.no) : plain(option.value));

function textView(hooks, { input }) {
  const element = input === "textarea" ? make("textarea", { part: "input" }) : make("input", { part: "input", type: input });
  const dated = (field) => field.schema.format === "time" || field.schema.format === "date-time";
  return control(element, hooks, {
    setup({ field: { schema } }) {
      const example = [schema.examples].flat()[0];
      element.placeholder = example === undefined ? "" : plain(example);
      if (input === "password") element.autocomplete = "off";
    },
    read: (field) => {
      if (element.validity.badInput) return;
      field.node.value = dated(field) && element.value ? fromInput(field.schema.format, element.value, field.node.value) : element.value;
    },
    write(field) {
      const value = field.node.value ?? "";
      const shown = dated(field) && value ? toInput(field.schema.format, value) : typeof value === "object" ? JSON.stringify(value) : String(value);
      if (element.value !== shown && !(dated(field) && element.value && fromInput(field.schema.format, element.value, value) === value)) element.value = shown;
    },
  });
}

function numberView(hooks) {
  const element = make("input", { part: "input", type: "number", inputMode: "decimal" });
  const view = control(element, hooks, {
    setup({ field: { schema } }) {
      const whole = schema.type === "integer" || [schema.type].flat().includes("integer");
      element.inputMode = whole ? "numeric" : "decimal";
      setAttribute(element, "min", schema.minimum ?? (whole && typeof schema.exclusiveMinimum === "number" ? schema.exclusiveMinimum + 1 : undefined));
      setAttribute(element, "max", schema.maximum ?? (whole && typeof schema.exclusiveMaximum === "number" ? schema.exclusiveMaximum - 1 : undefined));
      setAttribute(element, "step", schema.multipleOf ?? (whole ? 1 : "any"));
      const example = [schema.examples].flat()[0];
      element.placeholder = example === undefined ? "" : String(example);
    },
    read: ({ node }) => {
      node.value = element.value;
    },
    write(field) {
      const { value = "" } = field.node;
      if (element.validity.badInput) field.node.bad = "number";
      else if (element.value !== String(value ?? "") && !(element.value && Number(element.value) === value)) element.value = value ?? "";
    },
  });
  return view;
}

function jsonView(hooks) {
  const element = make("textarea", { part: "input", spellcheck: false });
  element.classList.add("code");
  return control(element, hooks, {
    note: ({ field, texts }) => texts.notes[field.note ?? (Object.keys(field.schema).some((key) => !["title", "description", "default"].includes(key)) ? "" : "any")] ?? texts.json,
    read: ({ node }) => select(node, parseJson(element.value)),
    write(field) {
      const value = valueOf(field, field.at);
      if (!equal(parseJson(element.value), value)) element.value = formatJson(value);
    },
  });
}

function booleanView(hooks) {
  const element = make("input", { part: "checkbox", type: "checkbox" });
  const label = make("label", { part: "label" });
  const box = make("div", { part: "field" });
  box.classList.add("boolean");
  const around = frame(box, element);
  box.append(make("div", { part: "option" }, element, label), around.description, around.error);
  const view = {
    element: box,
    update(context) {
      element.id = context.id;
      label.htmlFor = context.id;
      setLabel(label, context.field, context.label);
      around.update(context);
      element.checked = context.field.node.value === true;
      element.disabled = context.field.readOnly;
    },
  };
  element.addEventListener("change", () => {
    view.field.node.value = element.checked;
    hooks.changed(view.field.node);
  });
  return view;
}

function constView() {
  const box = make("p", { part: "constant" });
  return {
    element: box,
    update({ field, label, texts }) {
      // Only the asker's own words are shown: a bare constant tells alternatives apart, and says nothing to people.
      box.hidden = field.schema.title === undefined;
      setText(box, `${label}: ${optionText({ value: field.schema.const }, texts)}`);
    },
  };
}

/** Narrows a long list of options to those with a text in them. */
function filterBox(hooks, texts, apply) {
  const element = make("input", { part: "filter", type: "search", autocomplete: "off" });
  element.addEventListener("input", () => hooks.say(texts().filtered(apply(element.value.trim().toLowerCase()))));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // the form is not sent from here
  });
  return element;
}

function selectView(hooks, { options }) {
  const element = make("select", { part: "input" });
  let texts;
  let view;
  let state = "";
  const needsFilter = options.length >= FILTER_FROM;
  const build = (wanted) => {
    const { field } = view;
    const current = field.options.findIndex(({ value }) => equal(value, selectedOf(field.node)));
    const items = field.options.map((option, i) => ({ i, text: optionText(option, texts) })).filter(({ i, text }) => !wanted || i === current || text.toLowerCase().includes(wanted));
    element.replaceChildren(make("option", { value: "" }, texts.choose), ...items.map(({ i, text }) => make("option", { value: String(i) }, text)));
    element.value = current < 0 ? "" : String(current);
    return items.length;
  };
  const filter = needsFilter ? filterBox(hooks, () => texts, build) : null;
  view = control(element, hooks, {
    event: "change",
    extra: filter ? [filter] : [],
    read: ({ node, options: known }) => select(node, element.value === "" ? undefined : known[Number(element.value)].value),
    write(field, context) {
      texts = context.texts;
      view.field = field;
      if (filter) {
        filter.setAttribute("aria-label", texts.filter(context.label));
        filter.placeholder = texts.filter(context.label);
      }
      const now = JSON.stringify([field.options, texts.choose]);
      if (now !== state) build(filter?.value.trim().toLowerCase() ?? "");
      state = now;
      const current = field.options.findIndex(({ value }) => equal(value, selectedOf(field.node)));
      const shown = current < 0 ? "" : String(current);
      if (element.value !== shown) {
        if (![...element.options].some(({ value }) => value === shown)) build("");
        element.value = shown;
      }
    },
  });
  return view;
}

/** Options with one input each: radio buttons, or check boxes for several. */
function optionsView(hooks, type, { isChosen, choose }) {
  const list = make("div", { part: "options" });
  const box = make("fieldset", { part: "field" });
  const legend = make("legend", { part: "label" });
  const around = frame(box, box);
  let state = "";
  let texts;
  let view;
  let inputs = [];
  const apply = (wanted) => {
    let shown = 0;
    [...list.children].forEach((row) => {
      row.hidden = Boolean(wanted) && !row.textContent.toLowerCase().includes(wanted);
      shown += row.hidden ? 0 : 1;
    });
    return shown;
  };
  const filter = filterBox(hooks, () => texts, apply);
  box.append(legend, around.description, filter, list, around.error);
  view = {
    element: box,
    update(context) {
      const { field, id } = context;
      texts = context.texts;
      setLabel(legend, field, context.label);
      around.update(context);
      const now = JSON.stringify([field.options, texts.yes]);
      if (now !== state) {
        state = now;
        inputs = [];
        list.replaceChildren(...field.options.map((option, i) => {
          const input = make("input", { part: type === "radio" ? "radio" : "checkbox", type, name: id, id: `${id}-${i}`, value: String(i) });
          inputs.push(input);
          input.addEventListener("change", () => {
            choose(view.field, view.field.options[i].value, input.checked);
            hooks.changed(view.field.node);
          });
          return make("div", { part: "option" }, input, make("label", { part: "option-label", htmlFor: input.id }, optionText(option, texts)));
        }));
      }
      const long = field.options.length >= FILTER_FROM;
      list.classList.toggle("long", long);
      filter.hidden = !long;
      filter.setAttribute("aria-label", texts.filter(context.label));
      filter.placeholder = texts.filter(context.label);
      inputs.forEach((input, i) => {
        input.checked = isChosen(field, field.options[i].value);
        input.disabled = field.readOnly;
        input.required = type === "radio" && field.required;
        setAttribute(input, "aria-invalid", context.errors.length ? "true" : null);
      });
    },
  };
  return view;
}

const radioView = (hooks) => optionsView(hooks, "radio", { isChosen: (field, value) => equal(selectedOf(field.node), value), choose: (field, value) => select(field.node, value) });

const multiView = (hooks) => optionsView(hooks, "checkbox", {
  isChosen: ({ node }, value) => chosenOf(node).some((one) => equal(one, value)),
  choose: ({ node }, value, checked) => {
    const others = chosenOf(node).filter((one) => !equal(one, value));
    fill(node, checked ? [...others, value] : others);
  },
});

function fileView(hooks) {
  const element = make("input", { part: "file", type: "file" });
  const keep = (node, value, bad) => {
    node.value = value;
    hooks.changed(node);
    if (bad) node.bad = bad;
  };
  const view = control(element, { ...hooks, changed: () => {} }, {
    event: "change",
    note: ({ field: { node }, texts }) => (node.value ? texts.file(Math.max(1, Math.round((String(node.value).length * 3) / 4 / 1024))) : ""),
    setup: ({ field }) => setAttribute(element, "accept", field.accept || null),
    read: (field) => {
      const [file] = element.files;
      const { node, plain: bare } = field;
      if (!file) keep(node, undefined);
      else if (file.size > LIMITS.fileBytes) keep(node, undefined, "fileSize");
      else {
        const reader = new FileReader();
        reader.onload = () => keep(node, bare ? reader.result.slice(reader.result.indexOf(",") + 1) : reader.result);
        reader.onerror = () => keep(node, undefined, "unreadable");
        reader.readAsDataURL(file);
      }
    },
    write: () => {},
  });
  return view;
}

function groupView() {
  const box = make("fieldset", { part: "field" });
  const legend = make("legend", { part: "label" });
  const around = frame(box, box);
  box.classList.add("group");
  return { box, legend, around };
}

function objectView(hooks, field) {
  const { box, legend, around } = groupView();
  const fields = make("div", { part: "fields" });
  const rows = make("ol", { part: "rows" });
  const add = make("button", { part: "add", type: "button" });
  const close = make("button", { part: "add", type: "button" });
  const entryViews = new Map();
  // The whole answer needs no frame of its own.
  const whole = make("div", { part: "fields" });
  const element = field.root ? whole : box;
  element.append(...(field.root ? [] : [legend]), around.description, fields, rows, add, close, around.error);
  const view = { element };
  add.addEventListener("click", () => {
    const { node } = view.field;
    node.entries.push({ key: "", node: newNode() });
    hooks.structure(node);
    hooks.focusIn(rows.lastElementChild);
  });
  close.addEventListener("click", () => {
    const { node } = view.field;
    node.open = false;
    node.fields.clear();
    hooks.structure(node);
  });
  const entryView = (entry) => {
    const label = make("label", { part: "label" });
    const name = make("input", { part: "input", type: "text" });
    name.id = `k${++lastId}`;
    label.htmlFor = name.id;
    const remove = make("button", { part: "remove", type: "button" }, "\u2715");
    const row = make("li", { part: "row" }, make("div", { part: "field" }, label, name), make("div"), make("div", { part: "tools" }, remove));
    row.classList.add("entry");
    name.addEventListener("input", () => {
      entry.key = name.value;
      hooks.structure(view.field.node);
    });
    remove.addEventListener("click", () => {
      const { node } = view.field;
      node.entries = node.entries.filter((other) => other !== entry);
      hooks.structure(node, view.texts.removed(entry.key || view.texts.name));
      add.focus();
    });
    return { row, label, name, remove, value: row.children[1] };
  };
  view.update = (context) => {
    const { field: now, texts, child } = context;
    view.texts = texts;
    box.classList.toggle("bare", !context.hasLabel);
    setLabel(legend, now, context.label);
    around.update(context);
    place(fields, now.children.map(child));
    const entries = now.entries ?? [];
    rows.hidden = !entries.length;
    add.hidden = !now.entries || now.readOnly;
    setText(add, texts.add);
    setAttribute(add, "aria-label", texts.addTo(context.label));
    close.hidden = !now.open;
    setText(close, texts.removeItem(context.label));
    place(rows, entries.map(({ entry, field: inner }) => {
      let one = entryViews.get(entry);
      if (!one) entryViews.set(entry, (one = entryView(entry)));
      if (one.name.value !== entry.key) one.name.value = entry.key;
      setText(one.label, texts.name);
      setAttribute(one.remove, "aria-label", texts.removeItem(entry.key || texts.name));
      place(one.value, [child(inner)]);
      return one.row;
    }));
  };
  return view;
}

function closedView(hooks) {
  const open = make("button", { part: "add", type: "button" });
  const box = make("div", { part: "field" }, open);
  const view = {
    element: box,
    update({ label, texts }) {
      setText(open, `${texts.add}: ${label}`);
    },
  };
  open.addEventListener("click", () => {
    view.field.node.open = true;
    hooks.structure(view.field.node);
  });
  return view;
}

function arrayView(hooks) {
  const { box, legend, around } = groupView();
  const rows = make("ol", { part: "rows" });
  const add = make("button", { part: "add", type: "button" });
  const more = make("button", { part: "add", type: "button" });
  box.append(legend, around.description, rows, more, add, around.error);
  const rowViews = new Map();
  const view = { element: box };
  const shownOf = (node) => node.shown ?? ROWS_SHOWN;
  const move = (row, by) => {
    const { node } = view.field;
    const from = node.rows.indexOf(row);
    const to = from + by;
    if (to < 0 || to >= node.rows.length) return;
    node.rows.splice(from, 1);
    node.rows.splice(to, 0, row);
    hooks.structure(node, view.texts.moved(from + 1, to + 1));
    const { up, down } = rowViews.get(row);
    const wanted = by < 0 ? up : down;
    (wanted.disabled ? (by < 0 ? down : up) : wanted).focus();
  };
  const rowView = (row) => {
    const tool = (part, sign, run) => {
      const button = make("button", { part, type: "button" }, sign);
      button.addEventListener("click", run);
      return button;
    };
    const up = tool("up", "\u2191", () => move(row, -1));
    const down = tool("down", "\u2193", () => move(row, 1));
    const remove = tool("remove", "\u2715", () => {
      const { node } = view.field;
      const at = node.rows.indexOf(row);
      node.rows.splice(at, 1);
      rowViews.delete(row);
      hooks.structure(node, view.texts.removed(view.texts.item(at + 1)));
      const next = node.rows[Math.min(at, node.rows.length - 1)];
      (next && rowViews.has(next) && !rowViews.get(next).remove.hidden ? rowViews.get(next).remove : add).focus();
    });
    const item = make("li", { part: "row" }, make("div"), make("div", { part: "tools" }, up, down, remove));
    return { item, up, down, remove, body: item.firstElementChild };
  };
  add.addEventListener("click", () => {
    const { node } = view.field;
    const row = newNode();
    node.rows.push(row);
    node.shown = Math.max(shownOf(node), node.rows.length);
    hooks.structure(node);
    hooks.focusIn(rowViews.get(row)?.body);
  });
  more.addEventListener("click", () => {
    const { node } = view.field;
    const from = shownOf(node);
    node.shown = from + ROWS_SHOWN;
    hooks.structure(node);
    hooks.focusIn(rowViews.get(node.rows[from])?.body);
  });
  view.update = (context) => {
    const { field, texts, child } = context;
    view.texts = texts;
    setLabel(legend, field, context.label);
    around.update(context);
    const all = field.children.length;
    const shown = Math.min(all, shownOf(field.node));
    rows.hidden = all === 0;
    place(rows, field.children.slice(0, shown).map((inner, i) => {
      const row = inner.node;
      let one = rowViews.get(row);
      if (!one) rowViews.set(row, (one = rowView(row)));
      const { title } = inner.schema;
      const name = title && i >= field.fixed ? `${title} ${i + 1}` : (title ?? texts.item(i + 1));
      const movable = !field.readOnly && i >= field.fixed;
      one.up.hidden = one.down.hidden = one.remove.hidden = !movable;
      one.up.disabled = i <= field.fixed;
      one.down.disabled = i === all - 1;
      setAttribute(one.up, "aria-label", texts.up(name));
      setAttribute(one.down, "aria-label", texts.down(name));
      setAttribute(one.remove, "aria-label", texts.removeItem(name));
      const large = ["object", "array", "choice", "multi"].includes(inner.kind);
      one.item.classList.toggle("large", large);
      one.item.classList.toggle("named", !large && title !== undefined);
      one.item.classList.toggle("unnamed", !large && title === undefined);
      place(one.body, [child({ ...inner, label: title && i >= field.fixed ? name : inner.label })]);
      return one.item;
    }));
    for (const row of rowViews.keys()) if (!field.node.rows.includes(row)) rowViews.delete(row);
    more.hidden = shown === all;
    setText(more, texts.more(shown, all));
    add.hidden = !field.canAdd || field.readOnly;
    setText(add, `+ ${texts.add}`);
    setAttribute(add, "aria-label", texts.addTo(context.label));
  };
  return view;
}

function choiceView(hooks) {
  const select = make("select", { part: "input" });
  const label = make("label", { part: "label" });
  const box = make("div", { part: "field" });
  const inner = make("div", { part: "fields" });
  const around = frame(box, select);
  box.classList.add("choice");
  box.append(label, around.description, select, around.error, inner);
  const view = {
    element: box,
    update(context) {
      const { field, texts, id, child } = context;
      select.id = id;
      label.htmlFor = id;
      setLabel(label, field, context.hasLabel ? context.label : texts.chooseKind);
      around.update(context);
      const names = field.options.map((option) => (option.label === undefined ? (texts.types[option.type] && field.options.filter(({ type }) => type === option.type).length === 1 ? texts.types[option.type] : texts.option(option.number)) : option.label));
      const state = JSON.stringify([names, field.required]);
      if (select.state !== state) {
        select.state = state;
        select.replaceChildren(...(field.required && !field.nullable ? [] : [make("option", { value: "" }, texts.choose)]), ...names.map((name, i) => make("option", { value: String(i) }, name)));
      }
      select.value = field.selected < 0 ? "" : String(field.selected);
      select.disabled = field.readOnly;
      place(inner, field.children.map((one) => child({ ...one, label: one.kind === "object" || one.label !== undefined ? (one.label ?? names[field.selected]) : names[field.selected] })));
      inner.hidden = field.children.length === 0;
    },
  };
  select.addEventListener("change", () => {
    const { node, level } = view.field;
    node.branches[level] = select.value === "" ? null : Number(select.value);
    node.branches.length = level + 1;
    hooks.structure(node);
  });
  return view;
}

const VIEWS = {
  text: textView, number: numberView, json: jsonView, boolean: booleanView, const: constView, select: selectView, radio: radioView, multi: multiView,
  file: fileView, object: objectView, closed: closedView, array: arrayView, choice: choiceView,
};

if (globalThis.customElements && !customElements.get("flowscript-form")) customElements.define("flowscript-form", FlowScriptForm);

/** What the inbox knows of questions: which tab they are in, their order, their titles, their quick answers, and what has changed. */

export const TABS = ["mine", "groups", "unassigned", "unseen", "all"];

const MAX_CHOICES = 4;
const MAX_CHANGES = 100;
const MAX_SUMMARY = 3;
const MAX_SUMMARY_TEXT = 60;
const APPROVING = /^(approved?|accept(ed)?|yes|true|ok(ay)?|confirm(ed)?|agree[d]?|genehmig\w*|ja|zustimm\w*|annehmen|angenommen)\b/i;
const MORE_THAN_FIELDS = ["allOf", "anyOf", "oneOf", "not", "if", "dependentRequired", "dependentSchemas", "minProperties", "patternProperties", "$ref"];

export const isOpen = ({ status }) => status === "open" || status === "claimed";

/** Names a question among all. */
export const keyOf = ({ executionId, tokenId }) => `${executionId} ${tokenId}`;

/** Whether a question belongs to a tab, for a person {name, groups}, or for nobody with null. */
export function isIn(tab, { status, nodeInfo: { assignees = [], groups = [] }, claim, seenBy = [] }, identity) {
  switch (tab) {
    case "mine":
      return identity !== null && (assignees.includes(identity.name) || claim?.by === identity.name);
    case "groups":
      return identity !== null && groups.some((group) => identity.groups?.includes(group));
    case "unassigned":
      return assignees.length === 0 && groups.length === 0;
    case "unseen":
      return status === "open" && seenBy.length === 0;
    default:
      return true;
  }
}

/** The first tab that has something, in the order in which it concerns a person. */
export const firstTab = (items, identity) => TABS.find((tab) => tab !== "unseen" && items.some((item) => isIn(tab, item, identity))) ?? (identity ? "mine" : "all");

/** The most urgent first: by deadline, then by age. */
export function inOrder(items) {
  const rank = ({ nodeInfo: { deadline = Infinity } }) => deadline;
  return [...items].sort((a, b) => (rank(a) === rank(b) ? a.nodeInfo.requestedAt - b.nodeInfo.requestedAt : rank(a) - rank(b)));
}

/** A name as people write it: "needsInfo" is "Needs info". */
export function spoken(name) {
  const words = String(name).replace(/([\p{Ll}\p{Nd}])(\p{Lu})(?=\p{Ll})/gu, (_, before, letter) => `${before} ${letter.toLowerCase()}`).replaceAll(/[_-]+/g, " ").trim();
  return words ? words[0].toUpperCase() + words.slice(1) : String(name);
}

const hintsOf = ({ uiHints }) => (uiHints !== null && typeof uiHints === "object" ? uiHints : {});

export const titleOf = (nodeInfo) => hintsOf(nodeInfo).title || nodeInfo.formSchema?.title || spoken(nodeInfo.name);

const cut = (text) => (text.length > MAX_SUMMARY_TEXT ? `${text.slice(0, MAX_SUMMARY_TEXT - 1)}…` : text);

/** The first simple values of what a question is about, as [{name, value}]. */
export function summaryOf({ contextData }) {
  return Object.entries(contextData ?? {})
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value) && value !== "")
    .slice(0, MAX_SUMMARY)
    .map(([name, value]) => ({ name: spoken(name), value: cut(String(value)) }));
}

/** The constants of a schema with their labels; null when it has others than constants. */
function constantsOf(schema, hints) {
  if (schema === null || typeof schema !== "object") return null;
  const labels = new Map((Array.isArray(hints.options) ? hints.options : []).map(({ value, label }) => [value, label]));
  const entry = (value, title) => ({ value, label: String(labels.get(value) ?? title ?? spoken(value)) });
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => entry(value));
  if (Array.isArray(schema.oneOf) && schema.oneOf.every((each) => each !== null && typeof each === "object" && "const" in each)) return schema.oneOf.map((each) => entry(each.const, each.title));
  return null;
}

/**
 * The answers that need one choice only, as [{label, answer, approves}]. Empty when the form needs more, when it has conditions that
 * only the server can decide, or when several people decide, so that a vote is always looked at.
 */
export function quickOf(nodeInfo) {
  const { formSchema: schema, quorum } = nodeInfo;
  if (schema === null || typeof schema !== "object" || quorum || MORE_THAN_FIELDS.some((keyword) => keyword in schema)) return [];
  const { properties = {}, required = [] } = schema;
  if (required.length !== 1 || !Object.hasOwn(properties, required[0])) return [];
  const [field] = required;
  const constants = constantsOf(properties[field], hintsOf(nodeInfo));
  if (!constants || constants.length < 2 || constants.length > MAX_CHOICES) return [];
  return constants.map(({ value, label }) => ({ label, answer: { [field]: value }, approves: APPROVING.test(String(value)) || APPROVING.test(label) }));
}

const isTree = (value) => value !== null && typeof value === "object";
const step = (path, name) => `${path}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** What differs between two values, as [{path, before?, after?}] with JSON Pointers, as the server tells it with `stale`. */
export function changesOf(before, after, path = "", found = []) {
  if (found.length >= MAX_CHANGES || JSON.stringify(before) === JSON.stringify(after)) return found;
  if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) changesOf(before[name], after[name], step(path, name), found);
  } else {
    found.push({ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
  }
  return found;
}

/** A JSON Pointer as people read it: "/items/0/unitPrice" is "Items › 1 › Unit price". */
export function spokenPath(path) {
  const names = path.split("/").slice(1).map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  return names.map((name) => (/^\d+$/.test(name) ? String(Number(name) + 1) : spoken(name))).join(" › ");
}

/** Who closed a question and when, from its history: {by?, at}. */
export function closedBy({ history = [], closedAt }) {
  const last = [...history].reverse().find(({ type }) => type === "human_interaction_received");
  const at = last?.at ?? closedAt;
  return { by: last?.by, at: typeof at === "string" ? Date.parse(at) : at };
}

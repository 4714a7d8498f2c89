/**
 * What a form of a JSON Schema consists of, without a page: from a schema and what was typed to fields, and from fields to
 * the value that is sent. `flowscript-form.js` shows it.
 *
 *     const typed = newNode();
 *     const root = describe(schema, typed);      // fields
 *     const value = valueOf(root);               // the answer; undefined when nothing was typed
 *     const violations = check(schema, value);   // [{path, keyword, message}], as the server sends them
 */

/** How much of a form is shown as fields, and how much is kept. `work` is how many parts of schemas are read for one description. */
export const LIMITS = { depth: 12, fields: 2_000, work: 100_000, options: 2_000, draftChars: 262_144, fileBytes: 524_288 };

const PLAIN = /^[\p{L}\p{Nd}_@-]+$/u;
const MAX_KEY = 200;

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const own = (object, key) => (isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined);
const entriesOf = (value) => (isObject(value) ? Object.entries(value) : []);
const listOf = (value) => (Array.isArray(value) ? value : []);

/** Whether two JSON values are equal; the order of an object's fields does not count. */
export function equal(a, b) {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

// Paths: $.items[2].name, as in the server's violations.

export function append(path, key) {
  if (typeof key === "number") return `${path}[${key}]`;
  if (key.length > MAX_KEY) return `${path}["${key.slice(0, MAX_KEY).replaceAll('"', '\\"')}..."]`;
  return PLAIN.test(key) ? `${path}.${key}` : `${path}["${key.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"]`;
}

/** A path as the server writes it, from one or from a JSON Pointer, whose numbers are places in arrays. */
export function normalPath(path) {
  if (path !== "" && !path.startsWith("/")) return path;
  return path.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((whole, part) => append(whole, /^(0|[1-9]\d*)$/.test(part) ? Number(part) : part), "$");
}

/** The path of what contains a path; undefined for the root. */
export function parentPath(path) {
  const end = /(\.[\p{L}\p{Nd}_@-]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\])$/u.exec(path);
  return end ? path.slice(0, end.index) : undefined;
}

// What was typed: a node for each place. It keeps its text whatever the form makes of it.

let lastId = 0;

/** Something that can be filled in: `value` of a single field, `fields` of an object, `rows` of a list, `entries` of free keys. */
export const newNode = () => ({ id: ++lastId, value: undefined, fields: new Map(), rows: null, entries: null, branches: [], open: false, touched: false });

function fieldOf(node, key) {
  let field = node.fields.get(key);
  if (!field) node.fields.set(key, (field = newNode()));
  return field;
}

/** Fills a node with a JSON value; with `keep`, only where nothing was touched. */
export function fill(node, value, keep = false) {
  if (keep && node.touched) return;
  if (Array.isArray(value)) {
    if (keep && node.rows) return;
    node.rows = value.map((item) => {
      const row = newNode();
      fill(row, item);
      return row;
    });
  } else if (isObject(value)) {
    node.open = true;
    if (!keep) {
      node.fields = new Map();
      node.entries = null;
    }
    for (const [key, item] of Object.entries(value)) fill(fieldOf(node, key), item, keep);
  } else {
    node.value = value;
  }
}

/** What was typed, as JSON. `skip` tells which nodes to leave out, such as passwords. */
export function toDraft(node, skip = () => false) {
  if (skip(node)) return {};
  const draft = {};
  if (node.value !== undefined) draft.v = node.value;
  if (node.branches.length) draft.b = node.branches;
  if (node.touched) draft.t = 1;
  if (node.open) draft.o = 1;
  const fields = [...node.fields].map(([key, field]) => [key, toDraft(field, skip)]).filter(([, field]) => Object.keys(field).length);
  if (fields.length) draft.f = fields;
  if (node.rows) draft.r = node.rows.map((row) => toDraft(row, skip));
  if (node.entries) draft.e = node.entries.map(({ key, node: entry }) => [key, toDraft(entry, skip)]);
  return draft;
}

export function fromDraft(draft, depth = 0) {
  const node = newNode();
  if (!isObject(draft) || depth > MAX_JSON_DEPTH) return node;
  node.value = draft.v;
  node.branches = listOf(draft.b);
  node.touched = draft.t === 1;
  node.open = draft.o === 1;
  for (const [key, field] of listOf(draft.f)) node.fields.set(key, fromDraft(field, depth + 1));
  if (draft.r) node.rows = listOf(draft.r).map((row) => fromDraft(row, depth + 1));
  if (draft.e) node.entries = listOf(draft.e).map(([key, entry]) => ({ key, node: fromDraft(entry, depth + 1) }));
  return node;
}

/** The value that a single field of any kind has. */
export const selectedOf = (node) => (node.value !== undefined ? node.value : rough(node));

/** Gives a single field a value of any kind. */
export function select(node, value) {
  node.rows = null;
  node.fields.clear();
  node.value = value;
}

/** The values that are chosen in a list of options. */
export const chosenOf = (node) => (node.rows ?? []).map((row) => rough(row) ?? null);

/** What a node holds as it is, for the choice of an alternative: every field that was ever filled in. */
function rough(node, depth = 0) {
  if (depth > MAX_JSON_DEPTH) return undefined;
  if (node.rows) return node.rows.map((row) => rough(row, depth + 1) ?? null);
  if (node.value !== undefined) return node.value;
  const fields = [...node.fields].map(([key, field]) => [key, rough(field, depth + 1)]).filter(([, value]) => value !== undefined);
  return fields.length || node.open ? Object.fromEntries(fields) : undefined;
}

// Schemas

const TYPE_OF = [
  ["object", ["properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties", "propertyNames", "dependentRequired", "dependentSchemas"]],
  ["array", ["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"]],
  ["string", ["minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

export const typeName = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** The types that a schema permits, guessed from its keywords if it names none. */
function typesOf(schema) {
  if (schema.type !== undefined) return [schema.type].flat();
  if (Object.hasOwn(schema, "const")) return [typeName(schema.const)];
  if (Array.isArray(schema.enum)) return [...new Set(schema.enum.map(typeName))];
  return TYPE_OF.filter(([, keywords]) => keywords.some((keyword) => Object.hasOwn(schema, keyword))).slice(0, 1).map(([type]) => type);
}

const WITH_ONE = ["items", "additionalItems", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else"];
const WITH_LIST = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
const WITH_NAMES = ["properties", "patternProperties", "dependentSchemas", "dependencies"];

/** The schemas in a schema. */
function partsOf(schema) {
  return [
    ...WITH_ONE.map((key) => own(schema, key)),
    ...WITH_LIST.flatMap((key) => listOf(own(schema, key))),
    ...WITH_NAMES.flatMap((key) => entriesOf(own(schema, key)).map(([, part]) => part)),
  ].filter((part) => typeof part === "boolean" || isObject(part));
}

class Schemas {
  constructor(root) {
    this.root = root;
    this.work = LIMITS.work;
    /** In these drafts, what stands beside a reference does not count. */
    this.old = /draft-0[467]/.test(root?.$schema ?? "");
  }

  /** The part that a reference names; undefined if it is not found. */
  find(ref) {
    if (ref === "#" || (ref === this.root?.$id)) return this.root;
    if (ref.startsWith("#/")) {
      let part = this.root;
      for (const step of decodeURIComponent(ref).slice(2).split("/")) {
        const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
        part = Array.isArray(part) ? part[Number(key)] : own(part, key);
      }
      return part;
    }
    return this.#named(this.root, ref, 0);
  }

  #named(part, ref, depth) {
    if (depth > LIMITS.depth || typeof part !== "object" || part === null) return undefined;
    if (part.$id === ref || `#${part.$anchor}` === ref || `#${part.$dynamicAnchor}` === ref) return part;
    for (const inner of [...partsOf(part), ...[part.$defs, part.definitions].flatMap(entriesOf).map(([, one]) => one)]) {
      const found = this.#named(inner, ref, depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  /** A schema with its references and `allOf` merged, and the conditional parts that a value calls for. */
  expand(schema, value, refs = []) {
    if (--this.work < 0 || refs.length > 4 * LIMITS.depth) return { unclear: "large" };
    if (schema === true || schema === undefined) return {};
    if (!isObject(schema)) return { never: true };
    let whole = schema;
    const ref = schema.$ref ?? schema.$dynamicRef;
    if (ref !== undefined) {
      const target = typeof ref === "string" ? this.find(ref) : undefined;
      const { $ref, $dynamicRef, ...rest } = schema;
      if (target === undefined) return { ...rest, unclear: "ref" };
      if (refs.filter((known) => known === ref).length > 1) return { ...rest, unclear: "large" };
      const part = this.expand(target, value, [...refs, ref]);
      whole = this.old ? { ...part, ...pick(rest, [...FIRST]) } : merge(part, rest);
      whole = { ...whole, refs: [...(whole.refs ?? []), ref] };
    }
    const { allOf, ...plain } = whole;
    whole = plain;
    for (const part of listOf(allOf)) whole = merge(whole, this.expand(part, value, refs));
    if (Object.hasOwn(whole, "if")) {
      const { if: when, then, else: otherwise, ...rest } = whole;
      const part = check(when, value ?? (typesOf(rest).includes("object") ? {} : undefined), this).length === 0 ? then : otherwise;
      whole = merge(rest, this.expand(part ?? {}, value, refs));
    }
    if (whole.dependentRequired || whole.dependentSchemas || whole.dependencies) {
      const { dependentRequired, dependentSchemas, dependencies, ...rest } = whole;
      whole = rest;
      for (const [key, need] of [dependentRequired, dependentSchemas, dependencies].flatMap(entriesOf)) {
        if (own(value, key) !== undefined) whole = merge(whole, Array.isArray(need) ? { required: need } : this.expand(need, value, refs));
      }
    }
    return whole;
  }
}

const CONDITIONAL = ["if", "dependentRequired", "dependentSchemas", "dependencies"];
const LOWEST = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"]);
const HIGHEST = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"]);
const FIRST = new Set(["title", "description", "default", "examples", "$id", "$schema", "$anchor"]);

/** One schema that asks for what both ask for. */
export function merge(one, other) {
  if (other === true) return one;
  if (!isObject(other)) return { ...one, never: true };
  const both = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = own(both, key);
    if (before === undefined || equal(before, value)) both[key] = value;
    else if (key === "properties" || key === "patternProperties" || key === "$defs") {
      both[key] = { ...before };
      for (const [name, schema] of Object.entries(value)) both[key] = { ...both[key], [name]: Object.hasOwn(before, name) ? together(before[name], schema) : schema };
    } else if (key === "required" || key === "refs") both[key] = [...new Set([...before, ...value])];
    else if (key === "type") both.type = [before].flat().filter((type) => [value].flat().includes(type) || (type === "integer" && [value].flat().includes("number"))).concat([before].flat().includes("number") && [value].flat().includes("integer") ? ["integer"] : []);
    else if (key === "enum") both.enum = before.filter((item) => value.some((same) => equal(item, same)));
    else if (LOWEST.has(key) && typeof value === "number") both[key] = Math.min(before, value);
    else if (HIGHEST.has(key) && typeof value === "number") both[key] = Math.max(before, value);
    else if (key === "items" || key === "additionalProperties") both[key] = together(before, value);
    else if (key === "allOf") both.allOf = [...before, ...value];
    else if (CONDITIONAL.includes(key) || key === "then" || key === "else" || key === "oneOf" || key === "anyOf" || key === "not" || key === "pattern") both.allOf = [...listOf(both.allOf), key === "if" ? pick(other, ["if", "then", "else"]) : pick(other, [key])];
    else if (!FIRST.has(key)) both[key] = value;
  }
  if (Array.isArray(both.type) && both.type.length === 1) [both.type] = both.type;
  return both;
}

const together = (one, other) => (one === true ? other : other === true ? one : one === false || other === false ? false : { ...pick(one, [...FIRST]), allOf: [one, other] });
const pick = (schema, keys) => Object.fromEntries(keys.filter((key) => Object.hasOwn(schema, key)).map((key) => [key, schema[key]]));

// Checking

/** Texts that a format permits for certain; what is missing here is left to the server. */
const FORMATS = {
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  time: (text) => /^\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)$/i.test(text),
  "date-time": (text) => /^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)$/i.test(text),
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text) || text.includes('"'),
  uri: (text) => /^[a-z][a-z0-9+.-]*:\S*$/i.test(text),
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  ipv4: (text) => /^(\d{1,3}\.){3}\d{1,3}$/.test(text),
};

const lengthOf = (text) => [...text].length;

function isMultiple(value, of) {
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
}

function matches(pattern, text) {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true; // the server decides
  }
}

/** What is checked exactly, or says nothing about values. */
const EXACT = new Set([
  "type", "const", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "minItems", "maxItems",
  "uniqueItems", "required", "minProperties", "maxProperties", "dependentRequired", "minContains", "maxContains", "$ref", "$defs", "definitions", "$id", "id", "$schema",
  "$anchor", "$comment", "title", "description", "default", "examples", "readOnly", "writeOnly", "deprecated", ...WITH_ONE, ...WITH_LIST, ...WITH_NAMES,
]);

/** Whether a check of a schema finds everything, so that what passes it is right and not only perhaps right. */
function isExact(schema, schemas, depth = 0) {
  if (typeof schema === "boolean") return true;
  if (!isObject(schema) || depth > LIMITS.depth || --schemas.work < 0) return false;
  return Object.keys(schema).every((key) => EXACT.has(key)) && (schema.$ref === undefined || isExact(schemas.find(schema.$ref), schemas, depth + 1))
    && partsOf(schema).every((part) => isExact(part, schemas, depth + 1));
}

function hasType(type, value) {
  if (type === "integer") return Number.isInteger(value);
  return typeName(value) === type;
}

/**
 * What a value violates, in the server's form, without messages of its own: [{path, keyword, limit}]. What is not
 * understood is no violation, because the server checks everything.
 */
export function check(schema, value, schemas = new Schemas(schema), path = "$", depth = 0) {
  if (schema === false) return [{ path, keyword: "false" }];
  if (!isObject(schema) || depth > 4 * LIMITS.depth || --schemas.work < 0) return [];
  const found = [];
  const wrong = (keyword, at = path) => found.push({ path: at, keyword, limit: schema[keyword] });
  const into = (part, item = value, at = path) => check(part, item, schemas, at, depth + 1);
  const fits = (part, item = value) => into(part, item).length === 0;
  if (typeof schema.$ref === "string") found.push(...into(schemas.find(schema.$ref)));
  if (schema.$ref !== undefined && schemas.old) return found;
  if (schema.type !== undefined && ![schema.type].flat().some((type) => hasType(type, value))) {
    wrong("type");
    return found;
  }
  if (Object.hasOwn(schema, "const") && !equal(schema.const, value)) wrong("const");
  if (Array.isArray(schema.enum) && !schema.enum.some((item) => equal(item, value))) wrong("enum");
  if (typeof value === "number") {
    const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf } = schema;
    if (value < minimum || (above === true && value === minimum)) wrong("minimum");
    if (value > maximum || (below === true && value === maximum)) wrong("maximum");
    if (typeof above === "number" && value <= above) wrong("exclusiveMinimum");
    if (typeof below === "number" && value >= below) wrong("exclusiveMaximum");
    if (multipleOf > 0 && !isMultiple(value, multipleOf)) wrong("multipleOf");
  } else if (typeof value === "string") {
    if (lengthOf(value) < schema.minLength) wrong("minLength");
    if (lengthOf(value) > schema.maxLength) wrong("maxLength");
    if (typeof schema.pattern === "string" && !matches(schema.pattern, value)) wrong("pattern");
    if (Object.hasOwn(FORMATS, schema.format ?? "") && !FORMATS[schema.format](value)) wrong("format");
  } else if (Array.isArray(value)) {
    if (value.length < schema.minItems) wrong("minItems");
    if (value.length > schema.maxItems) wrong("maxItems");
    if (schema.uniqueItems === true && value.length < 1_000 && value.some((item, i) => value.slice(0, i).some((same) => equal(same, item)))) wrong("uniqueItems");
    const first = listOf(schema.prefixItems ?? schema.items);
    value.forEach((item, i) => {
      const part = i < first.length ? first[i] : Array.isArray(schema.items) ? schema.additionalItems : schema.items;
      if (part !== undefined) found.push(...into(part, item, append(path, i)));
    });
    if (schema.contains !== undefined) {
      const count = value.filter((item) => fits(schema.contains, item)).length;
      if (count < (schema.minContains ?? 1)) wrong("contains");
      if (count > schema.maxContains && isExact(schema.contains, schemas)) wrong("maxContains");
    }
  } else if (isObject(value)) {
    const keys = Object.keys(value);
    for (const key of listOf(schema.required)) if (!Object.hasOwn(value, key)) wrong("required", append(path, key));
    if (keys.length < schema.minProperties) wrong("minProperties");
    if (keys.length > schema.maxProperties) wrong("maxProperties");
    for (const key of keys) {
      const at = append(path, key);
      const named = own(schema.properties, key);
      const patterns = entriesOf(schema.patternProperties).filter(([pattern]) => matches(pattern, key));
      if (named !== undefined) found.push(...into(named, value[key], at));
      for (const [, part] of patterns) found.push(...into(part, value[key], at));
      if (named === undefined && !patterns.length && schema.additionalProperties !== undefined) {
        if (schema.additionalProperties === false) wrong("additionalProperties", at);
        else found.push(...into(schema.additionalProperties, value[key], at));
      }
      if (schema.propertyNames !== undefined && !fits(schema.propertyNames, key)) wrong("propertyNames", at);
    }
    for (const [key, need] of [schema.dependentRequired, schema.dependentSchemas, schema.dependencies].flatMap(entriesOf)) {
      if (!Object.hasOwn(value, key)) continue;
      if (!Array.isArray(need)) found.push(...into(need));
      else for (const other of need) if (!Object.hasOwn(value, other)) wrong("dependentRequired", append(path, other));
    }
  }
  for (const part of listOf(schema.allOf)) found.push(...into(part));
  for (const keyword of ["anyOf", "oneOf"]) {
    const parts = listOf(schema[keyword]);
    if (!parts.length) continue;
    const results = parts.map((part) => into(part));
    const passed = parts.filter((part, i) => results[i].length === 0);
    const right = passed.length;
    if (right === 0) found.push(...(results[likeliest(parts, results, value, schemas)] ?? [{ path, keyword }]));
    else if (keyword === "oneOf" && right > 1 && passed.every((part) => isExact(part, schemas))) wrong(keyword);
  }
  if (schema.not !== undefined && fits(schema.not) && isExact(schema.not, schemas)) wrong("not");
  if (schema.if !== undefined && (!fits(schema.if) || isExact(schema.if, schemas))) {
    const part = fits(schema.if) ? schema.then : schema.else;
    if (part !== undefined) found.push(...into(part));
  }
  return found.filter(({ path: at, keyword }, i) => found.findIndex((same) => same.path === at && same.keyword === keyword) === i);
}

/** The alternative that a value is meant for: the only one without a wrong type or constant; -1 if that is not clear. */
function likeliest(parts, results, value, schemas) {
  const meant = parts.map((part, i) => i).filter((i) => !results[i].some(({ keyword }) => keyword === "const" || keyword === "enum" || keyword === "type" || keyword === "false"));
  return meant.length === 1 ? meant[0] : -1;
}

// Fields

const INPUTS = { date: "date", time: "time", "date-time": "datetime-local", email: "email", "idn-email": "email", uri: "url", iri: "url", password: "password" };
const LONG_TEXT = 120;
const MAX_ROUNDS = 6;
const MAX_JSON_DEPTH = 64;

/** The fields of a form: a tree, whose root stands for the whole answer. `labels` are [{value, label}] for options. */
export function describe(schema, node, { labels } = {}) {
  const form = { schemas: new Schemas(schema), left: LIMITS.fields, labels };
  const root = fieldFor(form, schema, node, { path: "$", required: true, depth: 0, refs: [], root: true });
  valueOf(root);
  return root;
}

function base(kind, schema, node, place) {
  return {
    kind,
    node,
    schema,
    path: place.path,
    at: place.path,
    key: place.key,
    required: place.required === true,
    root: place.root === true,
    free: place.free === true,
    label: schema.title ?? place.label ?? (typeof place.key === "string" ? place.key : undefined),
    description: schema.description,
    readOnly: schema.readOnly === true,
    nullable: place.nullable === true,
    children: [],
  };
}

function fieldFor(form, given, node, place) {
  const { left } = form;
  let value = node.value ?? (node.rows ? rough(node) : undefined);
  let schema = form.schemas.expand(given, value);
  let field = fieldOfSchema(form, schema, node, place);
  if (!hasCondition(given, form.schemas, 0)) return field;
  // Conditional parts depend on the value, and the value on the fields: repeated until nothing changes.
  for (let round = 1; round < MAX_ROUNDS; round += 1) {
    value = valueOf(field);
    const next = form.schemas.expand(given, value);
    if (equal(next, schema)) break;
    schema = next;
    form.left = left;
    field = fieldOfSchema(form, schema, node, place);
  }
  return field;
}

function hasCondition(schema, schemas, depth) {
  if (!isObject(schema) || depth > LIMITS.depth) return false;
  if (CONDITIONAL.some((keyword) => Object.hasOwn(schema, keyword))) return true;
  if (typeof schema.$ref === "string" && hasCondition(schemas.find(schema.$ref), schemas, depth + 1)) return true;
  return ["allOf", "anyOf", "oneOf"].some((keyword) => listOf(schema[keyword]).some((part) => hasCondition(part, schemas, depth + 1)));
}

function fieldOfSchema(form, schema, node, place) {
  form.left -= 1;
  if (schema.unclear || schema.never) return json(schema, node, place, schema.unclear ?? "never");
  if (place.depth > LIMITS.depth || form.left < 0 || form.schemas.work < 0) return json(schema, node, place, "large");
  for (const keyword of ["oneOf", "anyOf"]) {
    if (!Array.isArray(schema[keyword])) continue;
    const { [keyword]: parts, ...rest } = schema;
    const field = alternatives(form, rest, parts, node, place);
    if (field) return field;
  }
  const types = typesOf(schema);
  const values = types.filter((type) => type !== "null");
  if (place.nullable || (values.length && values.length < types.length)) place = { ...place, nullable: true };
  if (Object.hasOwn(schema, "const")) return constant(schema, node, place);
  if (Array.isArray(schema.enum)) return enumeration(form, schema, schema.enum.map((value) => ({ value })), node, place);
  if (values.length > 1) {
    const { type, ...rest } = schema;
    return choice(form, rest, values.map((one) => ({ type: one })), node, place);
  }
  switch (values[0] ?? types[0]) {
    case "object": return object(form, schema, node, place);
    case "array": return array(form, schema, node, place);
    case "string": return text(schema, node, place);
    case "integer":
    case "number": return single("number", schema, node, place);
    case "boolean": return boolean(schema, node, place);
    case "null": return constant({ ...schema, const: null }, node, place);
    default: return json(schema, node, place, undefined);
  }
}

function json(schema, node, place, note) {
  return { ...base("json", schema, node, place), note };
}

function single(kind, schema, node, place) {
  if (node.value === undefined && !node.touched && schema.default !== undefined) node.value = schema.default;
  return base(kind, schema, node, place);
}

function text(schema, node, place) {
  const { format, contentEncoding: encoding, contentMediaType: media, pattern } = schema;
  const dataUrl = format === "data-url" || /^\^?data:/.test(pattern ?? "");
  if (encoding === "base64" || dataUrl || (media && !media.startsWith("text/") && !/json|xml/.test(media))) {
    node.file = true;
    return { ...single("file", schema, node, place), accept: media ?? "", plain: encoding === "base64" && !dataUrl && format !== "uri" };
  }
  node.secret = format === "password" || schema.writeOnly === true;
  const long = format === "textarea" || media?.startsWith("text/") || schema.maxLength > LONG_TEXT;
  return { ...single("text", schema, node, place), input: long && !INPUTS[format] ? "textarea" : (INPUTS[format] ?? "text"), secret: node.secret };
}

function boolean(schema, node, place) {
  if (place.nullable) return options(schema, [{ value: true }, { value: false }], node, place);
  return single("boolean", schema, node, place);
}

function constant(schema, node, place) {
  if (schema.const === true && !place.inBranch) return single("boolean", schema, node, place);
  if (place.required || place.inBranch) return base("const", schema, node, place);
  return options(schema, [{ value: schema.const }], node, place);
}

function options(schema, list, node, place) {
  return { ...single("select", schema, node, place), options: list };
}

function enumeration(form, schema, list, node, place) {
  const shown = list.slice(0, LIMITS.options).map(({ value, label }) => ({
    value,
    label: label ?? form.labels?.find((known) => equal(known.value, value))?.label,
  }));
  const field = options(schema, shown, node, place);
  return list.length > shown.length ? json(schema, node, place, "large") : field;
}

/** Alternatives that are only values are options; those that have only rules, and nothing to fill in, are left to the checks. */
function alternatives(form, rest, parts, node, place) {
  const whole = parts.map((part) => form.schemas.expand(part));
  const nothing = whole.filter((part) => part.type === "null" || (Object.hasOwn(part, "const") && part.const === null));
  const some = parts.filter((part, i) => !nothing.includes(whole[i]));
  if (whole.every((part) => Object.hasOwn(part, "const"))) {
    return enumeration(form, rest, whole.map((part) => ({ value: part.const, label: part.title })), node, { ...place, nullable: false });
  }
  if (!whole.some((part) => ["properties", "type", "const", "enum", "items", "oneOf", "anyOf", "format", "unclear"].some((key) => Object.hasOwn(part, key)))) return undefined;
  if (nothing.length && some.length === 1) {
    return fieldFor(form, merge(rest, form.schemas.expand(some[0], node.value)), node, { ...place, nullable: true });
  }
  const leading = discriminator(rest, whole, form);
  if (leading) {
    const value = rough(node.fields.get(leading) ?? newNode()) ?? own(form.schemas.expand(rest.properties[leading]), "default");
    const index = whole.findIndex((part) => check(own(part.properties, leading), value, form.schemas).length === 0);
    const { [leading]: same, ...others } = index < 0 ? {} : whole[index].properties;
    const part = index < 0 ? {} : { ...form.schemas.expand(parts[index], rough(node)), properties: others };
    return fieldFor(form, merge(rest, part), node, place);
  }
  return choice(form, rest, some, node, { ...place, nullable: place.nullable || nothing.length > 0 });
}

/** The field of the common part whose value tells the alternatives apart. */
function discriminator(rest, parts, form) {
  return Object.keys(rest.properties ?? {}).find((key) => {
    const common = form.schemas.expand(rest.properties[key]);
    return (common.enum || common.oneOf || common.type === "boolean") && parts.every((part) => {
      const one = own(part.properties, key);
      return isObject(one) && (Object.hasOwn(one, "const") || Array.isArray(one.enum));
    });
  });
}

function choice(form, rest, parts, node, place) {
  const whole = parts.map((part) => merge(form.schemas.expand(part), rest));
  const level = place.level ?? 0;
  const chosen = node.branches[level]; // null for none
  let selected = Number.isInteger(chosen) && chosen < parts.length ? chosen : -1;
  if (selected < 0 && chosen !== null) {
    const value = rough(node) ?? rest.default;
    if (value !== undefined) {
      if (rough(node) === undefined) fill(node, value);
      selected = whole.findIndex((part) => check(part, value, form.schemas).length === 0);
      if (selected < 0) selected = bestOf(whole, value, form.schemas);
      node.branches[level] = selected; // it stays while it is being filled in
    } else if (place.required && !place.nullable) selected = 0;
  }
  const field = base("choice", rest, node, place);
  field.options = whole.map((part, i) => ({ label: part.title ?? nameOf(part) ?? undefined, type: [typesOf(part)].flat()[0], number: i + 1 }));
  field.selected = selected;
  field.level = level;
  if (selected >= 0) {
    const inner = fieldFor(form, merge(rest.title === undefined ? rest : without(rest, "title", "description"), parts[selected]), node, { ...place, depth: place.depth + 1, inBranch: true, required: true, nullable: false, level: level + 1 });
    field.children = [{ ...inner, label: inner.schema.title, chosen: true }];
  }
  return field;
}

const without = (schema, ...keys) => Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));

/** The alternative with the least that is wrong, a wrong type or constant counting most. */
function bestOf(parts, value, schemas) {
  const cost = parts.map((part) => check(part, value, schemas).reduce((sum, { keyword }) => sum + (["type", "const", "enum"].includes(keyword) ? 100 : 1), 0));
  return cost.indexOf(Math.min(...cost));
}

/** A name for an alternative without a title: its constants, or the name of its definition. */
function nameOf(part) {
  const constants = Object.values(part.properties ?? {}).filter((one) => isObject(one) && Object.hasOwn(one, "const")).map((one) => one.title ?? String(one.const));
  if (constants.length) return constants.join(", ");
  if (Object.hasOwn(part, "const")) return String(part.const);
  return part.refs?.[0].split("/").pop();
}

function object(form, schema, node, place) {
  const refs = [...place.refs, ...(schema.refs ?? [])];
  const field = base("object", schema, node, place);
  if (schema.default !== undefined && !node.touched && !node.fields.size) fill(node, schema.default);
  // An optional part that contains itself is shown when it is asked for.
  if (!place.root && !place.required && !node.open && (schema.refs ?? []).some((ref) => place.refs.includes(ref))) return { ...field, kind: "closed" };
  field.open = node.open && (schema.refs ?? []).some((ref) => place.refs.includes(ref)) && !place.required;
  const required = new Set(listOf(schema.required));
  const properties = { ...schema.properties };
  for (const key of required) if (!Object.hasOwn(properties, key) && schema.additionalProperties !== false) properties[key] = isObject(schema.additionalProperties) ? schema.additionalProperties : {};
  if (Object.keys(properties).length > form.left) return json(schema, node, place, "large");
  for (const [key, part] of Object.entries(properties)) {
    if (part === false) continue;
    field.children.push(fieldFor(form, part, fieldOf(node, key), { path: append(place.path, key), key, required: required.has(key), depth: place.depth + 1, refs, inBranch: place.inBranch && isObject(part) && Object.hasOwn(part, "const") }));
  }
  const free = isObject(schema.additionalProperties) || schema.additionalProperties === true ? schema.additionalProperties : undefined;
  const patterns = entriesOf(schema.patternProperties);
  const known = (key) => Object.hasOwn(properties, key);
  const surplus = [...node.fields].filter(([key, one]) => !known(key) && one.value === undefined && !one.rows ? rough(one) !== undefined : !known(key));
  if (free !== undefined || patterns.length || (schema.properties === undefined && schema.additionalProperties !== false)) {
    node.entries ??= [];
    for (const [key, one] of surplus) {
      node.fields.delete(key);
      node.entries.push({ key, node: one });
    }
    field.entries = node.entries.map((entry) => {
      const part = patterns.find(([pattern]) => matches(pattern, entry.key))?.[1] ?? free ?? {};
      return { ...entry, entry, field: fieldFor(form, part, entry.node, { path: append(place.path, entry.key), key: entry.key, label: entry.key, free: true, required: true, depth: place.depth + 1, refs }) };
    });
  }
  return field;
}

function array(form, schema, node, place) {
  if (!node.rows && schema.default !== undefined && !node.touched) fill(node, schema.default);
  const first = listOf(schema.prefixItems ?? schema.items);
  const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
  const item = form.schemas.expand(rest);
  const values = item.enum ?? (item.oneOf?.every((part) => isObject(part) && Object.hasOwn(part, "const")) ? item.oneOf.map((part) => part.const) : undefined);
  if (values && !first.length && schema.uniqueItems === true && values.length <= LIMITS.options) {
    const labels = item.oneOf && !item.enum ? item.oneOf.map((part) => part.title) : [];
    const field = base("multi", schema, node, place);
    field.options = values.map((value, i) => ({ value, label: labels[i] ?? form.labels?.find((known) => equal(known.value, value))?.label }));
    return field;
  }
  const refs = [...place.refs, ...(schema.refs ?? [])];
  const field = base("array", schema, node, place);
  node.rows ??= [];
  if (node.rows.length > form.left) return json(schema, node, place, "large");
  const least = Math.max(first.length, place.required ? (schema.minItems ?? 0) : 0);
  while (node.rows.length < Math.min(least, 50) && !node.touched) node.rows.push(newNode());
  field.children = node.rows.map((row, i) => fieldFor(form, first[i] ?? rest ?? {}, row, { path: append(place.path, i), key: i, required: true, depth: place.depth + 1, refs }));
  field.fixed = first.length;
  field.canAdd = !(node.rows.length >= schema.maxItems) && !(rest === false && node.rows.length >= first.length) && form.left > 0;
  field.itemLabel = item.title;
  return field;
}

// Values

/**
 * The value that a field stands for; undefined for one that is left out. Sets `at` of each field, the path that the value has in
 * the answer: rows that are empty are left out, so it can differ from `path`.
 */
export function valueOf(field, at = "$") {
  return readField(field, at).value;
}

function readField(field, at) {
  field.at = at;
  const { node, schema } = field;
  const given = (value) => ({ value, filled: value !== undefined && !equal(value, schema.default) });
  const empty = { value: field.nullable && field.required ? null : undefined, filled: false };
  switch (field.kind) {
    case "const": return { value: schema.const, filled: false };
    case "closed": return empty;
    case "choice": {
      if (!field.children.length) return empty;
      const chosen = readField(field.children[0], at);
      return field.required || Number.isInteger(node.branches[field.level]) || chosen.filled ? chosen : empty;
    }
    case "object": {
      const pairs = [];
      let filled = field.root || field.chosen;
      for (const child of field.children) {
        const one = readField(child, append(at, child.key));
        if (one.value !== undefined) pairs.push([child.key, one.value]);
        filled ||= one.filled;
      }
      for (const { key, field: child } of field.entries ?? []) {
        const one = readField(child, append(at, key));
        if (key === "") continue;
        pairs.push([key, one.value === undefined ? emptyOf(child) : one.value]);
        filled = true;
      }
      filled ||= node.open && pairs.length > 0;
      if (!filled && !field.required) return empty;
      if (!filled && field.nullable) return { value: null, filled: false };
      return { value: Object.fromEntries(pairs), filled };
    }
    case "array": {
      const list = [];
      let some = field.children.length > field.fixed;
      for (const child of field.children) {
        const { value, filled } = readField(child, append(at, list.length));
        some ||= filled;
        if (value !== undefined || child.key < field.fixed) list.push(value === undefined ? emptyOf(child) : value);
      }
      if ((!some || !list.length) && !field.required) return empty;
      return { value: list, filled: list.length > 0 };
    }
    case "multi": {
      const chosen = chosenOf(node);
      const list = field.options.filter(({ value }) => chosen.some((one) => equal(one, value))).map(({ value }) => value);
      return list.length || field.required ? { value: list, filled: list.length > 0 } : empty;
    }
    case "boolean":
      if (node.value === undefined || node.value === null) return field.required ? { value: false, filled: false } : empty;
      return given(node.value);
    case "number": {
      if (node.value === undefined || node.value === null || node.value === "") return empty;
      const number = Number(node.value);
      return Number.isNaN(number) ? empty : given(number);
    }
    case "text":
    case "file":
      if (node.value === undefined || node.value === null || node.value === "") return empty;
      return given(typeof node.value === "object" ? JSON.stringify(node.value) : String(node.value));
    case "select":
      return field.options.some(({ value }) => equal(value, selectedOf(node))) ? given(selectedOf(node)) : empty;
    default: { // json
      const value = selectedOf(node);
      return value === undefined ? empty : given(value);
    }
  }
}

const emptyOf = (field) => ({ object: {}, array: [], multi: [], boolean: false, text: "" })[field.kind] ?? null;

/** What is wrong with what was typed, where the value cannot show it: [{path, keyword}]. */
export function problems(root) {
  const found = [];
  for (const field of fieldsIn(root)) {
    const { node, kind, schema, at: path } = field;
    if (node.bad) found.push({ path, keyword: node.bad });
    else if (kind === "number" && Number.isInteger(Number(node.value)) && !Number.isSafeInteger(Number(node.value))) found.push({ path, keyword: "digits" });
    else if (kind === "json" && typeof node.value === "string" && Object.keys(schema).length && !typesOf(schema).includes("string") && typesOf(schema).length) found.push({ path, keyword: "json" });
    const keys = (field.entries ?? []).map(({ key }) => key);
    for (const [i, { key, field: child }] of (field.entries ?? []).entries()) {
      if (key === "" && readField(child, child.at).filled) found.push({ path: child.at, keyword: "name" });
      else if (keys.indexOf(key) < i || field.children.some((other) => other.key === key)) found.push({ path: child.at, keyword: "sameName" });
    }
  }
  return found;
}

/** All fields of a tree, each before what it contains. */
export function* fieldsIn(field) {
  yield field;
  for (const child of field.children) yield* fieldsIn(child);
  for (const { field: child } of field.entries ?? []) yield* fieldsIn(child);
}

/** The field that a violation belongs to: the one at its path, or the nearest one around it. */
export function fieldAt(root, path) {
  const byPath = new Map();
  for (const field of fieldsIn(root)) byPath.set(field.at, field);
  for (let at = normalPath(path); at !== undefined; at = parentPath(at)) {
    const field = byPath.get(at);
    if (field) return field;
  }
  return root;
}

const pad = (number) => String(number).padStart(2, "0");

function offsetOf(date) {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** What an input of the browser shows for a date and time or a time with its offset: the time where the person is. */
export function toInput(format, value) {
  if (format === "time") return /^\d\d:\d\d(:\d\d(\.\d{1,3})?)?/.exec(value)?.[0] ?? "";
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return "";
  const seconds = date.getSeconds() ? `:${pad(date.getSeconds())}` : "";
  return `${String(date.getFullYear()).padStart(4, "0")}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}${seconds}`;
}

/** What the browser's input stands for, with an offset: that of the value before, or of the place where the person is. */
export function fromInput(format, typed, before) {
  const whole = /:\d\d:\d\d/.test(typed) ? typed : `${typed}:00`;
  if (format === "time") return whole + (/(z|[+-]\d\d:\d\d)$/i.exec(before ?? "")?.[0] ?? offsetOf(new Date()));
  const date = new Date(whole);
  return Number.isNaN(date.getTime()) ? typed : whole + offsetOf(date);
}

/** What is typed in a field for JSON: JSON, or a text if the schema permits any value. */
export function parseJson(typed) {
  if (typed.trim() === "") return undefined;
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

/** What a field for JSON shows. */
export function formatJson(value) {
  if (value === undefined) return "";
  if (typeof value === "string" && parseJson(value) === value) return value;
  return JSON.stringify(value, null, 2);
}

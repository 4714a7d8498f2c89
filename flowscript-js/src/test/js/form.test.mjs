import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { check, describe, fieldAt, fieldsIn, fill, fromDraft, fromInput, newNode, normalPath, parentPath, problems, toDraft, toInput, valueOf } from "../../main/js/flowscript-form-model.js";

const folder = new URL("forms/", import.meta.url);
const cases = readdirSync(folder).filter((name) => name.endsWith(".json")).flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")));

/** The fields of a form in which a value was filled in. */
function filled(schema, value) {
  const node = newNode();
  if (value !== undefined) fill(node, value);
  return { node, root: describe(schema, node) };
}

const plain = (value) => JSON.parse(JSON.stringify(value));

for (const { name, schema, value, wrong, json } of cases) {
  test(`A form for ${name}: what is filled in is the answer, and every place in it has a field`, () => {
    const { node, root } = filled(schema, value);
    assert.deepEqual(plain(valueOf(root)), value);
    assert.deepEqual(check(schema, value), []);
    assert.deepEqual(problems(root), []);
    assert.equal([...fieldsIn(root)].some((field) => field.kind === "json"), json === true, "JSON only where nothing else is known");
    const again = describe(schema, fromDraft(plain(toDraft(node))));
    assert.deepEqual(plain(valueOf(again)), value, "a draft keeps it");
  });

  test(`A form for ${name}: each violation has its field`, () => {
    for (const { value: given, at } of wrong) {
      const { root } = filled(schema, given);
      valueOf(root);
      for (const path of at) assert.equal(fieldAt(root, path).at, path, `${path} in ${JSON.stringify(given).slice(0, 200)}`);
    }
  });
}

const kinds = (root) => [...fieldsIn(root)].map(({ kind }) => kind);

test("A path is written as the server writes it, from a JSON Pointer too", () => {
  assert.equal(normalPath("/items/2/first name"), '$.items[2]["first name"]');
  assert.equal(normalPath("/a~1b/c~0d/-x_@"), '$["a/b"]["c~d"].-x_@');
  assert.equal(normalPath(""), "$");
  assert.equal(normalPath("$.a[0]"), "$.a[0]");
  const long = "k".repeat(201);
  assert.equal(normalPath(`/${long}`), `$["${long.slice(0, 200)}..."]`);
  assert.deepEqual(["$", "$.a", "$.a[0]", '$.a["b \\"] c"]'].map(parentPath), [undefined, "$", "$.a", "$.a"]);
});

test("A violation of what has no field is told at the nearest field around it", () => {
  const { root } = filled({ type: "object", properties: { a: { type: "object", properties: { b: { type: "string" } } } } }, { a: { b: "x" } });
  assert.equal(fieldAt(root, "$.a.ghost[3].x").at, "$.a");
  assert.equal(fieldAt(root, "$.ghost").at, "$");
});

test("Rows that are empty are left out, and the violations of those after them find their fields", () => {
  const schema = { type: "array", items: { type: "string", minLength: 3 } };
  const { node } = filled(schema, ["abc", "", "x"]);
  const root = describe(schema, node);
  assert.deepEqual(valueOf(root), ["abc", "x"]);
  const [{ path }] = check(schema, valueOf(root));
  assert.equal(path, "$[1]");
  assert.equal(fieldAt(root, path).path, "$[2]", "the third row");
});

test("What is empty is left out: optional texts, numbers, parts and lists; a required yes or no is false", () => {
  const schema = { type: "object", required: ["yes", "part", "list"], properties: {
    text: { type: "string" }, number: { type: "number" }, yes: { type: "boolean" }, perhaps: { type: "boolean" },
    part: { type: "object", properties: { a: { type: "string" } } }, other: { type: "object", required: ["x"], properties: { x: { type: "string" }, kind: { const: 1 }, n: { type: "integer", default: 3 } } },
    list: { type: "array", items: { type: "string" } }, rest: { type: "array", items: { type: "string" } } } };
  assert.deepEqual(valueOf(describe(schema, newNode())), { yes: false, part: {}, list: [] });
  const tuple = { type: "object", properties: { size: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }], items: false, minItems: 2 } } };
  assert.deepEqual(valueOf(describe(tuple, newNode())), {});
  assert.deepEqual(valueOf(filled(tuple, { size: [1] }).root), { size: [1, null] }, "its place is told by the check");
  const { root } = filled(schema, { other: { x: "y" } });
  assert.deepEqual(valueOf(root).other, { x: "y", n: 3 });
});

test("A corrected form keeps the text of the fields that are still there", () => {
  const { node } = filled({ type: "object", properties: { a: { type: "string" }, b: { type: "string" }, c: { type: "array", items: { type: "string" } } } }, { a: "5", b: "gone", c: ["x"] });
  node.fields.get("a").touched = true;
  fill(node, { a: "default", d: "new" }, true);
  const root = describe({ type: "object", properties: { a: { type: "number" }, c: { type: "array", items: { type: "string" } }, d: { type: "string" } } }, node);
  assert.deepEqual(plain(valueOf(root)), { a: 5, c: ["x"], d: "new" });
});

test("The other alternative keeps what was typed in it", () => {
  const schema = { oneOf: [{ type: "object", properties: { a: { type: "string" } } }, { type: "object", required: ["b"], properties: { b: { type: "string" } } }] };
  const { node } = filled(schema, { a: "A" });
  describe(schema, node);
  node.branches[0] = 1;
  assert.deepEqual(valueOf(describe(schema, node)), {});
  node.branches[0] = 0;
  assert.deepEqual(valueOf(describe(schema, node)), { a: "A" });
});

test("Conditions that follow from each other settle, and what is hidden by one is not sent", () => {
  const when = (key, then) => ({ if: { properties: { [key]: { const: true } }, required: [key] }, then: { properties: { [then]: { type: "boolean" } } } });
  const schema = { type: "object", properties: { a: { type: "boolean" } }, allOf: [when("a", "b"), when("b", "c"), when("c", "d")] };
  const { node, root } = filled(schema, { a: true, b: true, c: true, d: true });
  assert.deepEqual(valueOf(root), { a: true, b: true, c: true, d: true });
  node.fields.get("a").value = false;
  assert.deepEqual(valueOf(describe(schema, node)), { a: false });
});

test("What cannot be shown as fields is JSON with a note: a reference to elsewhere, one that leads to itself, what is too deep or too much", () => {
  const note = (schema, value) => [...fieldsIn(filled(schema, value).root)].find(({ kind }) => kind === "json")?.note;
  assert.equal(note({ type: "object", properties: { a: { $ref: "https://example.com/other" } } }), "ref");
  assert.equal(note({ $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" }), "large");
  let deep = { type: "string" };
  for (let i = 0; i < 40; i += 1) deep = { type: "object", required: ["a"], properties: { a: deep } };
  assert.equal(note(deep), "large");
  const many = { type: "object", properties: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}`, { type: "string" }])) };
  assert.equal(note(many), "large");
  assert.deepEqual(kinds(filled(many, { f1: "x" }).root), ["json"]);
  assert.deepEqual(valueOf(filled(many, { f1: "x" }).root), { f1: "x" }, "with what was there");
  const rows = { type: "array", items: { type: "object", properties: { a: { type: "string" }, b: { type: "string" } } } };
  const { root } = filled(rows, Array.from({ length: 5_000 }, (_, i) => ({ a: `${i}` })));
  assert.ok(kinds(root).length < 5_000);
  assert.equal(valueOf(root).length, 5_000);
  assert.equal(note({ not: {} }), undefined, "a rule that is not understood is left to the server");
});

test("A schema whose parts multiply takes a bounded time", () => {
  const double = { $defs: {} };
  for (let i = 0; i < 30; i += 1) double.$defs[`d${i}`] = { type: "object", properties: { a: { $ref: `#/$defs/d${i + 1}` }, b: { $ref: `#/$defs/d${i + 1}` } } };
  double.$defs.d30 = { type: "string" };
  double.$ref = "#/$defs/d0";
  assert.ok(kinds(filled(double).root).length <= 2 * 2_000 + 40);
  const again = { $defs: {} };
  for (let i = 0; i < 30; i += 1) again.$defs[`d${i}`] = { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] };
  again.$defs.d30 = { type: "string" };
  again.$ref = "#/$defs/d0";
  assert.ok(kinds(filled(again, "x").root).length <= 3);
  assert.ok(Array.isArray(check(again, "x")));
});

test("What a value cannot show is a problem of its field: digits, JSON, names", () => {
  const of = (schema, value, change = () => {}) => {
    const { node } = filled(schema, value);
    change(node);
    return problems(describe(schema, node));
  };
  assert.deepEqual(of({ type: "integer" }, "9007199254740993"), [{ path: "$", keyword: "digits" }]);
  assert.deepEqual(of({ type: "object", properties: { a: { $ref: "http://x", type: "object" } } }, { a: "{no" }), [{ path: "$.a", keyword: "json" }]);
  const free = { type: "object", additionalProperties: { type: "string" } };
  assert.deepEqual(of(free, { a: "1", b: "2" }, (node) => {
    describe(free, node);
    node.entries[1].key = "a";
  }), [{ path: "$.a", keyword: "sameName" }]);
  assert.deepEqual(of(free, { a: "1" }, (node) => {
    describe(free, node);
    node.entries[0].key = "";
  }).map(({ keyword }) => keyword), ["name"]);
});

test("A time has an offset: its own, or that of the place", () => {
  assert.equal(fromInput("time", "10:15", "09:30:00+05:00"), "10:15:00+05:00");
  assert.match(fromInput("time", "10:15"), /^10:15:00[+-]\d\d:\d\d$/);
  const value = fromInput("date-time", "2026-05-31T09:30");
  assert.match(value, /^2026-05-31T09:30:00[+-]\d\d:\d\d$/);
  assert.equal(toInput("date-time", value), "2026-05-31T09:30");
  assert.equal(Date.parse(fromInput("date-time", toInput("date-time", "2026-05-31T09:30:15Z"))), Date.parse("2026-05-31T09:30:15Z"));
  assert.equal(toInput("date-time", "no date"), "");
});

test("In the older drafts, what stands beside a reference does not count", () => {
  const schema = { $schema: "http://json-schema.org/draft-07/schema#", definitions: { t: { type: "string" } }, type: "object", properties: { a: { $ref: "#/definitions/t", maxLength: 1, title: "A" } } };
  assert.deepEqual(check(schema, { a: "long" }), []);
  assert.equal(filled(schema, { a: "long" }).root.children[0].label, "A");
});

test("There are more than 60 forms, and wrong answers for nearly all", () => {
  assert.ok(cases.length > 60);
  assert.ok(cases.filter(({ wrong }) => wrong.length).length > 60);
});

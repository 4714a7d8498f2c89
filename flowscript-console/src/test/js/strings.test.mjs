import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { translator } from "../../main/web/i18n.js";
import de from "../../main/web/strings-de.js";
import en from "../../main/web/strings-en.js";

const web = new URL("../../main/web/", import.meta.url);
const sources = readdirSync(web).filter((name) => name.endsWith(".js") && !name.startsWith("strings-")).map((name) => readFileSync(new URL(name, web), "utf8")).join("\n");
const isText = (value) => typeof value === "string" || Object.keys(value).every((form) => ["zero", "one", "two", "few", "many", "other"].includes(form));

/** All texts by their keys, such as "inbox.title". */
function textsOf(strings, at = "") {
  return Object.entries(strings).flatMap(([name, value]) => (isText(value) ? [[at + name, value]] : textsOf(value, `${at}${name}.`)));
}

const places = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();
const forms = (text) => (typeof text === "string" ? { other: text } : text);

test("English and German have the same keys", () => {
  assert.deepEqual(textsOf(de).map(([key]) => key), textsOf(en).map(([key]) => key));
});

test("English and German have the same places in each text, and the same forms by number", () => {
  const german = new Map(textsOf(de));
  for (const [key, text] of textsOf(en)) {
    assert.deepEqual(Object.keys(forms(german.get(key))).sort(), Object.keys(forms(text)).sort(), key);
    for (const [form, english] of Object.entries(forms(text))) assert.deepEqual(places(forms(german.get(key))[form]), places(english), `${key}.${form}`);
  }
});

test("No text is empty or has HTML", () => {
  for (const [key, text] of [...textsOf(en), ...textsOf(de)]) {
    for (const one of Object.values(forms(text))) assert.ok(one.trim() !== "" && !/<[a-z/]/i.test(one), key);
  }
});

test("Each key that the sources name has a text", () => {
  const known = new Map(textsOf(en));
  for (const [, key] of sources.matchAll(/\bt\(\s*"([\w.]+)"/g)) assert.ok(known.has(key), `${key} has no text`);
});

test("Each text is used by a source", () => {
  const unused = textsOf(en).map(([key]) => key).filter((key) => {
    const parts = key.split(".");
    return !parts.some((_, index) => {
      const prefix = parts.slice(0, index + 1).join(".");
      return index === parts.length - 1 ? sources.includes(`"${key}"`) : sources.includes(`\`${prefix}.\${`);
    }) && !sources.includes(`.${parts[parts.length - 1]}\``);
  });
  assert.deepEqual(unused, []);
});

test("What has just begun is a moment old, and reads as a sentence", () => {
  const [english, german] = ["en", "de"].map((language) => translator(language));
  assert.equal(english.age(999), "now");
  assert.equal(english.ago(999), "just now");
  assert.equal(english.ago(12_000), "12 s ago");
  assert.equal(english("inbox.asked", { ago: english.ago(0) }), "asked just now");
  assert.equal(german.ago(999), "gerade eben");
  assert.equal(german.ago(3_600_000), "vor 1 h");
});

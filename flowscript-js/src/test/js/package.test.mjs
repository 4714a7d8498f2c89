import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const MAX_BYTES = 12_000;
const MAX_FORM_BYTES = 19_000;
const root = new URL("../../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const run = (tool, ...args) => execFileSync(process.execPath, [fileURLToPath(new URL(`node_modules/${tool}`, root)), ...args], { cwd: fileURLToPath(root), encoding: "utf8", stdio: "pipe" });

test("The minified client has less than 12 KB, gzipped", () => {
  const bytes = gzipSync(read("src/main/js/flowscript-client.min.js"), { level: 9 }).length;
  assert.ok(bytes < MAX_BYTES, `it has ${bytes}`);
});

test("The minified client is made of the present source", () => {
  const made = execFileSync(fileURLToPath(new URL("node_modules/esbuild/bin/esbuild", root)), ["src/main/js/flowscript-client.js", "--minify", "--mangle-props=^_", "--target=es2022", "--legal-comments=none"], { cwd: fileURLToPath(root), encoding: "utf8" });
  assert.equal(read("src/main/js/flowscript-client.min.js"), made, 'it is old; "npm run build" makes it');
});

test("The minified form has less than 19 KB, gzipped", () => {
  const bytes = gzipSync(read("src/main/js/flowscript-form.min.js"), { level: 9 }).length;
  assert.ok(bytes < MAX_FORM_BYTES, `it has ${bytes}`);
});

test("The minified form is made of the present sources", () => {
  const made = execFileSync(fileURLToPath(new URL("node_modules/esbuild/bin/esbuild", root)), ["src/main/js/flowscript-form.js", "--bundle", "--format=esm", "--minify", "--target=es2022", "--charset=utf8", "--legal-comments=none"], { cwd: fileURLToPath(root), encoding: "utf8" });
  assert.equal(read("src/main/js/flowscript-form.min.js"), made, 'it is old; "npm run build" makes it');
});

test("The declarations let a user write what the README shows", () => {
  run("typescript/bin/tsc", "--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "es2022,dom,dom.iterable,dom.asynciterable", "src/test/js/types.test.ts");
});

test("What is published has no dependencies, and every file that it names", () => {
  const { dependencies, exports, files } = JSON.parse(read("package.json"));
  assert.equal(dependencies, undefined);
  for (const path of Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)))) read(path);
  assert.ok(files.includes("LICENSE") && read("LICENSE").includes("Apache License"));
});

test("The server's list of files names each script", () => {
  const scripts = readdirSync(new URL("src/main/js", root)).filter((name) => name.endsWith(".js"));
  assert.deepEqual(read("src/main/js/files.txt").trim().split("\n"), scripts.sort());
});

test("Nothing of the client needs eval, or a policy with unsafe-inline", () => {
  for (const name of ["flowscript-client.js", "flowscript-worker.js", "flowscript-alpine.js", "flowscript-form.js", "flowscript-form-model.js", "flowscript-form-de.js"]) {
    assert.doesNotMatch(read(`src/main/js/${name}`), /\beval\b|new Function|innerHTML|document\.write|style\s*=/);
  }
});

test("The lock file names no registry", () => {
  assert.doesNotMatch(read("package-lock.json"), /https?:\/\/(?!opencollective|github|tidelift|www\.patreon)[^"]*\.tgz|"resolved"/);
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);
const web = new URL("src/main/web/", root);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const own = readdirSync(web).filter((name) => name.endsWith(".js"));

test("The vendored libraries are made of the versions in the lock file", () => {
  for (const name of readdirSync(new URL("src/build", root))) {
    const made = execFileSync(fileURLToPath(new URL("node_modules/esbuild/bin/esbuild", root)), [`src/build/${name}`, "--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=none"], { cwd: fileURLToPath(root), encoding: "utf8" });
    assert.equal(read(`src/main/web/vendor/${name}`), made, `vendor/${name} is old; "npm run build" makes it`);
  }
});

test("The page with the libraries names their versions and has their licences", () => {
  const { packages } = JSON.parse(read("package-lock.json"));
  const page = read("src/main/web/vendor/README.md");
  for (const [name, licence] of [["preact", "preact"], ["htm", "htm"], ["@dagrejs/dagre", "dagre"]]) {
    assert.ok(page.includes(packages[`node_modules/${name}`].version), `${name} has another version`);
    assert.ok(read(`src/main/web/vendor/${licence}.LICENSE.txt`).match(/copyright/i));
  }
});

test("The lock file names no registry", () => {
  assert.doesNotMatch(read("package-lock.json"), /"resolved"|\.tgz"/);
});

test("The sources need neither eval nor HTML in texts, and name no other host", () => {
  for (const name of own) {
    const source = readFileSync(new URL(name, web), "utf8");
    assert.doesNotMatch(source, /\beval\b|new Function|innerHTML|outerHTML|dangerouslySetInnerHTML|document\.write|insertAdjacentHTML|style="/, name);
    assert.doesNotMatch(source.replace("http://www.w3.org/2000/svg", ""), /https?:\/\//, name);
  }
});

test("The page names every module that its first one needs, so that they load at the same time", () => {
  const needed = new Set();
  const add = (name) => {
    if (needed.has(name)) return;
    needed.add(name);
    if (name.startsWith("flowscript/")) return; // of the client, which needs no more
    for (const [, path] of readFileSync(new URL(name, web), "utf8").matchAll(/^import\s[^;]*?"(\.[^"]+)";/gm)) {
      add(new URL(path, new URL(name, web)).href.slice(web.href.length));
    }
  };
  add("app.js");
  const named = [...read("src/main/web/index.html").matchAll(/<link rel="modulepreload" href="{version}\/([^"]+)">/g)].map(([, name]) => name);
  assert.deepEqual(named, [...needed].filter((name) => name !== "app.js").sort());
});

test("Styles use only the tokens for colours", () => {
  for (const name of readdirSync(web).filter((each) => each.endsWith(".css") && each !== "tokens.css")) {
    const colours = readFileSync(new URL(name, web), "utf8").match(/#[0-9a-f]{3,8}\b|\brgba?\([^)]*\)|\bhsl\(/gi) ?? [];
    assert.deepEqual(colours, [], name);
  }
});

test("A source has at most 400 lines", () => {
  for (const name of own.filter((each) => !each.startsWith("strings-"))) {
    const lines = readFileSync(new URL(name, web), "utf8").split("\n").length;
    assert.ok(lines <= 400, `${name} has ${lines} lines`);
  }
});

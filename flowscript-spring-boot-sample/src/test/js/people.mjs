/**
 * Plays people with their own windows in one Chromium. A line of the input names a part and the address of FlowScript, such as
 *
 *     asks http://127.0.0.1:PORT/flow/
 *
 * The answer is "ok", or "failed" with what went wrong.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { createInterface } from "node:readline";
import { startChromium } from "../../../../flowscript-console/src/test/js/chromium.mjs";

const browser = await startChromium();
const field = (page, label) => page.locator("flowscript-form").getByLabel(label);
const send = (page) => page.locator("flowscript-form").locator("[part=submit]").click();
const toast = (page, text) => page.locator(".toast", { hasText: text }).waitFor();

/** What a page of FlowScript gets when it sends a request. */
const request = (page, path, method = "GET", body = undefined) =>
  page.evaluate(async ([at, how, what]) => (await fetch(at, { method: how, body: what, headers: { "Content-Type": "application/json" } })).status, [path, method, body]);

/** A window of somebody who has logged in, at a place of the console. */
async function logIn(base, who, hash) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  assert.equal((await context.request.get(`${base}interactions`)).status(), 401, "a program is told that it must log in");
  await page.goto(`${base}console/`);
  assert.match(page.url(), /\/login$/, "and a browser is led to the login");
  await page.locator("#username").fill(who);
  await page.locator("#password").fill("flow");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${base}console/**`);
  await page.goto(`${base}console/${hash}`);
  await page.locator("#main h1, #main h2, #main .empty").first().waitFor();
  return page;
}

const parts = {
  /** Ann asks for a desk. What managers do is not hers. */
  async asks(base) {
    const ann = await logIn(base, "ann", "#/executions?start=expense");
    await ann.getByLabel("Id", { exact: true }).fill("desk-1");
    await field(ann, "What is bought?").fill("A desk");
    await field(ann, "Price in euros").fill("300");
    await send(ann);
    await toast(ann, "desk-1 was started");
    assert.equal(await request(ann, `${base}stats`), 403);
    assert.equal(await request(ann, `${base}executions/desk-1/cancel`, "POST", "{}"), 403);
    await ann.context().close();
  },

  /** After the restart, Max approves what Ann has asked for before; he asks for nothing himself. */
  async approves(base) {
    const max = await logIn(base, "max", "#/inbox");
    assert.equal(await request(max, `${base}stats`), 200);
    assert.equal(await request(max, `${base}workflows/expense/execute`, "POST", "{}"), 403);
    await max.getByRole("button", { name: /^All/ }).click();
    await max.locator(".entry", { hasText: "A desk for 300 euros" }).click();
    await field(max, "Approved").check();
    await send(max);
    await toast(max, "Your answer counts");
    await max.context().close();
  },
};

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [name, base] = line.split(" ");
  try {
    await parts[name](base);
    console.log("ok");
  } catch (error) {
    console.log(`failed ${name}: ${error.stack.replaceAll("\n", " | ")}`);
  }
}
await browser.close();

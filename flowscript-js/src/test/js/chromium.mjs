/** The machine's own Chromium, in which parts of tests are played. The environment has its path in `CHROMIUM`. */
import assert from "node:assert/strict";
import process from "node:process";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const asked = new Map(); // by the number of a part, what goes on when the test has done what the part asked for

/** Asks for something that only the test can do. */
function act(number, word) {
  console.log(`${number} do ${word}`);
  return new Promise((resolve, reject) => asked.set(number, { done: resolve, undone: () => reject(new Error(`"${word}" was not done`)) }));
}

/** One part, with tabs of its own: they share cookies, storage and workers with each other, and with no other part. */
async function play(browser, part, number, base, told) {
  const context = await browser.newContext();
  const problems = [];
  const open = async (path) => {
    const tab = await context.newPage();
    tab.setDefaultTimeout(45_000);
    tab.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    tab.on("pageerror", (error) => problems.push(String(error)));
    await tab.goto(base + path);
    return tab;
  };
  try {
    await part(open, { told, act: (word) => act(number, word) });
    assert.deepEqual(problems, [], "the policy of the page forbids nothing that it needs");
    console.log(`${number} ok`);
  } catch (error) {
    console.log(`${number} failed ${error.stack.replaceAll("\n", " | ")} ${problems.join(" | ")}`);
  } finally {
    await context.close();
  }
}

/**
 * Plays parts by their names, several at a time, until there is no more to read. The lines are those of `BrowserScript`: a part is its
 * name, the address of a server, and what it is told. It gets `open(path)`, {told, act}.
 */
export async function playParts(parts) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: FLAGS });
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, number, name, base, ...told] = line.split(" ");
    if (word === "run") void play(browser, parts[name], number, base, told);
    else asked.get(number)[word]();
  }
  await browser.close();
  process.exit();
}

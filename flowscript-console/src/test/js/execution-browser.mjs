/**
 * Plays parts of the tests of one execution's page in one Chromium. Each line of the input is "run PART http://localhost:PORT/"; the
 * answer is "ok", or what went wrong. Between, a line "do ..." asks for something of the server, and the next line is the answer.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { startChromium, Windows } from "./chromium.mjs";
import * as parts from "./execution-parts.mjs";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function act(...words) {
  console.log(["do", ...words].join(" "));
  await lines.next();
}

const browser = await startChromium();
console.log("ready");
for await (const line of lines) {
  const [, name, base] = line.split(" ");
  const windows = new Windows(browser, base);
  try {
    const told = await parts[name]({ windows, act, browser, base });
    await windows.close();
    console.log(`ok ${told ?? ""}`);
  } catch (error) {
    const problems = await windows.abandon();
    console.log(`failed ${name}: ${error.stack.replaceAll("\n", " | ")} ${problems.join(" | ")}`);
    break;
  }
}
await browser.close();
process.exit();

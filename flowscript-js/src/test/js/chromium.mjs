/** The machine's own Chromium, for the tests that need a browser. */
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

function findChromium() {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      try {
        accessSync(join(directory, name), constants.X_OK);
        return join(directory, name);
      } catch {
        // not here
      }
    }
  }
  throw new Error("there is no Chromium on the PATH");
}

/** Runs a test with a browser and a list of what its pages complain about. The process ends with 1 when it fails. */
export async function inChromium(run) {
  const profile = mkdtempSync(join(tmpdir(), "flowscript-browser-"));
  const problems = [];
  let browser = null;
  try {
    browser = await chromium.launchPersistentContext(profile, { executablePath: findChromium(), headless: true, args: FLAGS });
    const open = async (url) => {
      const tab = await browser.newPage();
      tab.setDefaultTimeout(15_000);
      tab.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      tab.on("pageerror", (error) => problems.push(String(error)));
      await tab.goto(url);
      return tab;
    };
    await run(open, problems);
  } catch (error) {
    console.log(`failed: ${error.stack} ${problems.join("\n")}`);
    process.exitCode = 1;
  } finally {
    await browser?.close();
    rmSync(profile, { recursive: true, force: true });
  }
  process.exit();
}

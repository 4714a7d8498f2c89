/** The machine's own Chromium, whose path the environment has in `CHROMIUM`, and pages in it that tell what went wrong in them. */
import assert from "node:assert/strict";
import process from "node:process";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const LOST = /net::ERR_|WebSocket connection to/;

export const startChromium = () => chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: FLAGS });

/** Windows of people with their own cookies. Each part of the tests has its own. */
export class Windows {
  #contexts = [];
  #problems = [];

  /** @param base the address of the server */
  constructor(browser, base) {
    this.browser = browser;
    this.base = base;
    this.mayLose = false; // whether the connection may be lost, which the browser logs
    this.expected = null; // what a problem has in it that belongs to the part
  }

  /** A window of somebody, at a place of the console, such as "#/inbox"; `base` is the address of a proxy of the server. */
  async open(user, hash = "", { width = 1440, height = 900, theme = "light", locale = "en-US", before, canCut = false, base = this.base } = {}) {
    const context = await this.browser.newContext({ viewport: { width, height }, colorScheme: theme, locale, reducedMotion: "reduce" });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    page.on("console", (message) => {
      const problem = `${message.text()} ${message.location().url}`;
      const isExpected = (this.mayLose && LOST.test(message.text())) || (this.expected && problem.includes(this.expected));
      if (message.type() === "error" && !isExpected) this.#problems.push(problem);
    });
    page.on("pageerror", (error) => this.#problems.push(String(error.stack ?? error)));
    page.on("request", (request) => request.url().startsWith(base) || request.url().startsWith("data:") || this.#problems.push(`a request to ${request.url()}`));
    await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`forbidden by the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)));
    // The client draws how long it waits before it connects again. Here it draws an eighth.
    await page.addInitScript(() => {
      const draw = Math.random;
      Math.random = () => draw() / 8;
    });
    if (canCut) await this.#letCut(page);
    await before?.(page);
    const who = user ? `?user=${user}&groups=managers` : "";
    await page.goto(`${base}console/${who}${hash}`);
    await page.locator("#main h1, #main h2, #main .empty").first().waitFor();
    return page;
  }

  /**
   * Gives a page `cut()` and `mend()`, which take its network away and give it back. The browser's own switch leaves a WebSocket open, so
   * that is cut here; a connection in a worker would be out of reach.
   */
  async #letCut(page) {
    const sockets = new Set();
    let isCut = false;
    await page.addInitScript(() => delete globalThis.SharedWorker);
    await page.routeWebSocket(/./, (socket) => {
      if (isCut) {
        socket.close({ code: 1001 });
        return;
      }
      socket.connectToServer();
      sockets.add(socket);
    });
    page.cut = async () => {
      this.mayLose = true;
      isCut = true;
      await page.context().setOffline(true);
      for (const socket of sockets) await socket.close({ code: 1001 });
      sockets.clear();
    };
    page.mend = async () => {
      isCut = false;
      await page.context().setOffline(false);
    };
  }

  /** Asserts that nothing went wrong, and closes all windows. */
  async close() {
    await Promise.all(this.#contexts.map((context) => context.close()));
    assert.deepEqual(this.#problems, [], "the pages have no errors, ask no other host, and break no policy");
  }

  /** Closes all windows. */
  async abandon() {
    await this.browser.stopTracing().catch(() => {}); // so that the next part can begin a trace
    await Promise.all(this.#contexts.map((context) => context.close().catch(() => {})));
    return this.#problems;
  }
}

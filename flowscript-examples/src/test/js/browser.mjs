/**
 * A person with a browser, and a page of somebody else's:
 *
 *     node browser.mjs same-origin http://localhost:PORT SCREENSHOT.png
 *     node browser.mjs cross-origin http://localhost:PORT
 *     node browser.mjs event-source http://localhost:PORT EXECUTION NUMBER-OF-EVENTS
 *
 * The browser is the machine's own Chromium, without a window; the environment has its path in CHROMIUM. It opens the server's /health and gets the page beside
 * this file as content there, so that the page is of the server's origin. Ends with 0 when all went as it should.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const TIME_LIMIT_MILLIS = 20_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A person starts the workflow, gives a wrong answer, is told so, answers, and sees the end. */
async function sameOrigin(page, base, screenshot) {
  await page.route(`${base}/v1-client.mjs`, (route) => route.fulfill({ path: beside('v1-client.mjs') }));
  const input = encodeURIComponent(JSON.stringify({ title: 'Spring', amount: 7 }));
  await page.goto(`${base}/health?workflow=v1-review&input=${input}`);
  await page.setContent(readFileSync(beside('page.html'), 'utf8'));

  await page.locator('[name=stars]').fill('9');
  await page.getByRole('button', { name: 'Answer' }).click();
  await page.locator('#error:not(:empty)').waitFor();
  assert.equal(await page.locator('li.resume_error').count(), 1);
  await page.locator('[name=stars]').fill('4');
  await page.locator('[name=decision]').selectOption('publish');
  await page.getByRole('button', { name: 'Answer' }).click();
  await page.locator('[name=sure]').check();
  await page.screenshot({ path: screenshot.replace(/\.png$/, '-asked.png'), fullPage: true });
  await page.getByRole('button', { name: 'Answer' }).click();
  await page.locator('li.workflow_completed').waitFor();
  await page.screenshot({ path: screenshot, fullPage: true });

  const types = await page.locator('#messages li').evaluateAll((lines) => lines.map((line) => line.className));
  assert.deepEqual(
    types.filter((type) => !/^(connected|subscribed|execution_status|resume_.*)$/.test(type)),
    [
      'workflow_started',
      'node_started', 'node_completed',
      'node_started', 'workflow_paused', 'human_interaction_required', 'workflow_resumed', 'node_completed',
      'node_started', 'workflow_paused', 'human_interaction_required', 'workflow_resumed', 'node_completed',
      'node_started', 'node_completed',
      'workflow_completed',
    ],
  );
  assert.equal(types[0], 'connected');
  assert.deepEqual(JSON.parse(await page.locator('#state').textContent()), {
    title: 'Spring',
    amount: 7,
    headline: 'Spring (7)',
    review: { decision: 'publish', stars: 4 },
    confirmation: { sure: true },
    published: true,
  });
}

/** A page of another origin gets no WebSocket and starts nothing, under whatever name it reaches the server. */
async function crossOrigin(page, base) {
  const stranger = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!DOCTYPE html><title>a stranger</title>');
  });
  await new Promise((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  try {
    const before = await executions(base);
    const { port } = new URL(base);
    for (const origin of [`http://127.0.0.1:${stranger.address().port}`, `http://localhost:${stranger.address().port}`]) {
      await page.goto(origin);
      for (const host of ['127.0.0.1', 'localhost']) {
        const result = await page.evaluate(openSocket, `ws://${host}:${port}/ws`);
        assert.equal(result, 'refused', `a page from ${origin} must not reach ws://${host}:${port}/ws`);
        await page.evaluate(startBlindly, `http://${host}:${port}/workflows/v1-review/execute`);
      }
    }
    assert.deepEqual(await executions(base), before, 'a page from elsewhere must not start anything');
    // The same page may do so where it is at home: it is the origin that was refused, and nothing else.
    await page.goto(`${base}/health`);
    assert.equal(await page.evaluate(openSocket, `${base.replace(/^http/, 'ws')}/ws`), 'connected');
  } finally {
    stranger.closeAllConnections();
    stranger.close();
  }
}

/** The browser's own EventSource, whose connections are cut, sees each event of an execution that has ended once, and stops. */
async function eventSource(page, base, executionId, events) {
  await page.goto(`${base}/health`);
  const { numbers, connections } = await page.evaluate(followToTheEnd, `${base}/executions/${executionId}/events`);
  assert.deepEqual(numbers, Array.from({ length: Number(events) }, (_, index) => index + 1));
  assert.ok(connections > 2, `it was connected ${connections} times only`);
}

/** Runs in the page. */
function followToTheEnd(url) {
  return new Promise((resolve) => {
    const numbers = [];
    let connections = 0;
    const source = new EventSource(url);
    source.onopen = () => { connections += 1; };
    const types = ['workflow_started', 'node_started', 'node_completed', 'state_updated', 'workflow_event', 'workflow_completed'];
    for (const type of types) {
      source.addEventListener(type, (event) => numbers.push(JSON.parse(event.data).seq));
    }
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) {
        resolve({ numbers, connections }); // told by 204 that there is no more
      }
    };
  });
}

/** Runs in the page. */
function openSocket(url) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onmessage = (event) => resolve(JSON.parse(event.data).type);
    socket.onclose = () => resolve('refused');
  });
}

/** Runs in the page: the sort of request that a browser sends anywhere without asking. */
async function startBlindly(url) {
  await fetch(url, { method: 'POST', mode: 'no-cors', body: '{"input":{"title":"from a stranger"}}' }).catch(() => {});
}

async function executions(base) {
  const response = await fetch(`${base}/executions`);
  return (await response.json()).executions.map((execution) => execution.executionId);
}

function beside(file) {
  return fileURLToPath(new URL(file, import.meta.url));
}

const [scenario, base, ...more] = process.argv.slice(2);
const scenarios = { 'same-origin': sameOrigin, 'cross-origin': crossOrigin, 'event-source': eventSource };
if (!Object.hasOwn(scenarios, scenario ?? '') || base === undefined) {
  console.error(`node browser.mjs ${Object.keys(scenarios).join('|')} URL [SCREENSHOT.png | EXECUTION NUMBER]`);
  process.exit(2);
}

const profile = mkdtempSync(join(tmpdir(), 'flowscript-browser-'));
let failed = false;
let browser = null;
try {
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: FLAGS,
    viewport: { width: 1100, height: 620 },
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(TIME_LIMIT_MILLIS);
  page.on('console', (message) => console.log(`page: ${message.text()}`));
  page.on('pageerror', (error) => console.log(`page: ${error}`));
  try {
    await scenarios[scenario](page, base, ...more);
    console.log(`${scenario}: as expected`);
  } catch (error) {
    const seen = await page.locator('body').innerText().catch(() => '');
    throw new Error(`${error.stack ?? error}\nthe page:\n${seen}`);
  }
} catch (error) {
  failed = true;
  console.error(`${scenario}: ${error.message}`);
} finally {
  await browser?.close();
  rmSync(profile, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

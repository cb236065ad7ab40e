// Measures what a person would notice, against a release server that runs already: see `npm run numbers`.
//
// Nothing here passes or fails. The figures are worth something only on a machine that does nothing else.

import { randomUUID } from 'node:crypto';

import { chromium } from '@playwright/test';

import { origin } from '../support/address.js';
import { launchOptions } from '../support/chromium.js';
import { viewOf } from '../support/surface.js';

const keys = 300;
const loads = 10;

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('@playwright/test').Page} Page */

/**
 * What the init script leaves in each page.
 * @typedef {{ keys: number[], shown: { at: number, length: number }[], editable: number | null }} Log
 */

/** Runs in the page, before anything else there. Times are of the machine's clock, so that two pages can be compared. */
function observe() {
  /** @type {Log} */
  const log = { keys: [], shown: [], editable: null };
  Object.assign(window, { log });

  addEventListener('keydown', (event) => log.keys.push(performance.timeOrigin + event.timeStamp), true);
  new MutationObserver(() => {
    const at = performance.timeOrigin + performance.now();
    if (log.editable === null && document.querySelector('[aria-label="Edit text"][contenteditable=true]')) {
      log.editable = performance.now();
    }
    const length = document.querySelector('[data-testid="synced-text"]')?.textContent?.length ?? 0;
    if (length !== log.shown.at(-1)?.length) {
      log.shown.push({ at, length });
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}

/**
 * A tab of another person, which can be written in.
 * @param {Browser} browser
 * @param {string} path
 */
async function open(browser, path) {
  const page = await (await browser.newContext({ baseURL: origin })).newPage();
  await page.addInitScript(observe);
  await page.goto(path);
  await page.waitForSelector('[aria-label="Edit text"][contenteditable=true]');
  return page;
}

/** @param {Page} page */
const read = (page) => page.evaluate(() => /** @type {Window & { log: Log }} */ (/** @type {unknown} */ (window)).log);

/**
 * From a key pressed in one tab to its letter in the other's DOM, in milliseconds, for each key.
 * @param {Browser} browser
 * @param {number} length how long the text is before
 * @param {number} idle how many other people have it open and do nothing
 */
async function keyToScreen(browser, length, idle) {
  const path = `/d/numbers-${randomUUID()}`;
  const others = [];
  for (let tab = 0; tab < idle; tab++) {
    others.push(await open(browser, path));
  }
  const writer = await open(browser, path);
  const reader = await open(browser, path);
  const text = 'Some words in a line.\n'.repeat(length).slice(0, length);
  await writer.getByLabel('Edit text').fill(text);
  await shows(reader, length);
  const view = await viewOf(writer.getByLabel('Edit text'));
  await view.evaluate((view, anchor) => view.dispatch({ selection: { anchor }, scrollIntoView: true }), length >> 1);

  for (let key = 0; key < keys; key++) {
    await writer.keyboard.press('abcdefgh'[key % 8] ?? 'a');
    // Uneven, so that no frame rate favours or spoils the result.
    await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 40));
  }
  await shows(reader, length + keys);

  const [pressed, { shown }] = [(await read(writer)).keys, await read(reader)];
  await Promise.all([...others, writer, reader].map((page) => page.context().close()));
  // The text only grows, and several letters may appear at once.
  return pressed.map((at, key) => (shown.find((state) => state.length > length + key)?.at ?? NaN) - at);
}

/**
 * @param {Page} page
 * @param {number} length
 */
const shows = (page, length) =>
  page.waitForFunction(
    (length) => document.querySelector('[data-testid="synced-text"]')?.textContent?.length === length,
    length,
  );

/**
 * From the `load` event to a page that can be written in, in milliseconds, with nothing in the cache.
 * @param {Browser} browser
 */
async function loadToEditable(browser) {
  const page = await open(browser, `/d/numbers-${randomUUID()}`);
  const { editable } = await read(page);
  const load = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation');
    return /** @type {PerformanceNavigationTiming} */ (navigation).loadEventStart;
  });
  await page.context().close();
  return (editable ?? NaN) - load;
}

/**
 * What the page loads besides its HTML, in bytes as they came over the wire.
 * @param {Browser} browser
 */
async function transferred(browser) {
  const page = await (await browser.newContext({ baseURL: origin })).newPage();
  const devtools = await page.context().newCDPSession(page);
  /** @type {Map<string, { url: string, type: string, encoding: string, bytes: number }>} */
  const responses = new Map();
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    const encoding = response.headers['content-encoding'] ?? response.headers['Content-Encoding'] ?? 'none';
    responses.set(requestId, { url: response.url, type, encoding, bytes: 0 });
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const response = responses.get(requestId);
    if (response) {
      response.bytes = encodedDataLength;
    }
  });
  await devtools.send('Network.enable');
  await page.goto(`/d/numbers-${randomUUID()}`, { waitUntil: 'networkidle' });
  await page.waitForSelector('[aria-label="Edit text"][contenteditable=true]');
  await page.context().close();
  return [...responses.values()].filter(({ type, url }) => type !== 'Document' && !url.startsWith('data:'));
}

/** @param {number[]} numbers */
function summary(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  /** @param {number} share */
  const quantile = (share) => (sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(1).padStart(7);
  return `p50 ${quantile(0.5)} ms   p99 ${quantile(0.99)} ms   max ${quantile(1)} ms   (n = ${numbers.length})`;
}

/** @param {Browser} browser */
async function measure(browser) {
  console.log(`Chromium ${browser.version()}, ${origin}\n`);
  for (const [length, idle] of /** @type {const} */ ([[100, 0], [20_000, 0], [20_000, 5]])) {
    const times = await keyToScreen(browser, length, idle);
    console.log(`key to the other screen, text of ${String(length).padStart(6)}, ${idle} idle: ${summary(times)}`);
  }
  const times = [];
  for (let load = 0; load < loads; load++) {
    times.push(await loadToEditable(browser));
  }
  console.log(`load event to editable, cold cache:     ${summary(times)}\n`);

  const files = await transferred(browser);
  for (const { url, encoding, bytes } of files) {
    console.log(`${String(bytes).padStart(9)} bytes  ${encoding.padEnd(5)} ${new URL(url).pathname}`);
  }
  console.log(
    `${String(files.reduce((sum, { bytes }) => sum + bytes, 0)).padStart(9)} bytes  all code that the page loads`,
  );
}

const browser = await chromium.launch(launchOptions());
try {
  await measure(browser);
} finally {
  await browser.close();
}

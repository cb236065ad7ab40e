// Measures what a person would notice, against a release server that runs already: see `npm run numbers`.
//
// Nothing here passes or fails. The figures are worth something only on a machine that does nothing else.

import { randomUUID } from 'node:crypto';

import { chromium } from '@playwright/test';

import { origin } from '../support/address.js';
import { launchOptions } from '../support/chromium.js';
import { viewOf } from '../support/surface.js';
import { arrivals, byAge, watchKeys } from './arrival.mjs';
import { ours } from './contestants.mjs';
import { quantile } from './statistics.mjs';
import { allBytes, transferred } from './transfer.mjs';
import { goTo, press, prose } from './typing.mjs';

const keys = 450;
const loads = 10;

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('@playwright/test').Page} Page */

/**
 * What the init script leaves in each page.
 * @typedef {{ shown: import('./arrival.mjs').Shown[], editable: number | null }} Log
 */

/**
 * Runs in the page, before anything else there. The times of what is shown are of the machine's clock, so that two pages can
 * be compared.
 * @param {string} editor
 */
function observe(editor) {
  /** @type {Log} */
  const log = { shown: [], editable: null };
  Object.assign(window, { log });

  new MutationObserver(() => {
    const at = performance.timeOrigin + performance.now();
    if (log.editable === null && document.querySelector(editor)) {
      log.editable = performance.now();
    }
    const length = document.querySelector('[data-testid="synced-text"]')?.textContent?.length ?? 0;
    if (length !== log.shown.at(-1)?.length) {
      log.shown.push({ at, length });
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}

/** Runs in the page, before anything else there. All of Playwright's pages are seen; this one takes itself for hidden. */
function hide() {
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
}

/**
 * A tab of another person, which can be written in.
 * @param {Browser} browser
 * @param {string} path
 * @param {(page: Page) => Promise<unknown>} prepare called before the page is asked for
 */
async function open(browser, path, prepare = (page) => page.addInitScript(observe, ours.places.editor)) {
  const page = await (await browser.newContext({ baseURL: origin })).newPage();
  await prepare(page);
  await page.goto(path);
  await page.waitForSelector(ours.places.editor);
  return page;
}

/** @param {Page} page */
const read = (page) => page.evaluate(() => /** @type {Window & { log: Log }} */ (/** @type {unknown} */ (window)).log);

/**
 * From a key pressed in one tab to its letter in the other's DOM, in milliseconds, for each key.
 * @param {Browser} browser
 * @param {number} length how long the text is before
 * @param {number} idle how many other people have it open and do nothing
 * @param {boolean} isSeen whether their tabs are in front
 */
async function keyToScreen(browser, length, idle, isSeen) {
  const path = `/d/numbers-${randomUUID()}`;
  const others = [];
  for (let tab = 0; tab < idle; tab++) {
    others.push(await open(browser, path, async (page) => isSeen || page.addInitScript(hide)));
  }
  const writer = await open(browser, path);
  const reader = await open(browser, path);
  await writer.getByLabel('Edit text').fill(prose(length));
  await shows(reader, length);
  await goTo(await viewOf(writer.getByLabel('Edit text')), length >> 1);

  const pressed = await watchKeys(writer);
  await press(writer, keys, 30);
  await shows(reader, length + keys);
  const times = arrivals(await pressed.jsonValue(), (await read(reader)).shown, length);
  await Promise.all([...others, writer, reader].map((page) => page.context().close()));
  return times;
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

/** @param {number[]} numbers */
function summary(numbers) {
  const [middle, most, all] = [0.5, 0.99, 1].map((share) => quantile(numbers, share).toFixed(1).padStart(7));
  return `p50 ${middle} ms   p99 ${most} ms   max ${all} ms   (n = ${numbers.length})`;
}

/** @param {Browser} browser */
async function measure(browser) {
  console.log(`Chromium ${browser.version()}, ${origin}\n`);
  for (const [length, idle, isSeen] of /** @type {const} */ ([[100, 0, true], [20_000, 0, true], [20_000, 5, true], [20_000, 5, false]])) {
    for (const [tabs, times] of byAge(await keyToScreen(browser, length, idle, isSeen))) {
      const idly = `${idle} idle${isSeen ? '' : ' behind others'}`;
      const what = `text of ${String(length).padStart(6)}, ${idly}, ${tabs.padEnd(14)}`;
      console.log(`key to the other screen, ${what}: ${summary(times)}`);
    }
  }
  const times = [];
  for (let load = 0; load < loads; load++) {
    times.push(await loadToEditable(browser));
  }
  console.log(`load event to editable, cold cache:     ${summary(times)}\n`);

  const files = await transferred(browser, (document) => `${origin}/d/${document}`, ours.places.editor);
  for (const { url, encoding, bytes } of files) {
    console.log(`${String(bytes).padStart(9)} bytes  ${encoding.padEnd(5)} ${new URL(url).pathname}`);
  }
  console.log(`${String(allBytes(files)).padStart(9)} bytes  all code that the page loads`);
}

const browser = await chromium.launch(launchOptions());
try {
  await measure(browser);
} finally {
  await browser.close();
}

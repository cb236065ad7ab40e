// Measures how a page starts on a slow connection and a slow machine, against a release server that runs already:
// `npm run numbers:start`. 9 Mbit/s, 60 ms, a quarter of the CPU, nothing in the cache, a document of 20 KB.
//
// Nothing here passes or fails. The figures are worth something only on a machine that does nothing else.

import { randomUUID } from 'node:crypto';

import { chromium } from '@playwright/test';

import { origin } from '../support/address.js';
import { launchOptions } from '../support/chromium.js';

const loads = 9;
const text = 'Some words in a line, as people write them down.\n'.repeat(420).slice(0, 20_480);
const surface = '[aria-label="Edit text"][contenteditable=true]';

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {{ editable: number | null, textShown: number | null }} Log */

/** Runs in the page, before anything else there: writes a letter as soon as that is possible. */
function hurry() {
  /** @type {Log} */
  const log = { editable: null, textShown: null };
  Object.assign(window, { log });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { element, startTime } = /** @type {PerformanceEntry & { element: Element | null }} */ (entry);
      log.textShown ??= element?.closest('.sheet') ? startTime : null;
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  const watcher = new MutationObserver(() => {
    /** @type {HTMLElement | null} */
    const editor = document.querySelector('[aria-label="Edit text"][contenteditable=true]');
    if (editor) {
      watcher.disconnect();
      log.editable = performance.now();
      editor.focus();
      document.execCommand('insertText', false, '!');
    }
  });
  watcher.observe(document, { subtree: true, childList: true, attributes: true });
}

/** Runs in the other page: notes when the letter arrives. */
function watch() {
  new MutationObserver(() => {
    const shown = document.querySelector('[data-testid="synced-text"]')?.textContent;
    if (shown?.includes('!') && !('arrived' in window)) {
      Object.assign(window, { arrived: performance.timeOrigin + performance.now() });
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/**
 * @param {Browser} browser
 * @param {string} query
 */
async function start(browser, query) {
  const path = `/d/numbers-${randomUUID()}`;
  const other = await (await browser.newContext({ baseURL: origin })).newPage();
  await other.goto(`${path}?view=plain`);
  await other.locator(surface).fill(text);
  await other.getByRole('status').getByText('Saved').waitFor();
  await other.evaluate(watch);

  const page = await (await browser.newContext({ baseURL: origin })).newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 60,
    downloadThroughput: 9e6 / 8,
    uploadThroughput: 9e6 / 8,
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(hurry);
  await page.goto(`${path}${query}`, { waitUntil: 'commit' });
  await other.waitForFunction(() => 'arrived' in window);
  await page.waitForLoadState('load');
  const times = await page.evaluate(() => {
    const { log } = /** @type {Window & { log: Log }} */ (/** @type {unknown} */ (window));
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return { ...log, paint: paint?.startTime ?? NaN, origin: performance.timeOrigin };
  });
  const arrived = await other.evaluate(() => /** @type {{ arrived: number }} */ (/** @type {unknown} */ (window)).arrived);
  await Promise.all([page, other].map((page) => page.context().close()));
  return {
    'first paint': times.paint,
    'text painted': times.textShown ?? NaN,
    'can be written in': times.editable ?? NaN,
    'first edit in another tab': arrived - times.origin,
  };
}

/** @param {number[]} numbers */
function summary(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] ?? NaN;
  return `median ${middle.toFixed(0).padStart(5)} ms   worst ${(sorted.at(-1) ?? NaN).toFixed(0).padStart(5)} ms`;
}

const browser = await chromium.launch(launchOptions());
try {
  for (const query of ['', '?view=plain']) {
    const runs = [];
    for (let load = 0; load < loads; load++) {
      runs.push(await start(browser, query));
    }
    console.log(`/d/…${query}`);
    for (const name of /** @type {(keyof (typeof runs)[number])[]} */ (Object.keys(runs[0] ?? {}))) {
      console.log(`  ${name.padEnd(26)} ${summary(runs.map((run) => run[name]))}`);
    }
  }
} finally {
  await browser.close();
}

// Measures what long texts cost in a page, against a release server that runs already: `npm run numbers:large`.
//
// Nothing here passes or fails. The figures are worth something only on a machine that does nothing else.

import { randomUUID } from 'node:crypto';

import { chromium } from '@playwright/test';

import { origin } from '../support/address.js';
import { launchOptions } from '../support/chromium.js';
import { viewOf } from '../support/surface.js';
import { quantile, watchFrames, worked } from './work.mjs';

const keys = 60;
const surface = '[aria-label="Edit text"][contenteditable=true]';

/** @typedef {import('@playwright/test').Page} Page */

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} path
 */
async function open(browser, path) {
  const page = await (await browser.newContext({ baseURL: origin })).newPage();
  await page.goto(path);
  await page.waitForSelector(surface);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  return { page, devtools };
}

/**
 * @param {Page} page
 * @param {number} length
 */
async function shows(page, length) {
  const view = await viewOf(page.locator(surface));
  while ((await view.evaluate((view) => view.state.doc.length)) !== length) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {number} length
 */
async function measure(browser, length) {
  const path = `/d/numbers-${randomUUID()}?mode=edit`;
  const [writer, reader] = [await open(browser, path), await open(browser, path)];
  await writer.page.locator(surface).fill('Some words in a line, as people write.\n'.repeat(length / 39 + 1).slice(0, length));
  await shows(reader.page, length);
  const view = await viewOf(writer.page.locator(surface));
  await view.evaluate((view, anchor) => view.dispatch({ selection: { anchor }, scrollIntoView: true }), length >> 1);
  await new Promise((resolve) => setTimeout(resolve, 2000));

  const frames = await watchFrames(writer.page);
  const before = [await worked(writer.devtools), await worked(reader.devtools)];
  for (let key = 0; key < keys; key++) {
    await writer.page.keyboard.press('abcdefgh'[key % 8] ?? 'a');
    await new Promise((resolve) => setTimeout(resolve, 40 + Math.random() * 30));
  }
  await shows(reader.page, length + keys);
  const after = [await worked(writer.devtools), await worked(reader.devtools)];
  const times = await frames.jsonValue();
  await Promise.all([writer, reader].map(({ page }) => page.context().close()));

  const [own = NaN, others = NaN] = after.map((end, index) => (end - (before[index] ?? NaN)) / keys);
  console.log(
    `text of ${String(length).padStart(8)}: key to own frame p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms; ` +
      `main thread ${own.toFixed(1)} ms for a key, ${others.toFixed(1)} ms for another person's`,
  );
}

const browser = await chromium.launch(launchOptions());
try {
  for (const length of [10_000, 100_000, 1_000_000, 10_000_000]) {
    await measure(browser, length);
  }
} finally {
  await browser.close();
}

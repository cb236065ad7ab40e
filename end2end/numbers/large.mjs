// Measures what long texts cost in a page, against a release server that runs already: `npm run numbers:large`.
//
// Nothing here passes or fails. The figures are worth something only on a machine that does nothing else.

import { randomUUID } from 'node:crypto';

import { chromium } from '@playwright/test';

import { launchOptions } from '../support/chromium.js';
import { ours } from './contestants.mjs';
import { quantile } from './statistics.mjs';
import { goTo, prose, shows } from './typing.mjs';
import { keyWork } from './work.mjs';

const keys = 60;

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} kind
 * @param {string} text
 */
async function measure(browser, kind, text) {
  const { length } = text;
  const document = `numbers-${randomUUID()}`;
  const [writer, reader] = [await ours.open(browser, document), await ours.open(browser, document)];
  await writer.page.locator(ours.places.editor).fill(text);
  await shows(reader.view, length);
  await goTo(writer.view, length >> 1);
  await new Promise((resolve) => setTimeout(resolve, 2000));

  const { own, others, times } = await keyWork(writer, reader, length, keys);
  await Promise.all([writer, reader].map(({ page }) => page.context().close()));
  const [middle, most] = [0.5, 0.99].map((share) => quantile(times, share).toFixed(1));
  console.log(
    `${kind} of ${String(length).padStart(8)}: key to own frame p50 ${middle} ms, p99 ${most} ms; ` +
      `main thread ${own.toFixed(1)} ms for a key, ${others.toFixed(1)} ms for another person's`,
  );
}

const browser = await chromium.launch(launchOptions());
try {
  for (const length of [10_000, 100_000, 1_000_000, 10_000_000]) {
    await measure(browser, 'text', prose(length));
  }
  await measure(browser, 'line', prose(1_000_000).replaceAll('\n', ' '));
} finally {
  await browser.close();
}

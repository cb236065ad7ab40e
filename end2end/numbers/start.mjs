// Measures how a page starts on a slow connection and a slow machine, against a release server that runs already:
// `npm run numbers:start`.
//
// Nothing here passes or fails. The figures are worth something only on a machine that does nothing else.

import { randomUUID } from 'node:crypto';

import { chromium } from '@playwright/test';

import { origin } from '../support/address.js';
import { launchOptions } from '../support/chromium.js';
import { ours } from './contestants.mjs';
import { moments, startup, text } from './startup.mjs';
import { quantile } from './statistics.mjs';

const loads = 9;

/** @typedef {import('@playwright/test').Browser} Browser */

/** Runs in the other page: when the letter arrives, by the machine's clock. To look for it again and again would cost time. */
function arrival() {
  return new Promise((resolve) => {
    new MutationObserver(() => {
      const shown = document.querySelector('[data-testid="synced-text"]')?.textContent;
      if (shown?.includes('!')) {
        resolve(performance.timeOrigin + performance.now());
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

/**
 * @param {Browser} browser
 * @param {string} query
 */
async function start(browser, query) {
  const address = `${origin}/d/numbers-${randomUUID()}`;
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${address}?view=plain`);
  await other.locator(ours.places.editor).fill(text);
  await other.getByRole('status').getByText('Saved').waitFor();
  const times = await startup(browser, address + query, ours.places, other.evaluate(arrival));
  await other.context().close();
  return times;
}

/** @param {number[]} numbers */
function summary(numbers) {
  const [median, worst] = [0.5, 1].map((share) => quantile(numbers, share).toFixed(0).padStart(5));
  return `median ${median} ms   worst ${worst} ms`;
}

const browser = await chromium.launch(launchOptions());
try {
  for (const query of ['', '?view=plain']) {
    const runs = [];
    for (let load = 0; load < loads; load++) {
      runs.push(await start(browser, query));
    }
    console.log(`/d/…${query}`);
    for (const [moment, times] of moments(runs)) {
      console.log(`  ${moment.padEnd(26)} ${summary(times)}`);
    }
  }
} finally {
  await browser.close();
}

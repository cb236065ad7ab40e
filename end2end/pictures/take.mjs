// Takes the pictures in docs/images, of a server that runs already: `npm run pictures`.

import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { origin } from '../support/address.js';
import { launchOptions } from '../support/chromium.js';
import { viewOf } from '../support/surface.js';

const images = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images');
const desk = { viewport: { width: 1120, height: 660 } };
const phone = { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true };

const text = `# The garden plan

We meet on **Saturday** at ten, behind the [library](https://library.example).

## What to do

- [x] Order the seeds
- [x] Ask the neighbours about the fence
- [ ] Dig the beds on the north side

## Who brings what

| Who | What | How many |
|---|---|--:|
| Anna | Spades | 3 |
| Bert | Seedlings | 40 |

> Nothing goes into the ground before the last frost.
`;

/** @typedef {import('@playwright/test').Page} Page */

/**
 * Opens the document as somebody of this name and colour.
 * @param {import('@playwright/test').BrowserContextOptions} options
 * @param {string} name
 * @param {string} color
 */
async function open(options, name, color) {
  // Names that fade away would be in one picture and not in the next.
  const context = await browser.newContext({ baseURL: origin, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(path);
  await page.locator('[aria-label="Edit text"][contenteditable=true]').waitFor();
  await page.getByRole('button', { name: 'You and your editor' }).click();
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('radio', { name: color }).check({ force: true });
  await page.keyboard.press('Escape');
  return page;
}

/**
 * Selects these words, or puts the caret behind them.
 * @param {Page} page
 * @param {string} words
 * @param {boolean} isCaret
 */
async function select(page, words, isCaret) {
  const view = await viewOf(page.getByLabel('Edit text'));
  await view.evaluate((view, { words, isCaret }) => {
    const at = view.state.sliceDoc().indexOf(words);
    const head = at + words.length;
    view.focus();
    view.dispatch({ selection: { anchor: isCaret ? head : at, head } });
    view.scrollDOM.scrollTop = 0;
  }, { words, isCaret });
  await page.mouse.move(0, 0);
}

const path = `/d/garden-${randomBytes(2).toString('hex')}`;
const browser = await chromium.launch(launchOptions());
try {
  const anna = await open({ ...desk, colorScheme: 'light' }, 'Anna', 'Teal');
  await anna.getByLabel('Edit text').fill(text);
  const bert = await open({ ...phone, colorScheme: 'dark' }, 'Bert', 'Violet');
  await select(anna, 'Order the seeds', true);
  await select(bert, 'Dig the beds', false);
  for (const [page, name] of /** @type {const} */ ([[anna, 'Bert'], [bert, 'Anna']])) {
    await page.getByRole('button', { name: `Go to ${name}` }).waitFor();
    await page.locator('.person-caret').waitFor();
    await page.getByRole('status').getByText('Saved').waitFor();
  }
  await anna.screenshot({ caret: 'initial', path: join(images, 'desk.png') });
  await bert.screenshot({ caret: 'initial', path: join(images, 'phone.png') });
} finally {
  await browser.close();
}

// Measures what a key costs the main thread of our page, and of a page with CodeMirror, y-codemirror and y-websocket on the
// same server, in turns: `npm run numbers:beside`, against a release server that runs already.
//
// Nothing here passes or fails. The figures are worth something only on a machine that does nothing else.

import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';
import { build } from 'esbuild';

import { origin } from '../support/address.js';
import { launchOptions } from '../support/chromium.js';
import { viewOf } from '../support/surface.js';
import { quantile, watchFrames, worked } from './work.mjs';

const keys = 100;
const rounds = 3;
const surface = '[aria-label="Edit text"][contenteditable=true]';
const client = join(dirname(dirname(fileURLToPath(import.meta.url))), 'clients', 'y-codemirror.ts');

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('@playwright/test').JSHandle<import('@codemirror/view').EditorView>} View */

/** @param {Browser} browser */
async function newPage(browser) {
  const page = await (await browser.newContext({ baseURL: origin, bypassCSP: true })).newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  return { page, devtools };
}

/**
 * Our page.
 * @param {Browser} browser
 * @param {string} document
 */
async function ours(browser, document) {
  const opened = await newPage(browser);
  await opened.page.goto(`/d/${document}?mode=edit`);
  const editor = opened.page.locator(surface);
  await editor.waitFor();
  return { ...opened, view: await viewOf(editor) };
}

/**
 * The other one. It comes from an address of the server's at which there is no page of ours.
 * @param {Browser} browser
 * @param {string} document
 */
async function theirs(browser, document) {
  const opened = await newPage(browser);
  const bundle = await build({ entryPoints: [client], bundle: true, minify: true, write: false, format: 'iife' });
  await opened.page.goto('/healthz');
  await opened.page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' });
  const user = { name: 'Anna', color: '#30bced', colorLight: '#30bced33' };
  await opened.page.evaluate(
    (start) => /** @type {{ start(start: object): void }} */ (/** @type {unknown} */ (window)).start(start),
    { document, user },
  );
  await opened.page.waitForFunction(() => 'view' in window);
  const view = /** @type {View} */ (
    await opened.page.evaluateHandle(() => /** @type {{ view: unknown }} */ (/** @type {unknown} */ (window)).view)
  );
  return { ...opened, view };
}

/**
 * @param {View} view
 * @param {number} length
 */
async function shows(view, length) {
  while ((await view.evaluate((view) => view.state.doc.length)) !== length) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * What a key costs whoever types it, and whoever sees it, and how long each took to be seen, in milliseconds.
 * @param {Browser} browser
 * @param {typeof ours | typeof theirs} open
 * @param {number} length
 */
async function measure(browser, open, length) {
  const document = `numbers-${randomUUID()}`;
  const [writer, reader] = [await open(browser, document), await open(browser, document)];
  const text = 'Some words in a line, as people write.\n'.repeat(length / 39 + 1).slice(0, length);
  await writer.view.evaluate((view, insert) => view.dispatch({ changes: { from: 0, insert } }), text);
  await shows(reader.view, length);
  await writer.view.evaluate((view, anchor) => {
    view.focus();
    view.dispatch({ selection: { anchor }, scrollIntoView: true });
  }, length >> 1);
  await new Promise((resolve) => setTimeout(resolve, 2000));

  const frames = await watchFrames(writer.page);
  const before = [await worked(writer.devtools), await worked(reader.devtools)];
  for (let key = 0; key < keys; key++) {
    await writer.page.keyboard.press('abcdefgh'[key % 8] ?? 'a');
    await new Promise((resolve) => setTimeout(resolve, 40 + Math.random() * 30));
  }
  await shows(reader.view, length + keys);
  const after = [await worked(writer.devtools), await worked(reader.devtools)];
  const times = await frames.jsonValue();
  await Promise.all([writer, reader].map(({ page }) => page.context().close()));
  const [own = NaN, others = NaN] = after.map((end, index) => (end - (before[index] ?? NaN)) / keys);
  return { own, others, times };
}

const browser = await chromium.launch(launchOptions());
try {
  for (const length of [20_000, 1_000_000]) {
    /** @type {Map<string, Awaited<ReturnType<typeof measure>>[]>} */
    const all = new Map();
    for (let round = 0; round < rounds; round++) {
      for (const [name, open] of /** @type {const} */ ([['our page', ours], ['y-codemirror', theirs]])) {
        all.set(name, [...(all.get(name) ?? []), await measure(browser, open, length)]);
      }
    }
    for (const [name, runs] of all) {
      const frame = [0.5, 0.99].map((share) => quantile(runs.flatMap(({ times }) => times), share));
      const [own, others] = [runs.map(({ own }) => own), runs.map(({ others }) => others)].map((all) => quantile(all, 0.5));
      console.log(
        `text of ${String(length).padStart(7)}, ${name.padEnd(12)}: key to own frame p50 ${frame[0]} ms, p99 ${frame[1]} ms; ` +
          `main thread ${own} ms for a key, ${others} ms for another person's`,
      );
    }
  }
} finally {
  await browser.close();
}

// Measures our page, and one with CodeMirror, y-codemirror and y-websocket on the same server, in turns: what a key costs the
// main thread, how long it takes to another tab, what code is loaded, and how the page starts on a slow connection and a slow
// machine: `npm run numbers:beside`, against a release server that runs already.
//
// Nothing here passes or fails. The figures are worth something only on a machine that does nothing else.

import { randomUUID } from 'node:crypto';

import { chromium } from '@playwright/test';

import { origin } from '../support/address.js';
import { launchOptions } from '../support/chromium.js';
import { arrivals, byAge, grownBeyond, watchGrowth, watchKeys } from './arrival.mjs';
import { ours, theirs } from './contestants.mjs';
import { moments, startup, text } from './startup.mjs';
import { quantile } from './statistics.mjs';
import { allBytes, transferred } from './transfer.mjs';
import { goTo, press, prose, shows } from './typing.mjs';
import { keyWork } from './work.mjs';

const keys = 100;
const keysToOthers = 450;
const rounds = 3;
const roundsToOthers = 2;
const loads = 9;

/** @typedef {import('./contestants.mjs').Contestant} Contestant */
/** @typedef {import('./contestants.mjs').Tab} Tab */

/**
 * Two tabs with a text, the first one with its caret in the middle, and others that look on.
 * @param {Contestant} contestant
 * @param {number} length
 * @param {number} idle how many others
 */
async function openBoth({ open }, length, idle = 0) {
  const document = `numbers-${randomUUID()}`;
  const [writer, reader] = [await open(browser, document), await open(browser, document)];
  const others = [];
  for (let tab = 0; tab < idle; tab++) {
    others.push(await open(browser, document));
  }
  await writer.view.evaluate((view, insert) => view.dispatch({ changes: { from: 0, insert } }), prose(length));
  await shows(reader.view, length);
  await writer.view.evaluate((view) => view.focus());
  await goTo(writer.view, length >> 1);
  return { writer, reader, others };
}

/** Gives both pages the time to do what they put off. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 2000));

/** @param {Tab[]} tabs */
const close = (...tabs) => Promise.all(tabs.map(({ page }) => page.context().close()));

/**
 * What a key costs. The reader looks at another place.
 * @param {Contestant} contestant
 * @param {number} length
 */
async function work(contestant, length) {
  const { writer, reader } = await openBoth(contestant, length);
  await settle();
  const found = await keyWork(writer, reader, length, keys);
  await close(writer, reader);
  return found;
}

/**
 * From each key to its letter in the other tab. The reader looks at the same place.
 * @param {Contestant} contestant
 * @param {number} length
 * @param {number} idle how many more tabs look on
 */
async function arrival(contestant, length, idle) {
  const { writer, reader, others } = await openBoth(contestant, length, idle);
  await goTo(reader.view, length >> 1);
  await settle();
  const [pressed, shown] = [await watchKeys(writer.page), await watchGrowth(reader.view)];
  await press(writer.page, keysToOthers, 30);
  await shows(reader.view, length + keysToOthers);
  const times = arrivals(await pressed.jsonValue(), await shown.jsonValue(), length);
  await close(writer, reader, ...others);
  return times;
}

/**
 * How the page of a document starts that somebody else has open.
 * @param {Contestant} contestant
 */
async function start({ open, address, places }) {
  const document = `numbers-${randomUUID()}`;
  await fetch(`${origin}/api/documents/${document}/text`, { method: 'PUT', body: text });
  const other = await open(browser, document);
  await shows(other.view, text.length);
  const shown = await watchGrowth(other.view);
  const arrival = shows(other.view, text.length + 1).then(async () => grownBeyond(await shown.jsonValue(), text.length));
  const times = await startup(browser, address(document), places, arrival);
  await close(other);
  return times;
}

/**
 * All measurements of each page. They take turns, so that whatever else the machine does slows both down.
 * @template Found
 * @param {number} rounds
 * @param {(contestant: Contestant) => Promise<Found>} measure
 */
async function inTurns(rounds, measure) {
  const all = contestants.map((contestant) => ({ contestant, runs: /** @type {Found[]} */ ([]) }));
  for (let round = 0; round < rounds; round++) {
    for (const { contestant, runs } of all) {
      runs.push(await measure(contestant));
    }
  }
  return all.map(({ contestant, runs }) => ({ name: contestant.name.padEnd(12), runs }));
}

/** @param {number[]} times */
const median = (times) => quantile(times, 0.5);

/** @param {number[]} times */
const spread = (times) => `p50 ${median(times).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`;

/** @param {number} length */
async function compareKeys(length) {
  const what = `text of ${String(length).padStart(7)}`;
  for (const { name, runs } of await inTurns(rounds, (contestant) => work(contestant, length))) {
    const [own, others] = [median(runs.map(({ own }) => own)), median(runs.map(({ others }) => others))];
    console.log(
      `${what}, ${name}: key to own frame ${spread(runs.flatMap(({ times }) => times))}; ` +
        `main thread ${own.toFixed(1)} ms for a key, ${others.toFixed(1)} ms for another person's`,
    );
  }
  for (const idle of [0, 5]) {
    for (const { name, runs } of await inTurns(roundsToOthers, (contestant) => arrival(contestant, length, idle))) {
      const spreads = runs.map(byAge).reduce(together).map(([tabs, times]) => `${tabs} ${spread(times)}`);
      console.log(`${what}, ${name}: key to the other tab, ${idle} more look on: ${spreads.join('; ')}`);
    }
  }
}

/**
 * @param {[string, number[]][]} one
 * @param {[string, number[]][]} other
 * @returns {[string, number[]][]}
 */
const together = (one, other) => one.map(([tabs, times], index) => [tabs, [...times, ...(other[index]?.[1] ?? [])]]);

async function compareBytes() {
  for (const { name, runs } of await inTurns(1, ({ address, places }) => transferred(browser, address, places.editor))) {
    const files = runs.flat();
    const encodings = [...new Set(files.map(({ encoding }) => encoding))].join(', ');
    console.log(`all code that is loaded, ${name}: ${allBytes(files)} bytes (${encodings})`);
  }
}

async function compareStarts() {
  for (const { name, runs } of await inTurns(loads, start)) {
    const found = moments(runs).map(([moment, times]) => `${moment} ${median(times).toFixed(0)} ms`);
    console.log(`slow start, ${name}: ${found.join(', ')}`);
  }
}

const browser = await chromium.launch(launchOptions());
const rival = await theirs();
const contestants = [ours, rival.contestant];
try {
  console.log(`Chromium ${browser.version()}, ${origin}\n`);
  await compareKeys(20_000);
  await compareKeys(1_000_000);
  await compareBytes();
  await compareStarts();
} finally {
  await browser.close();
  rival.close();
}

// What a key costs a page.

import { press, shows } from './typing.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./contestants.mjs').Tab} Tab */

/**
 * What a key costs whoever types it, and whoever sees it, and how long each took to be seen, in milliseconds.
 * @param {Tab} writer
 * @param {Tab} reader
 * @param {number} length how long the text is before
 * @param {number} keys
 */
export async function keyWork(writer, reader, length, keys) {
  const frames = await watchFrames(writer.page);
  const before = [await worked(writer.devtools), await worked(reader.devtools)];
  await press(writer.page, keys, 40);
  await shows(reader.view, length + keys);
  const after = [await worked(writer.devtools), await worked(reader.devtools)];
  const times = await frames.jsonValue();
  const [own = NaN, others = NaN] = after.map((end, index) => (end - (before[index] ?? NaN)) / keys);
  return { own, others, times };
}

/**
 * For how long a page's main thread has worked, in milliseconds.
 * @param {import('@playwright/test').CDPSession} devtools
 */
async function worked(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
}

/**
 * From each key to the frame that shows it, in milliseconds.
 * @param {Page} page
 */
async function watchFrames(page) {
  return page.evaluateHandle(() => {
    /** @type {number[]} */
    const times = [];
    addEventListener(
      'keydown',
      ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - timeStamp))),
      true,
    );
    return times;
  });
}

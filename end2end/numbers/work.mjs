// What a key costs a page.

/** @typedef {import('@playwright/test').Page} Page */

/**
 * For how long a page's main thread has worked, in milliseconds.
 * @param {import('@playwright/test').CDPSession} devtools
 */
export async function worked(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
}

/**
 * From each key to the frame that shows it, in milliseconds.
 * @param {Page} page
 */
export async function watchFrames(page) {
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

/**
 * What so large a share of the numbers does not exceed.
 * @param {number[]} numbers
 * @param {number} share
 */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(1);
}

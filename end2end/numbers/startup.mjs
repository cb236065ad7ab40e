// How a page starts on a slow connection and a slow machine: 9 Mbit/s, 60 ms, a quarter of the CPU, nothing in the cache.

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {{ editable: number | null, textShown: number | null }} Log */
/** @typedef {Record<string, number>} Run when what happened, in milliseconds */
/** @typedef {{ editor: string, text: string }} Places what is written in, once it can be, and what the text is shown in */

/** A document of 20 KB to start with. */
export const text = 'Some words in a line, as people write them down.\n'.repeat(420).slice(0, 20_480);

/** How late a slow browser may tell what it has painted, in milliseconds. */
const delay = 1000;

/** How long a browser's new window is busy with itself, in milliseconds. Who opens a link has had theirs for longer. */
const settling = 1500;

/**
 * Starts a page, writes a letter as soon as that is possible, and tells what happened when, in milliseconds.
 * @param {Browser} browser
 * @param {string} address
 * @param {Places} places
 * @param {Promise<number>} arrival when the letter came to another tab, by the machine's clock
 * @returns {Promise<Run>}
 */
export async function startup(browser, address, places, arrival) {
  const page = await slowPage(browser);
  await page.addInitScript(hurry, places);
  await page.goto(address, { waitUntil: 'commit' });
  const arrived = await arrival;
  await page.waitForLoadState('load');
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  await page.waitForTimeout(delay);
  const times = await page.evaluate(() => {
    const { log } = /** @type {Window & { log: Log }} */ (/** @type {unknown} */ (window));
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return { ...log, paint: paint?.startTime ?? NaN, origin: performance.timeOrigin };
  });
  await page.context().close();
  return {
    'first paint': times.paint,
    'text painted': times.textShown ?? NaN,
    'can be written in': times.editable ?? NaN,
    'first edit in another tab': arrived - times.origin,
  };
}

/**
 * For each moment, when it came, as far as is known: of a text that was replaced before, the browser does not tell when it
 * was painted.
 * @param {Run[]} runs
 * @returns {[moment: string, times: number[]][]}
 */
export function moments(runs) {
  const names = Object.keys(runs[0] ?? {});
  return names.map((name) => [name, runs.map((run) => run[name] ?? NaN).filter((time) => !Number.isNaN(time))]);
}

/** @param {Browser} browser */
async function slowPage(browser) {
  const page = await (await browser.newContext()).newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 60,
    downloadThroughput: 9e6 / 8,
    uploadThroughput: 9e6 / 8,
  });
  await page.waitForTimeout(settling);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  return page;
}

/**
 * Runs in the page, before anything else there: writes a letter as soon as that is possible.
 * @param {Places} places
 */
function hurry(places) {
  /** @type {Log} */
  const log = { editable: null, textShown: null };
  Object.assign(window, { log });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { element, startTime } = /** @type {PerformanceEntry & { element: Element | null }} */ (entry);
      log.textShown ??= element?.closest(places.text) ? startTime : null;
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  const watcher = new MutationObserver(() => {
    /** @type {HTMLElement | null} */
    const editor = document.querySelector(places.editor);
    if (editor) {
      watcher.disconnect();
      log.editable = performance.now();
      editor.focus();
      document.execCommand('insertText', false, '!');
    }
  });
  watcher.observe(document, { subtree: true, childList: true, attributes: true });
}

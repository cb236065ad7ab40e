// From a key pressed in one page to its letter in another one. Times are of the machine's clock, so that two pages can be
// compared, and in milliseconds.

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./typing.mjs').View} View */
/** @typedef {{ at: number, length: number }} Shown since when a page has shown a text of what length */

/**
 * When each key was pressed.
 * @param {Page} page
 */
export async function watchKeys(page) {
  return page.evaluateHandle(() => {
    /** @type {number[]} */
    const pressed = [];
    addEventListener('keydown', (event) => pressed.push(performance.timeOrigin + event.timeStamp), true);
    return pressed;
  });
}

/**
 * When an editor's elements showed a text of another length. It must have the place in view where that happens: the rest
 * of a text has no elements.
 * @param {View} view
 */
export async function watchGrowth(view) {
  return view.evaluateHandle((view) => {
    /** @type {Shown[]} */
    const shown = [];
    new MutationObserver(() => {
      const at = performance.timeOrigin + performance.now();
      const { length } = view.state.doc;
      if (length !== shown.at(-1)?.length) {
        shown.push({ at, length });
      }
    }).observe(view.contentDOM, { subtree: true, childList: true, characterData: true });
    return shown;
  });
}

/**
 * For each key, how long its letter took. The text only grows, and several letters may appear at once.
 * @param {number[]} pressed
 * @param {Shown[]} shown
 * @param {number} length how long the text was before
 */
export function arrivals(pressed, shown, length) {
  return pressed.map((at, key) => grownBeyond(shown, length + key) - at);
}

/**
 * When the text first was longer than that.
 * @param {Shown[]} shown
 * @param {number} length
 */
export function grownBeyond(shown, length) {
  return shown.find((state) => state.length > length)?.at ?? NaN;
}

// From a key pressed in one page to its letter in another one. Times are of the machine's clock, so that two pages can be
// compared, and in milliseconds.

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./typing.mjs').View} View */
/** @typedef {{ at: number, length: number }} Shown since when a page has shown a text of what length */

/** With so many keys a browser still compiles, in every tab, what they have to go through. */
const learning = 150;

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
 * How long letters took, apart for tabs that are new and for those that have seen some keys. Most of the time that people
 * write, theirs are of the second kind.
 * @param {number[]} times
 * @returns {[tabs: string, times: number[]][]}
 */
export function byAge(times) {
  return [
    ['new tabs', times.slice(0, learning)],
    [`after ${learning} keys`, times.slice(learning)],
  ];
}

/**
 * When the text first was longer than that.
 * @param {Shown[]} shown
 * @param {number} length
 */
export function grownBeyond(shown, length) {
  return shown.find((state) => state.length > length)?.at ?? NaN;
}

// Somebody types, and somebody else reads it.

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('@playwright/test').JSHandle<import('@codemirror/view').EditorView>} View */

/** How long a text may take to come to another page, in milliseconds. */
const patience = 60_000;

/**
 * A text of so many units, in paragraphs of eight lines.
 * @param {number} length
 */
export function prose(length) {
  const paragraph = `${'Some words in a line, as people write.\n'.repeat(8)}\n`;
  return paragraph.repeat(length / paragraph.length + 1).slice(0, length);
}

/**
 * Puts the caret there, and shows it.
 * @param {View} view
 * @param {number} place
 */
export async function goTo(view, place) {
  await view.evaluate((view, anchor) => view.dispatch({ selection: { anchor }, scrollIntoView: true }), place);
}

/**
 * Presses so many keys where the caret is.
 * @param {Page} page
 * @param {number} keys
 * @param {number} pause the shortest time between two of them, in milliseconds; the longest is 70
 */
export async function press(page, keys, pause) {
  for (let key = 0; key < keys; key++) {
    await page.keyboard.press('abcdefgh'[key % 8] ?? 'a');
    // Uneven, so that no frame rate favours or spoils the result.
    await new Promise((resolve) => setTimeout(resolve, pause + Math.random() * (70 - pause)));
  }
}

/**
 * Waits until the text is so long. A page in which something failed would be waited for for ever.
 * @param {View} view
 * @param {number} length
 */
export async function shows(view, length) {
  const end = Date.now() + patience;
  while ((await view.evaluate((view) => view.state.doc.length)) !== length) {
    if (Date.now() > end) {
      throw new Error(`a text of ${length} has not come within ${patience} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// The pages that are compared.

import { origin } from '../support/address.js';
import { viewOf } from '../support/surface.js';
import { serve } from './host.mjs';
import { makeRival, user } from './rival.mjs';

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('./typing.mjs').View} View */
/** @typedef {{ page: import('@playwright/test').Page, devtools: import('@playwright/test').CDPSession, view: View }} Tab */

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {import('./startup.mjs').Places} places
 * @property {(document: string) => string} address where the page of a document is, as everybody would get it
 * @property {(browser: Browser, document: string) => Promise<Tab>} open a tab of another person, which can be written in
 */

/** @type {Contestant} */
export const ours = {
  name: 'our page',
  places: { editor: '[aria-label="Edit text"][contenteditable=true]', text: '.sheet' },
  address: (document) => `${origin}/d/${document}?mode=edit&view=plain`,
  async open(browser, document) {
    const tab = await openTab(await browser.newContext(), ours.address(document));
    const editor = tab.page.locator(ours.places.editor);
    await editor.waitFor();
    return { ...tab, view: await viewOf(editor) };
  },
};

/**
 * A page with CodeMirror, y-codemirror and y-websocket. It comes from a server of its own, which has to be closed. But where
 * it is just opened, it is put into a page of our server's, so that its socket leads there directly.
 */
export async function theirs() {
  const rival = await makeRival();
  const host = await serve(rival);
  /** @type {Contestant} */
  const contestant = {
    name: 'y-codemirror',
    places: { editor: '.cm-content[contenteditable=true]', text: '.cm-content' },
    address: (document) => `${host.origin}/d/${document}`,
    async open(browser, document) {
      // The policy of the page allows no code but our own.
      const tab = await openTab(await browser.newContext({ bypassCSP: true }), `${origin}/healthz`);
      await tab.page.addScriptTag({ content: rival.code });
      await tab.page.evaluate(
        (start) => /** @type {{ start(start: object): void }} */ (/** @type {unknown} */ (window)).start(start),
        { document, user },
      );
      await tab.page.waitForFunction(() => 'view' in window);
      const view = await tab.page.evaluateHandle(() => /** @type {{ view: unknown }} */ (/** @type {unknown} */ (window)).view);
      return { ...tab, view: /** @type {View} */ (view) };
    },
  };
  return { contestant, close: host.close };
}

/**
 * @param {import('@playwright/test').BrowserContext} context
 * @param {string} address
 */
async function openTab(context, address) {
  const page = await context.newPage();
  await page.goto(address);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  return { page, devtools };
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Page } from '@playwright/test';

import { origin } from '../support/address.js';
import { expect, test } from '../support/test.ts';

/** What the console says when something is not let run. */
const REFUSED = /Content Security Policy/;
/** To Chromium, a page that was changed on its way does not come from this machine, and may not talk to it. */
const NOT_FROM_HERE = /ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS/;

/** Changes the document's page on its way, in its head, which no code touches later. */
async function rewrite(page: Page, markup: (html: string) => string): Promise<void> {
  await page.route('**/d/*', async (route) => {
    const response = await route.fetch();
    const html = await response.text();
    await route.fulfill({ response, body: html.replace('</head>', `${markup(html)}</head>`) });
  });
}

const holes = {
  'a script': '<script>window.hasRun = true</script>',
  'a script from elsewhere': '<script src="data:text/javascript,window.hasRun=true"></script>',
  'a script with a nonce that is made up': '<script nonce="abc">window.hasRun = true</script>',
  "an element's handler": '<script src="/none.js" onerror="window.hasRun = true"></script>',
};

for (const [name, markup] of Object.entries(holes)) {
  test(`${name} that slipped into the page does not run`, async ({ document, tabs }) => {
    tabs.allow(REFUSED, NOT_FROM_HERE);
    const tab = await tabs.open(document, { prepare: (page) => rewrite(page, () => markup) });
    await tab.editor.fill('and all else works');
    await expect(tab.synced).toHaveText('and all else works');
    expect(await tab.page.evaluate(() => 'hasRun' in window)).toBe(false);
  });
}

test('a script that bears the nonce of the page runs', async ({ document, tabs }) => {
  tabs.allow(NOT_FROM_HERE);
  const script = (html: string): string => {
    const nonce = /<script[^>]* nonce="([^"]+)"/.exec(html)?.[1];
    return `<script nonce="${nonce}">window.hasRun = true</script>`;
  };
  const tab = await tabs.open(document, { prepare: (page) => rewrite(page, script) });
  expect(await tab.page.evaluate(() => 'hasRun' in window)).toBe(true);
});

test('a page of another origin gets no socket', async ({ document, tabs }) => {
  const elsewhere = createServer((_, response) => response.end('<!DOCTYPE html>')).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  tabs.allow(/status of 404|response code: 403/);
  const { page } = await tabs.visit(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`);
  const refused = page.waitForEvent('console', (message) => /response code: 403/.test(message.text()));
  await page.evaluate((url) => void new WebSocket(url), `${origin.replace('http', 'ws')}/ws/${document}`);
  await refused;
  await tabs.close();
  elsewhere.close();
});

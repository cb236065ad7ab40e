// What a page loads besides its HTML.

import { randomUUID } from 'node:crypto';

/** @typedef {{ url: string, type: string, encoding: string, bytes: number }} Loaded */

/**
 * All of it, in bytes as they came over the wire.
 * @param {import('@playwright/test').Browser} browser
 * @param {(document: string) => string} address where a document's page is
 * @param {string} editor what there is once it can be written in
 */
export async function transferred(browser, address, editor) {
  const page = await (await browser.newContext()).newPage();
  const devtools = await page.context().newCDPSession(page);
  /** @type {Map<string, Loaded>} */
  const responses = new Map();
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    const encoding = response.headers['content-encoding'] ?? response.headers['Content-Encoding'] ?? 'none';
    responses.set(requestId, { url: response.url, type, encoding, bytes: 0 });
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const response = responses.get(requestId);
    if (response) {
      response.bytes = encodedDataLength;
    }
  });
  await devtools.send('Network.enable');
  await page.goto(address(`numbers-${randomUUID()}`), { waitUntil: 'networkidle' });
  await page.waitForSelector(editor);
  await page.context().close();
  return [...responses.values()].filter(({ type, url }) => type !== 'Document' && !url.startsWith('data:'));
}

/** @param {Loaded[]} files */
export function allBytes(files) {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

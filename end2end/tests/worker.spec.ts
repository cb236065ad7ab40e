import type { Page } from '@playwright/test';

import { OwnServer } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

test('a document that was opened before opens without a network', async ({ document, network, server, stock, tabs }) => {
  tabs.expectLosses();
  const remote = await stock(server.origin);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();
  await remote.insert('', 'from there ');
  await tab.shows('from there ');
  await isKept(tab.page);

  network.cut();
  await tab.isOffline();
  await tab.select('from there '.length);
  await tab.type('from here');
  await tab.shows('from there from here');
  await tab.page.close();

  const next = await tabs.open(document, { beside: await tabs.visit('about:blank', { beside: tab }) });
  await next.shows('from there from here');
  await expect(next.badge).toContainText(/Offline.*\b9 changes waiting/);
  await next.select(0);
  await next.type('> ');
  await expect(next.badge).toContainText(/\b11 changes waiting/);
  await remote.insert('from there ', 'meanwhile ');

  network.restore();
  await next.isSaved();
  const text = await remote.text();
  expect(text).toMatch(/^> from there (meanwhile from here|from heremeanwhile )$/);
  await next.shows(text);
});

test('a page is the newest one while there is a network', async ({ document, network, server, stock, tabs }) => {
  const remote = await stock(server.origin);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();
  await isKept(tab.page);
  await remote.insert('', 'news');
  await tab.shows('news');
  const answer = await tab.page.reload();
  expect(answer?.fromServiceWorker()).toBe(true);
  expect(await answer?.text()).toContain('news');
});

test('a network that is there but carries nothing is not waited for', async ({ document, network, tabs }) => {
  tabs.expectLosses();
  const tab = await tabs.open(document, { at: network.origin });
  await tab.editor.fill('kept');
  await tab.isSaved();
  await isKept(tab.page);
  network.stall();
  await tab.page.reload({ waitUntil: 'commit' });
  await tab.isLive();
  await tab.shows('kept');
  network.cut();
  network.restore();
  await tab.isSaved();
});

test('a page is shown for its own document only', async ({ document, network, tabs }) => {
  tabs.expectLosses();
  tabs.allow(/FetchEvent/);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();
  await isKept(tab.page);
  network.cut();
  for (const path of [`/d/${document}-2`, `/d/${document.slice(0, -1)}`, '/']) {
    await expect(tab.page.goto(path)).rejects.toThrow(/net::ERR_/);
  }
});

test('a page that was seen with other parameters is found', async ({ document, network, tabs }) => {
  tabs.expectLosses();
  const tab = await tabs.open(document, { at: network.origin });
  await tab.editor.fill('kept');
  await tab.isSaved();
  await isKept(tab.page);
  const address = tab.page.url();
  network.cut();
  await tab.page.goto(`/d/${document}?view=plain&mode=read`);
  expect(tab.page.url()).toBe(address);
  await tab.shows('kept');
});

test('what is no document is not kept', async ({ document, network, tabs }) => {
  tabs.allow(/status of 400/);
  const tab = await tabs.open(document, { at: network.origin });
  await isKept(tab.page);
  await tab.page.goto('/d/.hidden');
  await tab.page.goto('/healthz');
  const kept = await tab.page.evaluate(async () => {
    const names = await caches.keys();
    const caught = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return caught.flat().map((request) => new URL(request.url).pathname);
  });
  expect(kept.filter((path) => path.startsWith('/d/'))).toEqual([`/d/${document}`]);
  expect(kept).not.toContain('/healthz');
});

test('while somebody works on the program there is no worker', async () => {
  const server = await OwnServer.start({ LEPTOS_WATCH: 'ON' });
  const watched = await fetch(`${server.origin}/spike1`);
  expect(await watched.text()).not.toContain('service-worker');
  await server.dispose();
});

/** Waits until a page can be opened without a network. */
async function isKept(page: Page): Promise<void> {
  const kept = (path: string) => page.evaluate(async (path) => Boolean(await caches.match(path)), path);
  await expect.poll(() => kept(page.url())).toBe(true);
  const files = await page.evaluate(() => {
    const entries = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
    return entries.filter((path) => path.startsWith('/pkg/') || path.startsWith('/surface/'));
  });
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    await expect.poll(() => kept(file), file).toBe(true);
  }
}

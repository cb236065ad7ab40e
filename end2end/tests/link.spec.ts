import type { Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';
import { letters } from '../support/text.ts';

test('what is written on both sides while the connection is lost is merged', async ({
  document,
  network,
  server,
  stock,
  tabs,
}) => {
  const remote = await stock(server.origin);
  await remote.insert('', 'one\n\ntwo');
  const tab = await tabs.openAndCut(document, network);
  await tab.select('one'.length);
  await tab.type(' from here');
  await remote.insert('two', ' from there');
  await tab.shows('one from here\n\ntwo');
  expect(await remote.text()).toBe('one\n\ntwo from there');
  await expect(tab.badge).toContainText('Offline');
  await expect(tab.badge).not.toContainText('Saved');

  network.restore();
  await tab.isSaved();
  await tab.shows('one from here\n\ntwo from there');
  expect(await remote.text()).toBe('one from here\n\ntwo from there');
});

test('the badge counts what waits to be sent', async ({ document, network, tabs }) => {
  const tab = await tabs.openAndCut(document, network);
  await tab.editor.focus();
  await tab.type('abc');
  await expect(tab.badge).toContainText(/Offline.*\b3\b/);
  network.restore();
  await tab.isSaved();
});

test('a browser that goes offline and comes back', async ({ document, network, server, stock, tabs }) => {
  tabs.expectLosses();
  const remote = await stock(server.origin);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();

  // Chromium lets open sockets live, so the connection is cut besides.
  await tab.page.context().setOffline(true);
  network.cut();
  await tab.isOffline();
  await tab.editor.focus();
  await tab.type('written offline');
  network.restore();
  await tab.shows('written offline');
  await expect(tab.badge).toContainText('Offline');

  await tab.page.context().setOffline(false);
  await tab.isSaved();
  expect(await remote.text()).toBe('written offline');
});

for (const event of ['online', 'visibilitychange']) {
  test(`a page that waits tries again at once: ${event}`, async ({ document, network, tabs }) => {
    tabs.expectLosses();
    // Of all waits the longest.
    const prepare = async (page: Page): Promise<void> => {
      await page.addInitScript(() => (Math.random = () => 0.999));
    };
    const tab = await tabs.open(document, { at: network.origin, prepare });
    await tab.isSaved();
    let tries = 0;
    tab.page.on('websocket', () => (tries += 1));
    network.cut();
    await expect.poll(() => tries, { timeout: 20_000 }).toBe(4);
    // The next one would come after four seconds.
    network.restore();
    const begun = Date.now();
    await expect(async () => {
      await tab.page.evaluate((event) => window.document.dispatchEvent(new Event(event, { bubbles: true })), event);
      await expect(tab.badge).toContainText('Saved', { timeout: 200 });
    }).toPass();
    expect(Date.now() - begun).toBeLessThan(2_000);
  });
}

test('nothing is called saved before the server has said so', async ({ document, network, server, stock, tabs }) => {
  const remote = await stock(server.origin);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();

  network.stall();
  await tab.editor.focus();
  await tab.type('on its way');
  await expect(tab.badge).toContainText('Saving');
  expect(await remote.text()).toBe('');

  network.restore();
  await tab.isSaved();
  expect(await remote.text()).toBe('on its way');
});

test('a connection that stalls and then breaks', async ({ document, network, server, stock, tabs }) => {
  tabs.expectLosses();
  const remote = await stock(server.origin);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();

  network.stall();
  await tab.editor.focus();
  await tab.type('never sent by this socket');
  await remote.insert('', 'never received by it\n');
  network.cut();
  await tab.isOffline();
  network.restore();
  await tab.isSaved();

  const text = 'never received by it\nnever sent by this socket';
  const other = 'never sent by this socketnever received by it\n';
  await expect.poll(() => remote.text()).toMatch(new RegExp(`^(${text}|${other})$`));
  await tab.shows(await remote.text());
});

test('a connection that breaks again and again loses and doubles nothing', async ({
  document,
  network,
  server,
  stock,
  tabs,
}) => {
  tabs.expectLosses();
  const remote = await stock(server.origin);
  await remote.insert('', '|');
  const tab = await tabs.open(document, { at: network.origin });
  await tab.select(1);

  const text = letters('a', 200);
  const writing = tab.editor.pressSequentially(text, { delay: 20 });
  for (let turn = 1; turn <= 5; turn++) {
    await expect.poll(() => remote.text()).toContain(text.slice(0, turn * 10));
    network.cut();
    await tab.isOffline();
    await remote.insert('', `${turn}`);
    network.restore();
  }
  await writing;

  await tab.isSaved();
  await tab.shows(`54321|${text}`);
  expect(await remote.text()).toBe(`54321|${text}`);
});

test('a text of many lines written offline arrives whole', async ({ document, network, server, stock, tabs }) => {
  const remote = await stock(server.origin);
  const tab = await tabs.openAndCut(document, network);
  const text = Array.from({ length: 500 }, (_, line) => `Line ${line}, written far from everything.`).join('\n');
  await tab.editor.fill(text);
  network.restore();
  await tab.isSaved();
  expect(await remote.text()).toBe(text);
});

test('it is said once that the connection is lost, and that all is well again', async ({ document, network, tabs }) => {
  tabs.expectLosses();
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();
  const region = tab.page.getByTestId('link-news');
  await expect(region).toHaveAttribute('aria-live', 'polite');
  const news = await region.evaluateHandle((element) => {
    const news: (string | null)[] = [];
    const hear = (): number => news.push(element.textContent);
    new MutationObserver(hear).observe(element, { subtree: true, childList: true, characterData: true });
    return news;
  });
  await tab.editor.focus();
  await tab.type('well');
  await tab.isSaved();
  network.cut();
  await tab.isOffline();
  await tab.type('lost');
  await expect(tab.badge).toContainText('4 changes waiting');
  network.restore();
  await tab.isSaved();
  expect(await news.jsonValue()).toEqual(['Offline', 'Connected again, and everything is saved.']);
});

test('a page that nobody sees takes in what arrives now and then, and all of it when it is looked at', async ({
  document,
  tabs,
}) => {
  const [writer, reader] = [await tabs.open(document), await tabs.open(document)];
  await reader.isSaved();
  await showOrHide(reader.page, 'hidden');
  const changes = await reader.synced.evaluateHandle((element) => {
    const times: number[] = [];
    new MutationObserver(() => times.push(performance.now())).observe(element, { subtree: true, childList: true, characterData: true });
    return times;
  });
  const keys = 200;
  const text = `${letters('a', keys)}.`;
  await writer.editor.focus();
  await writer.type(text, 40);
  await writer.isSaved();
  // All of it has arrived, whatever has been made of it.
  await expect.poll(() => Buffer.from(reader.wire.edits.received.at(-1) ?? []).includes('.')).toBe(true);
  await expect.poll(() => changes.evaluate((times) => times.length)).toBeGreaterThan(0);
  const times = await changes.jsonValue();
  expect(times.length).toBeLessThan(keys / 10);
  for (const [at, time] of times.slice(1).entries()) {
    expect(time - (times[at] ?? 0)).toBeGreaterThan(4_500);
  }

  await showOrHide(reader.page, 'visible');
  expect(await reader.shown()).toEqual({ editor: text, synced: text });
  await writer.type('!');
  await reader.shows(`${text}!`);
});

test('what is written in a page that is hidden then is saved at once', async ({ document, tabs, stock }) => {
  const remote = await stock();
  const tab = await tabs.open(document);
  await tab.isSaved();
  await showOrHide(tab.page, 'hidden');
  await tab.editor.focus();
  await tab.type('and gone');
  await expect(tab.badge).toContainText('Saved', { timeout: 3_000 });
  expect(await remote.text()).toBe('and gone');
});

/** Playwright's pages are always seen, so this page is told otherwise. */
async function showOrHide(page: Page, state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(window.document, 'visibilityState', { configurable: true, get: () => state });
    window.document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, state);
}

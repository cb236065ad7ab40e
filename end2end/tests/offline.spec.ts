import type { Page } from '@playwright/test';

import type { Tab } from '../support/tab.ts';
import { expect, test } from '../support/test.ts';

test('what is written offline outlives its tab and is sent by the next', async ({
  document,
  network,
  server,
  stock,
  tabs,
}) => {
  tabs.expectLosses();
  const remote = await stock(server.origin);
  await remote.insert('', 'before ');
  const tab = await tabs.open(document, { at: network.origin });
  await tab.shows('before ');
  await tab.isSaved();
  // What is written builds on this, which the next page does not bring along.
  await remote.insert('before ', 'and ');
  await tab.shows('before and ');

  network.cut();
  await tab.isOffline();
  await tab.select('before and '.length);
  await tab.type('after');
  await expect(tab.badge).toContainText(/Offline.*\b5 changes waiting/);
  const next = await tabs.visit('about:blank', { beside: tab });
  await tab.page.close();
  network.restore();

  await next.page.goto(`/d/${document}`);
  await next.isSaved();
  await next.shows('before and after');
  expect(await remote.text()).toBe('before and after');
  // And it is sent no more.
  await next.page.reload();
  await next.isSaved();
  expect(next.wire.edits.sent.at(-1)).toEqual(Uint8Array.of(0, 1, 2, 0, 0));
});

test('changes that wait are counted again by the next page', async ({ document, network, tabs }) => {
  const tab = await tabs.openAndCut(document, network);
  await tab.editor.focus();
  await tab.type('abc');
  await expect(tab.badge).toContainText(/\b3 changes waiting/);

  const next = await tabs.visit('about:blank', { beside: tab, prepare: withoutServer });
  await tab.page.close();
  network.restore();
  await next.page.goto(`/d/${document}`);
  await next.shows('abc');
  await expect(next.badge).toContainText(/Offline.*\b3 changes waiting/);
  await next.select(3);
  await next.type('d');
  await expect(next.badge).toContainText(/\b4 changes waiting/);

  // A sibling that reaches the server speaks for both.
  const third = await tabs.open(document, { beside: next });
  await third.shows('abcd');
  await third.isSaved();
  await expect(next.badge).not.toContainText('waiting');
});

test('two tabs of one browser agree without a network', async ({ document, network, server, stock, tabs }) => {
  tabs.expectLosses();
  const remote = await stock(server.origin);
  const first = await tabs.open(document, { at: network.origin });
  const second = await tabs.open(document, { beside: first });
  await first.isSaved();
  await second.isSaved();
  network.cut();
  await first.isOffline();
  await second.isOffline();

  await first.editor.focus();
  await first.type('one ');
  await second.shows('one ');
  await second.select('one '.length);
  await second.type('two');
  await first.shows('one two');
  for (const tab of [first, second]) {
    await expect(tab.badge).toContainText(/\b7 changes waiting/);
  }

  network.restore();
  await first.isSaved();
  await second.isSaved();
  await first.shows('one two');
  await second.shows('one two');
  expect(await remote.text()).toBe('one two');
});

test('two tabs of one browser send each edit once', async ({ document, server, stock, tabs }) => {
  const remote = await stock(server.origin);
  const first = await tabs.open(document, { at: server.origin });
  const second = await tabs.open(document, { beside: first });
  await first.isSaved();
  await second.isSaved();
  const before = second.wire.edits.sent.length;
  await first.editor.focus();
  await first.type('abcdef');
  await second.shows('abcdef');
  await first.isSaved();
  await second.isSaved();
  expect(await remote.text()).toBe('abcdef');
  expect(second.wire.edits.sent.length).toBe(before);
});

test('edits that were not saved when the server and the tab were gone', async ({ document, server, stock, tabs }) => {
  tabs.expectLosses();
  const tab = await tabs.open(document, { at: server.origin });
  await tab.isSaved();
  await server.end('SIGKILL');
  await tab.isOffline();
  await tab.editor.focus();
  await tab.type('kept');
  await expect(tab.badge).toContainText(/\b4 changes waiting/);
  const next = await tab.page.context().newPage();
  await tab.page.close();
  await server.start();

  await next.goto(`/d/${document}`);
  const remote = await stock(server.origin);
  await expect.poll(() => remote.text()).toBe('kept');
});

test('a text that was typed in hundreds of keys is kept whole', async ({ document, network, tabs }) => {
  const tab = await tabs.openAndCut(document, network);
  await tab.editor.focus();
  const text = 'many words and more '.repeat(30);
  await tab.type(text);
  await expect(tab.badge).toContainText(/\b600 changes waiting/);
  await expect.poll(() => count(tab.page, document, 'updates')).toBeLessThan(500);
  const next = await tabs.visit('about:blank', { beside: tab, prepare: withoutServer });
  await tab.page.close();
  network.restore();
  await next.page.goto(`/d/${document}`);
  await next.shows(text);
  await expect(next.badge).toContainText(/\b600 changes waiting/);
});

test('more than the server takes in one frame arrives, pasted or written offline', async ({
  document,
  network,
  server,
  stock,
  tabs,
}) => {
  const remote = await stock(server.origin);
  const tab = await tabs.openAndCut(document, network);
  const [online, offline] = ['and online, in one go\n', 'offline, in one go\n'].map((line) => line.repeat(240_000));
  await paste(tab, offline ?? '');
  await expect(tab.badge).toContainText('1 change waiting');
  network.restore();
  await tab.isSaved();
  expect(await remote.text()).toBe(offline);
  await paste(tab, online ?? '');
  await expect.poll(async () => (await remote.text()).length).toBe(`${offline}${online}`.length);
  await tab.isSaved();
  expect(await remote.text()).toBe(`${offline}${online}`);
});

test('a link that is dead without a word is noticed within ten seconds', async ({ document, network, tabs }) => {
  tabs.expectLosses();
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();
  network.stall();
  const since = Date.now();
  await expect(tab.badge).toContainText('Offline', { timeout: 15_000 });
  expect(Date.now() - since).toBeLessThan(10_000);
  network.cut();
  network.restore();
  await tab.isSaved();
});

test('a link on which nobody says anything stays up', async ({ document, network, tabs }) => {
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();
  let sockets = 0;
  tab.page.on('websocket', () => (sockets += 1));
  const before = tab.wire.sent.length;
  await tab.page.waitForTimeout(14_000);
  await tab.isSaved();
  expect(sockets).toBe(0);
  expect(tab.wire.sent.length - before).toBeLessThanOrEqual(5);
});

test('whoever leaves a page whose changes are kept is not asked', async ({ document, network, tabs }) => {
  const tab = await tabs.openAndCut(document, network);
  await tab.editor.click();
  await tab.type('offline');
  await expect(tab.badge).toContainText('7 changes waiting');
  // The browser is done with the last of them, too.
  expect(await count(tab.page, document, 'pending')).toBe(7);
  expect(await isAskedOnLeaving(tab.page)).toBe(false);
});

test('whoever leaves a page whose changes would be lost is asked', async ({ document, network, tabs }) => {
  const tab = await tabs.openAndCut(document, network, { prepare: withoutStore });
  await tab.editor.click();
  await tab.type('offline');
  await expect(tab.badge).toContainText('7 changes waiting');
  expect(await isAskedOnLeaving(tab.page)).toBe(true);
});

test('a browser that keeps nothing says so', async ({ document, network, tabs }) => {
  const tab = await tabs.openAndCut(document, network, { prepare: withoutStore });
  await tab.editor.focus();
  await tab.type('ab');
  await expect(tab.badge).toContainText('2 changes waiting. Keep this page open');
  network.restore();
  await tab.isSaved();
});

test('a browser that has no room says so, and makes good when it has', async ({ document, network, tabs }) => {
  const tab = await tabs.openAndCut(document, network, { prepare: withoutRoom });
  await tab.page.evaluate(() => Object.assign(window, { isFull: true }));
  await tab.editor.focus();
  await tab.type('ab');
  await expect(tab.badge).toContainText('2 changes waiting. Keep this page open');
  await tab.page.evaluate(() => Object.assign(window, { isFull: false }));
  await expect(tab.badge).not.toContainText('Keep this page open', { timeout: 20_000 });
  await expect(tab.badge).toContainText('2 changes waiting');

  const next = await tabs.visit('about:blank', { beside: tab, prepare: withoutServer });
  await tab.page.close();
  network.restore();
  await next.page.goto(`/d/${document}`);
  await next.shows('ab');
});

/** How many updates the browser keeps of a document, or edits that wait, once all is written that was begun. */
async function count(page: Page, document: string, store: 'updates' | 'pending'): Promise<number> {
  return page.evaluate(
    async ({ name, store }) =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => {
          const counting = opening.result.transaction(store).objectStore(store).count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
    { name: `scriptorium/${document}`, store },
  );
}

/** Pastes where the caret is. */
async function paste(tab: Tab, text: string): Promise<void> {
  await tab.editor.focus();
  await tab.editor.evaluate((editor, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Closes a page as a person does. */
async function isAskedOnLeaving(page: Page): Promise<boolean> {
  const asked = page.waitForEvent('dialog').then(async (dialog) => {
    await dialog.accept();
    return true;
  });
  const left = page.waitForEvent('close').then(() => false);
  await page.close({ runBeforeUnload: true });
  return Promise.race([asked, left]);
}

/** The page comes, but whatever it says to the server, that hangs up. */
async function withoutServer(page: Page): Promise<void> {
  await page.routeWebSocket(/\/ws\//, (socket) => {
    socket.onMessage(() => socket.close({ code: 1012, reason: 'restarting' }));
  });
}

/** As in a browser that is told to keep nothing. */
async function withoutStore(page: Page): Promise<void> {
  await page.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined }));
}

/** Lets the test say when the disk is full. */
async function withoutRoom(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...values: Parameters<typeof add>) {
      if ((window as { isFull?: boolean }).isFull) {
        throw new DOMException('there is no room', 'QuotaExceededError');
      }
      return add.apply(this, values);
    };
  });
}

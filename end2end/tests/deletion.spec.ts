import type { Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';
import type { Tab } from '../support/tab.ts';

/** Says yes to the question. */
async function remove(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Document', exact: true }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog', { name: /^Delete “/ }).getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'This document was deleted' })).toBeVisible();
}

async function isTold(tab: Tab): Promise<void> {
  await expect(tab.page.getByTestId('deleted')).toContainText('This document was deleted');
  await expect(tab.badge).toContainText('Deleted');
  await expect(tab.page.getByTestId('refused')).toBeHidden();
  await expect(tab.editor).not.toBeEditable();
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';

  test(`a document is deleted and taken back, ${how}`, async ({ document, request, stock, tabs }) => {
    tabs.allow(/status of 410/);
    const remote = await stock();
    await remote.insert('', 'Dear to somebody');
    await remote.leave();
    const { page } = await tabs.visit(`/d/${document}`, { javaScriptEnabled });
    if (javaScriptEnabled) {
      await expect(page.getByLabel('Edit text')).toBeEditable();
    }
    await remove(page);
    await expect(page).toHaveURL(`/d/${document}`);
    const gone = await request.get(`/d/${document}`);
    expect(gone.status()).toBe(410);
    expect(await gone.text()).not.toContain('Dear to somebody');

    await page.getByRole('button', { name: 'Take it back' }).click();
    await expect(page).toHaveURL(`/d/${document}`);
    await expect(page.getByTestId('rendered-text')).toHaveText('Dear to somebody');
    expect((await request.get(`/d/${document}`)).status()).toBe(200);
  });
}

test('nothing is deleted before somebody has said so', async ({ document, request, tabs }) => {
  const tab = await tabs.open(document);
  await tab.editor.fill('still here');
  await tab.isSaved();
  const { page } = tab;
  const question = page.getByRole('dialog', { name: 'Delete “still here”?' });
  const ask = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Document', exact: true }).click();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await expect(question).toBeVisible();
  };
  await ask();
  await expect(page.getByRole('button', { name: 'Keep it' }), 'Enter alone deletes nothing').toBeFocused();
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  await ask();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  expect((await request.get(`/d/${document}`)).status()).toBe(200);
  await tab.shows('still here');
});

test('everybody who has it open is told, keeps the text, and can take it back', async ({ document, tabs }) => {
  tabs.allow(/status of 410/);
  const [first, second] = [await tabs.open(document), await tabs.open(document)];
  await first.editor.fill('written together');
  await second.shows('written together');
  await first.isSaved();
  await remove(first.page);
  await isTold(second);
  await second.shows('written together');

  await second.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await second.page.getByRole('button', { name: 'Copy the text' }).click();
  await expect(second.page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await second.page.evaluate(() => navigator.clipboard.readText())).toBe('written together');
  const kept = await second.keep();
  await expect(kept.page.getByTestId('rendered-text')).toHaveText('written together');
  expect(await kept.stored()).toBe('written together');

  await second.page.getByRole('button', { name: 'Take it back' }).click();
  await expect(second.page.getByTestId('deleted')).toBeHidden();
  await expect(second.page.getByLabel('Edit text')).toBeEditable();
  await first.page.reload();
  await expect(first.page.getByLabel('Edit text')).toBeEditable();
  await first.select(0);
  await first.type('Still ');
  await expect(second.page.getByTestId('rendered-text')).toHaveText('Still written together');
});

test('a text that is too large for a new document stays where it is', async ({ document, stock, tabs }) => {
  tabs.allow(/status of 410/);
  const remote = await stock();
  for (let part = 0; part < 5; part++) {
    await remote.insert('', 'a line of some words, as people write\n'.repeat(25_000));
  }
  await remote.leave();
  const tab = await tabs.open(document);
  await remove((await tabs.open(document)).page);
  await isTold(tab);
  await tab.page.getByRole('button', { name: 'Keep it as a new document' }).click();
  await expect(tab.page.getByRole('button', { name: 'Too large for that: 4 MB is the most' })).toBeVisible();
  expect(tab.page.context().pages()).toHaveLength(1);
});

test('what others were typing is not lost when the document comes back', async ({ document, network, server, tabs }) => {
  tabs.allow(/status of 410/, /WebSocket connection to .* failed/, /net::ERR_/);
  const writer = await tabs.open(document, { at: network.origin });
  await writer.editor.fill('sent');
  await writer.isSaved();
  network.cut();
  await writer.isOffline();
  await writer.select('sent'.length);
  await writer.type(' and not sent');
  const other = await tabs.open(document, { at: server.origin });
  await remove(other.page);

  network.restore();
  await isTold(writer);
  await writer.shows('sent and not sent');
  await writer.page.getByRole('button', { name: 'Take it back' }).click();
  await expect(writer.page.getByLabel('Edit text')).toBeEditable();
  await writer.isSaved();
  await expect(writer.page.getByTestId('rendered-text')).toHaveText('sent and not sent');
});

test('a document that was deleted does not open without a network', async ({ document, network, tabs }) => {
  tabs.allow(/status of 410/, /WebSocket connection to .* failed/, /net::ERR_/, /FetchEvent/);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.editor.fill('private');
  await tab.isSaved();
  const isKept = () => tab.page.evaluate(async () => Boolean(await caches.match(location.href)));
  await expect.poll(isKept).toBe(true);
  await remove(tab.page);
  await expect.poll(isKept).toBe(false);
  network.cut();
  await expect(tab.page.reload()).rejects.toThrow(/net::ERR_/);
});

test('whether to delete is asked in German, too', async ({ document, tabs }) => {
  tabs.allow(/status of 410/);
  const { page } = await tabs.visit(`/d/${document}`, { locale: 'de-DE' });
  const editor = page.getByLabel('Text schreiben');
  await expect(editor).toBeEditable();
  await editor.fill('Brief');
  await expect(page.getByRole('status')).toContainText('Gespeichert');
  await page.getByRole('button', { name: 'Dokument', exact: true }).click();
  await page.getByRole('button', { name: 'Löschen …' }).click();
  const question = page.getByRole('dialog', { name: '„Brief“ löschen?' });
  await question.getByRole('button', { name: 'Löschen', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Dieses Dokument wurde gelöscht' })).toBeVisible();
  await page.getByRole('button', { name: 'Zurückholen' }).click();
  await expect(editor).toBeEditable();
});

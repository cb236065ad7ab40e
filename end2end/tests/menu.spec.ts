import { readFile } from 'node:fs/promises';

import type { Page } from '@playwright/test';

import { origin } from '../support/address.js';
import { expect, test } from '../support/test.ts';

const text = '# The garden plan\r\n\nDig **here**, <b>not</b> there.\n';

async function openMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Document', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Document', exact: true })).toBeVisible();
}

for (const javaScriptEnabled of [true, false]) {
  test(`a document is taken along as a file, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
    document,
    stock,
    tabs,
  }) => {
    await (await stock()).insert('', text);
    const { page } = await tabs.visit(`/d/${document}`, { javaScriptEnabled });
    const files: Record<string, { name: string; content: string }> = {};
    for (const ending of ['.txt', '.md', '.html']) {
      await openMenu(page);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: ending }).click(),
      ]);
      files[ending] = { name: download.suggestedFilename(), content: await readFile(await download.path(), 'utf8') };
      await page.keyboard.press('Escape');
    }
    expect(files['.txt']?.content).toBe(text);
    expect(files['.md']?.content).toBe(text);
    expect(files['.html']?.content).toContain('<strong>here</strong>');
    expect(files['.html']?.content).toContain('&lt;b&gt;not&lt;/b&gt;');
    expect(Object.values(files).map(({ name }) => name)).toEqual([
      expect.stringMatching(/\.txt$/),
      expect.stringMatching(/\.md$/),
      expect.stringMatching(/\.html$/),
    ]);
  });
}

test('the link is copied, without what only this page shows', async ({ document, tabs }) => {
  const tab = await tabs.open(document, { permissions: ['clipboard-read', 'clipboard-write'] });
  await openMenu(tab.page);
  await tab.page.getByRole('button', { name: 'Copy the link' }).click();
  await expect(tab.page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await tab.page.evaluate(() => navigator.clipboard.readText())).toBe(`${origin}/d/${document}`);
  await expect(tab.page.getByRole('button', { name: 'Copy the link' })).toBeVisible();
});

test('the link is copied by browsers that have no clipboard for pages', async ({ document, tabs }) => {
  const prepare = async (page: Page): Promise<void> => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  };
  const tab = await tabs.open(document, { prepare });
  await openMenu(tab.page);
  await tab.page.getByRole('button', { name: 'Copy the link' }).click();
  await expect(tab.page.getByRole('button', { name: 'Copied' })).toBeFocused();
  await tab.page.keyboard.press('Escape');
  await tab.editor.focus();
  await tab.page.keyboard.press('Control+v');
  await tab.shows(`${origin}/d/${document}`);
});

test('what is printed is the text, and nothing that can be pressed', async ({ document, stock, tabs }) => {
  await (await stock()).insert('', text);
  for (const layout of ['', '?mode=edit', '?mode=read&view=plain']) {
    const { page } = await tabs.visit(`/d/${document}${layout}`);
    await expect(page.getByRole('status')).toContainText('Saved');
    await page.evaluate(() => {
      window.print = () => Object.assign(window, { printed: true });
    });
    await openMenu(page);
    await page.getByRole('button', { name: 'Print' }).click();
    expect(await page.evaluate(() => 'printed' in window)).toBe(true);
    await expect(page.getByRole('dialog', { name: 'Document', exact: true }), 'the menu is gone').toBeHidden();

    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    for (const role of ['button', 'link', 'textbox', 'status', 'dialog'] as const) {
      await expect(page.getByRole(role), `${layout}: ${role}`).toHaveCount(0);
    }
    await expect(page.getByText('The garden plan').filter({ visible: true }).first()).toBeVisible();
  }
});

test('the menu is reached and left with the keyboard', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  const { page } = tab;
  const button = page.getByRole('button', { name: 'Document', exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Copy the link' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();
});

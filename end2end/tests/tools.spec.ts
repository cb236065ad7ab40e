import type { Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';

test('how the surface is wanted is remembered', async ({ document, stock, tabs }) => {
  await (await stock()).insert('', `short\n${'a long line '.repeat(60)}`);
  const tab = await tabs.open(document);
  const numbers = tab.page.locator('.cm-lineNumbers');
  const open = (): Promise<void> => tab.page.getByRole('button', { name: 'You and your editor' }).click();
  await expect(numbers).toHaveCount(0);
  await expect(tab.editor).toHaveAttribute('spellcheck', 'true');
  await expect(tab.editor).toHaveClass(/cm-lineWrapping/);

  await open();
  await tab.page.getByLabel('Line numbers').check();
  await tab.page.getByLabel('Wrap long lines').uncheck();
  await tab.page.getByLabel('Check spelling').uncheck();
  for (const visit of ['at once', 'after a reload']) {
    await expect(numbers, visit).toHaveCount(1);
    await expect(tab.editor).toHaveAttribute('spellcheck', 'false');
    await expect(tab.editor).not.toHaveClass(/cm-lineWrapping/);
    await tab.page.reload();
    await tab.isLive();
  }
  await open();
  await expect(tab.page.getByLabel('Line numbers')).toBeChecked();
});

test('words are found and replaced, everywhere at once, and in one frame', async ({ document, stock, tabs }) => {
  const remote = await stock();
  await remote.insert('', 'cat dog cat\ncat');
  const tab = await tabs.open(document);
  await tab.page.getByRole('button', { name: 'Find and replace' }).click();
  await tab.page.getByRole('textbox', { name: 'Find' }).fill('cat');
  await tab.page.getByRole('textbox', { name: 'Replace' }).fill('horse');
  const before = tab.wire.edits.sent.length;
  await tab.page.getByRole('button', { name: 'Replace all' }).click();
  await tab.shows('horse dog horse\nhorse');
  await expect.poll(() => remote.text()).toBe('horse dog horse\nhorse');
  expect(tab.wire.edits.sent.length - before).toBe(1);
  await tab.page.keyboard.press('Escape');
  await expect(tab.editor).toBeFocused();
});

test('several places are selected and written in at once', async ({ document, stock, tabs }) => {
  const remote = await stock();
  await remote.insert('', 'cat dog cat\ncat');
  const tab = await tabs.open(document);
  await tab.select('c'.length);
  await tab.page.keyboard.press('Control+d');
  await tab.page.keyboard.press('Control+d');
  await remote.insert('', '> ');
  await tab.shows('> cat dog cat\ncat');
  await tab.type('horse');
  await tab.shows('> horse dog horse\ncat');
  await expect.poll(() => remote.text()).toBe('> horse dog horse\ncat');
  await expect(tab.page.locator('.cm-cursor')).toHaveCount(2);

  await tab.page.getByRole('button', { name: 'Find and replace' }).click();
  await tab.page.getByRole('textbox', { name: 'Find' }).fill('horse');
  await tab.page.getByRole('button', { name: 'All', exact: true }).click();
  await tab.editor.focus();
  await tab.type('cat');
  await expect.poll(() => remote.text()).toBe('> cat dog cat\ncat');
  await tab.page.keyboard.press('Control+z');
  await tab.shows('> horse dog horse\ncat');
});

test('a key shows what keys do', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  await tab.editor.focus();
  const help = tab.page.getByRole('dialog', { name: 'Keyboard' });
  await expect(help).toBeHidden();
  await tab.page.keyboard.press('F1');
  await expect(help).toBeVisible();
  await tab.page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(tab.editor).toBeFocused();
});

test('what keys do is told in the names of the keyboard', async ({ document, tabs }) => {
  const prepare = async (page: Page): Promise<void> => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'platform', { value: 'MacIntel' }));
  };
  for (const [options, find] of [[{}, 'Ctrl+F'], [{ prepare }, '⌘F']] as const) {
    const tab = await tabs.open(document, options);
    await tab.page.getByRole('button', { name: 'Keyboard' }).click();
    await expect(tab.page.getByRole('dialog', { name: 'Keyboard' })).toContainText(find);
  }
});

test('Tab indents, and leads on after Escape', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  await tab.editor.focus();
  await tab.type('- one');
  await tab.page.keyboard.press('Enter');
  await tab.page.keyboard.press('Tab');
  await tab.type('two');
  await tab.shows('- one\n    - two');
  await tab.page.keyboard.press('Shift+Tab');
  await tab.shows('- one\n- two');
  await tab.page.keyboard.press('Escape');
  await tab.page.keyboard.press('Tab');
  await expect(tab.editor).not.toBeFocused();
});

test('each line runs in its own direction', async ({ document, stock, tabs }) => {
  await (await stock()).insert('', 'hello\nשלום');
  const tab = await tabs.open(document);
  const directions = await tab.editor
    .locator('.cm-line')
    .evaluateAll((lines) => lines.map((line) => getComputedStyle(line).direction));
  expect(directions).toEqual(['ltr', 'rtl']);
});

test('who only reads does not load what is needed for writing', async ({ document, stock, tabs }) => {
  await (await stock()).insert('', 'text');
  const asked: string[] = [];
  const tab = await tabs.visit(`/d/${document}?mode=read`, {
    prepare: async (page) => void page.on('request', (request) => asked.push(new URL(request.url()).pathname)),
  });
  await tab.isSaved();
  const programs = asked.filter((path) => path.endsWith('.wasm') && !path.includes('split_markdown'));
  expect(programs).toHaveLength(1);
  expect(asked.filter((path) => path.startsWith('/surface/'))).toEqual([]);
});

test('a text of 1 MB can be filled in, written in and replaced', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  const other = await tabs.open(document);
  const text = 'a line of some words, as people write\n'.repeat(27_000);
  await tab.editor.fill(text);
  await other.shows(text);
  await other.select(text.length / 2);
  await other.type('here');
  const changed = `${text.slice(0, text.length / 2)}here${text.slice(text.length / 2)}`;
  await tab.shows(changed);
  await tab.editor.fill('one\ntwo');
  await other.shows('one\ntwo');
});

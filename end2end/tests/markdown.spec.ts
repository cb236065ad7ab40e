import type { Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';

function rendered(page: Page) {
  return page.getByTestId('rendered-text');
}

const text = [
  '# Title',
  '',
  'Some *words* and a [link](https://other.example/page).',
  '',
  '| a | b |',
  '|---|---|',
  '| 1 | 2 |',
  '',
  '```js',
  'const one = 1 // comment',
  '```',
  '',
].join('\n');

test('a document is rendered, without JavaScript and with it', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', text);
  for (const javaScriptEnabled of [false, true]) {
    const { page } = await tabs.visit(`/d/${document}`, { javaScriptEnabled });
    await expect(rendered(page).getByRole('heading', { name: 'Title' })).toBeVisible();
    await expect(rendered(page).getByRole('cell', { name: '2' })).toBeVisible();
    await expect(rendered(page).locator('pre .keyword')).toHaveText('const');
    await expect(rendered(page).getByRole('link')).toHaveAttribute('rel', /nofollow noopener noreferrer/);
  }
});

test('what is typed is rendered, and nothing else is touched', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', text);
  const { page } = await tabs.visit(`/d/${document}`);
  const pane = rendered(page);
  await expect(page.getByLabel('Edit text')).toBeEditable();
  await pane.locator('h1, table').evaluateAll((parts) => parts.forEach((part) => part.setAttribute('data-stays', '')));

  await remote.insert('Some ', 'more **and** more ');
  await expect(pane.locator('strong')).toHaveText('and');
  await expect(pane.locator('[data-stays]')).toHaveCount(2);

  await remote.remove('# Title');
  await expect(pane.locator('h1')).toHaveCount(0);
  await expect(pane.locator('table[data-stays]')).toHaveCount(1);
});

test('what hydration finds is what it would have rendered', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', text);
  const { page } = await tabs.visit(`/d/${document}`, {
    // Marks every block that the server has rendered, before any of our code runs.
    prepare: async (page) => {
      await page.addInitScript(() =>
        window.document.addEventListener('readystatechange', () =>
          window.document.querySelectorAll('.block').forEach((block) => block.setAttribute('data-from', 'server')),
        ),
      );
    },
  });
  await expect(page.getByLabel('Edit text')).toBeEditable();
  await remote.insert(text, 'The end.');
  await expect(rendered(page).locator('.block').last()).toHaveText('The end.');
  await expect(rendered(page).locator('.block[data-from]')).toHaveCount(4);
});

test('HTML in the text is text', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', '<img src=x onerror="window.hacked = true"> [a](javascript:window.hacked=true)');
  const { page } = await tabs.visit(`/d/${document}`);
  await expect(page.getByLabel('Edit text')).toBeEditable();
  await expect(rendered(page)).toContainText('<img src=x onerror="window.hacked = true">');
  await expect(rendered(page).locator('img, a')).toHaveCount(0);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
});

test('no other host hears who reads', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', '![a picture](http://127.0.0.1:9/picture.png) ![ours](/icon.svg)');
  const asked: string[] = [];
  const { page } = await tabs.visit(`/d/${document}`, {
    prepare: async (page) => {
      page.on('request', (request) => asked.push(new URL(request.url()).port));
    },
  });
  await expect(rendered(page).getByRole('link', { name: 'a picture' })).toBeVisible();
  await expect(rendered(page).getByRole('img', { name: 'ours' })).toBeVisible();
  expect(asked).not.toContain('9');
});

test('modes and views are in the address, and changing them does not reload', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', text);
  const { page, synced } = await tabs.visit(`/d/${document}`);
  const editor = page.getByLabel('Edit text');
  await expect(editor).toBeEditable();
  await page.evaluate(() => Object.assign(window, { stays: true }));

  await page.getByRole('link', { name: 'Read', exact: true }).click();
  await expect(page).toHaveURL(/\?mode=read&view=markdown$/);
  await expect(editor).toBeHidden();
  await expect(rendered(page)).toBeVisible();

  await page.getByRole('link', { name: 'Plain' }).click();
  await expect(page).toHaveURL(/\?mode=read&view=plain$/);
  await expect(synced).toBeVisible();
  await expect(synced).toHaveText(text, { useInnerText: false });
  await expect(rendered(page)).toBeHidden();

  // What was not shown is up to date when it is.
  await remote.insert('# ', 'New ');
  await page.getByRole('link', { name: 'Markdown' }).click();
  await expect(rendered(page).getByRole('heading', { name: 'New Title' })).toBeVisible();

  await page.goBack();
  await page.goBack();
  await page.goBack();
  await expect(editor).toBeVisible();
  await expect(editor).toBeEditable();
  expect(await page.evaluate(() => 'stays' in window)).toBe(true);
});

test('modes work without JavaScript', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', text);
  const { page, synced } = await tabs.visit(`/d/${document}`, { javaScriptEnabled: false });
  await page.getByRole('link', { name: 'Read', exact: true }).click();
  await expect(page.getByLabel('Edit text')).toBeHidden();
  await expect(rendered(page).getByRole('heading', { name: 'Title' })).toBeVisible();
  await page.getByRole('link', { name: 'Plain' }).click();
  await expect(synced).toHaveText(text);
});

test('paragraphs run in their own directions', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', 'English words.\n\nמילים בעברית.\n\n- שלום\n- hello\n');
  const { page, synced } = await tabs.visit(`/d/${document}`);
  await expect(page.getByLabel('Edit text')).toBeEditable();
  const direction = (selector: string) =>
    rendered(page)
      .locator(selector)
      .evaluateAll((blocks) => blocks.map((block) => getComputedStyle(block).direction));
  expect(await direction('.block')).toEqual(['ltr', 'rtl', 'rtl']);
  expect(await direction('li')).toEqual(['rtl', 'ltr']);

  await page.getByRole('link', { name: 'Plain' }).click();
  // Where the lines begin: in Latin script at the left, in Hebrew at the right.
  const sides = await synced.evaluate((pane) => {
    const walker = window.document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
    const range = window.document.createRange();
    const text = walker.nextNode() as Text;
    const box = pane.getBoundingClientRect();
    return ['English', 'מילים'].map((word) => {
      const at = text.data.indexOf(word);
      range.setStart(text, at);
      range.setEnd(text, at + word.length);
      const { left, right } = range.getBoundingClientRect();
      return left - box.left < box.right - right ? 'left' : 'right';
    });
  });
  expect(sides).toEqual(['left', 'right']);
});

/** Has the page printed until that shows a heading: before the renderer is there, it does not. */
async function printsInTheEnd(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ media: 'print' });
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await expect(rendered(page).getByRole('heading', { name })).toBeVisible({ timeout: 100 });
  }).toPass();
}

test('what is printed is the text of now and nothing else', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', text);
  const { page } = await tabs.visit(`/d/${document}?mode=edit`);
  await expect(page.getByLabel('Edit text')).toBeEditable();
  await printsInTheEnd(page, 'Title');
  await expect(page.getByLabel('Edit text')).toBeHidden();
  await expect(page.getByRole('banner')).toBeHidden();
  await expect(page.getByRole('navigation')).toBeHidden();
});

test('what is printed before Markdown can be rendered is the text as it is', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', '# Title\n\n**now**');
  tabs.allow(/ERR_FAILED/);
  const prepare = async (page: Page) => void (await page.route('**/split_markdown*', (route) => route.abort()));
  const { page } = await tabs.visit(`/d/${document}?mode=edit`, { prepare });
  await expect(page.getByLabel('Edit text')).toBeEditable();
  await page.waitForLoadState('networkidle');
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  // A build for development has everything in one file.
  const isApart = (await page.locator('meta[name=renderer]').count()) > 0;
  const shown = isApart ? '# Title\n\n**now**' : 'Title\n\nnow';
  await expect(rendered(page)).toHaveText(shown, { useInnerText: true });

  // As soon as it can be had, it is rendered.
  await page.unroute('**/split_markdown*');
  await page.emulateMedia({ media: 'screen' });
  await remote.insert('now', ' and then');
  await printsInTheEnd(page, 'Title');
  await expect(rendered(page).getByText('now and then')).toBeVisible();
});

test('a text that is edited everywhere stays exactly the text', async ({ document, tabs, stock }) => {
  const lines = Array.from({ length: 400 }, (_, line) => `Line ${line}, with some words in it and 😀.`);
  const remote = await stock();
  await remote.insert('', lines.join('\n'));
  const { page, synced } = await tabs.visit(`/d/${document}?mode=read&view=plain`);
  await expect(synced).toContainText('Line 399,');
  await remote.remove(lines.slice(20, 300).join('\n'));
  await remote.insert('Line 10,', '\n\n\nmany\n'.repeat(100));
  await remote.remove('Line 0, with some words in it and 😀.\n');
  await remote.insert('', 'x'.repeat(20_000));
  await remote.insert(await remote.text(), '\nend\n');
  await remote.remove('\nmany');
  await expect.poll(() => synced.evaluate((pane) => pane.textContent)).toBe(await remote.text());
  await remote.replace(await remote.text(), '');
  await expect.poll(() => synced.evaluate((pane) => pane.textContent)).toBe('');
  await remote.insert('', 'again');
  await expect(synced).toHaveText('again');
  await expect(page.locator('.chunk')).toHaveCount(1);
});

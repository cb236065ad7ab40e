import { expect, test } from '../support/test.ts';

const text = '# Notes\r\n\r\nÜmläute, 😀 and <b>markup</b>\n';

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';

  test(`a text file becomes a new document, ${how}`, async ({ tabs }) => {
    const tab = await tabs.visit('/', { javaScriptEnabled });
    const { page } = tab;
    const buffer = Buffer.from(text);
    await page.getByLabel('Open a text file…').setInputFiles({ name: 'notes.md', mimeType: 'text/markdown', buffer });
    if (!javaScriptEnabled) {
      await page.getByRole('button', { name: 'Make it a document' }).click();
    }
    await expect(page).toHaveURL(/\/d\/[0-9a-z]{26}$/);
    await expect(page.getByRole('heading', { level: 1 }).first()).toHaveText('Notes');
    await expect(page.getByTestId('rendered-text')).toContainText('Ümläute, 😀 and <b>markup</b>');
    expect(await tab.stored()).toBe(text);
  });

  test(`a file that is no text is refused in words, ${how}`, async ({ tabs }) => {
    tabs.allow(/status of 415/);
    const { page } = await tabs.visit('/', { javaScriptEnabled });
    const buffer = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0xff, 0xfe]);
    await page.getByLabel('Open a text file…').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer });
    if (!javaScriptEnabled) {
      await page.getByRole('button', { name: 'Make it a document' }).click();
    }
    await expect(page.getByText('This file is no text')).toBeVisible();
  });
}

test('a file that is too large is refused before it is sent', async ({ tabs }) => {
  const { page } = await tabs.visit('/');
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  // A page that does not live yet would send it.
  await expect(page.getByRole('region', { name: 'Recently opened' })).toBeVisible();
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.wasm')));
  const buffer = Buffer.alloc(4 * 1024 * 1024 + 1, 'x');
  await page.getByLabel('Open a text file…').setInputFiles({ name: 'large.txt', mimeType: 'text/plain', buffer });
  await expect(page.getByText('This file is too large: 4 MB is the most.')).toBeVisible();
  expect(posts).toEqual([]);
});

test('a file of the largest size is taken, and can be written in', async ({ tabs }) => {
  const tab = await tabs.visit('/');
  const { page } = tab;
  const line = 'a line of some words, as people write\n';
  const buffer = Buffer.from(line.repeat(4 * 1024 * 1024 / line.length));
  await page.getByLabel('Open a text file…').setInputFiles({ name: 'large.txt', mimeType: 'text/plain', buffer });
  await expect(page).toHaveURL(/\/d\/[0-9a-z]{26}$/);
  expect(await tab.stored()).toBe(buffer.toString());
  await expect(page.getByLabel('Edit text')).toBeEditable();
});

test('a file that is dropped on the front page becomes a document', async ({ tabs }) => {
  const { page } = await tabs.visit('/');
  await expect(page.getByText('for you alone')).toBeVisible();
  const dropped = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'notes.txt', { type: 'text/plain' }));
    return data;
  }, text);
  const main = page.getByRole('main');
  await expect(async () => {
    await main.dispatchEvent('dragover', { dataTransfer: dropped });
    await expect(page.locator('body')).toHaveClass(/takes-file/, { timeout: 500 });
  }).toPass();
  await main.dispatchEvent('drop', { dataTransfer: dropped });
  await expect(page).toHaveURL(/\/d\/[0-9a-z]{26}$/);
  await expect(page.getByRole('heading', { level: 1 }).first()).toHaveText('Notes');
});

test('a text file that is dropped on the text is inserted where it was dropped', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  const other = await tabs.open(document);
  await tab.editor.fill('one\ntwo');
  const dropped = await tab.page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['dropped\n'], 'notes.txt', { type: 'text/plain' }));
    return data;
  });
  const line = tab.editor.locator('.cm-line').last();
  const box = await line.boundingBox();
  const clientX = (box?.x ?? 0) + parseFloat(await line.evaluate((line) => getComputedStyle(line).paddingLeft));
  await line.dispatchEvent('drop', { dataTransfer: dropped, clientX, clientY: (box?.y ?? 0) + (box?.height ?? 0) / 2 });
  await other.shows('one\ndropped\ntwo');
  await tab.shows('one\ndropped\ntwo');
});

import type { Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';

const texts: Record<string, string> = {
  'an ordinary text': 'A first line.\nA second one, with "quotes" & more.',
  'a text that would end its element': 'before</textarea></pre></div><script>window.hacked = true</script>after',
  'a text that would end the data in the page': '</script><!--<script><script>window.hacked = true</script>-->',
  'a text with an image': '<img src="/nowhere" onerror="window.hacked = true"> <svg onload="window.hacked = true">',
  'a text that looks escaped': '&lt;b&gt; &amp;amp; &#10; &nbsp;',
  'an empty first line': '\nsecond line',
  'several empty first lines': '\n\n\nfourth line',
  'spaces and tabs': '  two before\n\tone tab\n    \n\n\ntwo behind  \n',
  'one space': ' ',
  'one line end': '\n',
  nothing: '',
};

for (const [name, text] of Object.entries(texts)) {
  test(`shown as it is, without JavaScript and with it: ${name}`, async ({ document, tabs, stock }) => {
    const remote = await stock();
    await remote.insert('', text);

    const reader = await tabs.visit(`/d/${document}?view=plain`, { javaScriptEnabled: false });
    await reader.shows(text);
    await expect(reader.editor).toBeVisible();

    const writer = await tabs.open(document);
    await writer.shows(text);
    expect(await writer.page.evaluate(() => 'hacked' in window)).toBe(false);

    // What hydration made of it is the document itself, and not only looks like it.
    await remote.insert('', '>');
    await writer.shows(`>${text}`);
  });
}

test('the first HTML holds the text', async ({ document, request, stock }) => {
  await (await stock()).insert('', 'Readable at once.');
  const response = await request.get(`/d/${document}`);
  expect(response.status()).toBe(200);
  expect(response.headers()['content-type']).toMatch(/^text\/html/);
  expect(response.headers()['content-encoding']).toBe('gzip');
  expect(await response.text()).toContain('Readable at once.');
});

test('a page needs no other file to look as it should', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', 'Readable at once.');
  const prepare = async (page: Page): Promise<void> => {
    // They never come.
    await page.route(/\/(pkg|surface)\//, () => {});
  };
  const tab = await tabs.visit(`/d/${document}?view=plain`, { prepare, colorScheme: 'dark' });
  await tab.shows('Readable at once.');
  const { color, backgroundColor } = await tab.editor.evaluate((sheet) => getComputedStyle(sheet));
  expect([color, backgroundColor]).toEqual(['rgb(236, 229, 216)', 'rgb(31, 28, 24)']);
});

test('the text that is shown keeps its white space', async ({ document, tabs, stock }) => {
  const text = 'one  two\n\tthree';
  await (await stock()).insert('', text);
  const tab = await tabs.open(document);
  expect(await tab.synced.evaluate((element) => getComputedStyle(element).whiteSpace)).toMatch(
    /^(pre|pre-wrap|break-spaces)$/,
  );
});

test('reloading shows the same text, once', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  const other = await tabs.open(document);
  const text = '\nWritten before the reload: 😀\n';
  await tab.editor.fill(text);
  await other.shows(text);
  for (let turn = 0; turn < 3; turn++) {
    await tab.page.reload();
    await tab.isLive();
    await tab.shows(text);
  }
  await other.shows(text);
});

// Browsers like to put back what was in a field when the page was left.
test('going back shows the text of now, not of then', async ({ document, tabs, stock }) => {
  const remote = await stock();
  const tab = await tabs.open(document);
  await tab.editor.fill('then');
  await expect.poll(() => remote.text()).toBe('then');
  await tab.page.goto('about:blank');
  await remote.replace('then', 'now');
  await tab.page.goBack();
  await tab.isLive();
  await tab.shows('now');
  expect(await remote.text()).toBe('now');
});

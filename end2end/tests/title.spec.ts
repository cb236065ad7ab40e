import type { Locator } from '@playwright/test';

import { expect, test } from '../support/test.ts';
import type { Tab } from '../support/tab.ts';

function titleOf(tab: Tab): Locator {
  return tab.page.getByRole('textbox', { name: 'Title' });
}

/** Waits until a tab shows this title wherever a page has one. */
async function isCalled(tab: Tab, title: string): Promise<void> {
  await expect(titleOf(tab)).toHaveValue(title);
  await expect(tab.page.getByRole('heading', { level: 1 }).first()).toHaveText(title);
  await expect(tab.page).toHaveTitle(`${title} · Scriptorium`);
}

test('a document is called as its text begins, until somebody gives it a title', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  const other = await tabs.open(document);
  await expect(titleOf(tab)).toHaveAttribute('placeholder', document);
  await expect(tab.page).toHaveTitle(`${document} · Scriptorium`);

  await tab.editor.focus();
  await tab.type('# The garden plan');
  await Promise.all([tab, other].map((tab) => isCalled(tab, 'The garden plan')));

  await titleOf(other).fill('  Spring\t plan ');
  await titleOf(other).press('Enter');
  await Promise.all([tab, other].map((tab) => isCalled(tab, 'Spring plan')));
  await expect(titleOf(other)).not.toBeFocused();
  await tab.select(0);
  await tab.type('New line\n');
  await other.shows('New line\n# The garden plan');
  await isCalled(other, 'Spring plan');

  await titleOf(tab).fill('');
  await titleOf(tab).press('Enter');
  await Promise.all([tab, other].map((tab) => isCalled(tab, 'New line')));
});

test('a title is kept, and is there in the first HTML', async ({ document, request, tabs }) => {
  const tab = await tabs.open(document);
  await titleOf(tab).fill('Kept');
  await tab.editor.focus();
  await tab.isSaved();
  await tab.type('text');
  await tab.isSaved();
  const html = await (await request.get(`/d/${document}`)).text();
  expect(html).toContain('<title>Kept · Scriptorium</title>');
  expect(html).toContain('<meta property="og:title" content="Kept">');
  expect(html).toContain('<meta name="description" content="text">');
});

test('Escape takes a title back that was not finished', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  await tab.editor.fill('First line');
  await isCalled(tab, 'First line');
  await titleOf(tab).fill('Something else');
  await titleOf(tab).press('Escape');
  await expect(titleOf(tab)).toHaveValue('First line');
  await expect(titleOf(tab)).not.toBeFocused();
  await tab.isSaved();
  const { page } = await tabs.open(document);
  await expect(page).toHaveTitle('First line · Scriptorium');
});

test('what somebody types as a title is not replaced by what others do', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  const other = await tabs.open(document);
  await titleOf(tab).focus();
  await tab.type('Half a ti');
  await titleOf(other).fill('Theirs');
  await titleOf(other).press('Enter');
  await expect(tab.page).toHaveTitle('Theirs · Scriptorium');
  await expect(titleOf(tab)).toHaveValue('Half a ti');
  await tab.type('tle');
  await tab.page.keyboard.press('Enter');
  await Promise.all([tab, other].map((tab) => isCalled(tab, 'Half a title')));
});

test('a title that was given offline is there when the network is back', async ({ document, network, server, tabs }) => {
  tabs.allow(/WebSocket connection to .* failed/, /net::ERR_/);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.isSaved();
  network.cut();
  await tab.isOffline();
  await titleOf(tab).fill('From far away');
  await titleOf(tab).press('Enter');
  await expect(tab.badge).toContainText(/\b1 change waiting/);
  network.restore();
  await tab.isSaved();
  const other = await tabs.open(document, { at: server.origin });
  await isCalled(other, 'From far away');
});

test('without JavaScript the title is there to read', async ({ document, stock, tabs }) => {
  await (await stock()).insert('', 'Read me');
  const tab = await tabs.visit(`/d/${document}`, { javaScriptEnabled: false });
  await isCalled(tab, 'Read me');
  await expect(titleOf(tab)).toHaveAttribute('readonly');
});

const markup = '</title><script>window.hasRun=1</script>"><img src=x onerror="window.hasRun=1">&amp;<!--';

test('markup in titles and texts stays text, everywhere', async ({ document, request, tabs }) => {
  const tab = await tabs.open(document);
  await titleOf(tab).fill(markup);
  await titleOf(tab).press('Enter');
  await tab.editor.fill(`first ${markup}`);
  await tab.isSaved();

  const html = await (await request.get(`/d/${document}`)).text();
  expect(html).not.toContain('<script>window');
  expect(html).not.toContain('<img src=x');
  await tab.page.reload();
  await tab.isLive();
  await isCalled(tab, markup);
  const description = tab.page.locator('meta[name=description]');
  await expect(description).toHaveAttribute('content', /^first <\/title><script>/);
  await tab.page.goto('/');
  await expect(tab.page.getByRole('region', { name: 'Recently opened' }).getByRole('link').first()).toContainText(markup);
  expect(await tab.page.evaluate(() => 'hasRun' in window)).toBe(false);
});

test('a pasted link shows what the document says', async ({ document, request, tabs }) => {
  const tab = await tabs.open(document);
  await tab.editor.fill(`# The plan\n\nWe **meet** on [Saturday](/d/x).\n\n${'And much more. '.repeat(100)}`);
  await tab.isSaved();
  const html = await (await request.get(`/d/${document}`)).text();
  const meta = (name: string) => new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)">`).exec(html)?.[1];
  expect(meta('og:title')).toBe('The plan');
  expect(meta('og:type')).toBe('website');
  expect(meta('og:site_name')).toBe('Scriptorium');
  expect(meta('description')).toMatch(/^We meet on Saturday\. And much more\..*(more|much)\.?…$/);
  expect(meta('og:description')).toBe(meta('description'));
  expect(meta('og:url'), 'nobody knows how this server is reached').toBeUndefined();
});

test('a long title shares its line with everything else', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  const title = 'The plan for the garden behind the library, with all its beds and paths';
  await titleOf(tab).fill(title.repeat(2));
  await tab.isSaved();
  const box = async (item: Locator) => (await item.boundingBox()) ?? { y: Infinity, height: Infinity };
  await tab.page.setViewportSize({ width: 1100, height: 800 });
  await expect.poll(() => box(tab.badge).then(({ height }) => height), 'the badge is one line').toBeLessThan(48);
  expect((await box(tab.page.getByTestId('connection'))).height, 'and so are its words').toBeLessThan(32);

  await tab.page.setViewportSize({ width: 390, height: 844 });
  const middle = (item: Locator) => box(item).then(({ y, height }) => y + height / 2);
  for (const name of ['Document', 'Language and colours']) {
    const button = tab.page.getByRole('button', { name, exact: true });
    const distance = async () => Math.abs((await middle(button)) - (await middle(titleOf(tab))));
    await expect.poll(distance, name).toBeLessThan(4);
  }
});

import type { Locator, Page } from '@playwright/test';

import { OwnServer } from '../support/server.ts';
import { expect, test } from '../support/test.ts';
import type { Tabs } from '../support/test.ts';

const unguessable = /\/d\/[0-9a-hjkmnp-tv-z]{26}$/;

/** A browser says in its console what it cannot reach. */
function expectLosses(tabs: Tabs): void {
  tabs.allow(/WebSocket connection to .* failed/, /net::ERR_/);
}

function recent(page: Page): Locator {
  return page.getByRole('region', { name: 'Recently opened' });
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';

  test(`a new document has an address that nobody can guess, ${how}`, async ({ tabs }) => {
    const { page } = await tabs.visit('/', { javaScriptEnabled });
    const addresses = new Set<string>();
    for (let round = 0; round < 3; round++) {
      await page.goto('/');
      await page.getByRole('link', { name: 'New document' }).click();
      await expect(page).toHaveURL(unguessable);
      addresses.add(page.url());
    }
    expect(addresses.size).toBe(3);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Untitled');
  });

  test(`a document is opened by its name, ${how}`, async ({ document, tabs }) => {
    const { page } = await tabs.visit('/', { javaScriptEnabled });
    await page.getByLabel('Open by name').fill(` ${document} `);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(page).toHaveURL(`/d/${document}`);
  });

  test(`a name that no document can have is refused beside its field, ${how}`, async ({ tabs }) => {
    tabs.allow(/status of 400/);
    const { page } = await tabs.visit('/', { javaScriptEnabled });
    const name = page.getByLabel('Open by name');
    await name.fill('two words');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(name).toHaveValue('two words');
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByText("so ' ' cannot be in it")).toBeVisible();
  });
}

test('no two people are led to the same new document', async ({ request }) => {
  const answer = await request.get('/new', { maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  expect(answer.headers()['cache-control']).toBe('no-store');
});

test('all documents are listed only where the operator wants it', async ({ document, request, tabs }) => {
  const tab = await tabs.open(document);
  await tab.editor.fill('not for everybody');
  await tab.isSaved();
  expect(await (await request.get('/')).text()).not.toContain(document);

  const open = await OwnServer.start({ SCRIPTORIUM_LIST_DOCUMENTS: 'true' });
  const there = await tabs.open(document, { at: open.origin });
  await there.editor.fill('# For everybody <b>');
  await there.isSaved();
  for (const javaScriptEnabled of [true, false]) {
    const home = await tabs.visit('/', { at: open.origin, javaScriptEnabled });
    const all = home.page.getByRole('region', { name: 'All documents' });
    await all.getByRole('link', { name: 'For everybody <b>' }).click();
    await expect(home.page).toHaveURL(`${open.origin}/d/${document}`);
  }
  await tabs.close();
  await open.dispose();
});

test('the documents that were opened here are listed, with title and when', async ({ document, stock, tabs }) => {
  const remote = await stock();
  await remote.insert('', '# The garden plan\n\nDig.');
  const tab = await tabs.open(document);
  const other = await tabs.open(`${document}-2`, { beside: tab });
  const home = await tabs.visit('/', { beside: tab });

  const links = recent(home.page).getByRole('link');
  await expect(links).toHaveText([new RegExp(`${document}-2.*just now`), /The garden plan.*just now/]);
  await links.last().click();
  await expect(home.page).toHaveURL(`/d/${document}`);
  await expect(home.page.getByLabel('Edit text')).toBeEditable();
  await home.page.goto('/');
  await expect(links).toHaveText([/The garden plan/, new RegExp(`${document}-2`)]);

  await remote.remove('garden ');
  await expect(tab.page).toHaveTitle('The plan · Scriptorium');
  await tab.page.close();
  await expect(links.first(), 'the list follows what other tabs do').toHaveText(/The plan/);
  await other.page.close();
});

test('what is listed is known to this browser alone', async ({ document, tabs }) => {
  await tabs.open(document);
  const { page } = await tabs.visit('/');
  await expect(recent(page)).toContainText('for you alone');
  await expect(recent(page).getByRole('link')).toHaveCount(0);
});

test('documents are taken off the list, one by one and all at once', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  for (const number of [1, 2, 3]) {
    await tab.page.goto(`/d/${document}-${number}`);
    await tab.isLive();
  }
  await tab.page.goto('/');
  const links = recent(tab.page).getByRole('link');
  await expect(links).toHaveCount(4);
  await recent(tab.page).getByRole('button', { name: `Take “${document}-2” off the list` }).click();
  await expect(links).toHaveCount(3);
  await tab.page.reload();
  await expect(links).toHaveText([/-3/, /-1/, new RegExp(document)]);
  await recent(tab.page).getByRole('button', { name: 'Clear the list' }).click();
  await expect(links).toHaveCount(0);
  await tab.page.reload();
  await expect(recent(tab.page)).toContainText('for you alone');
});

test('the list and what is on it open without a network', async ({ document, network, tabs }) => {
  expectLosses(tabs);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.editor.fill('kept');
  await tab.isSaved();
  await isKept(tab.page);
  await tab.page.goto('/');
  await isKept(tab.page);
  network.cut();
  await tab.page.reload();
  await recent(tab.page).getByRole('link', { name: 'kept' }).click();
  await tab.shows('kept');
});

test('the front page says when a text is in German', async ({ document, tabs }) => {
  const tab = await tabs.visit(`/d/${document}`, { locale: 'de-DE' });
  await expect(tab.page.getByLabel('Text schreiben')).toBeEditable();
  await tab.page.goto('/');
  await expect(tab.page.getByRole('region', { name: 'Zuletzt geöffnet' })).toContainText('gerade eben');
  await expect(tab.page.getByRole('link', { name: 'Neues Dokument' })).toBeVisible();
});

/** Waits until a page and what it has loaded can be had without a network. */
async function isKept(page: Page): Promise<void> {
  const missing = () =>
    page.evaluate(async () => {
      const files = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
      const needed = [location.href, ...files.filter((path) => /^\/(pkg|surface)\//.test(path))];
      const found = await Promise.all(needed.map((path) => caches.match(path, { ignoreVary: true })));
      return found.length < 3 || found.includes(undefined);
    });
  await expect.poll(missing).toBe(false);
}

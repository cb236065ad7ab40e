import type { Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';

async function ground(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(window.document.documentElement).backgroundColor);
}

const light = 'rgb(247, 243, 234)';
const dark = 'rgb(23, 21, 18)';

test('the page speaks the language of the browser', async ({ document, tabs }) => {
  const tab = await tabs.visit(`/d/${document}`, { locale: 'de-DE' });
  await expect(tab.page.locator('html')).toHaveAttribute('lang', 'de');
  const editor = tab.page.getByLabel('Text schreiben');
  await expect(editor).toBeEditable();
  await editor.fill('geschrieben');
  await expect(tab.badge).toContainText('Gespeichert');
  await expect(tab.badge).toContainText('1 Person hier');
  await expect(tab.synced).toHaveText('geschrieben');
});

test('whatever can be wrong is said in German, too', async ({ tabs }) => {
  tabs.allow(/status of 40[04]/);
  const { page } = await tabs.visit('/d/a%20b', { locale: 'de-DE' });
  await expect(page.getByRole('heading')).toHaveText('So kann kein Dokument heißen');
  await page.goto('/nothing/here');
  await expect(page.getByRole('heading')).toHaveText('Diese Seite gibt es nicht');
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';

  test(`another language is chosen and remembered, ${how}`, async ({ document, tabs }) => {
    const { page } = await tabs.visit(`/d/${document}`, { javaScriptEnabled });
    await page.getByRole('button', { name: 'Language and colours' }).click();
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page).toHaveURL(new RegExp(`/d/${document}$`));
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ein Text, viele Hände.');
  });

  test(`the colours are chosen and remembered, ${how}`, async ({ document, tabs }) => {
    const { page } = await tabs.visit(`/d/${document}`, { javaScriptEnabled, colorScheme: 'light' });
    if (javaScriptEnabled) {
      await expect(page.getByLabel('Edit text')).toBeEditable();
    }
    // Its style may still be on the way.
    await expect.poll(() => ground(page)).toBe(light);
    await page.getByRole('button', { name: 'Language and colours' }).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await expect.poll(() => ground(page)).toBe(dark);
    await page.goto('/');
    await expect.poll(() => ground(page)).toBe(dark);
    await page.emulateMedia({ colorScheme: 'dark' });

    await page.getByRole('button', { name: 'Language and colours' }).click();
    await page.getByRole('button', { name: 'System' }).click();
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => ground(page)).toBe(light);
  });
}

test('choosing colours does not interrupt', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  await tab.page.evaluate(() => Object.assign(window, { stays: true }));
  await tab.page.getByRole('button', { name: 'Language and colours' }).click();
  await tab.page.getByRole('button', { name: 'Dark' }).click();
  await expect(tab.page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
  expect(await tab.page.evaluate(() => 'stays' in window)).toBe(true);
  const themeColor = tab.page.locator('meta[name=theme-color]');
  expect(await themeColor.evaluateAll((metas) => metas.map((meta) => meta.getAttribute('content')))).toEqual([
    '#171512',
    '#171512',
  ]);
});

test('the chosen colours are there from the first moment', async ({ document, request }) => {
  const response = await request.get(`/d/${document}`, { headers: { cookie: 'theme=dark' } });
  expect(await response.text()).toMatch(/^<!DOCTYPE html><html lang="en" data-theme="dark">/);
  expect(response.headers().vary).toMatch(/cookie/i);
});

test('the page can be installed', async ({ page, request }) => {
  await page.goto('/');
  const address = await page.locator('link[rel=manifest]').getAttribute('href');
  const answer = await request.get(address ?? '');
  expect(answer.headers()['content-type']).toMatch(/^application\/manifest\+json/);
  const manifest = (await answer.json()) as { icons: { src: string; sizes: string; purpose?: string }[] };
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  for (const { src, sizes } of manifest.icons) {
    const size = await page.evaluate(async (source) => {
      const image = Object.assign(new Image(), { src: source });
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    if (sizes !== 'any') {
      expect(size, src).toBe(sizes);
    }
  }
  for (const icon of ['/favicon.ico', '/apple-touch-icon.png', '/icon.svg']) {
    expect((await request.get(icon)).headers()['content-type'], icon).toMatch(/^image\//);
  }
});

import type { Page, Route } from '@playwright/test';

import { expect, test } from '../support/test.ts';

/** Keeps the page from coming alive until the test says so. */
class Held {
  private readonly routes: Route[] = [];
  private open = false;

  readonly prepare = async (page: Page): Promise<void> => {
    await page.route('**/*.wasm', async (route) => {
      if (this.open) {
        await route.continue();
      } else {
        this.routes.push(route);
      }
    });
  };

  /** Waits until the page has asked for its code. */
  async isAsked(): Promise<void> {
    await expect.poll(() => this.routes.length).toBeGreaterThan(0);
  }

  async release(): Promise<void> {
    this.open = true;
    await Promise.all(this.routes.map((route) => route.continue()));
  }
}

test('the page cannot be written in before it is alive', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', 'text');
  const held = new Held();
  const tab = await tabs.visit(`/d/${document}`, { prepare: held.prepare });
  await held.isAsked();

  await tab.shows('text');
  await expect(tab.editor).not.toBeEditable();
  await tab.editor.focus();
  await tab.type('lost?');
  await tab.shows('text');

  await held.release();
  await tab.isLive();
  await tab.shows('text');
  expect(await remote.text()).toBe('text');
});

test('edits made between rendering and hydration are shown, once', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', 'one two three');
  const held = new Held();
  const tab = await tabs.visit(`/d/${document}`, { prepare: held.prepare });
  await held.isAsked();
  await tab.shows('one two three');

  await remote.insert('one ', 'and a half ');
  await remote.remove('three');
  await remote.insert('two ', 'four\n');
  await held.release();
  await tab.isLive();

  await tab.shows('one and a half two four\n');
  expect(await remote.text()).toBe('one and a half two four\n');
});

test('nothing moves or changes while the page comes alive', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', 'one\ntwo\nthree');
  const held = new Held();
  const tab = await tabs.visit(`/d/${document}`, { prepare: held.prepare });
  await held.isAsked();
  // The same nodes stay in the page, so that a selection or a screen reader keeps its place.
  await tab.editor.evaluate((editor) => editor.setAttribute('data-rendered-by', 'server'));
  const before = await tab.editor.boundingBox();

  await held.release();
  await tab.isLive();
  await tab.isSaved();

  await expect(tab.editor).toHaveAttribute('data-rendered-by', 'server');
  expect(await tab.editor.boundingBox()).toEqual(before);
});

test('a long text comes alive like a short one', async ({ document, tabs, stock }) => {
  const text = 'A line with some words, and 😀.\r\n'.repeat(10_000);
  const remote = await stock();
  await remote.insert('', text);
  const tab = await tabs.open(document);
  await tab.shows(text);
  await remote.insert('', 'Read me first.\n');
  await tab.shows(`Read me first.\n${text}`);
});

test('two pages that come alive at once show one text', async ({ document, tabs }) => {
  const [first, second] = await Promise.all([tabs.open(document), tabs.open(document)]);
  await Promise.all([first.editor.pressSequentially('a'), second.editor.pressSequentially('b')]);
  await expect.poll(async () => (await first.shown()).editor).toMatch(/^(ab|ba)$/);
  const { editor: text } = await first.shown();
  await first.shows(text);
  await second.shows(text);
});

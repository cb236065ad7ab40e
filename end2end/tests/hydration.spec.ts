import type { Locator, Page, Route } from '@playwright/test';

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
  const tab = await tabs.visit(`/d/${document}?view=plain`, { prepare: held.prepare });
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

test('what is filled in at once is kept until the page is alive', async ({ document, tabs, stock }) => {
  const remote = await stock();
  const { page } = await tabs.visit(`/d/${document}?view=plain`);
  await page.getByLabel('Edit text').fill('Hello at once');
  await expect(page.getByTestId('synced-text')).toHaveText('Hello at once');
  await expect.poll(() => remote.text()).toBe('Hello at once');
});

test('edits made between rendering and hydration are shown, once', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', 'one two three');
  const held = new Held();
  const tab = await tabs.visit(`/d/${document}?view=plain`, { prepare: held.prepare });
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

test('the link is up before the program is there, and serves it then', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', 'before');
  const held = new Held();
  const tab = await tabs.visit(`/d/${document}?view=plain`, { prepare: held.prepare });
  await held.isAsked();
  // What the server asks first.
  await expect.poll(() => tab.wire.received.length).toBeGreaterThan(0);
  await remote.insert('before', ' and meanwhile');
  await tab.shows('before');

  await held.release();
  await tab.isSaved();
  await tab.shows('before and meanwhile');
  await tab.select('before and meanwhile'.length);
  await tab.type(' and after');
  await expect.poll(() => remote.text()).toBe('before and meanwhile and after');
  expect(tab.wire.links).toBe(1);
});

test('a link for which no program comes is closed, and a program that comes late makes its own', async ({
  document,
  tabs,
  stock,
}) => {
  const remote = await stock();
  await remote.insert('', 'text');
  const held = new Held();
  const prepare = async (page: Page): Promise<void> => {
    await page.clock.install();
    await held.prepare(page);
  };
  const tab = await tabs.visit(`/d/${document}?view=plain`, { prepare });
  await held.isAsked();
  await expect.poll(() => tab.wire.open).toBe(1);
  await tab.page.clock.fastForward(31_000);
  await expect.poll(() => tab.wire.open).toBe(0);

  await tab.page.clock.resume();
  await held.release();
  await tab.isSaved();
  await tab.shows('text');
  expect(tab.wire.links).toBe(2);
});

for (const [device, viewport] of Object.entries({ desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } })) {
  test(`nothing moves while the page comes alive on a ${device}`, async ({ document, tabs, stock }) => {
    await (await stock()).insert('', `one\n${'many words in a long line '.repeat(30)}\nthree`);
    const held = new Held();
    const tab = await tabs.visit(`/d/${document}?view=plain`, { prepare: held.prepare, viewport });
    await held.isAsked();
    const before = { editor: await paneOf(tab.editor), words: await placeOf(tab.editor, 'three') };

    await held.release();
    await tab.isLive();
    await tab.isSaved();

    expect({ editor: await paneOf(tab.editor), words: await placeOf(tab.editor, 'three') }).toEqual(before);
    expect(await layoutShift(tab.page)).toBeLessThanOrEqual(0.02);
  });
}

/** Where the pane is in which somebody writes. */
async function paneOf(editor: Locator): Promise<unknown> {
  return editor.page().locator('.surface').boundingBox();
}

/** Where in the window the first of these words are. */
async function placeOf(editor: Locator, words: string): Promise<{ x: number; y: number }> {
  return editor.evaluate((element, words) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
      const text = texts.currentNode as Text;
      const at = text.data.indexOf(words);
      if (at >= 0) {
        range.setStart(text, at);
        range.setEnd(text, at + words.length);
        const { x, y } = range.getBoundingClientRect();
        return { x, y };
      }
    }
    throw new Error(`${words} is not shown`);
  }, words);
}

/** How much has moved by itself since the page was asked for, as in Cumulative Layout Shift. */
async function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const shifts = list.getEntries() as (PerformanceEntry & { value: number })[];
          resolve(shifts.reduce((sum, { value }) => sum + value, 0));
        }).observe({ type: 'layout-shift', buffered: true });
        // Where nothing has moved, nobody is told.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
      }),
  );
}

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

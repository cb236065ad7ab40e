import type { Locator, Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';

const desk = { viewport: { width: 1280, height: 800 } };
const text = Array.from({ length: 60 }, (_, part) => `## Part ${part}\n\n${`Words of part ${part}. `.repeat(20)}\n`).join('\n');

/** The part whose heading is nearest to the upper edge of a pane. */
async function partAtTop(pane: Locator, parts: string): Promise<number> {
  return pane.evaluate((pane, parts) => {
    const edge = pane.getBoundingClientRect().top;
    const distances = [...pane.querySelectorAll(parts)]
      .filter((part) => /Part \d+$/.test(part.textContent ?? ''))
      .map((part) => ({
        number: Number(part.textContent?.match(/\d+$/)?.[0]),
        distance: Math.abs(part.getBoundingClientRect().top - edge),
      }));
    return distances.sort((one, other) => one.distance - other.distance)[0]?.number ?? -1;
  }, parts);
}

function panes(page: Page) {
  const editor = page.locator('.cm-scroller');
  const rendered = page.getByTestId('rendered-text');
  return {
    editor,
    rendered,
    editorPart: () => partAtTop(editor, '.cm-line'),
    renderedPart: () => partAtTop(rendered, 'h2'),
  };
}

async function wheel(page: Page, over: Locator, distance: number): Promise<void> {
  await over.hover();
  await page.mouse.wheel(0, distance);
}

test('where one pane is scrolled, the other follows, to the same part', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', text);
  const { page } = await tabs.visit(`/d/${document}`, desk);
  await expect(page.getByLabel('Edit text')).toBeEditable();
  const { editor, rendered, editorPart, renderedPart } = panes(page);

  await wheel(page, editor, 3000);
  await expect.poll(editorPart).toBeGreaterThan(5);
  await expect.poll(async () => Math.abs((await editorPart()) - (await renderedPart()))).toBeLessThanOrEqual(1);

  await wheel(page, rendered, 2000);
  await expect.poll(renderedPart).toBeGreaterThan(20);
  await expect.poll(async () => Math.abs((await editorPart()) - (await renderedPart()))).toBeLessThanOrEqual(1);

  // Back at the beginning, both are.
  await wheel(page, rendered, -100_000);
  await expect.poll(() => editor.evaluate((pane) => pane.scrollTop)).toBe(0);
});

test('the plain text follows, too', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', text);
  const tab = await tabs.open(document, desk);
  const { editor, editorPart } = panes(tab.page);
  await wheel(tab.page, editor, 3000);
  await expect.poll(editorPart).toBeGreaterThan(5);
  // The part that is named next below the upper edge.
  const readPart = () =>
    tab.synced.evaluate((pane) => {
      const { left, top } = pane.getBoundingClientRect();
      const place = window.document.caretRangeFromPoint(left + 60, top + 10);
      const after = place?.startContainer.textContent?.slice(place.startOffset);
      return Number(after?.match(/[Pp]art (\d+)/)?.[1] ?? -1);
    });
  await expect.poll(async () => Math.abs((await readPart()) - (await editorPart()))).toBeLessThanOrEqual(1);
});

test('panes scroll apart for those who want that', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', text);
  const { page } = await tabs.visit(`/d/${document}`, desk);
  await expect(page.getByLabel('Edit text')).toBeEditable();
  const { editor, rendered } = panes(page);
  await page.getByRole('button', { name: 'Language and colours' }).click();
  await page.getByRole('button', { name: 'Apart' }).click();
  await page.keyboard.press('Escape');

  await wheel(page, editor, 3000);
  await expect.poll(() => editor.evaluate((pane) => pane.scrollTop)).toBeGreaterThan(1000);
  expect(await rendered.evaluate((pane) => pane.scrollTop)).toBe(0);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-scrolling', 'apart');
});

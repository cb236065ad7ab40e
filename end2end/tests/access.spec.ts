import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';

const text = [
  '# The garden plan',
  '',
  'We meet on **Saturday**, behind the [library](https://library.example). See [below](#what-to-do)[^1].',
  '',
  '## What to do',
  '',
  '- [x] Order the seeds',
  '- [ ] Dig ~~here~~ `there`',
  '',
  '| Bed | Rows |',
  '|---|--:|',
  '| North | 4 |',
  '',
  '> Nothing before the last frost.',
  '',
  '```rust',
  'let rows = 4; // "both" beds',
  'const NAME: &str = "north";',
  '```',
  '',
  '```diff',
  '+ one',
  '- other',
  '```',
  '',
  '<b>Not bold</b>',
  '',
  '[^1]: Bring gloves.',
].join('\n');

const looks = {
  'light, on a desk': { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  'dark, on a desk': { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  'light, on a phone': { colorScheme: 'light', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  'dark, on a phone': { colorScheme: 'dark', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const;

/** What axe finds, in a form that says where. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`));
}

async function live(page: Page): Promise<void> {
  await expect(page.getByLabel('Edit text')).toBeEditable();
  await expect(page.getByRole('status')).toContainText('Saved');
}

/** Opens everything that a button of the masthead opens, and what that opens, one after the other, and looks at each. */
async function dialogs(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const button of await page.locator('.masthead button[popovertarget]:visible').all()) {
    await button.click();
    found.push(...(await violations(page)));
    for (const inner of await page.locator('.masthead :popover-open button[popovertarget]:visible').all()) {
      await inner.click();
      found.push(...(await violations(page)));
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Escape');
  }
  return found;
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe has nothing to say of a page that is offline, nor of one that is refused: ${colorScheme}`, async ({
    document,
    tabs,
  }) => {
    let code = 1012;
    const prepare = async (page: Page): Promise<void> =>
      page.routeWebSocket(/\/ws\//, (socket) => socket.onMessage(() => socket.close({ code, reason: '' })));
    const { page } = await tabs.visit(`/d/${document}`, { colorScheme, prepare });
    await expect(page.getByRole('status')).toContainText('Offline');
    expect(await violations(page)).toEqual([]);
    code = 4413;
    await expect(page.getByRole('status')).toContainText('Refused');
    await expect(page.getByTestId('refused')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

for (const [look, options] of Object.entries(looks)) {
  test(`axe has nothing to say of pages of few words: ${look}`, async ({ tabs }) => {
    tabs.allow(/status of 40[04]/);
    for (const path of ['/', '/?name=a%2Fb', '/d/a%20b', '/nothing/here']) {
      const { page } = await tabs.visit(path, options);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await violations(page), path).toEqual([]);
    }
  });

  test(`axe has nothing to say of a document: ${look}`, async ({ document, tabs, stock }) => {
    const remote = await stock();
    await remote.insert('', text);
    remote.introduce({ name: 'Yves', color: '#ffe000' });
    remote.point(3, 12);
    // A name that is fading away is no colour that anybody chose.
    const { page } = await tabs.visit(`/d/${document}`, { ...options, reducedMotion: 'reduce' });
    await live(page);
    await expect(page.locator('.person-caret')).toBeVisible();
    expect(await violations(page), 'as it opens').toEqual([]);
    expect(await dialogs(page), 'with a dialog opened').toEqual([]);
    await page.getByRole('button', { name: 'Find and replace' }).click();
    await page.getByRole('textbox', { name: 'Find' }).fill('the');
    expect(await violations(page), 'while something is searched for').toEqual([]);
    await page.keyboard.press('Escape');
    for (const name of ['Plain', 'Read', 'Markdown', 'Edit']) {
      await page.getByRole('link', { name, exact: true }).click();
      await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'true');
      expect(await violations(page), name).toEqual([]);
    }
  });
}

test('axe has nothing to say of a document that is empty, alive and before', async ({ document, tabs }) => {
  // Its code does not come.
  const prepare = async (page: Page): Promise<void> => page.route('**/*.wasm', () => {}).then(() => undefined);
  const waiting = await tabs.visit(`/d/${document}`, { prepare });
  await expect(waiting.page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await violations(waiting.page)).toEqual([]);

  const { page } = await tabs.open(document);
  expect(await violations(page)).toEqual([]);
});

test('axe has nothing to say in German', async ({ document, tabs }) => {
  const { page } = await tabs.visit(`/d/${document}`, { locale: 'de-DE' });
  await expect(page.getByLabel('Text schreiben')).toBeEditable();
  expect(await violations(page)).toEqual([]);
});

test('the keyboard alone reaches everything', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', '[a link](https://a.example)');
  const { page } = await tabs.visit(`/d/${document}`);
  await live(page);
  const wanted = ['Scriptorium', 'Language and colours', 'Edit', 'Both', 'Read', 'Plain', 'Markdown', 'Edit text', 'a link'];
  const reached = await pass(page, 40);
  expect(wanted.filter((name) => !reached.includes(name))).toEqual([]);
});

/** The names of what the tabulator key leads to. */
async function pass(page: Page, steps: number): Promise<string[]> {
  const names: string[] = [];
  for (let step = 0; step < steps; step++) {
    names.push(
      await page.evaluate(() => {
        const at = window.document.activeElement;
        return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? '';
      }),
    );
    // In the editor, the tabulator key may belong to the text; Escape gives it back.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
  }
  return names;
}

test('nothing moves for those who want no movement', async ({ document, tabs }) => {
  const { page } = await tabs.visit(`/d/${document}`, { reducedMotion: 'reduce' });
  await live(page);
  const moving = await page.evaluate(() => {
    const seconds = (times: string) => Math.max(...times.split(',').map(parseFloat));
    return [...window.document.querySelectorAll('*')]
      .filter((element) => {
        const { animationDuration, transitionDuration, scrollBehavior } = getComputedStyle(element);
        return seconds(animationDuration) > 0.01 || seconds(transitionDuration) > 0.01 || scrollBehavior === 'smooth';
      })
      .map((element) => element.outerHTML.slice(0, 100));
  });
  expect(moving).toEqual([]);
});

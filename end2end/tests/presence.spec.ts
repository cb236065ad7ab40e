import type { Page } from '@playwright/test';

import { CodeMirrorTab } from '../support/codemirror.ts';
import { expect, test } from '../support/test.ts';
import type { Tab } from '../support/tab.ts';

/** Gives the person in a tab a name. */
async function call(tab: Tab, name: string): Promise<void> {
  await tab.page.getByRole('button', { name: 'You and your editor' }).click();
  await tab.page.getByLabel('Your name').fill(name);
  await tab.page.keyboard.press('Enter');
  await tab.page.keyboard.press('Escape');
  await expect(tab.page.getByRole('button', { name: `${name} (you)` })).toBeVisible();
}

test('two people see each other’s carets, wherever both write', async ({ document, tabs }) => {
  const anna = await tabs.open(document);
  const bert = await tabs.open(document);
  await call(anna, 'Anna');
  await call(bert, 'Bert');
  await expect.poll(() => anna.roster()).toEqual(['Bert']);
  await expect.poll(() => bert.roster()).toEqual(['Anna']);

  await anna.editor.fill('one two three');
  await bert.shows('one two three');
  await anna.select('one'.length);
  await bert.select('one two'.length);
  await expect.poll(() => bert.caretOf('Anna')).toBe('one'.length);
  await expect.poll(() => anna.caretOf('Bert')).toBe('one two'.length);

  await Promise.all([
    anna.editor.pressSequentially(' and a half', { delay: 5 }),
    bert.editor.pressSequentially(' and more', { delay: 5 }),
  ]);
  await anna.shows('one and a half two and more three');
  await bert.shows('one and a half two and more three');
  await expect.poll(() => bert.caretOf('Anna')).toBe('one and a half'.length);
  await expect.poll(() => anna.caretOf('Bert')).toBe('one and a half two and more'.length);

  await bert.editor.blur();
  await expect.poll(() => anna.caretOf('Bert')).toBe(null);
  await bert.page.close();
  await expect.poll(() => anna.roster()).toEqual([]);
});

test('a name is seen while its person writes, without being drawn anew, and fades afterwards', async ({ document, tabs }) => {
  const anna = await tabs.open(document);
  const bert = await tabs.open(document);
  await call(anna, 'Anna');
  await anna.editor.fill('one');
  await bert.shows('one');
  const flag = bert.page.locator('.person-flag', { hasText: 'Anna' });
  await expect(flag).toHaveCSS('opacity', '1');

  const changes = await flag.evaluateHandle((flag) => {
    const changes: string[] = [];
    const note = (records: MutationRecord[]) => records.forEach(({ attributeName }) => changes.push(String(attributeName)));
    new MutationObserver(note).observe(flag, { attributes: true, childList: true });
    new MutationObserver(note).observe(flag.parentElement as Element, { attributeFilter: ['class'] });
    return changes;
  });
  await anna.type(' and two', 30);
  await bert.shows('one and two');
  await expect.poll(() => bert.caretOf('Anna')).toBe('one and two'.length);
  expect(await changes.jsonValue()).toEqual([]);
  expect(await flag.evaluate((flag) => flag.getAnimations().length)).toBe(0);
  await expect(flag).toHaveCSS('opacity', '0');

  await anna.type('!');
  await expect(flag).toHaveCSS('opacity', '1');
});

test('the page and stock clients see where the other is', async ({ document, stock, tabs }) => {
  const remote = await stock();
  await remote.insert('', 'one 😀 two');
  const tab = await tabs.open(document);
  await call(tab, 'Anna');
  remote.introduce({ name: 'Yves', color: '#30bced', colorLight: '#30bced33' });
  remote.point('one 😀 '.length);
  await expect.poll(() => tab.caretOf('Yves')).toBe('one 😀 '.length);
  await tab.select('one'.length, 'one 😀'.length, 'backward');
  await expect.poll(() => remote.places()).toEqual({ Anna: ['one 😀'.length, 'one'.length] });

  await remote.insert('one', ' and');
  await tab.shows('one and 😀 two');
  expect(remote.places()).toEqual({ Anna: ['one and 😀'.length, 'one and'.length] });
  await expect.poll(() => tab.caretOf('Yves')).toBe('one and 😀 '.length);

  await tab.page.keyboard.press('Control+End');
  await tab.type('!');
  await expect.poll(() => remote.places()).toEqual({ Anna: ['one and 😀 two!'.length, 'one and 😀 two!'.length] });
  await tab.editor.blur();
  await expect.poll(() => remote.places()).toEqual({ Anna: null });
});

test('the page and a page with y-codemirror draw each other’s carets', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  await call(tab, 'Anna');
  await tab.editor.fill('one 😀 two\nthree');
  await tab.isSaved();
  const { page } = await tabs.visit('/healthz', { bypassCSP: true });
  const other = await CodeMirrorTab.open(page, document, 'Yves');
  await other.shows('one 😀 two\nthree');

  await tab.select('one 😀'.length);
  await other.select('one 😀 two'.length);
  await expect.poll(() => other.caretOf('Anna')).toBe('one 😀'.length);
  await expect.poll(() => tab.caretOf('Yves')).toBe('one 😀 two'.length);

  await Promise.all([tab.type(' and'), other.type(' more')]);
  await tab.shows('one 😀 and two more\nthree');
  await other.shows('one 😀 and two more\nthree');
  await expect.poll(() => other.caretOf('Anna')).toBe('one 😀 and'.length);
  await expect.poll(() => tab.caretOf('Yves')).toBe('one 😀 and two more'.length);

  await tab.select('one '.length, 'one 😀 and'.length);
  await expect.poll(() => other.selected()).toBe('😀 and');
  await other.select('one 😀 and two more\nthr'.length, 'one 😀 '.length);
  await expect.poll(() => tab.caretOf('Yves')).toBe('one 😀 '.length);
  await expect(tab.page.locator('.person-selection')).not.toHaveCount(0);
  await tab.editor.blur();
  await expect.poll(() => other.caretOf('Anna')).toBe(null);
});

test('what others say of themselves is not trusted', async ({ document, stock, tabs }) => {
  const remote = await stock();
  await remote.insert('', 'text');
  const tab = await tabs.open(document);
  remote.introduce({ name: `<img src=x onerror=alert(1)>${'x'.repeat(500)}\u202e`, color: 'red;} body{display:none' });
  remote.point(2);
  await expect.poll(async () => (await tab.roster())[0]).toMatch(/^<img src=x onerror=alert\(1\)>x{12}$/);
  const color = await tab.page
    .locator('.roster li:last-child .person')
    .evaluate((person) => (person as HTMLElement).style.getPropertyValue('--person'));
  expect(color).toMatch(/^#[0-9a-f]{6}$/);
  remote.introduce({ name: 7, color: ['#112233'] });
  await expect.poll(() => tab.roster()).toEqual(['Somebody']);
  await tab.shows('text');
});

test('one writes on while somebody is where nothing is known', async ({ document, stock, tabs }) => {
  const remote = await stock();
  await remote.insert('', 'text');
  remote.introduce({ name: 'Yves' });
  remote.pointBeyond();
  const tab = await tabs.open(document);
  await expect.poll(() => tab.roster()).toEqual(['Yves']);
  await tab.editor.focus();
  await tab.page.keyboard.press('Control+End');
  await tab.type(', and more');
  await tab.shows('text, and more');
  expect(await tab.caretOf('Yves')).toBe(null);
  remote.point(2);
  await expect.poll(() => tab.caretOf('Yves')).toBe(2);
});

test('a click on somebody leads to where they are', async ({ document, stock, tabs }) => {
  const remote = await stock();
  const text = Array.from({ length: 500 }, (_, line) => `Line ${line}`).join('\n');
  await remote.insert('', text);
  remote.introduce({ name: 'Yves' });
  const tab = await tabs.open(document);
  const goTo = tab.page.getByRole('button', { name: 'Go to Yves' });
  await expect(tab.page.getByRole('button', { name: /Yves/ })).toBeVisible();
  remote.point(text.indexOf('Line 400'));
  await goTo.focus();
  await tab.page.keyboard.press('Enter');
  await expect.poll(() => tab.caretOf('Yves')).toBe(text.indexOf('Line 400'));
  await expect(tab.page.locator('.person-caret')).toBeInViewport();
  await expect(goTo).toBeFocused();
});

for (const [view, part] of Object.entries({ plain: 'synced-text', markdown: 'rendered-text' })) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    test(`so it does where the text is only read: ${view}, ${viewport.width} wide`, async ({ document, stock, tabs }) => {
      const remote = await stock();
      const text = Array.from({ length: 500 }, (_, line) => `Line ${line}`).join('\n\n');
      await remote.insert('', text);
      remote.introduce({ name: 'Yves' });
      remote.point(text.indexOf('Line 400'));
      // What the server has rendered says which lines are where, so that it need not be rendered again for that.
      const prepare = async (page: Page) => void (await page.route('**/split_markdown*', () => {}));
      const { page } = await tabs.visit(`/d/${document}?mode=read&view=${view}`, { prepare, viewport });
      const pane = page.getByTestId(part);
      await expect(pane).toContainText('Line 499');
      await page.getByRole('button', { name: 'Go to Yves' }).click();
      // Whatever is drawn in the middle of the pane, half a screen around it is near enough.
      await expect
        .poll(() =>
          pane.evaluate((pane) => {
            const texts = window.document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
            const range = window.document.createRange();
            while (texts.nextNode()) {
              const at = (texts.currentNode as Text).data.indexOf('Line 400');
              if (at >= 0) {
                range.setStart(texts.currentNode, at);
                const { top } = range.getBoundingClientRect();
                return top > 0 && top < window.innerHeight * 0.7;
              }
            }
            return false;
          }),
        )
        .toBe(true);
    });
  }
}

test('it is said who comes and goes, but not who was here before', async ({ document, stock, tabs }) => {
  const before = await stock();
  before.introduce({ name: 'Yves' });
  const tab = await tabs.open(document);
  const news = await tab.page.getByTestId('news').evaluateHandle((element) => {
    const news: string[] = [];
    new MutationObserver(() => news.push(element.textContent)).observe(element, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    return news;
  });
  await tab.counts(2);

  const later = await stock();
  await expect.poll(() => news.jsonValue()).toEqual(['stock client joined.']);
  await before.leave();
  await expect.poll(() => news.jsonValue()).toEqual(['stock client joined.', 'Yves left.']);
  await later.leave();
  await expect.poll(() => news.jsonValue()).toEqual(['stock client joined.', 'Yves left.', 'stock client left.']);
});

test('whoever comes takes a colour that nobody here has, unless they have chosen theirs', async ({ document, tabs }) => {
  const violet = '#a914ee';
  const person = (name: string) => async (page: Page) => {
    await page.addInitScript(
      ([name, color]) => {
        localStorage['scriptorium.name'] ??= name;
        localStorage['scriptorium.color'] ??= color;
      },
      [name, violet],
    );
  };
  const anna = await tabs.open(document, { prepare: person('Anna') });
  await anna.isSaved();
  const colorOf = (name: string) =>
    anna.page
      .getByRole('listitem')
      .filter({ hasText: name })
      .getByRole('button')
      .evaluate((button) => button.style.getPropertyValue('--person'));

  const bert = await tabs.open(document, { prepare: person('Bert') });
  await bert.isSaved();
  await expect.poll(() => colorOf('Bert')).toMatch(/^#/);
  await expect.poll(() => colorOf('Bert')).not.toBe(violet);
  const taken = await colorOf('Bert');

  const carla = await tabs.open(`${document}-2`, { prepare: person('Carla') });
  await carla.page.getByRole('button', { name: 'You and your editor' }).click();
  await carla.page.getByRole('radio', { name: 'Violet' }).click({ force: true });
  await carla.page.goto(`/d/${document}?view=plain`);
  await carla.isSaved();
  await expect.poll(() => colorOf('Carla')).toBe(violet);
  // Who was here before stays as they were.
  expect(await colorOf('Bert')).toBe(taken);
  await expect(anna.page.getByRole('button', { name: 'Anna (you)' })).toHaveCSS('--person', violet);

  const other = await tabs.open(document, { beside: anna });
  await other.isSaved();
  await expect(other.page.getByRole('button', { name: 'Anna (you)' })).toHaveCSS('--person', violet);
});

test('a name and a colour are kept', async ({ document, tabs, stock }) => {
  const remote = await stock();
  const tab = await tabs.open(document);
  await expect.poll(() => Object.keys(remote.places())[0]).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
  const [given] = Object.keys(remote.places());
  await tab.page.reload();
  await tab.isLive();
  await expect.poll(() => Object.keys(remote.places())).toEqual([given]);

  await call(tab, 'Anna');
  await expect.poll(() => Object.keys(remote.places())).toEqual(['Anna']);
  await tab.page.getByRole('button', { name: 'You and your editor' }).click();
  await tab.page.getByRole('radio', { name: 'Violet' }).check({ force: true });
  await tab.page.reload();
  await tab.isLive();
  await expect(tab.page.getByRole('button', { name: 'Anna (you)' })).toBeVisible();
  await tab.page.getByRole('button', { name: 'You and your editor' }).click();
  await expect(tab.page.getByRole('radio', { name: 'Violet' })).toBeChecked();
});

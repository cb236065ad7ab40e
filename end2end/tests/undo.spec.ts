import type { Tab } from '../support/tab.ts';
import { expect, test } from '../support/test.ts';

const original = '0123456789';

/** Numbers that a printed seed brings back (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Takes back everything that can be taken back. */
async function undoAll(tab: Tab): Promise<void> {
  for (let last = ''; ; ) {
    const { editor } = await tab.shown();
    if (editor === last) {
      return;
    }
    last = editor;
    await tab.page.keyboard.press('Control+z');
  }
}

test('undo takes back what one wrote oneself, and restores the selection', async ({ document, stock, tabs }) => {
  const remote = await stock();
  await remote.insert('', 'one two three');
  const tab = await tabs.open(document);
  await tab.select('one '.length, 'one two'.length);
  await tab.type('2');
  await remote.insert('', 'zero ');
  await remote.insert(' three', ' four');
  await tab.shows('zero one 2 three four');

  await tab.page.keyboard.press('Control+z');
  await tab.shows('zero one two three four');
  expect(await tab.selection()).toMatchObject({ start: 'zero one '.length, end: 'zero one two'.length });
  await tab.page.keyboard.press('Control+z');
  await tab.shows('zero one two three four');
  await remote.insert('', '> ');
  await tab.shows('> zero one two three four');
  await tab.page.keyboard.press('Control+y');
  await tab.shows('> zero one 2 three four');
  await expect.poll(() => remote.text()).toBe('> zero one 2 three four');
});

test('what was written before a connection was lost can be taken back after it', async ({
  document,
  network,
  server,
  stock,
  tabs,
}) => {
  tabs.expectLosses();
  const remote = await stock(server.origin);
  const tab = await tabs.open(document, { at: network.origin });
  await tab.select(0);
  await tab.type('mine');
  await tab.isSaved();
  network.cut();
  await tab.isOffline();
  await remote.insert('mine', ' theirs');
  network.restore();
  await tab.shows('mine theirs');
  await tab.page.keyboard.press('Control+z');
  await tab.shows(' theirs');
  await expect.poll(() => remote.text()).toBe(' theirs');
});

for (const seed of [1, 2, 3]) {
  test(`after everything is undone, just what others did remains (seed ${seed})`, async ({ document, stock, tabs }) => {
    const below = chance(seed);
    const remote = await stock();
    await remote.insert('', original);
    const tab = await tabs.open(document);
    await tab.shows(original);

    let removed = '';
    for (let step = 0; step < 24; step++) {
      const { editor: text } = await tab.shown();
      const digit = original[below(original.length)] ?? '0';
      if (below(3) > 0) {
        await tab.select(below(text.length + 1));
        await (below(3) > 0 ? tab.type('abc'.slice(below(3))) : tab.page.keyboard.press('Backspace'));
      } else if (below(2) > 0 || !(await remote.text()).includes(digit)) {
        const current = await remote.text();
        await remote.insert(current.slice(0, below(current.length + 1)), 'XYZ'[below(3)] ?? 'X');
      } else {
        await remote.remove(digit);
        removed += digit;
      }
    }
    await expect.poll(async () => (await tab.shown()).editor === (await remote.text())).toBe(true);
    const theirs = (await remote.text()).replace(/[^XYZ]/g, '').length;

    await tab.editor.focus();
    await undoAll(tab);
    const { editor: left } = await tab.shown();
    expect(left.replace(/[^0-9]/g, '')).toBe([...original].filter((digit) => !removed.includes(digit)).join(''));
    expect(left.replace(/[0-9]/g, '')).toMatch(/^[XYZ]*$/);
    expect(left.replace(/[^XYZ]/g, '').length).toBeGreaterThanOrEqual(theirs);
    await expect.poll(() => remote.text()).toBe(left);
  });
}

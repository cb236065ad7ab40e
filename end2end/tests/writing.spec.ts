import { expect, test } from '../support/test.ts';
import { letters } from '../support/text.ts';

test('two people type at different places at once', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', 'above\n\nbelow');
  const first = await tabs.open(document);
  const second = await tabs.open(document);
  await first.select('above'.length);
  await second.select('above\n\nbelow'.length);

  const [one, two] = [' and the first wrote this', ' and the second wrote that'];
  await Promise.all([
    first.editor.pressSequentially(one, { delay: 5 }),
    second.editor.pressSequentially(two, { delay: 5 }),
  ]);

  const text = `above${one}\n\nbelow${two}`;
  await first.shows(text);
  await second.shows(text);
});

test('two people type at the same place at once', async ({ document, tabs }) => {
  const first = await tabs.open(document);
  const second = await tabs.open(document);
  const [one, two] = [letters('a', 60), letters('A', 60)];
  await Promise.all([
    first.editor.pressSequentially(one, { delay: 5 }),
    second.editor.pressSequentially(two, { delay: 5 }),
  ]);

  await expect.poll(async () => (await first.shown()).editor.length).toBe(one.length + two.length);
  const { editor: text } = await first.shown();
  // How the two interleave is chance; that each one's letters keep their order is not.
  expect(text.replace(/[^a-z]/g, '')).toBe(one);
  expect(text.replace(/[^A-Z]/g, '')).toBe(two);
  await first.shows(text);
  await second.shows(text);
});

test('many lines filled in at once arrive as they are', async ({ document, tabs }) => {
  const first = await tabs.open(document);
  const second = await tabs.open(document);
  const text = Array.from({ length: 200 }, (_, line) => `${line}\t${'word '.repeat(line % 9)}`).join('\n');
  await first.editor.fill(text);
  await second.shows(text);
  await first.editor.fill('');
  await second.shows('');
});

test('deleting, cutting and pasting arrive', async ({ document, tabs, stock }) => {
  const text = 'one two three four';
  await (await stock()).insert('', text);
  const first = await tabs.open(document);
  const second = await tabs.open(document);

  await first.select('one '.length, 'one two '.length);
  await first.page.keyboard.press('Delete');
  await second.shows('one three four');

  await first.select('one three four'.length);
  await first.page.keyboard.press('Control+Backspace');
  await second.shows('one three ');

  await first.select(0, 'one'.length);
  await first.page.keyboard.insertText('pasted\nlines\n');
  await second.shows('pasted\nlines\n three ');
});

test('one key sends one small frame, however long the text is', async ({ document, tabs, stock }) => {
  const text = 'All work and no play makes a long text. '.repeat(512);
  const remote = await stock();
  await remote.insert('', text);
  const tab = await tabs.open(document);
  await tab.isSaved();

  // The middle of a text that repeats itself is where a careless comparison finds too much.
  const middle = text.length / 2;
  await tab.select(middle);
  for (const [key, expected] of [
    ['a', `${text.slice(0, middle)}a${text.slice(middle)}`],
    ['Backspace', text],
    ['Delete', `${text.slice(0, middle)}${text.slice(middle + 1)}`],
  ] as const) {
    const before = tab.wire.edits.sent.length;
    await tab.page.keyboard.press(key);
    await expect.poll(() => remote.text()).toBe(expected);
    // The other client may know of it sooner than the browser tells that it was sent.
    const frames = () => tab.wire.edits.sent.slice(before);
    await expect.poll(() => frames().length, key).toBe(1);
    expect(frames()[0]?.length, key).toBeLessThan(60);
  }
});

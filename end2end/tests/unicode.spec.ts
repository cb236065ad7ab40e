import { expect, test } from '../support/test.ts';

const samples: Record<string, string> = {
  emoji: '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽',
  'surrogate pairs': '𝒳𝒴𝒵 𐍈 𠜎',
  'combining marks': 'Zo\u0065\u0308 a\u0301\u0323 ẛ̣',
  'right-to-left text': 'שלום עולם — مرحبا \u202Eabc\u202C',
  tabs: '\tone\t\ttwo\t',
  'CR LF': 'one\r\ntwo\r\n\r\nthree',
  'CR alone': 'one\rtwo\r\rthree',
  'no-break and zero-width spaces': 'a\u00A0b\u200Bc\u2028d\uFEFFe',
};

for (const [name, sample] of Object.entries(samples)) {
  test(`edits elsewhere leave ${name} as they are`, async ({ document, tabs, stock }) => {
    const remote = await stock();
    await remote.insert('', `[${sample}]`);
    const tab = await tabs.open(document);
    await tab.shows(`[${sample}]`);

    await tab.select(0);
    await tab.type('before');
    await tab.page.keyboard.press('Control+End');
    await tab.type('behind');
    // Otherwise both would write behind the bracket at the same time, and either may come first.
    await expect.poll(() => remote.text()).toBe(`before[${sample}]behind`);
    await remote.insert(']', '-');

    const text = `before[${sample}]-behind`;
    await tab.shows(text);
    expect(await remote.text()).toBe(text);
    await tab.page.reload();
    await tab.isLive();
    await tab.shows(text);
  });
}

test('edits between line ends of several kinds go where the caret is', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', 'one\r\ntwo\rthree\nfour\r\n');
  const tab = await tabs.open(document);

  await tab.select('one\r\ntwo'.length);
  await tab.type('!');
  await expect.poll(() => remote.text()).toBe('one\r\ntwo!\rthree\nfour\r\n');

  await tab.select('one\r\ntwo!\rthree\nfour'.length);
  await remote.insert('one', ' more\r\n');
  await tab.shows('one more\r\n\r\ntwo!\rthree\nfour\r\n');
  await tab.type('?');
  await expect.poll(() => remote.text()).toBe('one more\r\n\r\ntwo!\rthree\nfour?\r\n');
});

test('a line end of two characters is one to the keyboard', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', 'one\r\ntwo');
  const tab = await tabs.open(document);
  const keyboard = tab.page.keyboard;

  await tab.select(0);
  await keyboard.press('End');
  await keyboard.type('!');
  await expect.poll(() => remote.text()).toBe('one!\r\ntwo');
  await keyboard.press('ArrowRight');
  await keyboard.type('?');
  await expect.poll(() => remote.text()).toBe('one!\r\n?two');
  await keyboard.press('Backspace');
  await keyboard.press('ArrowLeft');
  await keyboard.type('.');
  await expect.poll(() => remote.text()).toBe('one!.\r\ntwo');
  await keyboard.press('Delete');
  await expect.poll(() => remote.text()).toBe('one!.two');
  await remote.insert('one!.', '\r\n');
  await tab.shows('one!.\r\ntwo');
  await tab.select('one!.\r\n'.length);
  await keyboard.press('Backspace');
  await expect.poll(() => remote.text()).toBe('one!.two');
});

test('an emoji is replaced by one that shares half of its code', async ({ document, tabs, stock }) => {
  const remote = await stock();
  const tab = await tabs.open(document);
  await tab.editor.fill('a😀b');
  await expect.poll(() => remote.text()).toBe('a😀b');
  await tab.editor.fill('a😁b');
  await expect.poll(() => remote.text()).toBe('a😁b');
  // These two differ in the first half and share the second.
  await tab.editor.fill('a\u{10401}b');
  await expect.poll(() => remote.text()).toBe('a\u{10401}b');
  await tab.editor.fill('a\u{10801}b');
  await expect.poll(() => remote.text()).toBe('a\u{10801}b');
  await tab.shows('a\u{10801}b');
});

test('an emoji is typed and taken back', async ({ document, tabs, stock }) => {
  const remote = await stock();
  const tab = await tabs.open(document);
  await tab.editor.focus();
  await tab.page.keyboard.insertText('smile 😀');
  await expect.poll(() => remote.text()).toBe('smile 😀');
  await tab.page.keyboard.press('Backspace');
  await expect.poll(() => remote.text()).toBe('smile ');
  await tab.shows('smile ');
});

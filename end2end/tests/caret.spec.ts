import type { StockClient } from '../support/stock.ts';
import { expect, test } from '../support/test.ts';

const text = 'The quick brown fox\njumps over\nthe lazy dog.';
const brown = { start: text.indexOf('brown'), end: text.indexOf('brown') + 'brown'.length };

type Case = {
  name: string;
  edit: (remote: StockClient) => Promise<void>;
  text: string;
  selected: string;
};

const cases: Case[] = [
  {
    name: 'before it',
    edit: (remote) => remote.insert('The ', 'very '),
    text: text.replace('The ', 'The very '),
    selected: 'brown',
  },
  {
    name: 'inside it',
    edit: (remote) => remote.insert('bro', '---'),
    text: text.replace('brown', 'bro---wn'),
    selected: 'bro---wn',
  },
  {
    name: 'behind it',
    edit: (remote) => remote.insert('lazy ', 'old '),
    text: text.replace('lazy ', 'lazy old '),
    selected: 'brown',
  },
  {
    name: 'that deletes text before it',
    edit: (remote) => remote.remove('quick '),
    text: text.replace('quick ', ''),
    selected: 'brown',
  },
  {
    name: 'that deletes its beginning and what is before',
    edit: (remote) => remote.remove('quick br'),
    text: text.replace('quick br', ''),
    selected: 'own',
  },
  {
    name: 'that deletes its end and what is behind',
    edit: (remote) => remote.remove('own fox'),
    text: text.replace('own fox', ''),
    selected: 'br',
  },
  {
    name: 'that deletes all of it',
    edit: (remote) => remote.remove('quick brown fox'),
    text: text.replace('quick brown fox', ''),
    selected: '',
  },
];

for (const { name, edit, text: expected, selected } of cases) {
  test(`a selection stays on its text when another person makes an edit ${name}`, async ({ document, tabs, stock }) => {
    const remote = await stock();
    await remote.insert('', text);
    const tab = await tabs.open(document);
    await tab.select(brown.start, brown.end, 'backward');

    await edit(remote);
    await tab.shows(expected);

    const { start, end, direction } = await tab.selection();
    expect(expected.slice(start, end)).toBe(selected);
    if (selected) {
      expect(direction).toBe('backward');
    }
  });
}

test('a person who types is not moved by those who write elsewhere', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', text);
  const tab = await tabs.open(document);
  await tab.select(brown.end);

  const typed = ' and rather clever';
  const writing = tab.editor.pressSequentially(typed, { delay: 10 });
  for (let turn = 0; turn < 10; turn++) {
    await remote.insert('The ', `${turn}`);
    await remote.insert('lazy ', `${turn}`);
  }
  await writing;

  const digits = '9876543210';
  await tab.shows(
    text.replace('The ', `The ${digits}`).replace('brown', `brown${typed}`).replace('lazy ', `lazy ${digits}`),
  );
});

test('the view does not jump when another person writes below', async ({ document, tabs, stock }) => {
  const lines = Array.from({ length: 400 }, (_, line) => `This is line ${line}.`).join('\n');
  const remote = await stock();
  await remote.insert('', lines);
  const tab = await tabs.open(document);

  // Typing brings the caret's line into view, wherever it is that the page scrolls.
  await tab.select(lines.indexOf('line 200.'));
  await tab.type('!');
  const scrolled = await tab.scroll();
  expect(Math.max(...scrolled), 'the text is longer than the window').toBeGreaterThan(0);

  await remote.insert('line 399.', '\nThe end.');
  await tab.shows(`${lines.replace('line 200.', '!line 200.')}\nThe end.`);
  expect(await tab.scroll()).toEqual(scrolled);
});

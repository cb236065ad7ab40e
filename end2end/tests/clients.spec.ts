import type { Client } from '../support/client.ts';
import { expect, test } from '../support/test.ts';

async function has(client: Client, text: string): Promise<void> {
  await expect.poll(() => client.text()).toBe(text);
}

test('the page, yjs and pycrdt write one text', async ({ document, pycrdt, stock, tabs }) => {
  const tab = await tabs.open(document);
  const yjs = await stock();
  const python = await pycrdt();
  const all = async (text: string): Promise<void> => {
    await tab.shows(text);
    await has(yjs, text);
    await has(python, text);
  };

  await tab.editor.fill('page 😀.');
  await all('page 😀.');
  await yjs.insert('page 😀.', '\nyjs 👩‍👩‍👧.');
  await all('page 😀.\nyjs 👩‍👩‍👧.');
  await python.insert('👩‍👩‍👧.', '\npycrdt é.');
  await all('page 😀.\nyjs 👩‍👩‍👧.\npycrdt é.');
  await python.remove('😀');
  await all('page .\nyjs 👩‍👩‍👧.\npycrdt é.');
  await yjs.remove('é');
  await tab.page.keyboard.press('Control+End');
  await tab.type('!');
  await all('page .\nyjs 👩‍👩‍👧.\npycrdt .!');
});

test('the page, yjs and pycrdt write at once', async ({ document, pycrdt, stock, tabs }) => {
  const tab = await tabs.open(document);
  const yjs = await stock();
  const python = await pycrdt();
  await tab.editor.fill('page:\nyjs:\npycrdt:');
  await has(yjs, 'page:\nyjs:\npycrdt:');
  await has(python, 'page:\nyjs:\npycrdt:');

  await tab.select('page:'.length);
  const numbers = Array.from({ length: 20 }, (_, number) => ` ${number}`);
  const countDown = [...numbers].reverse().join('');
  await Promise.all([
    tab.editor.pressSequentially(numbers.join(''), { delay: 5 }),
    write(yjs, 'yjs:', numbers),
    write(python, 'pycrdt:', numbers),
  ]);

  const text = `page:${numbers.join('')}\nyjs:${countDown}\npycrdt:${countDown}`;
  await tab.shows(text);
  await has(yjs, text);
  await has(python, text);
});

/** Writes each text at the same place, so that the last one comes first in the end. */
async function write(client: Client, after: string, texts: string[]): Promise<void> {
  for (const text of texts) {
    await client.insert(after, text);
  }
}

test('the tabs of a stock client write although each passes on what the others say', async ({ document, siblings, tabs }) => {
  const tab = await tabs.open(document);
  const one = await siblings();
  // The first speaks of the second before that has a socket.
  const two = await siblings();
  await two.insert('', 'two');
  await one.insert('two', ' one');
  await Promise.all([write(two, 'two', [' a', ' b', ' c']), write(one, 'one', [' 1', ' 2', ' 3'])]);
  await tab.shows('two c b a one 3 2 1');
  await tab.counts(3);
});

test('those who come later see what the others wrote', async ({ document, pycrdt, stock, tabs }) => {
  const python = await pycrdt();
  await python.insert('', 'pycrdt was here.\r\n');
  const yjs = await stock();
  await has(yjs, 'pycrdt was here.\r\n');
  await yjs.insert('here.\r\n', 'yjs was here.\n');
  await (await tabs.open(document)).shows('pycrdt was here.\r\nyjs was here.\n');
});

test('the badge counts everybody who is here', async ({ document, pycrdt, stock, tabs }) => {
  const tab = await tabs.open(document);
  await tab.counts(1);
  const yjs = await stock();
  await tab.counts(2);
  const python = await pycrdt();
  await tab.counts(3);
  const other = await tabs.open(document);
  await other.counts(4);
  await tab.counts(4);

  await yjs.leave();
  await tab.counts(3);
  await python.leave();
  await tab.counts(2);
  await other.page.close();
  await tab.counts(1);
});

test('the badge forgets those who vanish without a word', async ({ document, stock, tabs }) => {
  const tab = await tabs.open(document);
  const yjs = await stock();
  await tab.counts(2);
  yjs.vanish();
  await tab.counts(1);
});

test('a reload does not leave a ghost behind', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  const other = await tabs.open(document);
  await tab.counts(2);
  for (let turn = 0; turn < 3; turn++) {
    await other.page.reload();
    await other.isLive();
    await other.counts(2);
  }
  await tab.counts(2);
});

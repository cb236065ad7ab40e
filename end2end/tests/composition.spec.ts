import type { CDPSession } from '@playwright/test';

import type { StockClient } from '../support/stock.ts';
import type { Tab } from '../support/tab.ts';
import { expect, test } from '../support/test.ts';

const text = 'left [] right';
const caret = 'left ['.length;

/** What an input method shows while the person has not chosen yet. */
async function compose(devtools: CDPSession, draft: string): Promise<void> {
  await devtools.send('Input.imeSetComposition', {
    text: draft,
    selectionStart: draft.length,
    selectionEnd: draft.length,
  });
}

/** Waits until the page has got the edit, whether it shows it already or not. */
async function arrives(tab: Tab, edit: () => Promise<void>): Promise<void> {
  const before = tab.wire.edits.received.length;
  await edit();
  await expect.poll(() => tab.wire.edits.received.length).toBeGreaterThan(before);
}

/** Has the page count how often a composition ended. */
async function countEnds(tab: Tab): Promise<() => Promise<number>> {
  const ends = await tab.editor.evaluateHandle((editor) => {
    const ends = { count: 0 };
    editor.addEventListener('compositionend', () => ends.count++);
    return ends;
  });
  return () => ends.evaluate(({ count }) => count);
}

const remoteEdits: Record<string, { edit: (remote: StockClient) => Promise<void>; around: [string, string] }> = {
  'before it': { edit: (remote) => remote.insert('', 'new '), around: ['new left [', '] right'] },
  'behind it': { edit: (remote) => remote.insert(' right', ' new'), around: ['left [', '] right new'] },
  'that deletes text before it': { edit: (remote) => remote.remove('left '), around: ['[', '] right'] },
  'in the word before it': { edit: (remote) => remote.insert('le', '--'), around: ['le--ft [', '] right'] },
  'directly behind it': { edit: (remote) => remote.replace('] r', '] - r'), around: ['left [', '] - right'] },
  'in another line': { edit: (remote) => remote.insert('', 'new\n'), around: ['new\nleft [', '] right'] },
};

for (const [name, { edit, around }] of Object.entries(remoteEdits)) {
  test(`a composition goes on during another person's edit ${name}`, async ({ document, tabs, stock }) => {
    const remote = await stock();
    await remote.insert('', text);
    const tab = await tabs.open(document);
    const devtools = await tab.devtools();
    const ends = await countEnds(tab);
    await tab.select(caret);

    await compose(devtools, 'n');
    await compose(devtools, 'ni');
    await arrives(tab, () => edit(remote));
    await compose(devtools, 'nih');
    await compose(devtools, 'nihao');
    expect(await ends(), 'the composition is still going on').toBe(0);
    await devtools.send('Input.insertText', { text: '你好' });
    expect(await ends()).toBe(1);

    const expected = around.join('你好');
    await tab.shows(expected);
    await expect.poll(() => remote.text()).toBe(expected);

    await tab.type('!');
    await tab.shows(around.join('你好!'));
    await expect.poll(() => remote.text()).toBe(around.join('你好!'));
  });
}

test('a composition that is given up leaves nothing behind', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', text);
  const tab = await tabs.open(document);
  const devtools = await tab.devtools();
  await tab.select(caret);

  await compose(devtools, 'ni');
  await arrives(tab, () => remote.insert('', 'new '));
  await compose(devtools, '');

  await tab.shows(`new ${text}`);
  expect(await remote.text()).toBe(`new ${text}`);
});

test('a composition ends when the person goes elsewhere', async ({ document, tabs, stock }) => {
  const remote = await stock();
  await remote.insert('', text);
  const tab = await tabs.open(document);
  const devtools = await tab.devtools();
  await tab.select(caret);

  await compose(devtools, 'ni');
  await arrives(tab, () => remote.insert('', 'new '));
  await tab.editor.blur();

  // Whether the draft stays is the browser's affair; that all see the same is ours.
  await expect.poll(async () => (await tab.shown()).editor).toContain('new left [');
  const { editor: shown } = await tab.shown();
  expect(['new left [ni] right', 'new left [] right']).toContain(shown);
  await tab.shows(shown);
  await expect.poll(() => remote.text()).toBe(shown);
});

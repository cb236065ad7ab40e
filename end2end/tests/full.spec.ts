import { OwnServer } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

test('what a full document has no space for is turned down in words, and nothing else is lost', async ({
  document,
  tabs,
}) => {
  const server = await OwnServer.start({ SCRIPTORIUM_MAX_DOCUMENT: '2000' });
  try {
    const first = await tabs.open(document, { at: server.origin });
    const second = await tabs.open(document, { at: server.origin });
    await first.editor.fill('kept');
    await second.shows('kept');
    const notice = first.page.getByTestId('full');
    await expect(notice).toBeHidden();

    await first.select('kept'.length);
    await first.page.keyboard.insertText('x'.repeat(3000));
    await expect(notice).toBeVisible();
    await expect(notice).toContainText('The document is full');
    await first.shows('kept');
    await first.select('kept'.length);
    await first.type(' and more');
    await expect(notice).toBeHidden();
    await first.shows('kept and more');
    await second.shows('kept and more');
    await first.isSaved();
    await first.page.keyboard.press('Control+z');
    await second.shows('kept');

    // The editor of the other is not disturbed, and may fill what is left.
    await second.editor.fill('y'.repeat(1500));
    await first.shows('y'.repeat(1500));
    await second.isSaved();
    // Pages that lose their server complain.
    await tabs.close();
  } finally {
    await server.dispose();
  }
});

import { expect, test } from '../support/test.ts';

test('a disk that cannot be written to is told, and nothing is lost when it can be again', async ({
  document,
  server,
  tabs,
}) => {
  // Between the server's end and their own, the tabs look for it.
  tabs.expectLosses();
  const first = await tabs.open(document, { at: server.origin });
  const second = await tabs.open(document, { at: server.origin });
  await first.editor.fill('kept');
  await first.isSaved();

  server.limitDisk(true);
  await first.editor.fill('kept, not kept yet');
  await second.shows('kept, not kept yet');
  await expect(first.badge).toContainText('Not saving');
  await expect(first.badge).toContainText(/disk/);
  await expect(first.badge).not.toContainText('Saved');

  server.limitDisk(false);
  await first.isSaved();
  expect(await server.end('SIGKILL')).toBeNull();
  await tabs.close();
  await server.start();
  const third = await tabs.open(document, { at: server.origin });
  await third.shows('kept, not kept yet');
});

test('a document that is damaged on the disk is never shown as an empty one', async ({ document, server, tabs }) => {
  const tab = await tabs.open(document, { at: server.origin });
  await tab.editor.fill('this sentence will be damaged');
  await tab.isSaved();
  await tabs.close();
  expect(await server.end('SIGTERM')).toBe(0);
  server.damage('this sentence');
  await server.start();

  tabs.allow(/status of 503/);
  const { page } = await tabs.visit(`/d/${document}`, { at: server.origin });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('cannot be read');
  await expect(page.getByLabel('Edit text')).toHaveCount(0);
  const other = await tabs.open(`${document}-other`, { at: server.origin });
  await other.editor.fill('the others are well');
  await other.isSaved();
});

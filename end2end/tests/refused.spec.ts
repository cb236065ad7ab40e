import { expect, test } from '../support/test.ts';

test('a page that is refused says what to do, and a new one begins afresh', async ({
  document,
  network,
  server,
  stock,
  tabs,
}) => {
  const remote = await stock(server.origin);
  await remote.insert('', 'accepted');
  const tab = await tabs.openAndCut(document, network);
  await tab.select('accepted'.length);
  await tab.type(' refused');
  await expect(tab.badge).toContainText('8 changes waiting');

  let isRefused = true;
  const next = await tabs.visit('about:blank', { beside: tab });
  await next.page.routeWebSocket(/\/ws\//, (socket) => {
    if (isRefused) {
      socket.onMessage(() => socket.close({ code: 4413, reason: 'too large' }));
    } else {
      socket.connectToServer();
    }
  });
  await tab.page.close();
  network.restore();
  await next.page.goto(`/d/${document}`);
  await expect(next.badge).toContainText('Refused: the document would become too large');
  const notice = next.page.getByTestId('refused');
  await expect(notice).toContainText('copy what you need');
  await expect(next.editor).not.toBeEditable();
  await next.shows('accepted refused');

  isRefused = false;
  await notice.getByRole('button', { name: 'Begin afresh' }).click();
  await next.isSaved();
  await next.shows('accepted');
  await expect(notice).toBeHidden();
  expect(await remote.text()).toBe('accepted');
});

test('whose number was taken meanwhile loses nothing that they wrote', async ({
  document,
  network,
  server,
  stock,
  tabs,
}) => {
  const tab = await tabs.open(document, { at: network.origin });
  await tab.editor.fill('mine');
  await tab.isSaved();
  tabs.expectLosses();
  network.cut();
  await tab.isOffline();
  await tab.select('mine'.length);
  await tab.type(', also offline\n');
  const [eve, reader] = [await stock(server.origin), await stock(server.origin)];
  await eve.forge('mine', '? No!');
  // The server first gives the one whose number it was the time to object.
  await expect.poll(() => reader.text()).toBe('mine? No!');

  network.restore();
  await expect(tab.badge).toContainText('Refused: this page has lost touch with the document');
  await tab.shows('mine, also offline\n');
  const kept = await tab.keep();
  await kept.isLive();
  await expect(kept.page).not.toHaveURL(new RegExp(`/${document}`));
  expect(await kept.stored()).toBe('mine, also offline\n');
  await tab.shows('mine, also offline\n');
  expect(await reader.text()).toBe('mine? No!');
  expect(await eve.text()).toBe('mine? No!');
});

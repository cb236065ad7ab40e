import { expect, test } from '../support/test.ts';
import { letters } from '../support/text.ts';

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`a server that is ended by ${signal} and comes back while two people type`, async ({
    document,
    server,
    tabs,
  }) => {
    tabs.expectLosses();
    const first = await tabs.open(document, { at: server.origin });
    const second = await tabs.open(document, { at: server.origin });
    await first.editor.fill('above\n\nbelow');
    await second.shows('above\n\nbelow');
    await first.select('above'.length);
    await second.select('above\n\nbelow'.length);

    const [one, two] = [letters('a', 150), letters('A', 150)];
    const writing = Promise.all([
      first.editor.pressSequentially(one, { delay: 20 }),
      second.editor.pressSequentially(two, { delay: 20 }),
    ]);
    await expect.poll(async () => (await first.shown()).editor).toContain(two.slice(0, 20));
    await server.end(signal);
    await first.isOffline();
    await second.isOffline();
    const said = await first.listen();
    await server.start();
    await writing;

    await first.isSaved();
    await second.isSaved();
    // On its way back, the badge claims no more than is true.
    expect(await said()).toMatch(/Offline.*Saving….*Saved$/);
    await first.shows(`above${one}\n\nbelow${two}`);
    await second.shows(`above${one}\n\nbelow${two}`);
  });
}

test('people who wrote while there was no server find each other again', async ({ document, server, tabs }) => {
  tabs.expectLosses();
  const first = await tabs.open(document, { at: server.origin });
  const second = await tabs.open(document, { at: server.origin });
  await first.editor.fill('shared');
  await second.shows('shared');

  await server.end('SIGKILL');
  await first.isOffline();
  await second.isOffline();
  await first.select(0);
  await first.type('first ');
  await second.select('shared'.length);
  await second.type(' second');
  await server.start();

  await first.shows('first shared second');
  await second.shows('first shared second');
  await first.isSaved();
  await second.isSaved();
});

test('a server that is asked to end says so to everybody', async ({ document, server, stock, tabs }) => {
  tabs.expectLosses();
  await tabs.open(document, { at: server.origin });
  const closed = (await stock(server.origin)).closeCode();
  expect(await server.end('SIGTERM')).toBe(0);
  expect(await closed).toBe(1012);
});

test('a page says that the server is restarting, until it is back', async ({ document, server, tabs }) => {
  tabs.expectLosses();
  const tab = await tabs.open(document, { at: server.origin });
  await tab.isSaved();
  expect(await server.end('SIGTERM')).toBe(0);
  await expect(tab.badge).toContainText('Offline (the server is restarting)');
  // Tries that reach nobody explain nothing, and take the reason away as little.
  await tab.page.waitForEvent('websocket');
  await tab.page.waitForEvent('websocket');
  await expect(tab.badge).toContainText('Offline (the server is restarting)');
  await server.start();
  await tab.isSaved();
});

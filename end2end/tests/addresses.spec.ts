import { origin } from '../support/address.js';
import { StockClient } from '../support/stock.ts';
import { expect, test } from '../support/test.ts';

const longest = 'n'.repeat(128);

const invalid: Record<string, string> = {
  'with a space': '/d/two%20words',
  'with a leading dot': '/d/.hidden',
  'with a slash': '/d/a%2Fb',
  'with other letters than ASCII ones': '/d/%C3%BCber',
  'with a control character': '/d/a%00b',
  'that is markup': '/d/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
  'that is too long': `/d/${longest}n`,
  'of ten thousand characters': `/d/${'n'.repeat(10_000)}`,
  'that leads upwards': '/d/..%2F..%2Fetc',
  'with bytes that are no text': '/d/%FF%FE',
  'with a percent sign that says nothing': '/d/a%zz',
  'with marks of direction': '/d/a%E2%80%AEb',
};

for (const [name, path] of Object.entries(invalid)) {
  test(`a document name ${name} is refused in words`, async ({ request, tabs }) => {
    const response = await request.get(path);
    expect(response.status()).toBe(400);
    expect(await response.text()).not.toContain('<script>alert');

    // The browser itself reports the status in its console.
    tabs.allow(/status of 400/);
    const { page } = await tabs.visit(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await expect(page.getByText(/name/i).first()).toBeVisible();
    await expect(page.getByLabel('Edit text')).toHaveCount(0);
  });
}

test('an unknown page is not found, in words', async ({ request, tabs }) => {
  expect((await request.get('/no/such/page')).status()).toBe(404);
  tabs.allow(/status of 404/);
  const { page } = await tabs.visit('/no/such/page');
  await expect(page.getByRole('heading').first()).toBeVisible();
  await expect(page.getByText(/not found|no such|does not exist|nothing here/i).first()).toBeVisible();
});

test('every valid name leads to a document', async ({ request }) => {
  for (const name of [longest, 'a', 'A-b_c.d~e', '0', '-', '~']) {
    expect((await request.get(`/d/${name}`)).status(), name).toBe(200);
  }
});

test('a short address and the long one lead to the same document', async ({ tabs }) => {
  const remote = await StockClient.join(origin, 'spike1');
  const short = await tabs.visit('/spike1');
  const long = await tabs.open('spike1');
  await short.isLive();
  await long.editor.fill('one document');
  await short.shows('one document');
  expect(await remote.text()).toBe('one document');
  await remote.leave();
});

test('the server says that it is well', async ({ request }) => {
  expect((await request.get('/healthz')).status()).toBe(200);
});

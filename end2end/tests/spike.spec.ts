import type { Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';

const rounds = 50;
// Somebody who looks at both screens must not see them differ.
const atOnce = { timeout: 100 };

/** A page that has just been opened is busy with itself; it is at rest when for a second it had no long task. */
async function isAtRest(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let calm = setTimeout(resolve, 1_000);
        new PerformanceObserver(() => {
          clearTimeout(calm);
          calm = setTimeout(resolve, 1_000);
        }).observe({ type: 'longtask', buffered: true });
      }),
  );
}

test('what one tab fills in, the other shows within 100 ms', async ({ tabs }) => {
  const { page: page1 } = await tabs.visit('/spike1');
  const { page: page2 } = await tabs.visit('/spike1');
  await expect(page1.getByLabel('Edit text')).toBeEditable();
  await expect(page2.getByLabel('Edit text')).toBeEditable();
  await Promise.all([isAtRest(page1), isAtRest(page2)]);

  await page1.getByLabel('Edit text').fill('Hello from user 1');
  await expect(page2.getByTestId('synced-text')).toHaveText('Hello from user 1', atOnce);

  await page2.getByLabel('Edit text').fill('Hello from user 2');
  await expect(page1.getByTestId('synced-text')).toHaveText('Hello from user 2', atOnce);
});

test(`and so ${rounds} times in both directions`, async ({ tabs }) => {
  const { page: page1 } = await tabs.visit('/spike1');
  const { page: page2 } = await tabs.visit('/spike1');
  await expect(page1.getByLabel('Edit text')).toBeEditable();
  await expect(page2.getByLabel('Edit text')).toBeEditable();
  await Promise.all([isAtRest(page1), isAtRest(page2)]);

  for (let round = 1; round <= rounds; round++) {
    for (const [from, to] of [
      [page1, page2],
      [page2, page1],
    ] as const) {
      const text = `Round ${round}, ${from === page1 ? 'there' : 'and back'}: ${'again '.repeat(round % 7)}`.trim();
      await from.getByLabel('Edit text').fill(text);
      await expect(to.getByTestId('synced-text')).toHaveText(text, atOnce);
    }
  }
});

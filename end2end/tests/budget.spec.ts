import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from '@playwright/test';

import { expect, test } from '../support/test.ts';

const site = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'target', 'site');

/**
 * What a page may load of code, in bytes, compressed with brotli: little more than it does, so that none grows unnoticed.
 * docs/performance.md says what it consists of.
 */
const budgets = {
  'mode=edit&view=plain': 318_000,
  'mode=split&view=plain': 318_000,
  'mode=read&view=plain': 214_000,
  'mode=edit&view=markdown': 388_000,
  'mode=split&view=markdown': 388_000,
  'mode=read&view=markdown': 284_000,
};

for (const [query, budget] of Object.entries(budgets)) {
  test(`a page loads the code that it needs, within its budget: ${query}`, async ({ document, tabs }) => {
    const files = new Set<string>();
    const prepare = async (page: Page) => {
      page.context().on('request', (request) => {
        const path = new URL(request.url()).pathname;
        if (/\.(js|wasm|css)$/.test(path)) {
          files.add(path);
        }
      });
    };
    const tab = await tabs.visit(`/d/${document}?${query}`, { prepare });
    await tab.page.waitForLoadState('networkidle');

    expect([...files].some((file) => file.endsWith('.wasm')), 'the page is alive').toBe(true);
    expect([...files].some((file) => file.startsWith('/surface/'))).toBe(!query.includes('read'));

    const sizes = [...files].map((file) => ({ file, bytes: compressed(file) }));
    test.skip(sizes.every(({ bytes }) => bytes === null), 'what is not compressed was built for development');
    const total = sizes.reduce((sum, { bytes }) => sum + (bytes ?? Infinity), 0);
    expect(total, JSON.stringify(sizes, undefined, 2)).toBeLessThanOrEqual(budget);
  });
}

/** The size of a file as it travels; `null` if it was not compressed. */
function compressed(path: string): number | null {
  const file = `${join(site, path)}.br`;
  return existsSync(file) ? statSync(file).size : null;
}

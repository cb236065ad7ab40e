import { defineConfig } from '@playwright/test';

import { origin } from './support/address.js';
import { launchOptions } from './support/chromium.js';

export default defineConfig({
  testDir: 'tests',
  globalSetup: './support/ready.ts',
  // A test that passes only at the second attempt has found something.
  retries: 0,
  // The server, two browsers and their pages share two cores with the tests.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['./support/failures.ts']],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: origin,
    browserName: 'chromium',
    launchOptions: launchOptions(),
    screenshot: 'only-on-failure',
  },
});

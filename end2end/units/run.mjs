#!/usr/bin/env node
// Cargo's runner for tests that need a browser, but no page (`.cargo/config.toml` names it).
//
// wasm-bindgen's own wants a WebDriver of just the version of the browser. So here it only serves the tests, and they
// run in the browser that all the others use.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { launchOptions } from '../support/chromium.js';

/** Whether it is measured how long something takes, and not whether it is right. */
const measures = process.argv.includes('--bench');
/** How long all tests of a crate may take, in milliseconds. */
const PATIENCE = measures ? 600_000 : 120_000;
const RESULT = /^test result: (ok|FAILED)\b/m;

/** What was measured, for the next time to be compared with. */
const measured = fileURLToPath(new URL('../../target/wbg_benchmark.json', import.meta.url));

const server = spawn('wasm-bindgen-test-runner', process.argv.slice(2), {
  env: {
    ...process.env,
    NO_HEADLESS: '1',
    WASM_BINDGEN_TEST_ADDRESS: '127.0.0.1:0',
    WASM_BINDGEN_BENCH_RESULT: measured,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
server.on('error', (error) => console.error(`wasm-bindgen-test-runner does not start: ${error.message}`));
const ended = once(server, 'close').catch(() => [1]);
try {
  const address = await served();
  // Where there is nothing to serve, the server has said why and ended.
  process.exitCode = address ? await run(address) : Number((await ended)[0] ?? 1);
} finally {
  server.kill();
}

/** Where the tests are served, once they are; what else the server says is passed on. */
async function served() {
  for await (const line of createInterface({ input: server.stdout })) {
    const [address] = /http:\/\/[\d.:]+$/.exec(line) ?? [];
    if (address) {
      return address;
    }
    console.log(line);
  }
  return undefined;
}

/**
 * Runs the tests, prints what they say, and returns the exit code.
 * @param {string} address
 */
async function run(address) {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    if (measures) {
      page.on('console', (message) => console.log(message.text()));
    }
    await page.goto(address);
    const output = page.locator('#output');
    const result = output.filter({ hasText: RESULT });
    const isOver = await result.waitFor({ timeout: PATIENCE }).then(() => true, () => false);
    const said = (await output.textContent()) ?? '';
    console.log(said);
    if (!isOver) {
      console.error(`The tests did not end within ${PATIENCE / 1000} seconds.`);
    }
    return RESULT.exec(said)?.[1] === 'ok' ? 0 : 1;
  } finally {
    await browser.close();
  }
}

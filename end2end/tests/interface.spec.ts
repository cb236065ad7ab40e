import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { origin } from '../support/address.js';
import { OwnServer } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const venv = join(home, '.venv', 'bin');
const python = existsSync(join(venv, 'python')) ? join(venv, 'python') : 'python3';

function curl(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('curl', ['-sS', '--fail-with-body', ...args], { encoding: 'utf8' });
  expect(status, stderr + stdout).toBe(0);
  return stdout;
}

test('a file that is put with curl appears in open windows', async ({ document, tabs }) => {
  const [anna, bert] = [await tabs.open(document), await tabs.open(document)];
  await anna.editor.fill('from Anna\n');
  await bert.shows('from Anna\n');
  const address = `${origin}/api/documents/${document}/text`;
  const version = curl('-o', '/dev/null', '-w', '%header{etag}', address);
  await bert.editor.press('Control+End');
  await bert.type('from Bert\n');
  await anna.shows('from Anna\nfrom Bert\n');
  curl('-X', 'PUT', address, '-H', `if-match: ${version}`, '-H', 'content-type: text/plain', '--data-binary', 'curl\nfrom Anna\n');
  await anna.shows('curl\nfrom Anna\nfrom Bert\n');
  await bert.shows('curl\nfrom Anna\nfrom Bert\n');
  await anna.isSaved();
  expect(curl(address)).toBe('curl\nfrom Anna\nfrom Bert\n');
});

/** Runs an example until it has printed this. */
async function example(command: string, args: string[], expected: string): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  await expect.poll(() => said).toContain(expected);
  child.kill();
}

test('the examples write and read', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  await tab.editor.fill('Hello\n');
  await tab.isSaved();
  const examples = join(dirname(home), 'examples');
  const address = `${origin.replace('http', 'ws')}/ws`;
  // Beside the packages that it needs, as whoever takes it has it.
  const copy = join(home, 'test-results', 'client.mjs');
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(join(examples, 'client.mjs'), copy);
  await example(process.execPath, [copy, address, document], 'Hello\nHello from Node\n');
  await tab.shows('Hello\nHello from Node\n');
  await example(python, [join(examples, 'client.py'), address, document], 'Hello from Node\nHello from Python\n');
  await tab.shows('Hello\nHello from Node\nHello from Python\n');
});

test('the interface answers as it is described, whatever it is asked', async ({}, testInfo) => {
  const seconds = Number(process.env.SCHEMATHESIS_SECONDS ?? 40);
  test.setTimeout((seconds + 60) * 1000);
  const seed = process.env.SCHEMATHESIS_SEED ?? String(Math.floor(Math.random() * 2 ** 31));
  const server = await OwnServer.start({ SCRIPTORIUM_REQUEST_RATE: '1000000', SCRIPTORIUM_LIST_DOCUMENTS: 'true' });
  const checks = [
    'not_a_server_error',
    'status_code_conformance',
    'content_type_conformance',
    'response_headers_conformance',
    'response_schema_conformance',
    'allow_header_conformance',
    'unsupported_method',
    'negative_data_rejection',
  ];
  mkdirSync(testInfo.outputDir, { recursive: true });
  const run = spawn(join(venv, 'schemathesis'), [
    '--config-file', join(home, 'schemathesis.toml'), 'run', `${server.origin}/api/openapi.json`, '--checks', checks.join(','), '--max-time', String(seconds),
    '--phases', 'examples,coverage,fuzzing,stateful', '--seed', seed, '--workers', '2', '--no-color',
  ], { stdio: ['ignore', 'pipe', 'pipe'], cwd: testInfo.outputDir });
  let said = `SCHEMATHESIS_SEED=${seed}\n`;
  run.stdout.on('data', (chunk) => (said += chunk));
  run.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => run.on('exit', resolve));
  await server.dispose();
  await testInfo.attach('schemathesis', { body: said });
  expect(code, said).toBe(0);
});

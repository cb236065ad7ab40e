import { mkdirSync, writeFileSync } from 'node:fs';

import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/**
 * Leaves what failed, and where, in `test-results/failures.txt`. `make browser` repeats it at its very end: cargo-leptos
 * prints a long backtrace of its own after the tests, and whoever is shown only the end of a log would see nothing else.
 */
export default class Failures implements Reporter {
  private readonly found: string[] = [];

  onTestEnd(test: TestCase, { status, error }: TestResult): void {
    if (status === test.expectedStatus || status === 'skipped') {
      return;
    }
    const { file, line } = test.location;
    // The first lines say what was expected and what came, in the colours of a terminal.
    const why = (error?.message ?? status).replaceAll(/\u001b\[\d+m/g, '').split('\n').slice(0, 16);
    this.found.push([`${file.split('/').at(-1)}:${line} ${test.title}`, ...why].join('\n    '));
  }

  onEnd(): void {
    mkdirSync('test-results', { recursive: true });
    writeFileSync('test-results/failures.txt', this.found.map((failure) => `${failure}\n`).join(''));
  }
}

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { Client } from './client.ts';

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const venv = join(home, '.venv', 'bin', 'python');

type Command = { do: 'insert'; after: string; text: string } | { do: 'remove'; text: string } | { do: 'text' };

/** `pycrdt` in a Python process, which takes a command a line and answers each with a line. */
export class PycrdtClient implements Client {
  private readonly answers: AsyncIterator<string>;
  private complaints = '';

  private constructor(private readonly process: ChildProcessWithoutNullStreams) {
    this.answers = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    process.stderr.on('data', (chunk) => (this.complaints += chunk));
  }

  /** Joins a document, and waits until it is in sync. */
  static async join(origin: string, document: string): Promise<PycrdtClient> {
    const python = existsSync(venv) ? venv : 'python3';
    const script = join(home, 'clients', 'pycrdt_client.py');
    const client = new PycrdtClient(spawn(python, [script, `${origin.replace('http', 'ws')}/ws/${document}`]));
    await client.answer();
    return client;
  }

  async text(): Promise<string> {
    return this.ask({ do: 'text' });
  }

  async insert(after: string, text: string): Promise<void> {
    await this.ask({ do: 'insert', after, text });
  }

  async remove(text: string): Promise<void> {
    await this.ask({ do: 'remove', text });
  }

  async leave(): Promise<void> {
    const ended = this.process.exitCode === null ? once(this.process, 'exit') : undefined;
    this.process.stdin.end();
    await ended;
  }

  private async ask(command: Command): Promise<string> {
    this.process.stdin.write(`${JSON.stringify(command)}\n`);
    return this.answer();
  }

  /** Every answer is the text as it is known there. */
  private async answer(): Promise<string> {
    const { value, done } = await this.answers.next();
    if (done) {
      throw new Error(`the Python client ended:\n${this.complaints}`);
    }
    return JSON.parse(value) as string;
  }
}

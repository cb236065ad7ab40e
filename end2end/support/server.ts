import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { answers } from './ready.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A server of the test's own, for tests that stop it. */
export class OwnServer {
  /** What it printed. */
  output = '';
  private readonly data = mkdtempSync(join(tmpdir(), 'scriptorium-'));
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly settings: NodeJS.ProcessEnv,
  ) {}

  /** `settings` are environment variables. */
  static async start(settings: NodeJS.ProcessEnv = {}): Promise<OwnServer> {
    const server = new OwnServer(await freePort(), settings);
    await server.start();
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, again on the same port and with the same data. */
  async start(): Promise<void> {
    // With the signal ignored, a file that becomes too large is an error that the server sees, as on a full disk.
    const ignoring = ['-c', 'trap "" XFSZ; exec "$0"', binary()];
    this.process = spawn('bash', ignoring, { cwd: root, env: this.environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout?.on('data', (chunk) => (this.output += chunk));
    this.process.stderr?.on('data', (chunk) => (this.output += chunk));
    await Promise.race([answers(this.origin, 30_000), this.died()]);
  }

  /** Ends it with a signal, and returns its exit code. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }

  /** From now on no file of the server's may grow; or all of them may, as before. */
  limitDisk(isFull: boolean): void {
    execFileSync('prlimit', [`--pid=${this.process?.pid}`, `--fsize=${isFull ? 0 : 'unlimited'}:unlimited`]);
  }

  /** Spoils what is stored, wherever these bytes stand. */
  damage(bytes: string): void {
    const file = join(this.data, 'scriptorium.db');
    const content = readFileSync(file);
    let at = content.indexOf(bytes);
    if (at < 0) {
      throw new Error(`the store does not hold ${bytes}`);
    }
    // A checkpoint repeats what the records before it say.
    for (; at >= 0; at = content.indexOf(bytes, at)) {
      content.write('?', at);
    }
    writeFileSync(file, content);
  }

  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }

  private environment(): NodeJS.ProcessEnv {
    const address = `127.0.0.1:${this.port}`;
    return { ...process.env, ...this.settings, LEPTOS_SITE_ADDR: address, SCRIPTORIUM_ADDRESS: address, SCRIPTORIUM_DATA: this.data };
  }

  private async died(): Promise<never> {
    const [code] = (await once(this.process as ChildProcess, 'exit')) as [number | null];
    throw new Error(`the server ended with ${code} before it was up:\n${this.output}`);
  }
}

/** The server that the caller names, or else the one that was built last. */
function binary(): string {
  return process.env.SCRIPTORIUM_BIN ?? join(latestBuild(), 'scriptorium');
}

function latestBuild(): string {
  const [latest] = ['release', 'debug']
    .map((profile) => join(root, 'target', profile))
    .filter((directory) => existsSync(join(directory, 'scriptorium')))
    .sort((one, other) => builtAt(other) - builtAt(one));
  if (!latest) {
    throw new Error('there is no target/release/scriptorium and no target/debug/scriptorium; run `cargo leptos build`');
  }
  return latest;
}

/**
 * There is one site directory for all builds. cargo-leptos writes the hashes of what lies there beside the server
 * that belongs to it, every time, while the server stays untouched if nothing in it changed.
 */
function builtAt(directory: string): number {
  return statSync(join(directory, 'hash.txt'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

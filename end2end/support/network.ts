import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

type Wire = { browser: Socket; server: Socket };

/**
 * The way between a browser and the server, which a test can break. Chromium's own "offline" is no substitute: it
 * lets sockets live that are open already.
 */
export class Network {
  private readonly wires = new Set<Wire>();
  private state: 'passing' | 'stalled' | 'cut' = 'passing';

  private constructor(
    private readonly listener: Server,
    private readonly target: number,
  ) {
    listener.on('connection', (browser) => this.accept(browser));
  }

  /** A way to a local port. It begins at a port of its own. */
  static async to(target: number): Promise<Network> {
    const listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Network(listener, target);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Breaks every connection and lets no new one through. */
  cut(): void {
    this.state = 'cut';
    this.wires.forEach(({ browser }) => browser.resetAndDestroy());
  }

  /** Connections stay open, and nothing passes any more. */
  stall(): void {
    this.state = 'stalled';
    this.wires.forEach(hold);
  }

  /** All is well again; what was held back passes first. */
  restore(): void {
    this.state = 'passing';
    this.wires.forEach(pass);
  }

  async close(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private accept(browser: Socket): void {
    if (this.state === 'cut') {
      browser.resetAndDestroy();
      return;
    }
    const wire = { browser, server: connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true }) };
    this.wires.add(wire);
    this.endTogether(wire);
    if (this.state === 'passing') {
      pass(wire);
    }
  }

  private endTogether(wire: Wire): void {
    const end = (): void => {
      this.wires.delete(wire);
      wire.browser.destroy();
      wire.server.destroy();
    };
    [wire.browser, wire.server].forEach((socket) => socket.on('error', end).on('close', end).setNoDelay());
  }
}

function pass({ browser, server }: Wire): void {
  browser.pipe(server);
  server.pipe(browser);
}

function hold({ browser, server }: Wire): void {
  browser.unpipe(server);
  server.unpipe(browser);
}

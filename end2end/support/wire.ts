import type { Page } from '@playwright/test';

/** The WebSocket frames of a page, all sockets that it ever opened taken together. */
export class Wire {
  readonly sent: Uint8Array[] = [];
  readonly received: Uint8Array[] = [];
  /** How many sockets it has opened. */
  links = 0;
  /** How many of them are open. */
  open = 0;

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      this.links += 1;
      this.open += 1;
      socket.on('close', () => (this.open -= 1));
      socket.on('framesent', ({ payload }) => this.sent.push(bytes(payload)));
      socket.on('framereceived', ({ payload }) => this.received.push(bytes(payload)));
    });
  }

  /** The frames that carry text, not presence. */
  get edits(): { sent: Uint8Array[]; received: Uint8Array[] } {
    return { sent: this.sent.filter(isEdit), received: this.received.filter(isEdit) };
  }
}

/** Sync is message 0, and of its three kinds 0 only asks. */
function isEdit([message, kind]: Uint8Array): boolean {
  return message === 0 && kind !== 0;
}

function bytes(payload: string | Buffer): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

import { once } from 'node:events';

import * as encoding from 'lib0/encoding';
import * as syncProtocol from 'y-protocols/sync';
import { messageSync, WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import WebSocket from 'ws';

import type { Client } from './client.ts';

/** The client that every Yjs application uses: `yjs` with `y-websocket`. */
export class StockClient implements Client {
  private constructor(
    private readonly shared: Y.Text,
    private readonly provider: WebsocketProvider,
  ) {}

  /**
   * Joins a document, and waits until it is in sync. Those with `siblings` are the tabs of one browser, and talk to each
   * other past the server, too.
   */
  static async join(origin: string, document: string, siblings = false): Promise<StockClient> {
    const replica = new Y.Doc();
    const provider = new WebsocketProvider(`${origin.replace('http', 'ws')}/ws`, document, replica, {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: !siblings,
    });
    // Others see a client only once it says something of itself: its first state has clock 0, which they ignore.
    provider.awareness.setLocalStateField('user', { name: 'stock client' });
    const client = new StockClient(replica.getText('text'), provider);
    await client.synced();
    return client;
  }

  async text(): Promise<string> {
    return this.shared.toString();
  }

  async insert(after: string, text: string): Promise<void> {
    this.shared.insert(this.find(after) + after.length, text);
    await this.settled();
  }

  async remove(text: string): Promise<void> {
    this.shared.delete(this.find(text), text.length);
    await this.settled();
  }

  /** Inserts as the client that wrote what stands before. */
  async forge(after: string, text: string): Promise<void> {
    const { item } = Y.createRelativePositionFromTypeIndex(this.shared, this.find(after));
    const { doc } = this.shared;
    if (!item || !doc) {
      throw new Error(`nobody wrote ${JSON.stringify(after)}`);
    }
    const own = doc.clientID;
    doc.clientID = item.client;
    await this.insert(after, text);
    doc.clientID = own;
  }

  /** Says who this is. */
  introduce(user: Record<string, unknown>): void {
    this.provider.awareness.setLocalStateField('user', user);
  }

  /** Says where its caret is, as y-codemirror does; with `null`, that it is nowhere. */
  point(anchor: number | null, head = anchor): void {
    const place = (index: number): Y.RelativePosition => Y.createRelativePositionFromTypeIndex(this.shared, index);
    const cursor = anchor === null || head === null ? null : { anchor: place(anchor), head: place(head) };
    this.provider.awareness.setLocalStateField('cursor', cursor);
  }

  /** Says that its caret is behind a letter that nobody else has got. */
  pointBeyond(): void {
    const place = { type: null, tname: 'text', item: { client: 424_242, clock: 0 }, assoc: 0 };
    this.provider.awareness.setLocalStateField('cursor', { anchor: place, head: place });
  }

  /** Where the others are, by name, as y-codemirror finds them. */
  places(): Record<string, [number, number] | null> {
    const others = [...this.provider.awareness.getStates()].filter(([client]) => client !== this.shared.doc?.clientID);
    return Object.fromEntries(
      others.map(([, { user, cursor }]) => [user?.name, cursor && [this.at(cursor.anchor), this.at(cursor.head)]]),
    );
  }

  /** Removes and inserts at once, so that nobody sees the state between. */
  async replace(text: string, by: string): Promise<void> {
    const at = this.find(text);
    this.shared.doc?.transact(() => {
      this.shared.delete(at, text.length);
      this.shared.insert(at, by);
    });
    await this.settled();
  }

  /** Resolves once the server has read all that was sent: it answers in order. */
  async settled(): Promise<void> {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, messageSync);
    syncProtocol.writeSyncStep1(encoder, this.provider.doc);
    this.provider.synced = false;
    this.socket().send(encoding.toUint8Array(encoder));
    await this.synced();
  }

  /** With which code the server ends the connection. */
  async closeCode(): Promise<number> {
    const [code] = (await once(this.socket(), 'close')) as [number];
    return code;
  }

  async leave(): Promise<void> {
    this.provider.destroy();
    this.provider.doc.destroy();
  }

  /** Is gone without a word, as a laptop whose lid was closed. */
  vanish(): void {
    const socket = this.socket();
    // Stops the provider from connecting again, and its farewell from being sent.
    this.provider.shouldConnect = false;
    socket.terminate();
  }

  private async synced(): Promise<void> {
    if (!this.provider.synced) {
      await new Promise<void>((resolve) => this.provider.once('sync', () => resolve()));
    }
  }

  private socket(): WebSocket {
    return this.provider.ws as unknown as WebSocket;
  }

  private at(place: unknown): number {
    const position = Y.createRelativePositionFromJSON(place);
    const found = Y.createAbsolutePositionFromRelativePosition(position, this.shared.doc as Y.Doc);
    if (found?.type !== this.shared) {
      throw new Error(`${JSON.stringify(place)} is nowhere in the text`);
    }
    return found.index;
  }

  private find(text: string): number {
    const at = this.shared.toString().indexOf(text);
    if (at < 0) {
      throw new Error(`the text does not hold ${JSON.stringify(text)}`);
    }
    return at;
  }
}

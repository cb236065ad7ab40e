// Replicas of Yjs, for a test that drives them step by step: a command a line on standard input, in JSON, and an answer
// a line on standard output. Nothing happens by itself, so that the same commands lead to the same answers.

import { createInterface } from 'node:readline';

import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';

const SYNC = 0;
const NETWORK = 'network';

/** The documents, by client. */
let docs = new Map();

const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** A frame with one message of the sync protocol. */
function frame(write) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  write(encoder);
  return hex(encoding.toUint8Array(encoder));
}

const text = (doc) => doc.getText('text').toString();

const commands = {
  /** Forgets everybody. */
  reset() {
    docs = new Map();
    return {};
  },
  /** Somebody new opens the document. */
  open({ client }) {
    const doc = new Y.Doc();
    doc.clientID = client;
    doc.getText('text');
    docs.set(client, doc);
    return {};
  },
  /** What is said first on a new connection. */
  connect({ client }) {
    return { frames: [frame((encoder) => sync.writeSyncStep1(encoder, docs.get(client)))] };
  },
  /** Somebody writes. The offset and the length are taken modulo what there is. */
  edit({ client, at, remove, insert }) {
    const doc = docs.get(client);
    const frames = [];
    const note = (update) => frames.push(frame((encoder) => sync.writeUpdate(encoder, update)));
    doc.on('update', note);
    doc.transact(() => {
      const shared = doc.getText('text');
      const start = at % (shared.length + 1);
      shared.delete(start, Math.min(remove, shared.length - start));
      if (insert) {
        shared.insert(start, insert);
      }
    });
    doc.off('update', note);
    return { frames };
  },
  /** Somebody reads what the server sent. */
  receive({ client, frame: bytes }) {
    const decoder = decoding.createDecoder(Buffer.from(bytes, 'hex'));
    if (decoding.readVarUint(decoder) !== SYNC) {
      return { frames: [] };
    }
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    const before = encoding.length(encoder);
    sync.readSyncMessage(decoder, encoder, docs.get(client), NETWORK);
    return { frames: encoding.length(encoder) > before ? [hex(encoding.toUint8Array(encoder))] : [] };
  },
  /** What somebody reads, and whether anything waits for what is missing. */
  read({ client }) {
    const doc = docs.get(client);
    return { text: text(doc), waits: doc.store.pendingStructs !== null || doc.store.pendingDs !== null };
  },
  /** What somebody reads who only ever gets this update. */
  load({ update }) {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Buffer.from(update, 'hex'));
    return { text: text(doc), waits: doc.store.pendingStructs !== null || doc.store.pendingDs !== null };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...rest } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ frames: [], text: '', waits: false, ...commands[command](rest) })}\n`);
}

import { Annotation, Transaction } from '@codemirror/state';

/** Where a change of the text came from. Two origins are the same only if they are the same object. */
class Origin {
  constructor(readonly name: string) {}
}

const origin = Annotation.define<Origin>();
const theDocument = new Origin('the document');

/**
 * What a transaction bears that shows what others did. It is not the person's to undo, and is not told to the document
 * a second time.
 */
export const fromTheDocument = [
  origin.of(theDocument),
  Transaction.remote.of(true),
  Transaction.addToHistory.of(false),
];

/** Whether the person at this surface made it. */
export function isLocal(transaction: Transaction): boolean {
  return transaction.annotation(origin) !== theDocument;
}

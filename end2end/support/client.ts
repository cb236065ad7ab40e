/** A program that is no browser and edits the same document. */
export interface Client {
  /** The text as it is known there. */
  text(): Promise<string>;
  /** Writes behind the first occurrence of `after`; the empty string is the document's beginning. */
  insert(after: string, text: string): Promise<void>;
  /** Deletes the first occurrence of `text`. */
  remove(text: string): Promise<void>;
  /** Closes the connection. */
  leave(): Promise<void>;
}

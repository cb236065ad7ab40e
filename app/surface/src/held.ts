import { type ChangeSet, type Text } from '@codemirror/state';

/**
 * What others did and the surface does not show yet.
 *
 * While an input method composes, browsers hold on to the very text node that it writes in, and lose the composition if
 * anybody else touches it. So what others do to that line waits until the composition is over. The document is ahead of
 * the surface by just this.
 */
export class Held {
  private changes: ChangeSet | null = null;

  get isEmpty(): boolean {
    return this.changes === null;
  }

  /** Takes changes of the document. */
  hold(changes: ChangeSet): void {
    this.changes = this.changes?.compose(changes) ?? changes;
  }

  /** Gives back everything, as changes of what the surface shows. */
  release(): ChangeSet | null {
    const { changes } = this;
    this.changes = null;
    return changes;
  }

  /** The person changed what the surface shows. Returns what that is in the document. */
  pass(changes: ChangeSet): ChangeSet {
    if (!this.changes) {
      return changes;
    }
    const passed = changes.map(this.changes, true);
    this.changes = this.changes.map(changes);
    return passed;
  }

  /** What the document holds where the surface shows `text`. */
  document(text: Text): Text {
    return this.changes?.apply(text) ?? text;
  }

  /** The document's offset for one of the surface. */
  toDocument(offset: number): number {
    return this.changes?.mapPos(offset, 1) ?? offset;
  }

  /** The surface's offset for one of the document. */
  toSurface(offset: number): number {
    return this.changes?.invertedDesc.mapPos(offset, 1) ?? offset;
  }
}

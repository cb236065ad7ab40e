import { ChangeSet, type ChangeSpec, type Text } from '@codemirror/state';

/** One edit: at `at`, `remove` UTF-16 units make way for `insert`. */
export interface Edit {
  at: number;
  remove: number;
  insert: string;
}

/** Edits as they cross the border to WebAssembly: three values for each, one edit after another. */
export type FlatEdits = (number | string)[];

/** What changes do to a text, as edits that follow one another. Characters are replaced whole, not by halves. */
export function editsOf(changes: ChangeSet, before: Text, after: Text): Edit[] {
  const edits: Edit[] = [];
  changes.iterChanges((fromBefore, toBefore, fromAfter, toAfter) => {
    const early = isInsideCharacter(before, fromBefore) ? 1 : 0;
    const late = isInsideCharacter(before, toBefore) ? 1 : 0;
    edits.push({
      at: fromAfter - early,
      remove: toBefore + late - (fromBefore - early),
      insert: after.sliceString(fromAfter - early, toAfter + late, '\n'),
    });
  });
  return edits;
}

/** Edits that follow one another, as the changes that they amount to in a text of this length. */
export function changesOf(edits: readonly Edit[], length: number): ChangeSet {
  let changes = ChangeSet.empty(length);
  let run = new Run();
  for (const edit of edits) {
    if (!run.takes(edit)) {
      changes = changes.compose(run.changes(changes.newLength));
      run = new Run();
    }
    run.take(edit);
  }
  return changes.compose(run.changes(changes.newLength));
}

export function flatten(edits: readonly Edit[]): FlatEdits {
  return edits.flatMap(({ at, remove, insert }) => [at, remove, insert]);
}

export function unflatten(flat: FlatEdits): Edit[] {
  const edits: Edit[] = [];
  for (let index = 0; index < flat.length; index += 3) {
    const [at, remove, insert] = flat.slice(index, index + 3) as [number, number, string];
    edits.push({ at, remove, insert });
  }
  return edits;
}

/** Edits from the text's beginning to its end. All of them cost one pass, however many they are. */
class Run {
  private readonly specs: ChangeSpec[] = [];
  private end = 0;
  private shift = 0;

  takes(edit: Edit): boolean {
    return edit.at >= this.end;
  }

  take({ at, remove, insert }: Edit): void {
    const from = at - this.shift;
    this.specs.push({ from, to: from + remove, insert });
    this.shift += insert.length - remove;
    this.end = at + insert.length;
  }

  changes(length: number): ChangeSet {
    return ChangeSet.of(this.specs, length, '\n');
  }
}

/** Whether the units on both sides are one character, a surrogate pair. */
function isInsideCharacter(text: Text, offset: number): boolean {
  return offset > 0 && offset < text.length && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.sliceString(offset - 1, offset + 1));
}

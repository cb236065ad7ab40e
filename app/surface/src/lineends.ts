import {
  ChangeSet,
  EditorSelection,
  EditorState,
  type Extension,
  Prec,
  type SelectionRange,
  type Text,
  Transaction,
  type TransactionSpec,
} from '@codemirror/state';
import {
  type Command,
  Decoration,
  type DecorationSet,
  Direction,
  EditorView,
  highlightSpecialChars,
  keymap,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view';

import { isLocal } from './origin.ts';

/**
 * The text is what the document holds, so lines end at LF, and a CR is a character as any other. But people know line
 * ends as one thing: a CR before an LF is not seen, no caret stands between the two, and nothing a person does parts
 * them.
 */
export const lineEnds: Extension = [
  EditorState.lineSeparator.of('\n'),
  EditorState.transactionFilter.of(keepTogether),
  Prec.high(
    keymap.of([
      { key: 'ArrowRight', run: crossing(Direction.LTR, false), shift: crossing(Direction.LTR, true) },
      { key: 'ArrowLeft', run: crossing(Direction.RTL, false), shift: crossing(Direction.RTL, true) },
    ]),
  ),
  // What comes from another program keeps that program's line ends no more than a text field would.
  EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, '\n')),
  highlightSpecialChars({ specialChars: specialsWithoutCarriageReturn() }),
  carriageReturns(),
];

/** Whether a place is between the two halves of a line end. */
function isInside(text: Text, offset: number): boolean {
  return offset > 0 && offset < text.length && text.sliceString(offset - 1, offset + 1) === '\r\n';
}

function keepTogether(transaction: Transaction): TransactionSpec | readonly TransactionSpec[] {
  if (!isLocal(transaction)) {
    return transaction;
  }
  const whole = transaction.docChanged ? wholeLineEnds(transaction) : null;
  return whole ?? besideLineEnds(transaction);
}

/** The same with line ends replaced whole, or `null` if they are anyway. */
function wholeLineEnds(transaction: Transaction): TransactionSpec | null {
  const { doc, selection } = transaction.startState;
  const specs: { from: number; to: number; insert: Text }[] = [];
  let isChanged = false;
  transaction.changes.iterChanges((from, to, _fromAfter, _toAfter, insert) => {
    const early = isInside(doc, from) ? 1 : 0;
    const late = from < to && isInside(doc, to) ? 1 : 0;
    isChanged ||= early + late > 0;
    specs.push({ from: from - early, to: from < to ? to + late : to - early, insert });
  });
  if (!isChanged) {
    return null;
  }
  const changes = ChangeSet.of(specs, doc.length, '\n');
  const head = changes.mapPos(selection.main.to, 1);
  const userEvent = transaction.annotation(Transaction.userEvent);
  return {
    changes,
    selection: { anchor: isInside(changes.apply(doc), head) ? head - 1 : head },
    effects: transaction.effects,
    scrollIntoView: true,
    ...(userEvent && { userEvent }),
  };
}

/** The same, with the selection beside line ends and not inside. */
function besideLineEnds(transaction: Transaction): TransactionSpec | readonly TransactionSpec[] {
  const { selection } = transaction;
  if (!selection) {
    return transaction;
  }
  const { newDoc } = transaction;
  const isBeside = ({ anchor, head }: SelectionRange): boolean => !isInside(newDoc, anchor) && !isInside(newDoc, head);
  if (selection.ranges.every(isBeside)) {
    return transaction;
  }
  const before = (offset: number): number => (isInside(newDoc, offset) ? offset - 1 : offset);
  const ranges = selection.ranges.map(({ anchor, head }) => EditorSelection.range(before(anchor), before(head)));
  return [transaction, { selection: EditorSelection.create(ranges, selection.mainIndex), sequential: true }];
}

/** Goes over a line end at one key, where there is one ahead in that direction. */
function crossing(forward: Direction, extend: boolean): Command {
  return (view) => {
    const { main } = view.state.selection;
    const isAhead = view.state.sliceDoc(main.head, main.head + 2) === '\r\n' && (extend || main.empty);
    if (!isAhead || view.textDirectionAt(main.head) !== forward) {
      return false;
    }
    const head = main.head + 2;
    view.dispatch({
      selection: { anchor: extend ? main.anchor : head, head },
      scrollIntoView: true,
      userEvent: 'select',
    });
    return true;
  };
}

function carriageReturns(): Extension {
  const decorator = new MatchDecorator({
    regexp: /\r/g,
    decoration: (_match, { state: { doc } }, at) => (isInside(doc, at + 1) ? Decoration.replace({}) : lone),
  });
  return ViewPlugin.define<{ decorations: DecorationSet; update(update: ViewUpdate): void }>(
    (view) => ({
      decorations: decorator.createDeco(view),
      update(update) {
        this.decorations = decorator.updateDeco(update, this.decorations);
      },
    }),
    { decorations: ({ decorations }) => decorations },
  );
}

/** A CR that ends no line, which would not be seen otherwise. */
class CarriageReturn extends WidgetType {
  override toDOM(): HTMLElement {
    const element = document.createElement('span');
    element.className = 'cm-specialChar';
    element.textContent = '␍';
    return element;
  }
}

const lone = Decoration.replace({ widget: new CarriageReturn() });

/** CodeMirror's own choice of what to make visible, but for the CR. */
function specialsWithoutCarriageReturn(): RegExp {
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202d\u202e\u2066\u2067\u2069\ufeff\ufff9-\ufffc]/gu;
}

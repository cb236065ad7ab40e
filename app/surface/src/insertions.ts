import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/**
 * Text of several lines that comes in one piece, as from dictation or from a program that fills in forms. Browsers
 * would make elements of its lines, in a way that depends on where exactly the selection is, and may lose some.
 */
export const insertions: Extension = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== 'insertText' || !event.data?.includes('\n') || view.state.readOnly) {
      return false;
    }
    const range = selectedRange(event);
    if (!range) {
      return false;
    }
    const insert = view.state.toText(event.data.replace(/\r\n?/g, '\n'));
    const from = view.posAtDOM(range.startContainer, range.startOffset);
    const to = Math.max(from, view.posAtDOM(range.endContainer, range.endOffset));
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      scrollIntoView: true,
      userEvent: 'input.type',
    });
    return true;
  },
});

/** What the text takes the place of. Not every browser says so of the event, and CodeMirror may not know yet. */
function selectedRange(event: InputEvent): AbstractRange | undefined {
  const selection = document.getSelection();
  return event.getTargetRanges()[0] ?? (selection?.rangeCount ? selection.getRangeAt(0) : undefined);
}

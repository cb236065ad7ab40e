import { EditorState, type EditorSelection, type Extension } from '@codemirror/state';
import { drawSelection } from '@codemirror/view';

import { Switch } from './settings.ts';

/** How long a caret takes to blink once, in milliseconds. */
const BLINK = 1200;

/** Whether the person wants nothing to move. */
const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;

const drawn = new Switch(drawSelection({ cursorBlinkRate: isStill ? 0 : BLINK }));

/**
 * Several places can be selected, and edited at once. Browsers show only one, so that all of them are drawn. One is left
 * to the browser: to draw the caret anew with each key takes another frame.
 */
export const selections: Extension = [
  EditorState.allowMultipleSelections.of(true),
  drawn.initially(false),
  EditorState.transactionExtender.of(({ startState, newSelection }) => {
    const areSeveral = isOfSeveral(newSelection);
    return areSeveral === isOfSeveral(startState.selection) ? null : { effects: drawn.turn(areSeveral) };
  }),
];

function isOfSeveral(selection: EditorSelection): boolean {
  return selection.ranges.length > 1;
}

import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection } from '@codemirror/view';

import { isStill } from './motion.ts';

/** How long a caret takes to blink once, in milliseconds. */
const BLINK = 1200;

/** Several places can be selected, and edited at once. Browsers show only one, so that all of them are drawn. */
export const selections: Extension = [
  EditorState.allowMultipleSelections.of(true),
  drawSelection({ cursorBlinkRate: isStill() ? 0 : BLINK }),
];

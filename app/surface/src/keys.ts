import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { type Extension } from '@codemirror/state';
import { keymap } from '@codemirror/view';

/**
 * What keys do. Tab indents; for those who have only the keyboard, Escape and then Tab leads on, and Ctrl+M (on a Mac
 * Shift+Alt+M) makes Tab do so for good. Both are CodeMirror's own.
 */
export const keys: Extension = [
  history(),
  search({ top: true }),
  highlightSelectionMatches(),
  indentUnit.of('    '),
  keymap.of([...searchKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap.filter(({ key }) => key !== 'Mod-/')]),
];

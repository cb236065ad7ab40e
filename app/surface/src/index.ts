// What the page's Rust half loads and calls. `EditorView` is for those who look into a running surface from outside:
// `EditorView.findFromDOM` finds its state.
export { EditorView } from '@codemirror/view';
export { type Listener, type Setting, Surface, type Words } from './surface.ts';

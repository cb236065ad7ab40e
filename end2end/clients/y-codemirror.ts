// A page of somebody else's: CodeMirror with y-codemirror and y-websocket, put together as their documentation does.

import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { yCollab } from 'y-codemirror.next';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

export type Start = { document: string; user: { name: string; color: string; colorLight: string } };

/** Opens the document, and puts the view where tests find it. */
function start({ document: name, user }: Start): void {
  const replica = new Y.Doc();
  const provider = new WebsocketProvider(`${location.origin.replace('http', 'ws')}/ws`, name, replica, { disableBc: true });
  const text = replica.getText('text');
  provider.awareness.setLocalStateField('user', user);
  provider.once('sync', () => {
    const state = EditorState.create({ doc: text.toString(), extensions: [yCollab(text, provider.awareness)] });
    const view = new EditorView({ state, parent: document.body });
    Object.assign(window, { view });
  });
}

Object.assign(window, { start });

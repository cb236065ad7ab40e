import { type ChangeSet, EditorState, type Extension, type StateEffect, type Transaction } from '@codemirror/state';
import { openSearchPanel } from '@codemirror/search';
import { EditorView, placeholder, type ViewUpdate } from '@codemirror/view';

import { carets } from './carets.ts';
import { direction } from './direction.ts';
import { changesOf, editsOf, flatten, type FlatEdits, unflatten } from './edits.ts';
import { Held } from './held.ts';
import { insertions } from './insertions.ts';
import { keys } from './keys.ts';
import { lineEnds } from './lineends.ts';
import { markdown } from './markdown.ts';
import { fromTheDocument, isLocal } from './origin.ts';
import { Pace } from './pace.ts';
import { flash, introduce, leave, people, peopleOf, point } from './people.ts';
import { selections } from './selections.ts';
import { forProse, switches } from './settings.ts';

/** The pause between two reports of where the caret is, in milliseconds. */
const CARET_PERIOD = 50;

/** What the surface says, in the page's language. */
export interface Words {
  label: string;
  placeholder: string;
  /** CodeMirror's own phrases, by the English ones. */
  phrases: Record<string, string>;
}

/** What is told of the person at this surface. */
export interface Listener {
  /** They edited the text. */
  edited(edits: FlatEdits): void;
  /** Their selection is there, or nowhere since they look at something else. */
  selected(anchor?: number, head?: number): void;
}

/** What a person may choose. */
export type Setting = 'lineNumbers' | 'wrapping' | 'spellCheck' | 'readOnly';

/** A place to write in. */
export class Surface {
  private readonly view: EditorView;
  private readonly switches = {
    lineNumbers: switches.lineNumbers(),
    wrapping: switches.wrapping(),
    spellCheck: switches.spellCheck(),
    readOnly: switches.readOnly(),
  };
  private readonly held = new Held();
  /** Whether an input method composes in the page's own elements, as opposed to an `EditContext`, which is robust. */
  private isComposing = false;
  /** Whether somebody is just being told of an edit that is not shown yet. */
  private isTelling = false;
  /** What came up meanwhile. */
  private readonly postponed: StateEffect<unknown>[] = [];
  private readonly caret: Pace;

  /** Takes the place of what `parent` holds. */
  constructor(
    parent: Element,
    text: string,
    words: Words,
    settings: readonly Setting[],
    private readonly listener: Listener,
  ) {
    this.caret = new Pace(CARET_PERIOD, () => this.tellSelection());
    const extensions = [this.chosen(settings), this.named(words), lineEnds, markdown, keys, selections, people, carets, direction, insertions, forProse];
    const listeners = [
      EditorView.updateListener.of((update) => this.follow(update)),
      EditorView.domEventObservers({
        compositionstart: () => void (this.isComposing = true),
        compositionend: () => this.endComposition(),
        // Should a browser forget to say that a composition is over, it is over now.
        blur: () => this.endComposition(),
      }),
    ];
    const state = EditorState.create({ doc: text, extensions: [extensions, listeners] });
    this.view = new EditorView({ state, dispatchTransactions: (transactions) => this.carryOut(transactions) });
    takePlace(this.view, parent);
  }

  /** Shows what others did. Throws if the edits do not fit the text. */
  apply(edits: FlatEdits): void {
    const { doc } = this.view.state;
    const changes = changesOf(unflatten(edits), this.held.document(doc).length);
    if (this.held.isEmpty && !this.isComposedIn(changes)) {
      this.show(changes);
    } else {
      this.held.hold(changes);
    }
  }

  /** The document's text, as far as the surface has been told. */
  text(): string {
    return this.held.document(this.view.state.doc).sliceString(0, undefined, '\n');
  }

  turn(setting: Setting, isOn: boolean): void {
    this.dispatch(this.switches[setting].turn(isOn));
  }

  introduce(id: number, name: string, color: string, ink: string): void {
    this.dispatch(introduce.of({ id, name, color, ink }));
  }

  point(id: number, anchor?: number, head?: number): void {
    const isSomewhere = anchor !== undefined && head !== undefined;
    const place = isSomewhere ? { anchor: this.held.toSurface(anchor), head: this.held.toSurface(head) } : null;
    this.dispatch(point.of({ id, place }));
  }

  leave(id: number): void {
    this.dispatch(leave.of({ id }));
  }

  /** Brings somebody's place into view. */
  reveal(id: number): void {
    const head = peopleOf(this.view.state).get(id)?.place?.head;
    if (head !== undefined) {
      const at = Math.min(head, this.view.state.doc.length);
      this.dispatch(flash.of({ id }), EditorView.scrollIntoView(at, { y: 'center' }));
    }
  }

  /** The line at the upper edge, counted from 0, with the part of it that is out of sight. */
  topLine(): number {
    const { scrollDOM, state } = this.view;
    const { from, top, height } = this.view.lineBlockAtHeight(scrollDOM.scrollTop);
    const part = Math.min(Math.max((scrollDOM.scrollTop - top) / height, 0), 1);
    return state.doc.lineAt(from).number - 1 + part;
  }

  /** Brings a line to the upper edge, as far as there is text below it. */
  scrollToLine(line: number): void {
    const { doc } = this.view.state;
    const index = Math.min(Math.floor(line), doc.lines - 1);
    const { top, height } = this.view.lineBlockAt(doc.line(index + 1).from);
    this.view.scrollDOM.scrollTop = top + height * Math.min(line - index, 1);
  }

  search(): void {
    openSearchPanel(this.view);
  }

  focus(): void {
    this.view.focus();
  }

  private show(changes: ChangeSet): void {
    this.view.dispatch({ changes, annotations: fromTheDocument });
  }

  /** Whether an input method composes in the line that is changed. */
  private isComposedIn(changes: ChangeSet): boolean {
    const { doc, selection } = this.view.state;
    const line = doc.lineAt(selection.main.head);
    return this.isComposing && this.view.composing && changes.touchesRange(line.from, line.to) !== false;
  }

  /** Shows what has waited for this, once CodeMirror has read what the composition leaves behind. */
  private endComposition(): void {
    this.isComposing = false;
    setTimeout(() => {
      const changes = this.isComposing ? null : this.held.release();
      if (changes) {
        this.show(changes);
      }
    });
  }

  private dispatch(...effects: StateEffect<unknown>[]): void {
    if (this.isTelling) {
      this.postponed.push(...effects);
    } else {
      this.view.dispatch({ effects });
    }
  }

  /** What somebody writes is on its way to the others before it is parsed, laid out and drawn here. */
  private carryOut(transactions: readonly Transaction[]): void {
    this.isTelling = true;
    try {
      transactions.filter(isLocal).forEach((transaction) => this.tellEdits(transaction));
    } finally {
      this.isTelling = false;
      this.view.update(transactions);
    }
    const effects = this.postponed.splice(0);
    if (effects.length > 0) {
      this.dispatch(...effects);
    }
  }

  private chosen(settings: readonly Setting[]): Extension {
    return Object.entries(this.switches).map(([name, choice]) => choice.initially(settings.includes(name as Setting)));
  }

  private named(words: Words): Extension {
    return [
      // The tabulator key reaches it without, but those who check pages for that do not know.
      EditorView.contentAttributes.of({ 'aria-label': words.label, tabindex: '0' }),
      placeholder(words.placeholder),
      EditorState.phrases.of(words.phrases),
      EditorState.tabSize.of(4),
      nonce(),
    ];
  }

  private follow({ docChanged, focusChanged, selectionSet }: ViewUpdate): void {
    // Whoever looks at something else is nowhere, whatever happens to the text.
    if (focusChanged || (this.view.hasFocus && (docChanged || selectionSet))) {
      this.caret.hasNews();
    }
  }

  private tellEdits({ changes, startState }: Transaction): void {
    if (!changes.empty) {
      const before = this.held.document(startState.doc);
      const passed = this.held.pass(changes);
      this.listener.edited(flatten(editsOf(passed, before, passed.apply(before))));
    }
  }

  private tellSelection(): void {
    const { anchor, head } = this.view.state.selection.main;
    if (this.view.hasFocus) {
      this.listener.selected(this.held.toDocument(anchor), this.held.toDocument(head));
    } else {
      this.listener.selected();
    }
  }
}

/** Lets CodeMirror add its styles to a page whose policy wants a nonce. */
function nonce(): Extension {
  const value = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
  return value ? EditorView.cspNonce.of(value) : [];
}

/** Puts the view where the server's text was, scrolled as that was, and with the focus if that had it. */
function takePlace(view: EditorView, parent: Element): void {
  const { scrollTop = 0 } = parent.firstElementChild ?? {};
  const hadFocus = parent.contains(document.activeElement);
  parent.replaceChildren(view.dom);
  view.scrollDOM.scrollTop = scrollTop;
  if (hadFocus) {
    view.focus();
  }
}

import { Compartment, EditorState, type Extension, type StateEffect } from '@codemirror/state';
import { EditorView, highlightActiveLineGutter, lineNumbers } from '@codemirror/view';

/** Something that can be on or off while the surface lives. */
export class Switch {
  private readonly compartment = new Compartment();

  constructor(
    private readonly on: Extension,
    private readonly off: Extension = [],
  ) {}

  initially(isOn: boolean): Extension {
    return this.compartment.of(this.choose(isOn));
  }

  turn(isOn: boolean): StateEffect<unknown> {
    return this.compartment.reconfigure(this.choose(isOn));
  }

  private choose(isOn: boolean): Extension {
    return isOn ? this.on : this.off;
  }
}

const attribute = (name: string, value: string): Extension => EditorView.contentAttributes.of({ [name]: value });

/** What a person may choose. */
export const switches = {
  lineNumbers: () => new Switch([lineNumbers(), highlightActiveLineGutter()]),
  wrapping: () => new Switch(EditorView.lineWrapping),
  spellCheck: () => new Switch(attribute('spellcheck', 'true'), attribute('spellcheck', 'false')),
  readOnly: () => new Switch(EditorState.readOnly.of(true)),
};

/** For keyboards that are drawn on the screen: prose begins its sentences with capitals. */
export const forProse: Extension = EditorView.contentAttributes.of({
  autocapitalize: 'sentences',
  autocorrect: 'on',
  enterkeyhint: 'enter',
});

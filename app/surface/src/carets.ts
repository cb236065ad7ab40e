import { EditorSelection, type Extension } from '@codemirror/state';
import { EditorView, layer, type LayerMarker, RectangleMarker, type ViewUpdate } from '@codemirror/view';

import { Flag } from './flag.ts';
import { peopleOf, type Person } from './people.ts';

/** How near the pointer must be to a caret to ask for its name, in pixels. */
const NEAR = 8;

/**
 * Where the others are. Drawn beside the text and not in it, so that neither an input method nor a screen reader nor a
 * ligature meets anything that nobody has written.
 */
export const carets: Extension = [
  layer({ above: false, class: 'people-selections', update: isDue, markers: selections }),
  layer({ above: true, class: 'people-carets', update: isDue, markers: caretMarkers }),
  EditorView.domEventHandlers({
    mousemove: (event, view) => hover(view, event),
    mouseleave: (_, view) => hover(view, null),
  }),
];

function isDue(update: ViewUpdate): boolean {
  return update.docChanged || update.focusChanged || peopleOf(update.startState) !== peopleOf(update.state);
}

function selections(view: EditorView): LayerMarker[] {
  return visible(view).flatMap(({ person, anchor, head }) => {
    const range = EditorSelection.range(anchor, head);
    const rectangles = range.empty ? [] : RectangleMarker.forRange(view, 'person-selection', range);
    return rectangles.map((rectangle) => new Tinted(rectangle, person.color));
  });
}

function caretMarkers(view: EditorView): LayerMarker[] {
  const others = visible(view);
  if (others.length === 0) {
    return [];
  }
  const own = view.hasFocus ? view.coordsAtPos(view.state.selection.main.head) : null;
  return others.flatMap(({ person, head }) => {
    const [bar] = RectangleMarker.forRange(view, 'person-caret', EditorSelection.cursor(head, 1));
    const at = bar && view.coordsAtPos(head, 1);
    if (!at) {
      return [];
    }
    // A flag stands on the line above its caret. It must not lie on what the person here is writing.
    const isInTheWay = own !== null && own.top <= at.top && at.top - own.top < 2 * (at.bottom - at.top);
    const place = { isInTheWay, isAtTop: bar.top < bar.height, isAtEnd: bar.left > view.scrollDOM.clientWidth * 0.6 };
    return [new Caret(bar, person, place)];
  });
}

/** Those whose place is drawn at the moment. */
function visible(view: EditorView): { person: Person; anchor: number; head: number }[] {
  const { length } = view.state.doc;
  return [...peopleOf(view.state).values()].flatMap((person) => {
    if (!person.place || !person.isPresent) {
      return [];
    }
    const anchor = Math.min(person.place.anchor, length);
    const head = Math.min(person.place.head, length);
    return [{ person, anchor, head }];
  });
}

/** A piece of a selection, in its person's colour. */
class Tinted implements LayerMarker {
  constructor(
    private readonly rectangle: RectangleMarker,
    private readonly color: string,
  ) {}

  eq(other: Tinted): boolean {
    return this.color === other.color && this.rectangle.eq(other.rectangle);
  }

  draw(): HTMLElement {
    const element = this.rectangle.draw();
    element.style.setProperty('--person', this.color);
    return element;
  }
}

interface CaretPlace {
  isInTheWay: boolean;
  isAtTop: boolean;
  isAtEnd: boolean;
}

/** A caret with its person's name. */
class Caret implements LayerMarker {
  constructor(
    private readonly bar: RectangleMarker,
    private readonly person: Person,
    private readonly place: CaretPlace,
  ) {}

  eq(other: Caret): boolean {
    return this.isOf(other) && this.person.moves === other.person.moves && this.bar.eq(other.bar) && this.sits(other);
  }

  draw(): HTMLElement {
    const element = this.bar.draw();
    element.style.setProperty('--person', this.person.color);
    element.style.setProperty('--person-ink', this.person.ink);
    new Flag(element, this.person.name).raise();
    this.settle(element);
    return element;
  }

  update(element: HTMLElement, previous: Caret): boolean {
    if (!this.isOf(previous) || !this.bar.update(element, previous.bar)) {
      return false;
    }
    this.settle(element);
    if (this.person.moves !== previous.person.moves) {
      Flag.of(element)?.raise();
    }
    return true;
  }

  private isOf({ person }: Caret): boolean {
    const { id, name, color } = this.person;
    return id === person.id && name === person.name && color === person.color;
  }

  private sits({ place }: Caret): boolean {
    const { isInTheWay, isAtTop, isAtEnd } = this.place;
    return isInTheWay === place.isInTheWay && isAtTop === place.isAtTop && isAtEnd === place.isAtEnd;
  }

  private settle(element: HTMLElement): void {
    element.classList.toggle('is-at-top', this.place.isAtTop);
    element.classList.toggle('is-at-end', this.place.isAtEnd);
    element.classList.toggle('is-in-the-way', this.place.isInTheWay);
  }
}

/** Carets let the pointer through to the text, so the text is asked where the pointer is. */
function hover(view: EditorView, pointer: MouseEvent | null): void {
  for (const caret of view.scrollDOM.querySelectorAll('.person-caret')) {
    const { left, top, bottom } = caret.getBoundingClientRect();
    const isNear =
      pointer !== null && Math.abs(pointer.clientX - left) < NEAR && pointer.clientY >= top && pointer.clientY <= bottom;
    caret.classList.toggle('is-hovered', isNear);
  }
}

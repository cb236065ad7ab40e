import { type EditorState, type Extension, StateEffect, StateField, type Transaction } from '@codemirror/state';

import { isLocal } from './origin.ts';

/** Somebody else who is here. */
export interface Person {
  readonly id: number;
  readonly name: string;
  /** As `#rrggbb`. */
  readonly color: string;
  /** What can be read on that colour. */
  readonly ink: string;
  /** Where they are, or were last. */
  readonly place?: Place;
  /** Whether they look at the text. */
  readonly isPresent: boolean;
  /** Counts what they did themselves. */
  readonly moves: number;
}

export interface Place {
  readonly anchor: number;
  readonly head: number;
}

type People = ReadonlyMap<number, Person>;

/** A person came, or is called otherwise. */
export const introduce = StateEffect.define<Pick<Person, 'id' | 'name' | 'color' | 'ink'>>();
/** A person went to a place, or turned away. */
export const point = StateEffect.define<{ id: number; place: Place | null }>();
/** A person left. */
export const leave = StateEffect.define<{ id: number }>();
/** A person should be noticed. */
export const flash = StateEffect.define<{ id: number }>();

const field = StateField.define<People>({
  create: () => new Map(),
  update: (people, transaction) => follow(moveAlong(people, transaction), transaction),
});

/** Who else is here. Their places stay with the text around them, whoever changes it. */
export const people: Extension = field;

export function peopleOf(state: EditorState): People {
  return state.field(field);
}

function moveAlong(people: People, transaction: Transaction): People {
  if (!transaction.docChanged || people.size === 0) {
    return people;
  }
  const written = isLocal(transaction) ? new Set<number>() : endsOfInsertions(transaction);
  return new Map([...people].map(([id, person]) => [id, moved(person, transaction, written)]));
}

/** Places belong to what stands behind them, as they do in the document. */
function moved(person: Person, { changes }: Transaction, written: ReadonlySet<number>): Person {
  if (!person.place) {
    return person;
  }
  const place = { anchor: changes.mapPos(person.place.anchor, 1), head: changes.mapPos(person.place.head, 1) };
  return { ...person, place, moves: person.moves + (written.has(place.head) ? 1 : 0) };
}

/** Who has a caret where a text ends that others have just inserted is its author. */
function endsOfInsertions({ changes }: Transaction): ReadonlySet<number> {
  const ends = new Set<number>();
  changes.iterChanges((_fromBefore, _toBefore, _fromAfter, toAfter) => ends.add(toAfter));
  return ends;
}

function follow(people: People, { effects }: Transaction): People {
  const next = new Map(people);
  for (const effect of effects) {
    if (effect.is(introduce)) {
      const { id } = effect.value;
      next.set(id, { ...(next.get(id) ?? { isPresent: false, moves: 0 }), ...effect.value });
    } else if (effect.is(point)) {
      change(next, effect.value.id, ({ place, moves, ...person }) => {
        const here = effect.value.place ?? place;
        return { ...person, ...(here && { place: here }), isPresent: effect.value.place !== null, moves: moves + 1 };
      });
    } else if (effect.is(flash)) {
      change(next, effect.value.id, (person) => ({ ...person, moves: person.moves + 1 }));
    } else if (effect.is(leave)) {
      next.delete(effect.value.id);
    }
  }
  return effects.length ? next : people;
}

function change(people: Map<number, Person>, id: number, to: (person: Person) => Person): void {
  const person = people.get(id);
  if (person) {
    people.set(id, to(person));
  }
}

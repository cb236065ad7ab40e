//! What a surface shows beside what the document holds, without the surface.

use std::borrow::Cow;

use collab::edit::TextEdit;

use super::{newlines, rebase::rebase, selection::Selection};

/// The text as the document has it, and what the surface has not been told of it.
///
/// An input method composes a word in several steps and keeps its own account of the surface's text. An edit from
/// elsewhere, made to the surface in between, ends the composition without notice or doubles the word. Such edits wait
/// until the word is finished. Until the first of them, the steps are taken up as they come, for on telephones
/// every word is composed, and others would otherwise see words where they could see letters. From then on the
/// surface shows a text that the document no longer has, and what is typed is taken up at the end.
#[derive(Default)]
pub(super) struct Buffer {
    document: String,
    composition: Composition,
}

#[derive(Default)]
enum Composition {
    #[default]
    None,
    /// Nothing waits.
    InStep,
    /// Edits from elsewhere wait.
    Behind {
        /// The document's text as the surface last showed it.
        base: String,
        /// What others have done to it since.
        since: Vec<TextEdit>,
    },
}

const NOTHING: TextEdit = TextEdit { at: 0, delete: 0, insert: String::new() };

/// What is to be done after a composition.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Settlement {
    /// What the person did, as edits of the document, one after the other.
    pub(super) made: Vec<TextEdit>,
    /// What others did, as one edit of the surface.
    pub(super) change: Option<TextEdit>,
    /// Where the selection belongs.
    pub(super) selection: Selection,
}

impl Buffer {
    /// Takes over the document's text.
    pub(super) fn reset(&mut self, document: &str) {
        document.clone_into(&mut self.document);
        self.composition = Composition::None;
    }

    /// What the surface should show, but while a composition keeps edits waiting.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        newlines::shown(&self.document)
    }

    /// The surface shows `value`: what did the person do to the document?
    pub(super) fn typed(&mut self, value: &str, caret: u32) -> Option<TextEdit> {
        if matches!(self.composition, Composition::Behind { .. }) {
            return None;
        }
        let made = TextEdit::between(&self.shown(), value, Some(caret))?;
        let edit = newlines::to_document(&self.document, &made);
        edit.apply_to(&mut self.document);
        Some(edit)
    }

    /// Somebody else edited the document: what is to be done to the surface, now?
    pub(super) fn merged(&mut self, edit: &TextEdit) -> Option<TextEdit> {
        match &mut self.composition {
            Composition::None => return self.merged_now(edit),
            Composition::InStep => {
                self.composition =
                    Composition::Behind { base: self.document.clone(), since: vec![edit.clone()] };
            }
            Composition::Behind { since, .. } => since.push(edit.clone()),
        }
        edit.apply_to(&mut self.document);
        None
    }

    fn merged_now(&mut self, edit: &TextEdit) -> Option<TextEdit> {
        if !self.document.contains('\r') && !edit.insert.contains('\r') {
            edit.apply_to(&mut self.document);
            return Some(edit.clone());
        }
        let old = self.document.clone();
        edit.apply_to(&mut self.document);
        newlines::to_shown(&old, edit, &self.document)
    }

    /// A composition begins.
    pub(super) fn begin_composition(&mut self) {
        if matches!(self.composition, Composition::None) {
            self.composition = Composition::InStep;
        }
    }

    /// It is over, and the surface shows `value`.
    pub(super) fn end_composition(&mut self, value: &str, selection: Selection) -> Settlement {
        match std::mem::take(&mut self.composition) {
            Composition::Behind { base, since } => self.settle(&base, &since, value, selection),
            Composition::None | Composition::InStep => Settlement {
                made: self.typed(value, selection.end).into_iter().collect(),
                change: None,
                selection,
            },
        }
    }

    fn settle(&mut self, base: &str, since: &[TextEdit], value: &str, selection: Selection) -> Settlement {
        let typed = TextEdit::between(&newlines::shown(base), value, Some(selection.end)).unwrap_or(NOTHING);
        let late = newlines::to_document(base, &typed);
        let made = rebase(&late, since);
        for edit in &made {
            edit.apply_to(&mut self.document);
        }
        let mut before = base.to_owned();
        late.apply_to(&mut before);
        let find = |offset, bias| {
            let offset = newlines::document_offset(&before, offset);
            let others = |offset| since.iter().fold(offset, |offset, edit| edit.map(offset, bias));
            let mine = |offset| made.iter().fold(offset, |offset, edit| edit.map(offset, bias));
            let found = match (offset.checked_sub(late.at), made.last()) {
                (None | Some(0), _) => mine(others(offset)),
                (Some(inside), Some(last)) if inside <= late.inserted() => last.at + inside,
                _ => mine(others(offset - late.inserted() + late.delete)),
            };
            newlines::shown_offset(&self.document, found)
        };
        let selection = selection.map(find);
        let change = TextEdit::between(value, &self.shown(), None);
        Settlement { made, change, selection }
    }
}

#[cfg(test)]
mod tests {
    use collab::edit::{byte_offset, utf16_len};

    use super::*;
    use crate::editor::chance::Chance;

    fn edit(at: u32, delete: u32, insert: &str) -> TextEdit {
        TextEdit { at, delete, insert: insert.to_owned() }
    }

    fn caret(at: u32) -> Selection {
        Selection { start: at, end: at }
    }

    fn showing(text: &str) -> Buffer {
        let mut buffer = Buffer::default();
        buffer.reset(text);
        buffer
    }

    #[test]
    fn typing_is_seen_by_the_caret() {
        let mut buffer = showing("aa");
        assert_eq!(buffer.typed("aaa", 1), Some(edit(0, 0, "a")));
        assert_eq!(buffer.typed("aaa", 1), None);
        assert_eq!(buffer.merged(&edit(3, 0, "b")), Some(edit(3, 0, "b")));
        assert_eq!(buffer.typed("aaabc", 5), Some(edit(4, 0, "c")));
    }

    #[test]
    fn a_composition_alone_is_seen_letter_by_letter() {
        let mut buffer = showing("");
        buffer.begin_composition();
        assert_eq!(buffer.typed("n", 1), Some(edit(0, 0, "n")));
        assert_eq!(buffer.typed("に", 1), Some(edit(0, 1, "に")));
        let settled = buffer.end_composition("日", caret(1));
        assert_eq!(settled.made, [edit(0, 1, "日")]);
        assert_eq!(settled.change, None);
    }

    #[test]
    fn edits_from_elsewhere_wait_until_the_word_is_finished() {
        let mut buffer = showing("one two");
        buffer.begin_composition();
        assert_eq!(buffer.typed("one にtwo", 5), Some(edit(4, 0, "に")));
        assert_eq!(buffer.merged(&edit(0, 0, ">> ")), None);
        assert_eq!(buffer.typed("one にほtwo", 6), None);
        assert_eq!(buffer.merged(&edit(11, 0, "!")), None);
        let settled = buffer.end_composition("one 日本two", caret(6));
        assert_eq!(settled.made, [edit(7, 1, "日本")]);
        assert_eq!(settled.selection, caret(9));
        assert_eq!(buffer.document, ">> one 日本two!");
    }

    #[test]
    fn a_word_is_not_lost_with_its_surroundings() {
        let mut buffer = showing("some words here");
        buffer.begin_composition();
        buffer.merged(&edit(0, 15, ""));
        let settled = buffer.end_composition("some にwords here", caret(6));
        assert_eq!(settled.made, [edit(0, 0, "に")]);
        assert_eq!(settled.selection, caret(1));
        assert_eq!(buffer.document, "に");
    }

    /// A surface and a document that do what the buffer says, and nothing else.
    struct Desk {
        chance: Chance,
        buffer: Buffer,
        document: String,
        value: String,
    }

    impl Desk {
        fn type_something(&mut self) -> Selection {
            let typed = self.chance.edit(&self.value, false);
            typed.apply_to(&mut self.value);
            caret(typed.at + typed.inserted())
        }

        fn step(&mut self) {
            match self.chance.below(6) {
                0 => self.buffer.begin_composition(),
                1 => {
                    let selection = self.type_something();
                    let settled = self.buffer.end_composition(&self.value, selection);
                    settled.made.iter().for_each(|edit| edit.apply_to(&mut self.document));
                    settled.change.iter().for_each(|edit| edit.apply_to(&mut self.value));
                    let at = settled.selection.end;
                    let before = byte_offset(&self.value, at);
                    assert_eq!(
                        utf16_len(&self.value[..before]),
                        at,
                        "the caret is outside or in a character"
                    );
                }
                2 | 3 => {
                    let selection = self.type_something();
                    let made = self.buffer.typed(&self.value, selection.end);
                    made.iter().for_each(|edit| edit.apply_to(&mut self.document));
                }
                _ => {
                    let edit = self.chance.edit(&self.document, true);
                    edit.apply_to(&mut self.document);
                    let change = self.buffer.merged(&edit);
                    change.iter().for_each(|edit| edit.apply_to(&mut self.value));
                }
            }
        }

        fn check(&self, round: u64) {
            assert_eq!(self.buffer.document, self.document, "{round}");
            if !matches!(self.buffer.composition, Composition::Behind { .. }) {
                assert_eq!(self.value, self.buffer.shown(), "{round}");
            }
        }
    }

    #[test]
    fn surface_and_document_never_part() {
        for round in 0..2_000 {
            let mut chance = Chance::new(round);
            let document = chance.text(12);
            let buffer = showing(&document);
            let value = buffer.shown().into_owned();
            let mut desk = Desk { chance, buffer, document, value };
            for _ in 0..12 {
                desk.step();
                desk.check(round);
            }
        }
    }
}

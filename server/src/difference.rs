//! The difference of two texts as few and small edits: where several places were changed, what lies between them stays.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use collab::edit::{TextEdit, utf16_len};
use similar::{Algorithm, DiffOp, DiffTag, TextDiff, capture_diff_slices_deadline};

/// After this the rest of a difference is taken as it is, in one piece.
const PATIENCE: Duration = Duration::from_millis(500);
/// Longer passages, in bytes, are compared line by line only.
const PASSAGE: usize = 20_000;

/// The edits that make `new` of `old`, each to be applied after the one before it.
#[must_use]
pub fn difference(old: &str, new: &str) -> Vec<TextEdit> {
    let deadline = Instant::now() + PATIENCE;
    let (old_lines, new_lines) = (lines(old), lines(new));
    let [olds, news]: [Vec<&str>; 2] = [(old, &old_lines), (new, &new_lines)]
        .map(|(text, lines)| lines.iter().map(|line| &text[line.clone()]).collect());
    let mut edits = Edits::default();
    for op in capture_diff_slices_deadline(Algorithm::Myers, &olds, &news, Some(deadline)) {
        let (_, of_old, of_new) = op.as_tag_tuple();
        let passages = (&old[span(&old_lines, of_old, old)], &new[span(&new_lines, of_new, new)]);
        edits.add(op.tag(), passages, deadline);
    }
    edits.made
}

/// A text's lines, their ends included.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let line = |line: &str| {
        start += line.len();
        start - line.len()..start
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Where some lines stand in their text.
fn span(lines: &[Range<usize>], some: Range<usize>, text: &str) -> Range<usize> {
    let start = lines.get(some.start).map_or(text.len(), |line| line.start);
    let end = some.end.checked_sub(1).and_then(|last| lines.get(last)).map_or(0, |line| line.end);
    start..end.max(start)
}

/// Edits that come in order.
#[derive(Default)]
struct Edits {
    made: Vec<TextEdit>,
    /// Where the next one begins, in UTF-16 units of the new text.
    at: u32,
}

impl Edits {
    /// Takes the next passage.
    fn add(&mut self, tag: DiffTag, (old, new): (&str, &str), deadline: Instant) {
        match tag {
            DiffTag::Equal => self.at += utf16_len(new),
            DiffTag::Replace if old.len().max(new.len()) <= PASSAGE => self.replace(old, new, deadline),
            _ => self.push(old, new),
        }
    }

    /// Compares two passages character by character.
    fn replace(&mut self, old: &str, new: &str, deadline: Instant) {
        let diff = TextDiff::configure().deadline(deadline).diff_chars(old, new);
        let (olds, news) = (Places::of(old), Places::of(new));
        for piece in sensible(diff.ops()) {
            let (old, new) = (olds.text(piece.old), news.text(piece.new));
            if piece.is_equal { self.at += utf16_len(new) } else { self.push(old, new) }
        }
    }

    fn push(&mut self, old: &str, new: &str) {
        let edit = TextEdit { at: self.at, delete: utf16_len(old), insert: new.to_owned() };
        self.at += edit.inserted();
        match self.made.last_mut() {
            // A deletion and the insertion beside it are one edit.
            Some(last) if last.at + last.inserted() == edit.at => {
                last.delete += edit.delete;
                last.insert.push_str(new);
            }
            _ => self.made.push(edit),
        }
    }
}

/// What became of some characters.
struct Piece {
    old: Range<usize>,
    new: Range<usize>,
    is_equal: bool,
}

impl Piece {
    fn len(&self) -> usize {
        self.old.len().max(self.new.len())
    }
}

/// A difference as people would tell it. Letters that two texts happen to have in common between two larger changes say
/// nothing: "four" is another word than "one", and not one that has kept its "o".
fn sensible(ops: &[DiffOp]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(ops.len());
    for op in ops {
        let (tag, old, new) = op.as_tag_tuple();
        pieces.push(Piece { old, new, is_equal: tag == DiffTag::Equal });
        while let [.., before, common, after] = &pieces[..]
            && common.is_equal
            && common.len() <= before.len().min(after.len())
        {
            let (old, new) = (before.old.start..after.old.end, before.new.start..after.new.end);
            pieces.truncate(pieces.len() - 3);
            pieces.push(Piece { old, new, is_equal: false });
        }
    }
    pieces
}

/// Where the characters of a text stand.
struct Places<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Places<'a> {
    fn of(text: &'a str) -> Self {
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Self { text, starts: starts.collect() }
    }

    fn text(&self, characters: Range<usize>) -> &'a str {
        &self.text[self.starts[characters.start]..self.starts[characters.end]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(at: u32, delete: u32, insert: &str) -> TextEdit {
        TextEdit { at, delete, insert: insert.to_owned() }
    }

    fn applied(old: &str, new: &str) -> Vec<TextEdit> {
        let edits = difference(old, new);
        let mut text = old.to_owned();
        edits.iter().for_each(|edit| edit.apply_to(&mut text));
        assert_eq!(text, new, "{edits:?}");
        edits
    }

    #[test]
    fn what_lies_between_two_changes_stays() {
        assert_eq!(applied("", ""), []);
        assert_eq!(applied("one\ntwo\n", "one\ntwo\n"), []);
        assert_eq!(applied("", "new"), [edit(0, 0, "new")]);
        assert_eq!(applied("old", ""), [edit(0, 3, "")]);
        assert_eq!(applied("a\nb\nc\n", "A\nb\nC\n"), [edit(0, 1, "A"), edit(4, 1, "C")]);
        assert_eq!(applied("one\ntwo\nthree\n", "four\n"), [edit(0, 13, "four")]);
        assert_eq!(applied("one two three", "one 2 three!"), [edit(4, 3, "2"), edit(11, 0, "!")]);
        assert_eq!(applied("😀 a\n😀 b\n", "😀 a\n\n😀 c\n"), [edit(5, 0, "\n"), edit(9, 1, "c")]);
    }

    #[test]
    fn any_two_texts_have_a_difference() {
        let pieces = ["a", "b\n", "\n", "😀", "e\u{301}", "\r\n", "ab"];
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..2_000 {
            let mut text =
                || (0..random.usize(..9)).map(|_| pieces[random.usize(..pieces.len())]).collect::<String>();
            applied(&text(), &text());
        }
    }

    #[test]
    fn even_long_texts_that_have_nothing_in_common_take_no_longer() {
        let text = |salt: u64| {
            let mut random = fastrand::Rng::with_seed(salt);
            (0..300_000)
                .map(|_| if random.u8(..9) == 0 { '\n' } else { random.lowercase() })
                .collect::<String>()
        };
        let began = Instant::now();
        let edits = difference(&text(1), &text(2));
        assert!(began.elapsed() < 20 * PATIENCE, "{:?} for {} edits", began.elapsed(), edits.len());
    }
}

//! What a person did to the text.

/// One change of a text: at `at`, `delete` units make way for `insert`. Offsets and lengths are UTF-16 code units,
/// as browsers and Yjs count them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// Where the change begins.
    pub at: u32,
    /// How many units are taken away.
    pub delete: u32,
    /// What comes in their place.
    pub insert: String,
}

/// To which neighbour an offset belongs when text is inserted exactly there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bias {
    /// To what stands before it: the insertion comes after the offset.
    Before,
    /// To what stands after it: the insertion pushes the offset on.
    After,
}

impl TextEdit {
    /// The smallest edit that makes `new` of `old`, or `None` where they are equal.
    ///
    /// Where several edits would do (a letter typed beside its like), `caret`, the offset in `new` where the
    /// person's caret stands after the edit, tells which of them it was.
    #[must_use]
    pub fn between(old: &str, new: &str, caret: Option<u32>) -> Option<Self> {
        if old == new {
            return None;
        }
        let after_caret = caret.map_or(new.len(), |caret| new.len() - byte_offset(new, caret));
        let shorter = old.len().min(new.len());
        let suffix = common_suffix(old, new, shorter.min(after_caret));
        let prefix = common_prefix(old, new, shorter - suffix);
        // A caret that is not where the change ended has cut the suffix short: what is common now may still grow.
        let suffix = common_suffix(old, new, shorter - prefix);
        Some(Self {
            at: utf16_len(&new[..prefix]),
            delete: utf16_len(&old[prefix..old.len() - suffix]),
            insert: new[prefix..new.len() - suffix].to_owned(),
        })
    }

    /// Where an offset in the old text is found in the new one.
    #[must_use]
    pub fn map(&self, offset: u32, bias: Bias) -> u32 {
        let inserted = self.inserted();
        let end = self.at + self.delete;
        if offset > end || (offset == end && self.delete > 0) {
            return offset - self.delete + inserted;
        }
        if offset > self.at || (offset == self.at && bias == Bias::After) {
            return match bias {
                Bias::Before => self.at,
                Bias::After => self.at + inserted,
            };
        }
        offset
    }

    /// The length of the inserted text, in UTF-16 units.
    #[must_use]
    pub fn inserted(&self) -> u32 {
        utf16_len(&self.insert)
    }

    /// Changes `text` in place, just as [`crate::document::Document::edit`] changes a document: an edit that reaches
    /// past the end is cut there, and one that cuts a surrogate pair leaves U+FFFD for each half.
    pub fn apply_to(&self, text: &mut String) {
        if self.delete == 0 && self.insert.is_empty() {
            return;
        }
        let (start, before) = cut(text, self.at);
        let (end, after) = cut(text, self.at.saturating_add(self.delete));
        let end = end + after.map_or(0, |_| '😀'.len_utf8());
        let insert = [before.unwrap_or_default(), &self.insert, after.unwrap_or_default()].concat();
        text.replace_range(start..end, &insert);
    }
}

/// The place in bytes of an offset, and what is left of each half where that is inside a surrogate pair.
fn cut(text: &str, offset: u32) -> (usize, Option<&'static str>) {
    let byte = byte_offset(text, offset);
    let is_inside = byte < text.len() && utf16_len(&text[..byte]) < offset;
    (byte, is_inside.then_some("\u{fffd}"))
}

/// The length of a text in UTF-16 units.
#[must_use]
pub fn utf16_len(text: &str) -> u32 {
    if text.is_ascii() { text.len() as u32 } else { text.chars().map(|c| c.len_utf16() as u32).sum() }
}

/// The place in bytes of an offset in UTF-16 units. An offset past the end means the end; one inside a surrogate
/// pair means the character's beginning.
#[must_use]
pub fn byte_offset(text: &str, utf16: u32) -> usize {
    let utf16 = utf16 as usize;
    if text.as_bytes().get(..utf16).is_some_and(<[u8]>::is_ascii) {
        return utf16;
    }
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        units += c.len_utf16();
        if units > utf16 {
            return byte;
        }
    }
    text.len()
}

/// The bytes, at most `most`, that two texts share at their beginnings, whole characters only.
fn common_prefix(a: &str, b: &str, most: usize) -> usize {
    let same = a.bytes().zip(b.bytes()).take(most).take_while(|(x, y)| x == y).count();
    (0..=same).rev().find(|&i| a.is_char_boundary(i) && b.is_char_boundary(i)).unwrap_or(0)
}

/// The bytes, at most `most`, that two texts share at their ends, whole characters only.
fn common_suffix(a: &str, b: &str, most: usize) -> usize {
    let same = a.bytes().rev().zip(b.bytes().rev()).take(most).take_while(|(x, y)| x == y).count();
    let whole = |&i: &usize| a.is_char_boundary(a.len() - i) && b.is_char_boundary(b.len() - i);
    (0..=same).rev().find(whole).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(at: u32, delete: u32, insert: &str) -> TextEdit {
        TextEdit { at, delete, insert: insert.to_owned() }
    }

    #[test]
    fn one_character_typed_is_one_inserted() {
        assert_eq!(TextEdit::between("helo", "hello", Some(4)), Some(edit(3, 0, "l")));
        assert_eq!(TextEdit::between("", "a", Some(1)), Some(edit(0, 0, "a")));
        assert_eq!(TextEdit::between("same", "same", None), None);
    }

    #[test]
    fn the_caret_tells_like_letters_apart() {
        assert_eq!(TextEdit::between("aaa", "aaaa", Some(2)), Some(edit(1, 0, "a")));
        assert_eq!(TextEdit::between("aaa", "aaaa", Some(4)), Some(edit(3, 0, "a")));
        assert_eq!(TextEdit::between("aaaa", "aaa", Some(1)), Some(edit(1, 1, "")));
    }

    #[test]
    fn a_caret_elsewhere_does_not_make_the_edit_larger() {
        assert_eq!(TextEdit::between("one two", "one 2", Some(5)), Some(edit(4, 3, "2")));
        assert_eq!(TextEdit::between("abc", "abXc", Some(0)), Some(edit(2, 0, "X")));
        assert_eq!(TextEdit::between("abc", "Xabc", Some(4)), Some(edit(0, 0, "X")));
    }

    #[test]
    fn characters_are_never_cut() {
        // Both emoji begin with the same surrogate and share three of their four bytes.
        assert_eq!(TextEdit::between("a😀b", "a😁b", Some(3)), Some(edit(1, 2, "😁")));
        assert_eq!(TextEdit::between("é", "è", None), Some(edit(0, 1, "è")));
        assert_eq!(TextEdit::between("e", "e\u{301}", Some(2)), Some(edit(1, 0, "\u{301}")));
        assert_eq!(TextEdit::between("שלום", "שלוום", Some(4)), Some(edit(3, 0, "ו")));
    }

    #[test]
    fn what_lies_between_leads_from_one_to_the_other() {
        let texts = ["", "a", "aa", "aba", "😀", "😀a😀", "a\r\nb", "\u{301}e", "ab\tc"];
        for old in texts {
            for new in texts {
                for caret in 0..=utf16_len(new) {
                    let mut text = old.to_owned();
                    if let Some(edit) = TextEdit::between(old, new, Some(caret)) {
                        edit.apply_to(&mut text);
                    }
                    assert_eq!(text, new, "{old:?} -> {new:?} at {caret}");
                }
            }
        }
    }

    #[test]
    fn offsets_stay_with_their_text() {
        let insertion = edit(2, 0, "xyz");
        assert_eq!(insertion.map(1, Bias::Before), 1);
        assert_eq!(insertion.map(2, Bias::Before), 2);
        assert_eq!(insertion.map(2, Bias::After), 5);
        assert_eq!(insertion.map(3, Bias::Before), 6);
        let replacement = edit(2, 3, "x");
        assert_eq!(replacement.map(2, Bias::Before), 2);
        assert_eq!(replacement.map(3, Bias::Before), 2);
        assert_eq!(replacement.map(3, Bias::After), 3);
        assert_eq!(replacement.map(5, Bias::Before), 3);
        assert_eq!(replacement.map(6, Bias::After), 4);
    }

    #[test]
    fn places_in_bytes_are_clamped_and_snapped() {
        assert_eq!(byte_offset("a😀b", 1), 1);
        assert_eq!(byte_offset("a😀b", 2), 1);
        assert_eq!(byte_offset("a😀b", 3), 5);
        assert_eq!(byte_offset("a😀b", 99), 6);
    }
}

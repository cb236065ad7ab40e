//! Between the document's text and what a `<textarea>` shows of it.
//!
//! A textarea turns every CR LF and every CR into LF, so that offsets in its value are not offsets in a document
//! into which another editor has put a CR. What is shown is called *shown* here, in texts and in offsets. Where a
//! document holds no CR, the two are the same.

use std::borrow::Cow;

use collab::edit::{TextEdit, byte_offset, utf16_len};

/// The text as a textarea shows it.
pub(super) fn shown(document: &str) -> Cow<'_, str> {
    if document.contains('\r') {
        Cow::Owned(document.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(document)
    }
}

/// Where an offset in the document is found in what is shown. Inside a CR LF, that is after the newline.
pub(super) fn shown_offset(document: &str, offset: u32) -> u32 {
    let before = &document[..byte_offset(document, offset)];
    if before.contains('\r') { utf16_len(&shown(before)) } else { offset }
}

/// Where an offset in what is shown is found in the document. It never lies inside a CR LF.
pub(super) fn document_offset(document: &str, offset: u32) -> u32 {
    if !document.contains('\r') {
        return offset;
    }
    let (mut at, mut seen) = (0, 0);
    let mut rest = document.chars().peekable();
    while let Some(c) = rest.next() {
        if seen >= offset {
            break;
        }
        seen += c.len_utf16() as u32;
        at += c.len_utf16() as u32;
        if c == '\r' && rest.next_if_eq(&'\n').is_some() {
            at += 1;
        }
    }
    at
}

/// The edit of the document that does to what is shown what `edit` does. A newline that goes takes its CR along,
/// and no newline that stays is touched, with one exception: where an LF comes to stand after single CRs, the last of
/// them would be read as one newline with it, so they become LFs too.
pub(super) fn to_document(document: &str, edit: &TextEdit) -> TextEdit {
    if !document.contains('\r') {
        return edit.clone();
    }
    let at = document_offset(document, edit.at);
    let end = document_offset(document, edit.at + edit.delete);
    let kept = &document[byte_offset(document, end)..];
    let would_pair = edit.insert.chars().chain(kept.chars()).next() == Some('\n');
    let before = &document[..byte_offset(document, at)];
    let single_crs = if would_pair { before.len() - before.trim_end_matches('\r').len() } else { 0 };
    TextEdit {
        at: at - single_crs as u32,
        delete: end - at + single_crs as u32,
        insert: "\n".repeat(single_crs) + &edit.insert,
    }
}

/// What an edit, which made `new` of `old`, does to what is shown; `None` where nothing is to be seen of it.
pub(super) fn to_shown(old: &str, edit: &TextEdit, new: &str) -> Option<TextEdit> {
    if !old.contains('\r') && !new.contains('\r') {
        return Some(edit.clone());
    }
    // A pair that the edit split or joined is beside it, so that the edit's own offsets do not suffice. Its end
    // tells like letters apart.
    let end = shown_offset(new, edit.at + edit.inserted());
    TextEdit::between(&shown(old), &shown(new), Some(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::chance::Chance;

    fn edit(at: u32, delete: u32, insert: &str) -> TextEdit {
        TextEdit { at, delete, insert: insert.to_owned() }
    }

    /// What becomes of the document when `made` is done to what is shown of it.
    fn typed(document: &str, made: &TextEdit) -> String {
        let mut text = document.to_owned();
        to_document(document, made).apply_to(&mut text);
        text
    }

    #[test]
    fn a_pair_survives_what_is_typed_around_it() {
        assert_eq!(typed("a\r\nb", &edit(0, 1, "x")), "x\r\nb");
        assert_eq!(typed("a\r\nb", &edit(1, 0, "x")), "ax\r\nb");
        assert_eq!(typed("a\r\nb", &edit(2, 0, "x")), "a\r\nxb");
        assert_eq!(typed("a\r\nb", &edit(2, 0, "\n")), "a\r\n\nb");
        assert_eq!(typed("\r\n\r\n", &edit(1, 0, "x")), "\r\nx\r\n");
    }

    #[test]
    fn a_newline_that_is_deleted_takes_its_cr_along() {
        assert_eq!(typed("a\r\nb", &edit(1, 1, "")), "ab");
        assert_eq!(typed("a\rb", &edit(1, 1, "")), "ab");
        assert_eq!(typed("😀\r\n\r\nb", &edit(2, 1, "")), "😀\r\nb");
    }

    #[test]
    fn newlines_do_not_melt_into_one() {
        assert_eq!(typed("a\rb", &edit(2, 0, "\n")), "a\n\nb");
        assert_eq!(typed("\rx\n", &edit(1, 1, "")), "\n\n");
        assert_eq!(typed("\r\n\r\r", &edit(3, 0, "\n")), "\r\n\n\n\n");
    }

    #[test]
    fn pairs_that_others_split_or_join_come_out_right() {
        let seen = |old: &str, change: TextEdit| {
            let mut new = old.to_owned();
            change.apply_to(&mut new);
            to_shown(old, &change, &new)
        };
        assert_eq!(seen("a\rb", edit(2, 0, "\n")), None);
        assert_eq!(seen("a\r\nb", edit(1, 1, "")), None);
        assert_eq!(seen("a\r\nb", edit(2, 0, "x")), Some(edit(1, 0, "\nx")));
        assert_eq!(seen("a\rx\nb", edit(2, 1, "")), Some(edit(2, 2, "")));
        assert_eq!(seen("a\r\nb", edit(3, 1, "c")), Some(edit(2, 1, "c")));
        assert_eq!(seen("\r\naaa", edit(3, 0, "a")), Some(edit(2, 0, "a")));
    }

    #[test]
    fn both_ways_lead_to_the_same_text() {
        let mut chance = Chance::new(7);
        for round in 0..20_000 {
            let document = chance.text(8);
            let visible = shown(&document).into_owned();

            let typed_edit = chance.edit(&visible, false);
            let mut value = visible.clone();
            typed_edit.apply_to(&mut value);
            assert_eq!(shown(&typed(&document, &typed_edit)), value, "{round}: {document:?} {typed_edit:?}");

            let remote = chance.edit(&document, true);
            let mut after = document.clone();
            remote.apply_to(&mut after);
            let mut value = visible;
            if let Some(change) = to_shown(&document, &remote, &after) {
                change.apply_to(&mut value);
            }
            assert_eq!(value, shown(&after), "{round}: {document:?} {remote:?}");
        }
    }

    #[test]
    fn offsets_go_there_and_back() {
        let document = "a\r\nb\rc\n\r\n😀";
        for offset in (0..=7).chain([9]) {
            assert_eq!(shown_offset(document, document_offset(document, offset)), offset);
        }
        assert_eq!(shown_offset(document, 2), 2);
    }
}

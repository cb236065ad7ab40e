//! An edit that comes late: it was made on a text that others have changed since.

use std::ops::Range;

use collab::edit::{Bias, TextEdit};

/// What `late` means on the text that `since` has led to: edits to be made one after the other. The one that inserts
/// is the last. What others put into the midst of what `late` deletes stays, so that one deletion may become several.
pub(super) fn rebase(late: &TextEdit, since: &[TextEdit]) -> Vec<TextEdit> {
    let mut at = late.at;
    let to_delete = late.at..late.at + late.delete;
    let mut doomed = vec![to_delete];
    for edit in since {
        at = edit.map(at, Bias::Before);
        doomed = doomed.into_iter().flat_map(|range| spared(&range, edit)).collect();
    }
    // From the right, so that no deletion moves what is still to be deleted.
    let mut edits: Vec<TextEdit> = doomed
        .into_iter()
        .rev()
        .filter(|range| !range.is_empty())
        .map(|range| TextEdit { at: range.start, delete: range.end - range.start, insert: String::new() })
        .collect();
    match edits.last_mut() {
        Some(deletion) if deletion.at == at => deletion.insert.clone_from(&late.insert),
        _ if late.insert.is_empty() => {}
        _ => edits.push(TextEdit { at, delete: 0, insert: late.insert.clone() }),
    }
    edits
}

/// What is left of a range when `edit` has deleted its part and inserted its own.
fn spared(range: &Range<u32>, edit: &TextEdit) -> [Range<u32>; 2] {
    let end_of_deletion = edit.at + edit.delete;
    let closed_up = |offset: u32| {
        if offset <= edit.at { offset } else { offset.max(end_of_deletion) - edit.delete }
    };
    let (start, end) = (closed_up(range.start), closed_up(range.end));
    let pushed = |offset: u32| offset + edit.inserted();
    if edit.at <= start {
        [pushed(start)..pushed(end), 0..0]
    } else if edit.at >= end {
        [start..end, 0..0]
    } else {
        [start..edit.at, pushed(edit.at)..pushed(end)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(at: u32, delete: u32, insert: &str) -> TextEdit {
        TextEdit { at, delete, insert: insert.to_owned() }
    }

    #[test]
    fn it_moves_along() {
        assert_eq!(rebase(&edit(3, 1, "x"), &[edit(0, 0, "abc")]), [edit(6, 1, "x")]);
        assert_eq!(rebase(&edit(3, 1, "x"), &[edit(0, 2, "")]), [edit(1, 1, "x")]);
        assert_eq!(rebase(&edit(3, 1, "x"), &[edit(8, 2, "")]), [edit(3, 1, "x")]);
        assert_eq!(rebase(&edit(3, 0, "x"), &[]), [edit(3, 0, "x")]);
    }

    #[test]
    fn what_others_deleted_is_not_deleted_again() {
        assert_eq!(rebase(&edit(3, 4, "x"), &[edit(5, 9, "")]), [edit(3, 2, "x")]);
        assert_eq!(rebase(&edit(3, 4, "x"), &[edit(0, 20, "")]), [edit(0, 0, "x")]);
        assert_eq!(rebase(&edit(3, 4, ""), &[edit(0, 20, "")]), []);
    }

    #[test]
    fn what_others_inserted_stays() {
        assert_eq!(rebase(&edit(3, 4, "x"), &[edit(5, 0, "new")]), [edit(8, 2, ""), edit(3, 2, "x")]);
        // At the edges as well.
        assert_eq!(rebase(&edit(3, 4, "x"), &[edit(3, 0, "new")]), [edit(6, 4, ""), edit(3, 0, "x")]);
        assert_eq!(rebase(&edit(3, 4, "x"), &[edit(7, 0, "new")]), [edit(3, 4, "x")]);
    }
}

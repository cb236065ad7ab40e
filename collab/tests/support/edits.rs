//! Edits, written down in short.

use collab::edit::TextEdit;

pub(crate) fn edit(at: u32, delete: u32, insert: &str) -> TextEdit {
    TextEdit { at, delete, insert: insert.to_owned() }
}

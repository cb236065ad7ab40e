//! Where pages send what a person wants done with a document. These forms need no script, and the server answers each
//! with the way to a page.

use collab::id::DocId;

/// The path that [`delete`] has for every document, as the router writes it.
pub const DELETE: &str = "/d/{document}/delete";
/// The path that [`restore`] has for every document, as the router writes it.
pub const RESTORE: &str = "/d/{document}/restore";

/// Where to ask that a document be deleted.
#[must_use]
pub fn delete(id: &DocId) -> String {
    format!("/d/{id}/delete")
}

/// Where to ask that a document that was deleted be taken back.
#[must_use]
pub fn restore(id: &DocId) -> String {
    format!("/d/{id}/restore")
}

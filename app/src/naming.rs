//! What a document is called where it is shown.

use collab::id::DocId;

use crate::{preferences::words, words::Words};

/// The product's name.
pub(crate) const PRODUCT: &str = "Scriptorium";

/// What browsers call the page that has this title.
pub(crate) fn of_page(title: &str) -> String {
    if title == PRODUCT { title.to_owned() } else { format!("{title} · {PRODUCT}") }
}

/// The title, or where there is none, something to call the document by: the name that somebody chose for it.
pub(crate) fn shown(title: &str, id: &DocId) -> String {
    shown_in(title, id, words())
}

/// The same, where it is known already in which language.
pub(crate) fn shown_in(title: &str, id: &DocId, words: &Words) -> String {
    if title.is_empty() { stand_in(id, words) } else { title.to_owned() }
}

/// What stands where there is no title. A name that was made up by chance says nothing to anybody.
pub(crate) fn stand_in(id: &DocId, words: &Words) -> String {
    if id.is_unguessable() { words.title.untitled.to_owned() } else { id.to_string() }
}

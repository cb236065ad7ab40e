//! The names of elements that the server renders and the browser brings to life.

/// Holds the document's state.
pub(crate) const STATE: &str = "state";
/// The name of the `<meta>` element that says where the renderer of Markdown is, if that is a file of its own.
#[cfg(any(feature = "ssr", feature = "split"))]
pub(crate) const RENDERER: &str = "renderer";
/// The field that holds the title.
pub(crate) const TITLE: &str = "title";
/// Tells that the program in the page has broken down.
pub(crate) const MISHAP: &str = "mishap";
/// The menu of preferences.
pub(crate) const PREFERENCES: &str = "preferences";
/// The menu of what can be done with a whole document.
pub(crate) const DOCUMENT_MENU: &str = "document";
/// Puts the document's address where it can be taken elsewhere.
pub(crate) const COPY_LINK: &str = "copy-link";
/// Prints it.
pub(crate) const PRINT: &str = "print";
/// The question whether a document should be deleted.
pub(crate) const DELETE: &str = "delete";
/// What it asks.
pub(crate) const QUESTION: &str = "delete-title";
/// Searches the text.
pub(crate) const SEARCH: &str = "search-text";
/// The list of keys.
pub(crate) const KEYS: &str = "keys";
/// The menu of what a person chooses for themselves.
pub(crate) const SETTINGS: &str = "settings";
/// Says who comes and goes.
pub(crate) const NEWS: &str = "news";
/// Says how the link is.
pub(crate) const LINK_NEWS: &str = "link-news";
/// Tells that the document has no space for what was added.
pub(crate) const FULL: &str = "full";
/// Tells that the server does not take what was written.
pub(crate) const REFUSED: &str = "refused";
/// Tells that somebody has deleted the document.
pub(crate) const DELETED: &str = "deleted";
/// What the person's own name is made from in the roster.
pub(crate) const MYSELF: &str = "myself";
/// What others' names are made from there.
pub(crate) const SOMEONE: &str = "someone";
/// What the documents that were opened are listed by.
pub(crate) const RECENT: &str = "recent";

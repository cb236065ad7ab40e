//! What the pages need from their host while they are rendered on the server. The host provides it as context, so
//! that this crate never knows the server.

use std::{future::Future, pin::Pin, sync::Arc};

use collab::id::DocId;
use thiserror::Error;

/// A document as it is at one moment: for reading, and to begin a replica from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glimpse {
    /// What the document is called; empty where nobody has given it a title and the text is blank.
    pub title: String,
    /// The shared text.
    pub text: String,
    /// The document as one Yjs update (v1).
    pub state: Vec<u8>,
}

/// When a document was deleted, and until when that can be undone at least, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// When it was.
    pub at: u64,
    /// When it becomes final.
    pub until: u64,
}

/// Why there is nothing to be seen of a document. It must not be shown as empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Absence {
    /// Somebody has deleted it.
    #[error("the document was deleted")]
    Deleted(Deletion),
    /// It is there, but could not be read.
    #[error("the document cannot be read at the moment")]
    Unreadable,
}

/// What [`Documents::peek`] returns.
pub type Peek = Pin<Box<dyn Future<Output = Result<Glimpse, Absence>> + Send>>;

/// One of the host's documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub id: DocId,
    /// What it is called; it may be empty.
    pub title: String,
    /// When it was last changed, in milliseconds since the Unix epoch.
    pub updated: u64,
}

/// Some of the host's documents, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// They themselves.
    pub entries: Vec<Entry>,
    /// There are more after this one.
    pub next: Option<DocId>,
}

/// What [`Documents::list`] returns.
pub type List = Pin<Box<dyn Future<Output = Result<Listing, Absence>> + Send>>;

/// Access to the documents.
pub trait Documents: Send + Sync {
    /// Looks at a document without opening it. One that was never written to is empty.
    fn peek(&self, id: DocId) -> Peek;

    /// Some of the documents, of which each comes after `after`; `None` where the host does not list them.
    fn list(&self, after: Option<DocId>) -> Option<List>;
}

/// The context under which the host provides its documents.
#[derive(Clone)]
pub struct Host(pub Arc<dyn Documents>);

/// The context under which the host lets a page set its answer's HTTP status. Without it, all pages answer 200.
#[derive(Clone)]
pub struct SetStatus(pub Arc<dyn Fn(u16) + Send + Sync>);

/// The context under which the host says under which origin (RFC 6454) it is asked, such as `https://pad.example`, if it
/// knows.
#[derive(Debug, Clone)]
pub struct Origin(pub String);

/// The context under which the host provides what all pages look like, as CSS: so that no page waits for it. Without it,
/// pages load it.
#[derive(Debug, Clone)]
pub struct StyleSheet(pub Arc<str>);

/// The context under which the host says where the parts of the program are that its main file asks for in its turn. Where the
/// program is one file, there are none.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// What loads the others. The program waits for it, so that a page should ask for it at once.
    pub loader: Option<Arc<str>>,
    /// What renders Markdown. It can wait.
    pub markdown: Option<Arc<str>>,
}

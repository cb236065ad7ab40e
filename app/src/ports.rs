//! What the pages need from their host while they are rendered on the server. The host provides it as context, so
//! that this crate never knows the server.

use std::{future::Future, pin::Pin, sync::Arc};

use collab::id::DocId;
use thiserror::Error;

/// A document as it is at one moment: for reading, and to begin a replica from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glimpse {
    /// The shared text.
    pub text: String,
    /// The document as one Yjs update (v1).
    pub state: Vec<u8>,
}

/// The document could not be read. It is there, so it must not be shown as empty.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the document cannot be read at the moment")]
pub struct Unreadable;

/// What [`Documents::peek`] returns.
pub type Peek = Pin<Box<dyn Future<Output = Result<Glimpse, Unreadable>> + Send>>;

/// Access to the documents.
pub trait Documents: Send + Sync {
    /// Looks at a document without opening it. One that was never written to is empty.
    fn peek(&self, id: DocId) -> Peek;
}

/// The context under which the host provides its documents.
#[derive(Clone)]
pub struct Host(pub Arc<dyn Documents>);

/// The context under which the host lets a page set its answer's HTTP status. Without it, all pages answer 200.
#[derive(Clone)]
pub struct SetStatus(pub Arc<dyn Fn(u16) + Send + Sync>);

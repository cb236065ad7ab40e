//! How much one room holds.

use crate::guard::{MAX_AUTHORS, MAX_STATE};

/// What one session may put into a room that all share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest document, in bytes of its encoding, what is left of deleted text included. Deletions are always
    /// taken.
    pub document_bytes: usize,
    /// The largest update, in bytes.
    pub update_bytes: usize,
    /// The most shared types that a document holds within others. yrs recurses through them, so that a chain of more
    /// than about 4,000 for each 2 MiB of stack ends the process when its outermost link is deleted.
    pub nested_types: usize,
    /// The most clients that a document knows. Each page that was loaded and written in is one. A document of more than
    /// [`MAX_AUTHORS`](crate::guard::MAX_AUTHORS) could not be read from its encoding, and where each wrote behind the
    /// one before, yrs takes a stack of some 100 bytes for each to read it: browsers give it a megabyte.
    pub clients: usize,
    /// The most clients that one session may speak for. What exceeds it is not heard.
    pub presences: usize,
    /// The most bytes of presences that one session may speak for, each counted with a little for its keeping. What
    /// exceeds it is not heard.
    pub presence_bytes: usize,
    /// The most bytes of one presence; [`MAX_STATE`](crate::guard::MAX_STATE) where this is more. A larger one is not
    /// heard.
    pub state_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 32 * 1024 * 1024,
            update_bytes: 4 * 1024 * 1024,
            nested_types: 1_000,
            clients: MAX_AUTHORS / 2,
            presences: 32,
            presence_bytes: 16 * 1024,
            state_bytes: MAX_STATE,
        }
    }
}

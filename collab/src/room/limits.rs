//! How much one room holds.

/// What one session may put into a room that all share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest document, in bytes of its encoding, what is left of deleted text included. Deletions are always
    /// taken.
    pub document_bytes: usize,
    /// The most shared types that a document holds within others. yrs recurses through them, so that a chain of more
    /// than about 4,000 for each 2 MiB of stack ends the process when its outermost link is deleted.
    pub nested_types: usize,
    /// The most bytes of presences that one session may speak for, each counted with a little for its keeping. What
    /// exceeds it is not heard.
    pub presence_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { document_bytes: 32 * 1024 * 1024, nested_types: 1_000, presence_bytes: 64 * 1024 }
    }
}

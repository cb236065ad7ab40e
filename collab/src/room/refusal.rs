//! Why sessions are ended.

use thiserror::Error;

use crate::{document::MergeError, guard::GuardError};

/// Why a session was ended.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// An update or a state vector that cannot be read.
    #[error(transparent)]
    Malformed(MergeError),
    /// A presence that cannot be read.
    #[error("malformed awareness: {0}")]
    Presence(GuardError),
    /// An update with a gap, whose author could not fill it when asked.
    #[error("updates are missing, and were not sent when asked for")]
    Gap,
    /// An update that gives other content to what is known already. It comes from a copy of the document that can
    /// never become like the others.
    #[error("the update contradicts what is known already")]
    Contradiction,
    /// The update would make the document larger than [`Limits::document_bytes`](super::Limits).
    #[error("the document would become too large")]
    TooLarge,
    /// The update would bring more shared types than [`Limits::nested_types`](super::Limits).
    #[error("the document would hold too many shared types")]
    TooManyTypes,
}

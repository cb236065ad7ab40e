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
    /// An update as a client as which somebody else who is here writes, who does not have it.
    #[error("the update bears the client number of somebody else who is here")]
    Impersonation,
    /// The update is larger than [`Limits::update_bytes`](super::Limits).
    #[error("the update is too large")]
    LargeUpdate,
    /// The update would make the document larger than [`Limits::document_bytes`](super::Limits).
    #[error("the document would become too large")]
    TooLarge,
    /// The update would bring more shared types than [`Limits::nested_types`](super::Limits).
    #[error("the document would hold too many shared types")]
    TooManyTypes,
    /// The update would bring more clients than [`Limits::clients`](super::Limits).
    #[error("too many pages have written in the document")]
    TooManyClients,
}

impl Refusal {
    /// Which of them it is, in a few words, for those who count.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed update",
            Self::Presence(_) => "malformed awareness",
            Self::Gap => "gap",
            Self::Contradiction => "contradiction",
            Self::Impersonation => "impersonation",
            Self::LargeUpdate => "large update",
            Self::TooLarge => "document too large",
            Self::TooManyTypes => "too many types",
            Self::TooManyClients => "too many clients",
        }
    }
}

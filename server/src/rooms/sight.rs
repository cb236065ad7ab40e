//! What can be seen of a document without opening it.

use app::ports::Glimpse;
use collab::{
    document::Document,
    id::{DocId, Seq},
    title,
};

use super::log::fold;
use crate::storage::{Checkpoint, Log, Shown, StorageError};

/// A document as it is at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// What pages show of it.
    pub glimpse: Glimpse,
    /// The place of the last update in it; none was ever written where this is 0.
    pub last: Seq,
    /// When that arrived, in milliseconds since the Unix epoch; 0 where there is none.
    pub updated: u64,
}

impl Sight {
    pub(super) fn of(document: &Document, last: Seq, updated: u64) -> Self {
        let text = document.text();
        let title = document.given_title().unwrap_or_else(|| title::of_text(&text));
        Self { glimpse: Glimpse { title, text, state: document.snapshot().into() }, last, updated }
    }

    /// Where the last room has left a checkpoint, what it looks like has been computed.
    pub(super) fn of_log(id: &DocId, log: Log) -> Result<Self, StorageError> {
        let (last, updated) = (log.last(), log.updated);
        match log {
            Log { checkpoint: Some(Checkpoint { state, shown: Some(shown), .. }), tail, .. }
                if tail.is_empty() =>
            {
                let Shown { title, text } = shown;
                let (title, text) = (title.as_ref().into(), text.as_ref().into());
                Ok(Self { glimpse: Glimpse { title, text, state: state.into() }, last, updated })
            }
            log => Ok(Self::of(&fold(id, &log)?, last, updated)),
        }
    }
}

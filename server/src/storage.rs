//! Where documents are kept: a log of updates for each, and checkpoints that make loading it short.
//!
//! The methods block until the disk has answered. They are called from threads where that is no harm: the
//! journal's writer, and tasks that load.

pub mod faulty;
pub mod memory;
mod order;
pub mod sqlite;

use std::sync::Arc;

use bytes::Bytes;
use collab::id::{DocId, Seq};
use thiserror::Error;

/// One update in a document's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place in the document's log.
    pub seq: Seq,
    /// When it arrived, in milliseconds since the Unix epoch.
    pub at: u64,
    /// An opaque name that its session brought; empty where it brought none.
    pub author: Arc<str>,
    /// The Yjs update (v1).
    pub update: Bytes,
}

/// What became of one document since its room last wrote: consecutive records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Whose log they belong to.
    pub document: DocId,
    /// In order, without holes.
    pub records: Vec<Record>,
}

/// A document's state at one point of its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last record that it includes.
    pub upto: Seq,
    /// All of the document up to there, as one Yjs update (v1).
    pub state: Bytes,
    /// Its text, so that it can be shown without building the document; older checkpoints have none.
    pub text: Option<Arc<str>>,
}

/// What it takes to rebuild a document: the newest checkpoint and the records after it. Both are empty for a
/// document that was never written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The newest checkpoint.
    pub checkpoint: Option<Checkpoint>,
    /// The records after it, in order, without holes.
    pub tail: Vec<Record>,
}

impl Log {
    /// The place of the last record.
    #[must_use]
    pub fn last(&self) -> Seq {
        let checkpointed = self.checkpoint.as_ref().map_or(Seq::default(), |checkpoint| checkpoint.upto);
        self.tail.last().map_or(checkpointed, |record| record.seq)
    }
}

/// Why the store did not do what was asked.
#[derive(Debug, Error)]
pub enum StorageError {
    /// What is stored is not what was written. Only a backup helps.
    #[error("the stored data of {what} is damaged: {why}")]
    Corrupt {
        /// A document's name, or the store itself.
        what: String,
        /// What does not fit.
        why: String,
    },
    /// There is no room left on the disk. Writing works again once there is.
    #[error("the disk is full")]
    Full,
    /// Another server uses the store.
    #[error("another server is using {0}")]
    InUse(String),
    /// The store was written by a newer version of this program.
    #[error("the store has format {found}, this program knows formats up to {known}: use a newer version")]
    TooNew {
        /// The store's format.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// The disk or the operating system refused.
    #[error("the store cannot be read or written: {0}")]
    Unavailable(String),
}

/// A back end. All of a store's methods may be called from several threads at once.
pub trait Storage: Send + Sync + 'static {
    /// Appends records to several documents' logs in one commit. When it returns `Ok`, all of them are durable;
    /// when it returns an error, none counts as stored, even if a later [`Storage::load`] should find it. Writing
    /// a record again that is there already, with the same content, is no error.
    ///
    /// # Errors
    /// [`StorageError::Full`] and [`StorageError::Unavailable`] may pass; the caller calls [`Storage::recover`]
    /// and then appends the same groups again.
    fn append(&self, groups: &[Group]) -> Result<(), StorageError>;

    /// What it takes to rebuild a document.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if a checksum or the order of the log is wrong.
    fn load(&self, document: &DocId) -> Result<Log, StorageError>;

    /// Keeps a checkpoint in the place of all older ones, unless there is a newer one. Records stay, until retention
    /// removes them.
    ///
    /// # Errors
    /// If it could not be written; the log is as it was.
    fn checkpoint(&self, document: &DocId, checkpoint: &Checkpoint) -> Result<(), StorageError>;

    /// Removes records that arrived before `before` (milliseconds since the Unix epoch) and that the checkpoint
    /// includes. Returns how many went. A record stays while an earlier one does.
    ///
    /// # Errors
    /// If it could not be done. What is left is a whole log.
    fn trim(&self, document: &DocId, before: u64) -> Result<u64, StorageError>;

    /// The names of all documents that were written to, in order.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn documents(&self) -> Result<Vec<DocId>, StorageError>;

    /// Starts afresh after a failed write, so that nothing that the operating system only believes to be on disk
    /// is built upon.
    ///
    /// # Errors
    /// If the store is still out of order.
    fn recover(&self) -> Result<(), StorageError>;

    /// Finds out whether something could be written now, and recovers first if need be.
    ///
    /// # Errors
    /// If nothing could.
    fn probe(&self) -> Result<(), StorageError>;
}

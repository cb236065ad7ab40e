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
    /// What it looks like, so that it can be shown without building the document; older checkpoints do not say.
    pub shown: Option<Shown>,
}

/// What people see of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is called.
    pub title: Arc<str>,
    /// The text.
    pub text: Arc<str>,
}

/// What it takes to rebuild a document: a checkpoint and the records after it. Both are empty for a document that was
/// never written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The newest checkpoint up to its end.
    pub checkpoint: Option<Checkpoint>,
    /// The records after it, in order, without holes.
    pub tail: Vec<Record>,
    /// When the document's last record arrived, in milliseconds since the Unix epoch; 0 if there is none.
    pub updated: u64,
    /// When the document was deleted, in milliseconds since the Unix epoch. 0 once its removal has begun: then nothing else
    /// is left.
    pub deleted: Option<u64>,
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
    /// The document was deleted, so that nothing can be written to it.
    #[error("{0} was deleted")]
    Deleted(DocId),
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

impl StorageError {
    /// The one document that it is about, by name. Others are not concerned.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        match self {
            Self::Corrupt { what, .. } => Some(what),
            Self::Deleted(document) => Some(document.as_str()),
            _ => None,
        }
    }
}

/// A back end. All of a store's methods may be called from several threads at once.
pub trait Storage: Send + Sync + 'static {
    /// Appends records to several documents' logs in one commit. When it returns `Ok`, all of them are durable;
    /// when it returns an error, none counts as stored, even if a later [`Storage::load`] should find it. Writing
    /// a record again that is there already, with the same content, is no error.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] and [`StorageError::Deleted`] name the document that stands in the way.
    /// [`StorageError::Full`] and [`StorageError::Unavailable`] may pass; the caller calls [`Storage::recover`]
    /// and then appends the same groups again.
    fn append(&self, groups: &[Group]) -> Result<(), StorageError>;

    /// What it takes to rebuild a document, deleted or not.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if a checksum or the order of the log is wrong.
    fn load(&self, document: &DocId) -> Result<Log, StorageError>;

    /// What it takes to rebuild a document as it was after the record at `upto`; `None` where that is not known: the
    /// log does not reach so far, or not so far back any more.
    ///
    /// # Errors
    /// As [`Storage::load`].
    fn history(&self, document: &DocId, upto: Seq) -> Result<Option<Log>, StorageError>;

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

    /// Marks a document as deleted at `at`, in milliseconds since the Unix epoch. Nothing can be appended to it from then
    /// on. Answers whether this has changed anything: there may be no such document, or it was deleted before.
    ///
    /// # Errors
    /// If it could not be done; the document is as it was.
    fn delete(&self, document: &DocId, at: u64) -> Result<bool, StorageError>;

    /// Takes a deletion back: the document is as it was before. Answers whether there was one to take back.
    ///
    /// # Errors
    /// If it could not be done; the document is as it was.
    fn undelete(&self, document: &DocId) -> Result<bool, StorageError>;

    /// Removes all that is kept of the documents that were deleted before `before`, in milliseconds since the Unix epoch.
    /// Their names can be used anew. Returns how many were removed.
    ///
    /// # Errors
    /// If it could not be done. What was begun then can only be completed, by another call.
    fn purge(&self, before: u64) -> Result<u64, StorageError>;

    /// The names of all documents that were written to and not deleted, in order.
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

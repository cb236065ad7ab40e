//! From a document's log to the document, and back to a checkpoint.

use std::time::Duration;

use collab::{
    document::{Document, MergeError},
    id::{ClientId, DocId},
};

use crate::{
    clock,
    storage::{Checkpoint, Log, Shown, Storage, StorageError},
};

/// Rebuilds a document from its log.
///
/// # Errors
/// [`StorageError::Corrupt`] if a record cannot be merged.
pub fn fold(id: &DocId, log: &Log) -> Result<Document, StorageError> {
    let mut document = Document::new(ClientId::SERVER);
    let checkpoint = log.checkpoint.iter().map(|checkpoint| &*checkpoint.state);
    let updates = checkpoint.chain(log.tail.iter().map(|record| &*record.update));
    let merged = document.merge(updates);
    match merged.outcomes.into_iter().find_map(|outcome| outcome.error) {
        // A gap was there when the record was accepted, too: what could be merged then is merged now.
        None | Some(MergeError::Gap) => Ok(document),
        Some(error) => Err(StorageError::Corrupt { what: id.to_string(), why: error.to_string() }),
    }
}

/// Writes a checkpoint at the end of a document's log, from the log itself, so that it includes only what is surely
/// on disk. Then removes the updates that are older than `keep`. Returns how many were removed.
///
/// # Errors
/// If the log cannot be read, or the checkpoint not written. The log is as it was then.
pub fn write_checkpoint(
    storage: &dyn Storage,
    id: &DocId,
    keep: Option<Duration>,
) -> Result<u64, StorageError> {
    let log = storage.load(id)?;
    // One of an older format is written anew, as it does not say what the document looks like.
    let is_old = log.checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.shown.is_none());
    if is_old || !log.tail.is_empty() {
        let document = fold(id, &log)?;
        let shown = Some(Shown { title: document.title().into(), text: document.text().into() });
        storage.checkpoint(id, &Checkpoint { upto: log.last(), state: document.snapshot(), shown })?;
    }
    let Some(keep) = keep else { return Ok(0) };
    storage.trim(id, clock::now().saturating_sub(clock::milliseconds(keep)))
}

//! The documents that are not in memory.

use std::{sync::Arc, thread, time::Duration};

use collab::{
    document::Document,
    id::{DocId, Seq},
};
use tokio::{sync::Semaphore, task, time};

use super::{log::fold, sight::Sight};
use crate::storage::{Log, Storage, StorageError};

/// How long reading a document may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads documents from the store, a few at a time, so that whoever asks for many does not take all threads and all
/// memory.
pub(super) struct Archive {
    storage: Arc<dyn Storage>,
    desks: Semaphore,
}

/// A document that was read from the store.
pub(super) struct Built {
    pub(super) document: Document,
    /// Where its log ends.
    pub(super) last: Seq,
    /// When the last record arrived.
    pub(super) updated: u64,
}

/// Why a document is not to be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum Missing {
    /// It was deleted at this time.
    #[error("it was deleted")]
    Deleted(u64),
    /// The store.
    #[error(transparent)]
    Unreadable(#[from] StorageError),
}

impl Archive {
    pub(super) fn new(storage: Arc<dyn Storage>) -> Self {
        // While one waits for the disk, another one decodes.
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self { storage, desks: Semaphore::new(2 * cores) }
    }

    pub(super) fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    /// Rebuilds a document from its log.
    ///
    /// # Errors
    /// If the log cannot be read or does not replay, or the document was deleted.
    pub(super) async fn build(&self, document: &DocId) -> Result<Built, Missing> {
        self.read(document, |name, log| {
            Ok(Built { document: fold(name, &log)?, last: log.last(), updated: log.updated })
        })
        .await
    }

    /// A document as it is now, and whether it had to be put together of a checkpoint and what came after it.
    ///
    /// # Errors
    /// If the log cannot be read or does not replay, or the document was deleted.
    pub(super) async fn look(&self, document: &DocId) -> Result<(Sight, bool), Missing> {
        let look = |name: &DocId, log: Log| {
            let has_tail = !log.tail.is_empty();
            Ok((Sight::of_log(name, log)?, has_tail))
        };
        self.read(document, look).await
    }

    /// A document as it is now, even if it was deleted.
    ///
    /// # Errors
    /// If the log cannot be read or does not replay.
    pub(super) async fn look_at_remains(&self, document: &DocId) -> Result<Sight, Missing> {
        self.work(document, |storage, name| Ok(Sight::of_log(name, storage.load(name)?)?)).await
    }

    /// A document as it was at some place of its log; `None` where that is not known.
    ///
    /// # Errors
    /// As [`Archive::look`].
    pub(super) async fn recall(&self, document: &DocId, upto: Seq) -> Result<Option<Sight>, Missing> {
        self.work(document, move |storage, name| {
            let Some(log) = storage.history(name, upto)? else { return Ok(None) };
            match log.deleted {
                Some(at) => Err(Missing::Deleted(at)),
                None => Ok(Some(Sight::of_log(name, log)?)),
            }
        })
        .await
    }

    /// Some of the documents by name, of which each comes after `after`, and whether there are more.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(super) async fn names(
        &self,
        after: Option<DocId>,
        most: usize,
    ) -> Result<(Vec<DocId>, bool), Missing> {
        let storage = self.storage.clone();
        let reading = task::spawn_blocking(move || storage.documents());
        let names =
            reading.await.unwrap_or_else(|panic| Err(StorageError::Unavailable(panic.to_string())))?;
        let mut names = names.into_iter().filter(|name| after.as_ref().is_none_or(|after| name > after));
        let page: Vec<_> = names.by_ref().take(most).collect();
        Ok((page, names.next().is_some()))
    }

    /// Reads a log, and makes of it what is wanted.
    async fn read<T: Send + 'static>(
        &self,
        document: &DocId,
        make: impl FnOnce(&DocId, Log) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, Missing> {
        self.work(document, |storage, name| {
            let log = storage.load(name)?;
            match log.deleted {
                Some(at) => Err(Missing::Deleted(at)),
                None => Ok(make(name, log)?),
            }
        })
        .await
    }

    /// Does something with the store that takes a while. A document that keeps its thread busy for ever cannot be read.
    async fn work<T: Send + 'static>(
        &self,
        document: &DocId,
        work: impl FnOnce(&dyn Storage, &DocId) -> Result<T, Missing> + Send + 'static,
    ) -> Result<T, Missing> {
        let _desk = self.desks.acquire().await.expect("the semaphore is never closed");
        let (storage, name) = (self.storage.clone(), document.clone());
        let reading = task::spawn_blocking(move || work(&*storage, &name));
        match time::timeout(PATIENCE, reading).await {
            Ok(read) => read.unwrap_or_else(|panic| Err(unavailable(panic))),
            Err(late) => Err(unavailable(late)),
        }
    }
}

fn unavailable(error: impl std::fmt::Display) -> Missing {
    StorageError::Unavailable(error.to_string()).into()
}

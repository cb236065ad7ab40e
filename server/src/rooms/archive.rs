//! The documents that are not in memory.

use std::{sync::Arc, thread, time::Duration};

use app::ports::Glimpse;
use collab::{
    document::Document,
    id::{DocId, Seq},
};
use tokio::{sync::Semaphore, task, time};

use super::{glimpse, log::fold};
use crate::storage::{Log, Storage, StorageError};

/// How long reading a document may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads documents from the store, a few at a time, so that whoever asks for many does not take all threads and all
/// memory.
pub(super) struct Archive {
    storage: Arc<dyn Storage>,
    desks: Semaphore,
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

    /// Rebuilds a document from its log, and says where that ends.
    ///
    /// # Errors
    /// If the log cannot be read or does not replay.
    pub(super) async fn build(&self, document: &DocId) -> Result<(Document, Seq), StorageError> {
        self.read(document, |name, log| Ok((fold(name, &log)?, log.last()))).await
    }

    /// A document as it is now.
    ///
    /// # Errors
    /// If the log cannot be read or does not replay.
    pub(super) async fn glimpse(&self, document: &DocId) -> Result<Glimpse, StorageError> {
        self.read(document, |name, log| Ok(glimpse(&fold(name, &log)?))).await
    }

    /// Reads a log, and makes of it what is wanted. A document that keeps its thread busy for ever cannot be read.
    async fn read<T: Send + 'static>(
        &self,
        document: &DocId,
        make: impl FnOnce(&DocId, Log) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let _desk = self.desks.acquire().await.expect("the semaphore is never closed");
        let (storage, name) = (self.storage.clone(), document.clone());
        let reading = task::spawn_blocking(move || make(&name, storage.load(&name)?));
        match time::timeout(PATIENCE, reading).await {
            Ok(read) => read.unwrap_or_else(|panic| Err(unavailable(panic))),
            Err(late) => Err(unavailable(late)),
        }
    }
}

fn unavailable(error: impl std::fmt::Display) -> StorageError {
    StorageError::Unavailable(error.to_string())
}

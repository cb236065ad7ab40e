//! The documents that are not in memory.

use std::{sync::Arc, thread, time::Duration};

use collab::{
    document::Document,
    id::{DocId, Seq},
};
use tokio::{sync::Semaphore, task, time};

use super::log::fold;
use crate::storage::{Storage, StorageError};

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

    /// Rebuilds a document from its log, and takes from it what is wanted. One that keeps its thread busy for ever
    /// cannot be read.
    ///
    /// # Errors
    /// If the log cannot be read or does not replay.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        document: &DocId,
        take: impl FnOnce(Document, Seq) -> T + Send + 'static,
    ) -> Result<T, StorageError> {
        let _desk = self.desks.acquire().await.expect("the semaphore is never closed");
        let (storage, name) = (self.storage.clone(), document.clone());
        let reading = task::spawn_blocking(move || {
            let log = storage.load(&name)?;
            Ok(take(fold(&name, &log)?, log.last()))
        });
        match time::timeout(PATIENCE, reading).await {
            Ok(read) => read.unwrap_or_else(|panic| Err(unavailable(panic))),
            Err(late) => Err(unavailable(late)),
        }
    }
}

fn unavailable(error: impl std::fmt::Display) -> StorageError {
    StorageError::Unavailable(error.to_string())
}

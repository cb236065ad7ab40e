//! Removes what was deleted, once nobody can want it back any more.

use std::{sync::Arc, time::Duration};

use tokio::{task, time};
use tokio_util::sync::CancellationToken;

use crate::{
    clock,
    storage::{Storage, StorageError},
};

/// Whatever is still being done for a document when it is deleted has come to its end after this.
const LEAST: Duration = Duration::from_secs(60);

/// Removes all documents that were deleted more than `keep` ago. Returns how many.
///
/// # Errors
/// If the store could not do it.
pub(crate) fn purge(storage: &dyn Storage, keep: Duration) -> Result<u64, StorageError> {
    storage.purge(clock::now().saturating_sub(clock::milliseconds(keep.max(LEAST))))
}

/// Does so again and again, until `stop` is cancelled.
pub(crate) async fn keep_purging(storage: Arc<dyn Storage>, keep: Duration, stop: CancellationToken) {
    // What is due goes at the latest when it is a tenth overdue, and an hour does not matter to anybody.
    let mut rounds = time::interval((keep / 10).clamp(LEAST, Duration::from_secs(3600)));
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            () = stop.cancelled() => return,
        }
        let storage = storage.clone();
        match task::spawn_blocking(move || purge(&*storage, keep)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => tracing::info!(count, "deleted documents are removed for good"),
            Ok(Err(error)) => tracing::error!(%error, "deleted documents cannot be removed; trying again"),
            // A panic is in the log already.
            Err(_) => {}
        }
    }
}

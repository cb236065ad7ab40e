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

#[cfg(test)]
mod tests {
    use collab::id::{DocId, Seq};

    use super::*;
    use crate::storage::{Group, Record, memory::Memory};

    /// A store with two deleted documents: one since long ago, one since just now.
    fn store() -> Arc<Memory> {
        let store = Arc::new(Memory::default());
        for (name, deleted) in [("old", 1), ("new", clock::now())] {
            let document: DocId = name.parse().unwrap();
            let record = Record { seq: Seq(1), at: 1, author: "".into(), update: vec![0].into() };
            store.append(&[Group { document: document.clone(), records: vec![record] }]).unwrap();
            assert!(store.delete(&document, deleted).unwrap());
        }
        store
    }

    fn is_there(store: &Memory, name: &str) -> bool {
        store.load(&name.parse().unwrap()).unwrap().deleted.is_some()
    }

    #[tokio::test]
    async fn what_is_due_goes_while_the_server_runs() {
        let (store, stop) = (store(), CancellationToken::new());
        let purging = tokio::spawn(keep_purging(store.clone(), Duration::from_secs(3600), stop.clone()));
        while is_there(&store, "old") {
            task::yield_now().await;
        }
        assert!(is_there(&store, "new"));
        stop.cancel();
        purging.await.unwrap();
    }

    #[test]
    fn nothing_goes_at_once() {
        let store = store();
        assert_eq!(purge(&*store, Duration::ZERO).unwrap(), 1);
        assert!(is_there(&store, "new"), "somebody may still be at work on it");
    }
}

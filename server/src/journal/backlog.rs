//! How much waits for the disk.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Counts what was handed over and is not on disk yet.
///
/// Invariant *what waits for the disk is bounded*: once it is too much, whoever has more to say waits with it. People's
/// pages keep what they have written, and go on when there is space.
#[derive(Debug)]
pub struct Backlog {
    bytes: AtomicUsize,
    limit: usize,
    space: Notify,
}

impl Backlog {
    pub(super) fn new(limit: usize) -> Self {
        Self { bytes: AtomicUsize::new(0), limit, space: Notify::new() }
    }

    pub(super) fn add(&self, bytes: usize) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn take(&self, bytes: usize) {
        let before = self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        if before >= self.limit && before - bytes < self.limit {
            self.space.notify_waiters();
        }
    }

    /// Waits while too much waits for the disk.
    pub async fn has_space(&self) {
        while self.is_full() {
            let changed = self.space.notified();
            // It may have changed before anybody listened.
            if self.is_full() {
                changed.await;
            }
        }
    }

    fn is_full(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) >= self.limit
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn what_waits_for_the_disk_is_bounded() {
        let backlog = Arc::new(Backlog::new(100));
        backlog.has_space().await;
        backlog.add(60);
        backlog.add(60);
        let waiting = tokio::spawn({
            let backlog = backlog.clone();
            async move { backlog.has_space().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        backlog.take(60);
        waiting.await.unwrap();
    }
}

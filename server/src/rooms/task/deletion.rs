//! The end of a document, in its room.

use std::{mem, ops::ControlFlow, time::Duration};

use collab::id::Seq;
use tokio::{sync::oneshot, task, time};

use super::{Mail, RoomTask, turn_away};
use crate::{
    clock,
    rooms::{DeleteError, OpenError},
    socket::outbox::CloseReason,
    storage::StorageError,
};

/// How long the room stands still for a disk that does not answer, before it goes on as if nothing had been asked.
const PATIENCE: Duration = Duration::from_secs(5);

impl RoomTask {
    /// Deletes the document, and ends the room with it.
    ///
    /// Invariant *a deletion leaves no half state*: what was merged before is on disk, acknowledged to whoever asked, and
    /// comes back if the deletion is undone. What has arrived since, `later`, is refused: it was neither shown nor stored.
    pub(super) async fn delete(
        &mut self,
        done: oneshot::Sender<Result<u64, DeleteError>>,
        later: &mut Vec<Mail>,
    ) -> ControlFlow<()> {
        let deleted = self.try_delete().await;
        let is_deleted = deleted.is_ok();
        if is_deleted {
            tracing::info!(sessions = self.sessions.len(), "the document is deleted");
            for (_, session) in self.sessions.drain() {
                session.outbox.close(CloseReason::DELETED);
            }
            let later = mem::take(later);
            turn_away(&self.rooms, &self.document, &mut self.mailbox, later, OpenError::Deleted);
        }
        // Whoever has stopped waiting needs no answer.
        let _ = done.send(deleted);
        if is_deleted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Returns when it was done.
    async fn try_delete(&mut self) -> Result<u64, DeleteError> {
        if self.room.last() == Seq::default() {
            return Err(DeleteError::NothingThere);
        }
        time::timeout(PATIENCE, self.until_durable()).await.map_err(|_| DeleteError::NotNow)?;
        let (storage, document) = (self.rooms.0.archive.storage().clone(), self.document.clone());
        let at = clock::now();
        let deleting = task::spawn_blocking(move || storage.delete(&document, at));
        let deleted =
            deleting.await.unwrap_or_else(|panic| Err(StorageError::Unavailable(panic.to_string())));
        match deleted {
            Ok(_) => Ok(at),
            Err(error) => {
                tracing::error!(%error, "the document could not be deleted");
                Err(DeleteError::NotNow)
            }
        }
    }

    async fn until_durable(&mut self) {
        while !self.room.is_durable() {
            let progress = self.journal.progress().await;
            self.progress(progress);
        }
    }
}

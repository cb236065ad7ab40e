//! How documents are deleted, and how that is undone. What a room does for it is in `task`.

use app::ports::Deletion;
use collab::id::DocId;
use tokio::{sync::oneshot, task};

use super::{OpenError, Rooms, mailbox::Mail};
use crate::{clock, storage::StorageError};

/// Why a document was not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeleteError {
    /// It was never written to.
    #[error("there is no such document")]
    NothingThere,
    /// Its room did not open.
    #[error(transparent)]
    NotOpened(#[from] OpenError),
    /// The disk does not take it.
    #[error("nothing can be deleted at the moment")]
    NotNow,
}

/// Why a document was not brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UndeleteError {
    /// It is not deleted, or nothing is left of it.
    #[error("there is no deleted document of this name")]
    NotDeleted,
    /// The disk does not take it.
    #[error("nothing can be brought back at the moment")]
    NotNow,
}

impl Rooms {
    /// Deletes a document. Its sessions are ended, and nobody can open it any more. Only its room can do that, so that all
    /// which is on its way into the document is either in it before or refused.
    ///
    /// # Errors
    /// If there is none, or it cannot be done. The document is as it was then.
    pub async fn delete(&self, document: &DocId) -> Result<Deletion, DeleteError> {
        loop {
            let mailbox = self.find_or_open(document)?;
            let (done, answer) = oneshot::channel();
            // A room that retires while the letter is on its way drops it unanswered. The next round finds another.
            if let Ok(deleted) = mailbox.ask(Mail::Delete(done), answer).await {
                return deleted.map(|at| self.deletion(at));
            }
        }
    }

    /// Brings a deleted document back as it was.
    ///
    /// # Errors
    /// If there is none, or it cannot be done.
    pub async fn undelete(&self, document: &DocId) -> Result<(), UndeleteError> {
        let (storage, id) = (self.0.archive.storage().clone(), document.clone());
        let undeleting = task::spawn_blocking(move || storage.undelete(&id));
        match undeleting.await.unwrap_or_else(|panic| Err(StorageError::Unavailable(panic.to_string()))) {
            Ok(true) => {
                tracing::info!(%document, "a deleted document is brought back");
                Ok(())
            }
            Ok(false) => Err(UndeleteError::NotDeleted),
            Err(error) => {
                tracing::error!(%document, %error, "a deleted document could not be brought back");
                Err(UndeleteError::NotNow)
            }
        }
    }

    pub(super) fn deletion(&self, at: u64) -> Deletion {
        Deletion { at, until: at.saturating_add(clock::milliseconds(self.0.settings.keep_deleted)) }
    }
}

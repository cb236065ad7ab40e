//! What is done when a document breaks in its room's hands.

use std::ops::ControlFlow;

use collab::id::SessionId;

use super::RoomTask;
use crate::{rooms::archive::Built, socket::outbox::CloseReason};

/// Who may have broken it: those whose messages were in the batch.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authors {
    #[default]
    Nobody,
    One(SessionId),
    Several,
}

impl Authors {
    pub(super) fn add(&mut self, session: SessionId) {
        *self = match *self {
            Self::Nobody => Self::One(session),
            Self::One(known) if known == session => *self,
            _ => Self::Several,
        };
    }
}

impl RoomTask {
    /// Rebuilds the document from its log, which does not hold what has broken it, because nothing of the batch was
    /// handed to the journal. Whoever is known to have done it is sent away; everybody else is asked for what the
    /// batch held, for their replicas still have it.
    pub(super) async fn rescue(&mut self, authors: Authors) -> ControlFlow<()> {
        tracing::error!(?authors, "the document broke, and is rebuilt from its log");
        self.rooms.0.metrics.room_failed("broke");
        if let Authors::One(author) = authors
            && let Some(session) = self.sessions.remove(&author)
        {
            session.outbox.close(CloseReason::BREAKS);
        }
        self.is_wary = true;
        // What was merged before must be in the log, or it would be numbered twice.
        self.journal.flush().await;
        match self.rooms.0.archive.build(&self.document).await {
            Ok(Built { document, last, .. }) => {
                let effects = self.room.revive(document, last, self.sessions.keys().copied());
                self.perform(effects);
                ControlFlow::Continue(())
            }
            Err(error) => {
                // Once the mailbox is closed, the sessions are told, and the next one to come tries again.
                tracing::error!(%error, "the document cannot be rebuilt");
                ControlFlow::Break(())
            }
        }
    }
}

//! What a room deals with in one step.

use collab::{id::SessionId, room::Input};
use tokio::sync::oneshot;

use super::{RoomTask, Session, rescue::Authors};
use crate::rooms::{
    DeleteError, OpenError, Sight,
    mailbox::{Mail, Postage},
};

/// How many bytes are merged in one step, unless a single letter holds more. It keeps steps short.
const BATCH_BYTES: usize = 1024 * 1024;
/// How many bytes of the document may be gone through in one step, if each letter asks for all of it. It keeps steps
/// short in large documents, so that nobody waits long for others who ask much.
const BATCH_READING: usize = 64 * 1024 * 1024;

/// Letters, sorted.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) inputs: Vec<(SessionId, Input)>,
    pub(super) looks: Vec<oneshot::Sender<Sight>>,
    pub(super) left: Vec<SessionId>,
    pub(super) authors: Authors,
    /// Who has written each of the letters that say anything.
    pub(super) writers: Vec<SessionId>,
    /// Who wants the document deleted after all this.
    pub(super) deletion: Option<oneshot::Sender<Result<u64, DeleteError>>>,
    /// Given back when all is done.
    pub(super) _postage: Vec<Postage>,
}

/// How many of these letters make a batch, for a document of so many bytes: one at least. Nothing follows a deletion.
pub(super) fn batch_of(letters: &[Mail], document: usize) -> usize {
    let deletion = letters.iter().position(|letter| matches!(letter, Mail::Delete(_)));
    let letters = deletion.map_or(letters, |at| &letters[..=at]);
    let most = (BATCH_READING / document.max(1)).max(1);
    let mut bytes = 0;
    let fits = |letter: &&Mail| {
        let is_first = bytes == 0;
        bytes += letter.size().max(1);
        is_first || bytes <= BATCH_BYTES
    };
    letters.iter().take(most).take_while(fits).count()
}

impl RoomTask {
    pub(super) fn sort(&mut self, letters: impl Iterator<Item = Mail>) -> Batch {
        let mut batch = Batch::default();
        for letter in letters {
            match letter {
                Mail::Join { session, outbox, author, done } => {
                    let is_welcome = self.sessions.len() < self.rooms.0.settings.sessions;
                    if is_welcome {
                        self.sessions.insert(session, Session { outbox, author });
                        batch.inputs.push((session, Input::Join));
                    }
                    // A session that has stopped waiting leaves in its own time.
                    let _ = done.send(if is_welcome { Ok(()) } else { Err(OpenError::RoomFull) });
                }
                Mail::Messages(session, messages, postage) => {
                    batch.authors.add(session);
                    batch.writers.push(session);
                    batch.inputs.push((session, Input::Messages(messages)));
                    batch._postage.push(postage);
                }
                Mail::Drained(session) => batch.inputs.push((session, Input::Drained)),
                Mail::Leave(session) => {
                    batch.left.push(session);
                    batch.inputs.push((session, Input::Leave));
                }
                Mail::Look(answer) => batch.looks.push(answer),
                Mail::Delete(done) => batch.deletion = Some(done),
            }
        }
        batch
    }
}

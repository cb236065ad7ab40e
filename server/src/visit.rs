//! A visit: a session without a socket, which brings one update into a document's room and stays until the room has
//! saved or refused it.
//!
//! Whatever comes in by HTTP comes in this way, so that the rules of the room hold for it, everybody who is there sees it
//! at once, and "done" means the same as "saved" does on a page.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use collab::{
    frame::Message,
    guard::{self, PIECE},
    id::{DocId, SessionId},
};
use tokio::time;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

use crate::{
    rooms::{OpenError, Rooms, Seat},
    socket::outbox::{CloseReason, Duty, Outbox},
};

/// How long a visitor waits for the disk.
const PATIENCE: Duration = Duration::from_secs(20);
/// What waits for a visitor: one document's people at the most, for a visitor never asks for the document itself.
const OUTBOX: usize = 1024 * 1024;

/// Why an update is not in the document, or not surely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VisitError {
    /// The room did not open.
    #[error(transparent)]
    NotOpened(#[from] OpenError),
    /// The room has sent the visitor away.
    #[error("{}", .0.reason)]
    SentAway(CloseReason),
    /// Everybody sees it, but it is not on the disk yet, for this reason. It will be once the disk takes it.
    #[error("it is shown, but not saved: {0}")]
    NotSaved(String),
    /// The room has failed, or the server is about to end, before there was an answer.
    #[error("there was no answer in time whether it is saved")]
    Unknown,
}

/// Lets visitors in.
#[derive(Clone)]
pub struct Visits {
    rooms: Rooms,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl Visits {
    /// Nobody is here yet. All visits end when `shutdown` is cancelled.
    #[must_use]
    pub fn new(rooms: Rooms, shutdown: CancellationToken) -> Self {
        Self { rooms, shutdown, tasks: TaskTracker::new() }
    }

    /// Brings an update (v1) into a document, and returns once it is on disk. `author` is kept with it.
    ///
    /// # Errors
    /// If it is refused, or if nobody can say that it is saved.
    pub async fn bring(
        &self,
        document: &DocId,
        author: &'static str,
        update: Bytes,
    ) -> Result<(), VisitError> {
        let (visits, document) = (self.clone(), document.clone());
        let session = self.rooms.new_session();
        let span = tracing::info_span!("visit", %session, %document);
        let visit = async move { visits.visit(&document, session, author, update).await };
        // A task of its own: whoever asked may hang up, but a visitor has to leave.
        let visited = self.tasks.spawn(visit.instrument(span)).await;
        // A panic has been logged.
        visited.unwrap_or(Err(VisitError::Unknown))
    }

    /// Waits until every visit has ended. Call it after `shutdown` was cancelled.
    pub async fn closed(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    async fn visit(
        &self,
        document: &DocId,
        session: SessionId,
        author: &str,
        update: Bytes,
    ) -> Result<(), VisitError> {
        let outbox = Arc::new(Outbox::unconnected(OUTBOX));
        let seat = self.rooms.join(document, session, author, &outbox).await?;
        let answer = tokio::select! {
            answer = converse(&seat, &outbox, &update) => answer,
            () = seat.lost() => Err(VisitError::Unknown),
            () = self.shutdown.cancelled() => Err(VisitError::Unknown),
            () = time::sleep(PATIENCE) => Err(VisitError::Unknown),
        };
        seat.leave().await;
        answer
    }
}

/// The room asks what the visitor knows, on joining and again where something is missing. The answer is always the same,
/// until the room has had enough of it.
async fn converse(seat: &Seat, outbox: &Outbox, update: &Bytes) -> Result<(), VisitError> {
    let mut questions = 0;
    loop {
        let frames = match outbox.duty().await {
            Duty::Send(_) => outbox.take(),
            Duty::Lost => {
                seat.drained().await;
                continue;
            }
            Duty::Close(reason) => return Err(VisitError::SentAway(reason)),
        };
        for message in frames.flat_map(|frame| Message::decode_frame(&frame).unwrap_or_default()) {
            match message {
                Message::Step1(_) => {
                    questions += 1;
                    if seat.send(answer(update, questions)).await.is_err() {
                        // Where a room ends with its document, its people are told before.
                        return Err(outbox.reason().map_or(VisitError::Unknown, VisitError::SentAway));
                    }
                }
                Message::Saved(_) => return Ok(()),
                Message::NotSaving(reason) => {
                    return Err(VisitError::NotSaved(String::from_utf8_lossy(&reason).into_owned()));
                }
                _ => {}
            }
        }
    }
}

/// All of the update, in pieces that the room takes, and the question when it is saved.
fn answer(update: &Bytes, number: u64) -> Vec<Message> {
    let mut pieces = guard::divide(update, PIECE);
    let last = pieces.pop().map(Message::Step2);
    let before = pieces.into_iter().map(Message::Update);
    before.chain(last).chain([Message::SavedQuery(number)]).collect()
}

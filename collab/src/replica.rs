//! The browser's half of the protocol: a copy of the document and one link to the server, without any I/O.
//!
//! There is no outbox. Whatever the server lacks is in the document, and each time the link comes up both sides
//! tell each other what they know and send what is missing.
//!
//! Beside the link it has siblings, the browser's other tabs on the same document, and a store in the browser that
//! outlives them all. What is written in one tab may be sent by another.

mod others;
mod siblings;
mod space;
mod title;

use std::sync::Arc;

use bytes::Bytes;
use thiserror::Error;

use self::{others::Others, title::Heading};
use crate::{
    document::{Cursor, Document, MergeError, Merged, Selection},
    edit::TextEdit,
    frame::{FrameError, Message},
    guard,
    id::ClientId,
    ledger::{EditId, Ledger, Pending},
    presence::{Presence, decode_presences},
    whisper::Whisper,
    wire::WireError,
};

/// How often a presence is renewed, in milliseconds (y-protocols).
pub const RENEW_AFTER: u64 = 15_000;
/// When a presence that was not renewed is forgotten, in milliseconds (y-protocols).
pub const EXPIRE_AFTER: u64 = 30_000;
/// When a replica sends what a sibling has written and should have sent itself, in milliseconds.
pub const HELP_AFTER: u64 = 3_000;
/// How many units of what a client wrote go along with its edits that wait, though the server knows of them. It compares
/// them with what it has: nobody can have guessed so many that were written out of its sight.
const PROOF: u32 = 64;

/// What the replica wants done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a frame to the server.
    Send(Bytes),
    /// Show what others wrote.
    Edit(TextEdit),
    /// Keep an update in the browser. If it is an edit made here, the server is yet to confirm it.
    Keep(Bytes, Option<Pending>),
    /// The server has confirmed these edits. What is kept is still needed, but waits no more.
    Release(Vec<EditId>),
    /// Tell the siblings. By then all that was to be kept must be on its way to the store, for they build on it.
    Tell(Bytes),
}

/// What a person should know of the link and of what they wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// There is no link.
    Offline {
        /// How many edits of this browser the server has not confirmed.
        waiting: usize,
        /// When the oldest of them was made, in milliseconds of the caller's clock.
        since: Option<u64>,
    },
    /// The link is up, the two sides are still telling each other what they know.
    Syncing,
    /// Edits are on their way to the disk.
    Saving,
    /// The others see the edits, but the server cannot write them to its disk, for this reason.
    NotSaving(Arc<str>),
    /// The server has everything, on disk.
    Saved,
}

/// What the server sent that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReplicaError {
    /// A frame that cannot be read.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A presence that cannot be read.
    #[error("malformed awareness: {0}")]
    Presence(#[from] WireError),
    /// An update or a state vector that cannot be read.
    #[error(transparent)]
    Document(#[from] MergeError),
    /// The server does not let this replica in.
    #[error("{0}")]
    Denied(String),
}

/// A copy of the document in a browser.
///
/// Invariants:
/// - *Nothing waits behind a gap*: an edit is sent by itself only once the server has been told of all before it.
/// - *Saved means saved*: [`Status::Saved`] is reached only by the server's word, for all edits made before.
/// - *Nobody's words count as ours*: the server may have been told something else in a client's name while that was away, as
///   far as it had come or farther, and would find nothing missing. It learns of it from what is sent again, and refuses to
///   confirm what it does not have.
pub struct Replica {
    document: Document,
    heading: Heading,
    me: Presence,
    renewed: u64,
    others: Others,
    link: Link,
    edits_made: u64,
    ledger: Ledger,
    has_asked_siblings: bool,
    trouble: Option<Arc<str>>,
    /// How large the document may be, in bytes, once the server has said so.
    limit: Option<usize>,
}

/// How far the two sides have come in telling each other what they know.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Link {
    Down,
    Up {
        /// We have its answer to our step 1.
        heard: bool,
        /// Its step 1, once it has our answer to that, so that new edits have no gap before them.
        told: Option<Bytes>,
    },
}

impl Replica {
    /// An empty replica. `state` is the person's presence, in JSON; `now` is in milliseconds and never goes back.
    #[must_use]
    pub fn new(client: ClientId, state: &str, now: u64) -> Self {
        let mut document = Document::new(client);
        document.track_edits();
        let me = Presence { client, clock: 1, state: Some(state.into()) };
        Self {
            document,
            heading: Heading::default(),
            me,
            renewed: now,
            others: Others::default(),
            link: Link::Down,
            edits_made: 0,
            ledger: Ledger::default(),
            has_asked_siblings: false,
            trouble: None,
            limit: None,
        }
    }

    /// Merges a state that came by another way than the link, for example inside the page.
    ///
    /// # Errors
    /// If the bytes are not an update, or build on others.
    pub fn restore(&mut self, state: &[u8]) -> Result<(), ReplicaError> {
        let outcome = self.take_in([state]).outcomes.pop().unwrap_or_default();
        outcome.error.map_or(Ok(()), |error| Err(error.into()))
    }

    /// The shared text as it is known here.
    #[must_use]
    pub fn text(&self) -> String {
        self.document.text()
    }

    /// What others need to find a selection in the text.
    #[must_use]
    pub fn cursor(&self, selection: Selection) -> Cursor {
        self.document.cursor(selection)
    }

    /// Where in the text a cursor is now; `None` if it is nowhere that is known here.
    #[must_use]
    pub fn selection(&self, cursor: &Cursor) -> Option<Selection> {
        self.document.selection(cursor)
    }

    /// What to tell the person.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.link {
            Link::Down => Status::Offline { waiting: self.ledger.len(), since: self.ledger.since() },
            Link::Up { heard: true, told: Some(_) } if self.ledger.is_empty() => Status::Saved,
            Link::Up { heard: true, told: Some(_) } => {
                self.trouble.clone().map_or(Status::Saving, Status::NotSaving)
            }
            Link::Up { .. } => Status::Syncing,
        }
    }

    /// Whether there are edits that the server has not confirmed.
    #[must_use]
    pub fn has_unsaved_edits(&self) -> bool {
        !self.ledger.is_empty()
    }

    /// The link came up.
    pub fn connected(&mut self, now: u64) -> Vec<Effect> {
        self.link = Link::Up { heard: false, told: None };
        let questions = [Message::Step1(self.document.state_vector().into()), Message::LimitQuery];
        vec![send(&questions), self.renew(now)]
    }

    /// The link is lost; nobody knows any more who is here.
    pub fn disconnected(&mut self) {
        self.link = Link::Down;
        self.ledger.disconnected();
        self.trouble = None;
        self.others.lose();
    }

    /// The person edited the text: all this at once, each edit after the one before it.
    pub fn edit(&mut self, edits: &[TextEdit], now: u64) -> Vec<Effect> {
        let Some(update) = self.document.edit_all(edits) else {
            return Vec::new();
        };
        self.heading.heed(&self.document, edits);
        self.enter(update, now)
    }

    /// An edit was made here, which came to this update.
    fn enter(&mut self, update: Vec<u8>, now: u64) -> Vec<Effect> {
        self.edits_made += 1;
        let update = Bytes::from(update);
        let id = EditId { client: self.me.client, number: self.edits_made };
        let pending = Pending { id, at: now };
        let mut effects = Vec::new();
        if let Link::Up { told: Some(_), .. } = self.link {
            let question = Message::SavedQuery(self.ledger.enter_sent(pending));
            effects.extend(send_in_pieces(&update, Message::Update, Some(question)));
        } else {
            self.ledger.enter(pending);
        }
        effects.push(Effect::Keep(update.clone(), Some(pending)));
        effects.push(tell(&Whisper::News { update, pending: vec![pending] }));
        effects
    }

    /// A frame arrived.
    ///
    /// # Errors
    /// If it cannot be what a server sends. The link should be given up; the document is whole. What came before that in
    /// the frame counts, and its effects are to be carried out all the same.
    pub fn receive(
        &mut self,
        frame: &Bytes,
        now: u64,
        effects: &mut Vec<Effect>,
    ) -> Result<(), ReplicaError> {
        for message in Message::decode_frame(frame)? {
            self.take(message, now, effects)?;
        }
        Ok(())
    }

    /// Time went by: a second or so since the last call.
    pub fn tick(&mut self, now: u64) -> Vec<Effect> {
        self.others.expire(now);
        let mut effects = Vec::new();
        if self.link != Link::Down && now >= self.renewed + RENEW_AFTER {
            effects.push(self.renew(now));
        }
        if self.ledger.has_unsent(now.saturating_sub(HELP_AFTER)) {
            effects.extend(self.push());
        }
        effects
    }

    /// Makes the server say something, if there is a link: every server sends a presence to everybody, its author
    /// included. Whoever else is here hears it, too, and need not ask.
    pub fn ask_for_a_sign(&mut self, now: u64) -> Vec<Effect> {
        if self.link == Link::Down { Vec::new() } else { vec![self.renew(now)] }
    }

    fn take(&mut self, message: Message, now: u64, effects: &mut Vec<Effect>) -> Result<(), ReplicaError> {
        match message {
            Message::Step1(state_vector) => self.tell(state_vector, effects)?,
            Message::Step2(update) => {
                self.merge(&update, effects)?;
                if let Link::Up { heard, .. } = &mut self.link {
                    *heard = true;
                }
            }
            Message::Update(update) => self.merge(&update, effects)?,
            Message::Awareness(payload) => {
                for presence in decode_presences(&payload)? {
                    self.meet(presence, now, effects);
                }
            }
            Message::QueryAwareness => effects.push(self.renew(now)),
            Message::Saved(number) => {
                self.trouble = None;
                self.release(number, effects);
            }
            Message::NotSaving(reason) => self.trouble = Some(String::from_utf8_lossy(&reason).into()),
            Message::Denied(reason) => {
                return Err(ReplicaError::Denied(String::from_utf8_lossy(&reason).into_owned()));
            }
            Message::Limit(bytes) => self.limit = Some(usize::try_from(bytes).unwrap_or(usize::MAX)),
            Message::SavedQuery(_) | Message::LimitQuery => {}
        }
        Ok(())
    }

    /// Sends what the server lacks, all that was written while the link was down included.
    fn tell(&mut self, state_vector: Bytes, effects: &mut Vec<Effect>) -> Result<(), ReplicaError> {
        // If it can be read, it can be answered, and again later.
        self.document.knows(&state_vector)?;
        if let Link::Up { told, .. } = &mut self.link {
            *told = Some(state_vector);
        }
        effects.extend(self.push());
        Ok(())
    }

    /// Sends all that the server lacked when it last said what it knows, if it has, and asks when that is saved.
    fn push(&mut self) -> Vec<Effect> {
        let Link::Up { told: Some(state_vector), .. } = &self.link else { return Vec::new() };
        let waiting = self.ledger.clients();
        let missing = self.document.diff_overlapping(state_vector, waiting, PROOF);
        let Ok(missing) = missing else { return Vec::new() };
        let question = (!self.ledger.is_empty()).then(|| Message::SavedQuery(self.ledger.send_all()));
        // Said even where nothing is missing: the server may be waiting for this answer.
        send_in_pieces(&missing, Message::Step2, question)
    }

    fn release(&mut self, question: u64, effects: &mut Vec<Effect>) {
        let ids = self.ledger.saved(question);
        if !ids.is_empty() {
            effects.push(Effect::Release(ids.clone()));
            effects.push(tell(&Whisper::Saved(ids)));
        }
    }

    fn merge(&mut self, update: &[u8], effects: &mut Vec<Effect>) -> Result<(), ReplicaError> {
        let mut merged = self.take_in([update]);
        effects.extend(merged.edits.into_iter().map(Effect::Edit));
        effects.extend(merged.update.map(|news| Effect::Keep(news.into(), None)));
        match merged.outcomes.pop().unwrap_or_default().error {
            None => Ok(()),
            // The server has what is missing, and sends it when told what is known here.
            Some(MergeError::Gap) => {
                effects.push(send(&[Message::Step1(self.document.state_vector().into())]));
                Ok(())
            }
            Some(error) => Err(error.into()),
        }
    }

    fn take_in<'a>(&mut self, updates: impl IntoIterator<Item = &'a [u8]>) -> Merged {
        let merged = self.document.merge(updates);
        self.heading.heed(&self.document, &merged.edits);
        merged
    }
}

fn send(messages: &[Message]) -> Effect {
    Effect::Send(Message::frame(messages))
}

/// Sends an update in frames that are not too large, the last one as the message `kind`, with what is asked about all.
fn send_in_pieces(update: &Bytes, kind: fn(Bytes) -> Message, question: Option<Message>) -> Vec<Effect> {
    let mut pieces = guard::divide(update, guard::PIECE);
    let last = pieces.pop().map(kind);
    let before = pieces.into_iter().map(|piece| send(&[Message::Update(piece)]));
    let end: Vec<Message> = last.into_iter().chain(question).collect();
    before.chain([send(&end)]).collect()
}

fn tell(whisper: &Whisper) -> Effect {
    Effect::Tell(whisper.encode())
}

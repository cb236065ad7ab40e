//! The browser's half of the protocol: a copy of the document and one link to the server, without any I/O.
//!
//! There is no outbox. Whatever the server lacks is in the document, and each time the link comes up both sides
//! tell each other what they know and send what is missing.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use thiserror::Error;

use crate::{
    document::{Document, MergeError},
    edit::TextEdit,
    frame::{FrameError, Message},
    id::ClientId,
    presence::{Presence, decode_presences, encode_presences},
    wire::WireError,
};

/// How often a presence is renewed, in milliseconds (y-protocols).
pub const RENEW_AFTER: u64 = 15_000;
/// When a presence that was not renewed is forgotten, in milliseconds (y-protocols).
pub const EXPIRE_AFTER: u64 = 30_000;

/// What the replica wants done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a frame to the server.
    Send(Bytes),
    /// Show what others wrote.
    Edit(TextEdit),
}

/// What a person should know of the link and of what they wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// There is no link.
    Offline {
        /// How many edits the server has not confirmed.
        waiting: u64,
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
pub struct Replica {
    document: Document,
    me: Presence,
    renewed: u64,
    others: BTreeMap<ClientId, Other>,
    link: Link,
    edits: Ledger,
    trouble: Option<Arc<str>>,
}

struct Other {
    presence: Presence,
    seen: u64,
}

/// How far the two sides have come in telling each other what they know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Down,
    Up {
        /// We have its answer to our step 1.
        heard: bool,
        /// It has our answer to its step 1, so that new edits have no gap before them.
        told: bool,
    },
}

/// Counts the edits made here and those that are on the server's disk.
#[derive(Debug, Default)]
struct Ledger {
    made: u64,
    saved: u64,
    /// For edits that are not saved: their number and when they were made. One entry for each question asked.
    unsaved: VecDeque<(u64, u64)>,
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
            me,
            renewed: now,
            others: BTreeMap::new(),
            link: Link::Down,
            edits: Ledger::default(),
            trouble: None,
        }
    }

    /// Merges a state that came by another way than the link, for example inside the page.
    ///
    /// # Errors
    /// If the bytes are not an update, or build on others.
    pub fn restore(&mut self, state: &[u8]) -> Result<(), ReplicaError> {
        let outcome = self.document.merge([state]).outcomes.pop().unwrap_or_default();
        outcome.error.map_or(Ok(()), |error| Err(error.into()))
    }

    /// The shared text as it is known here.
    #[must_use]
    pub fn text(&self) -> String {
        self.document.text()
    }

    /// How many people are here, this one included.
    #[must_use]
    pub fn people(&self) -> usize {
        1 + self.others.values().filter(|other| other.presence.state.is_some()).count()
    }

    /// What to tell the person.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.link {
            Link::Down => {
                let since = self.edits.unsaved.front().map(|(_, at)| *at);
                Status::Offline { waiting: self.edits.made - self.edits.saved, since }
            }
            Link::Up { heard: true, told: true } if self.edits.is_saved() => Status::Saved,
            Link::Up { heard: true, told: true } => {
                self.trouble.clone().map_or(Status::Saving, Status::NotSaving)
            }
            Link::Up { .. } => Status::Syncing,
        }
    }

    /// Whether leaving now could lose edits.
    #[must_use]
    pub fn has_unsaved_edits(&self) -> bool {
        !self.edits.is_saved()
    }

    /// The link came up.
    pub fn connected(&mut self, now: u64) -> Vec<Effect> {
        self.link = Link::Up { heard: false, told: false };
        vec![send(&[Message::Step1(self.document.state_vector().into())]), self.renew(now)]
    }

    /// The link is lost; nobody knows any more who is here.
    pub fn disconnected(&mut self) {
        self.link = Link::Down;
        self.trouble = None;
        self.others.clear();
    }

    /// The person edited the text.
    pub fn edit(&mut self, edit: &TextEdit, now: u64) -> Vec<Effect> {
        let Some(update) = self.document.edit(edit) else {
            return Vec::new();
        };
        self.edits.made += 1;
        self.edits.unsaved.push_back((self.edits.made, now));
        match self.link {
            Link::Up { told: true, .. } => {
                vec![send(&[Message::Update(update.into()), Message::SavedQuery(self.edits.made)])]
            }
            _ => Vec::new(),
        }
    }

    /// A frame arrived.
    ///
    /// # Errors
    /// If it cannot be what a server sends. The link should be given up; the document is whole.
    pub fn receive(&mut self, frame: &Bytes, now: u64) -> Result<Vec<Effect>, ReplicaError> {
        let mut effects = Vec::new();
        for message in Message::decode_frame(frame)? {
            self.take(message, now, &mut effects)?;
        }
        Ok(effects)
    }

    /// Time went by: a second or so since the last call.
    pub fn tick(&mut self, now: u64) -> Vec<Effect> {
        self.others.retain(|_, other| now < other.seen + EXPIRE_AFTER);
        let is_due = self.link != Link::Down && now >= self.renewed + RENEW_AFTER;
        if is_due { vec![self.renew(now)] } else { Vec::new() }
    }

    fn take(&mut self, message: Message, now: u64, effects: &mut Vec<Effect>) -> Result<(), ReplicaError> {
        match message {
            Message::Step1(state_vector) => self.tell(&state_vector, effects)?,
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
                self.edits.save(number);
            }
            Message::NotSaving(reason) => self.trouble = Some(String::from_utf8_lossy(&reason).into()),
            Message::Denied(reason) => {
                return Err(ReplicaError::Denied(String::from_utf8_lossy(&reason).into_owned()));
            }
            Message::SavedQuery(_) => {}
        }
        Ok(())
    }

    /// Sends what the server lacks, all that was written while the link was down included.
    fn tell(&mut self, state_vector: &[u8], effects: &mut Vec<Effect>) -> Result<(), ReplicaError> {
        let missing = self.document.diff_since(state_vector)?;
        // Said even where nothing is missing: the server may be waiting for this answer.
        let mut messages = vec![Message::Step2(missing)];
        if !self.edits.is_saved() {
            messages.push(Message::SavedQuery(self.edits.made));
        }
        effects.push(send(&messages));
        if let Link::Up { told, .. } = &mut self.link {
            *told = true;
        }
        Ok(())
    }

    fn merge(&mut self, update: &[u8], effects: &mut Vec<Effect>) -> Result<(), ReplicaError> {
        let mut merged = self.document.merge([update]);
        effects.extend(merged.edits.into_iter().map(Effect::Edit));
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

    fn meet(&mut self, presence: Presence, now: u64, effects: &mut Vec<Effect>) {
        if presence.client == self.me.client {
            let is_said_to_have_left = presence.state.is_none() && presence.clock >= self.me.clock;
            if is_said_to_have_left {
                self.me.clock = presence.clock;
                effects.push(self.renew(now));
            }
            return;
        }
        match self.others.get(&presence.client) {
            Some(known) if !known.presence.is_replaced_by(&presence) => {}
            _ => {
                self.others.insert(presence.client, Other { presence, seen: now });
            }
        }
    }

    /// Says that this person is here, under a new clock: at the old one, peers that were told "left" would not
    /// believe it.
    fn renew(&mut self, now: u64) -> Effect {
        self.renewed = now;
        // A peer that says nonsense of this person must not be able to bring the clock round.
        self.me.clock = self.me.clock.saturating_add(1);
        send(&[Message::Awareness(encode_presences([&self.me].into_iter()).into())])
    }

    /// Changes what is said of this person, in JSON.
    pub fn set_presence(&mut self, state: impl Into<Arc<str>>, now: u64) -> Vec<Effect> {
        self.me.state = Some(state.into());
        if self.link == Link::Down { Vec::new() } else { vec![self.renew(now)] }
    }
}

impl Ledger {
    fn is_saved(&self) -> bool {
        self.saved == self.made
    }

    fn save(&mut self, number: u64) {
        self.saved = self.saved.max(number.min(self.made));
        while self.unsaved.pop_front_if(|(edit, _)| *edit <= self.saved).is_some() {}
    }
}

fn send(messages: &[Message]) -> Effect {
    Effect::Send(Message::frame(messages))
}

//! The way into a room.

use std::sync::Arc;

use collab::{frame::Message, id::SessionId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{DeleteError, OpenError, sight::Sight, watchdog::Pulse};
use crate::{journal::Backlog, socket::outbox::Outbox};

/// How many letters a room's mailbox holds. A session whose room is busy waits; nobody else does.
const LETTERS: usize = 1024;
/// How many letters of one session may wait for a room. Whoever sends more waits, so that somebody else's letter never
/// stands behind many of theirs.
const LETTERS_OF_ONE: usize = 8;
/// What space is counted in, in bytes.
const UNIT: usize = 1024;

/// What a room's task is told.
#[derive(Debug)]
pub(super) enum Mail {
    Join {
        session: SessionId,
        outbox: Arc<Outbox>,
        author: Arc<str>,
        done: oneshot::Sender<Result<(), OpenError>>,
    },
    /// What was said, and what the letter takes up until it has been dealt with.
    Messages(SessionId, Vec<Message>, Postage),
    Drained(SessionId),
    Leave(SessionId),
    Look(oneshot::Sender<Sight>),
    /// Answered with the time at which it was done.
    Delete(oneshot::Sender<Result<u64, DeleteError>>),
}

/// What a letter takes up: space in the mailbox, and one of its session's turns.
#[derive(Debug)]
pub(super) struct Postage {
    space: OwnedSemaphorePermit,
    _turn: OwnedSemaphorePermit,
}

impl Mail {
    /// How much of what a client sent it holds, in bytes, and at least that.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Messages(_, _, postage) => postage.space.num_permits() * UNIT,
            _ => 0,
        }
    }
}

/// Where letters to a room are handed in.
///
/// Invariant *a busy room holds little*: what waits for a room is bounded, in letters and in bytes, and in letters of
/// each session.
#[derive(Debug, Clone)]
pub(super) struct Mailbox {
    letters: mpsc::Sender<Mail>,
    space: Arc<Semaphore>,
    /// How much space there is, in [`UNIT`]s.
    units: u32,
    pulse: Arc<Pulse>,
}

/// A session's place in a room.
#[derive(Debug)]
pub struct Seat {
    session: SessionId,
    mailbox: Mailbox,
    turns: Arc<Semaphore>,
    backlog: Arc<Backlog>,
}

/// The room is gone, because it failed.
#[derive(Debug)]
pub struct RoomGone;

impl Mailbox {
    /// An empty one for so many bytes, and the end that the room's task reads from.
    pub(super) fn new(bytes: usize, pulse: Arc<Pulse>) -> (Self, mpsc::Receiver<Mail>) {
        let (letters, reading) = mpsc::channel(LETTERS);
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).max(1);
        (Self { letters, space: Arc::new(Semaphore::new(units as usize)), units, pulse }, reading)
    }

    /// Hands in a letter. Waits while the mailbox is full.
    pub(super) async fn send(&self, mail: Mail) -> Result<(), RoomGone> {
        tokio::select! {
            biased;
            sent = self.letters.send(mail) => sent.map_err(|_| RoomGone),
            () = self.pulse.ended() => Err(RoomGone),
        }
    }

    /// Hands in a letter that asks for an answer, and waits for it. A room that ends may not give one.
    pub(super) async fn ask<T>(&self, mail: Mail, answer: oneshot::Receiver<T>) -> Result<T, RoomGone> {
        self.send(mail).await?;
        tokio::select! {
            biased;
            answer = answer => answer.map_err(|_| RoomGone),
            () = self.pulse.ended() => Err(RoomGone),
        }
    }

    /// Whether nobody reads the letters any more.
    pub(super) fn is_closed(&self) -> bool {
        self.letters.is_closed() || self.pulse.is_dead()
    }

    /// The pulse of the room's task.
    pub(super) fn pulse(&self) -> &Arc<Pulse> {
        &self.pulse
    }

    /// What is larger than all the space goes in alone.
    async fn space_for(&self, messages: &[Message]) -> OwnedSemaphorePermit {
        let bytes: usize = messages.iter().map(Message::size).sum();
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).min(self.units);
        self.space.clone().acquire_many_owned(units).await.expect("the semaphore is never closed")
    }
}

impl Seat {
    pub(super) fn new(session: SessionId, mailbox: Mailbox, backlog: Arc<Backlog>) -> Self {
        Self { session, mailbox, turns: Arc::new(Semaphore::new(LETTERS_OF_ONE)), backlog }
    }

    /// Passes on a frame's messages. Waits while the room is busy, or what they bring could not be written for long.
    ///
    /// # Errors
    /// If the room is gone.
    pub async fn send(&self, messages: Vec<Message>) -> Result<(), RoomGone> {
        let postage = tokio::select! {
            biased;
            postage = self.postage_for(&messages) => postage,
            () = self.mailbox.pulse.ended() => return Err(RoomGone),
        };
        self.mailbox.send(Mail::Messages(self.session, messages, postage)).await
    }

    async fn postage_for(&self, messages: &[Message]) -> Postage {
        if messages.iter().any(|message| matches!(message, Message::Update(_) | Message::Step2(_))) {
            self.backlog.has_space().await;
        }
        let turn = self.turns.clone().acquire_owned().await.expect("the semaphore is never closed");
        Postage { _turn: turn, space: self.mailbox.space_for(messages).await }
    }

    /// Says that frames were lost, and that there is space for more now.
    pub async fn drained(&self) {
        // A room that is gone needs no telling.
        let _ = self.mailbox.send(Mail::Drained(self.session)).await;
    }

    /// Gives the seat up.
    pub async fn leave(&self) {
        // A room that is gone has no seats.
        let _ = self.mailbox.send(Mail::Leave(self.session)).await;
    }

    /// Waits until the room was given up.
    pub async fn lost(&self) {
        self.mailbox.pulse.ended().await;
    }
}

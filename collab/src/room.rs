//! The server's half of the protocol: one document and the sessions that share it, without any I/O.

mod answers;
mod contradiction;
mod disputes;
mod gate;
mod gone;
mod limits;
mod member;
mod merging;
mod presences;
mod questions;
mod refusal;
mod reversal;
mod roster;
mod writers;

use std::{
    collections::{BTreeMap, VecDeque},
    mem,
};

use bytes::Bytes;

use self::{
    answers::Answers,
    disputes::Disputes,
    gate::Gate,
    member::{Member, Place},
    merging::{Broken, Offer},
    questions::{Question, only_the_last},
    roster::Roster,
    writers::Writers,
};
pub use self::{limits::Limits, refusal::Refusal};
use crate::{
    document::{Document, MergeError},
    frame::Message,
    guard,
    id::{Seq, SessionId},
};

/// Everything that can happen to a room.
#[derive(Debug)]
pub enum Input {
    /// A socket was opened.
    Join,
    /// One of its frames arrived.
    Messages(Vec<Message>),
    /// It lost frames ([`Room::fell_behind`]) and can take more again.
    Drained,
    /// The socket is closed.
    Leave,
}

/// What the room wants done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Keep these in the log. What they say has already been shown to the others; it counts as saved only once
    /// [`Room::durable`] says so.
    Append(Vec<Entry>),
    /// Send a frame to a session.
    Send {
        /// Who gets it.
        to: SessionId,
        /// One message.
        frame: Bytes,
    },
    /// Show a session what has become of people. It may be dropped, and is the first thing to be when much waits for
    /// the session: whatever it says, the next one says it newer.
    Show {
        /// Who gets it.
        to: SessionId,
        /// One message.
        frame: Bytes,
    },
    /// End a session. The room has forgotten it.
    Refuse {
        /// Whose fault it was.
        session: SessionId,
        /// What it did.
        reason: Refusal,
    },
    /// Rebuild the document from its log and call [`Room::revive`]: an update of this session, which passed every
    /// check, broke it. Nothing of the batch counts.
    Rebuild {
        /// Whose update it was.
        session: SessionId,
    },
}

/// One update in a document's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub seq: Seq,
    /// The session that brought it.
    pub session: SessionId,
    /// The bytes, as they came.
    pub update: Bytes,
}

/// One document and its sessions.
///
/// Invariants:
/// - *No gap is ever sent*: a session gets updates from its first step 1 on, each after all that it builds on.
/// - *The log is the order*: [`Effect::Append`] numbers updates in the order in which they were merged.
/// - *Saved means saved*: [`Message::Saved`] is sent only when all that the session had sent before its question
///   is at or below the durable [`Seq`].
pub struct Room {
    document: Document,
    limits: Limits,
    gate: Gate,
    answers: Answers,
    roster: Roster,
    writers: Writers,
    disputes: Disputes,
    /// How often it was told that somebody came or left, since the last call of [`Room::take_presences`].
    urgent: u32,
    members: BTreeMap<SessionId, Member>,
    appended: Seq,
    durable: Seq,
    /// Whether somebody may wait to be told that something is saved.
    is_awaited: bool,
    trouble: Option<Bytes>,
}

/// What a batch of inputs comes to, before the document is touched.
#[derive(Default)]
struct Batch {
    updates: Vec<Offer>,
    questions: Vec<(SessionId, Question)>,
}

impl Room {
    /// A room for a document whose log ends at `appended`, all of it durable.
    #[must_use]
    pub fn new(document: Document, appended: Seq, limits: Limits) -> Self {
        Self {
            gate: Gate::new(&document, limits),
            document,
            limits,
            answers: Answers::default(),
            roster: Roster::new(&limits),
            writers: Writers::default(),
            disputes: Disputes::default(),
            urgent: 0,
            members: BTreeMap::new(),
            appended,
            durable: appended,
            is_awaited: false,
            trouble: None,
        }
    }

    /// Takes everything that has happened since the last step, in order. All updates are merged in one
    /// transaction and travel in one frame; questions are answered from what results.
    pub fn step(&mut self, inputs: impl IntoIterator<Item = (SessionId, Input)>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut batch = Batch::default();
        for (session, input) in inputs {
            self.take(session, input, &mut batch, &mut effects);
        }
        if let Err(Broken(session)) = self.merge(batch.updates, &mut effects) {
            effects.retain(|effect| matches!(effect, Effect::Refuse { .. }));
            effects.push(Effect::Rebuild { session });
            return effects;
        }
        self.settle_disputes(&mut effects);
        effects.extend(self.urgent_presences());
        for (session, question) in only_the_last(batch.questions) {
            self.answer(session, question, &mut effects);
        }
        effects
    }

    /// Everything up to `seq` is on disk: whoever asked is told.
    pub fn durable(&mut self, seq: Seq) -> Vec<Effect> {
        self.durable = self.durable.max(seq);
        self.trouble = None;
        self.is_awaited = false;
        let durable = self.durable;
        let told = self.members.iter_mut().filter_map(|(&to, member)| {
            // Of several questions only the last needs an answer, for it includes the others.
            let mut answered = None;
            while let Some((_, number)) = member.waits.pop_front_if(|(seq, _)| *seq <= durable) {
                answered = Some(number);
            }
            member.told = answered.or(member.told);
            self.is_awaited |= !member.waits.is_empty();
            answered.map(|number| send(to, Message::Saved(number)))
        });
        told.collect()
    }

    /// Nothing can be written at the moment: whoever waits for an answer is told why there is none. The next call
    /// of [`Room::durable`] ends this.
    pub fn troubled(&mut self, reason: &'static str) -> Vec<Effect> {
        let reason = Bytes::from_static(reason.as_bytes());
        self.trouble = Some(reason.clone());
        let waiting = self.members.iter().filter(|(_, member)| !member.waits.is_empty());
        waiting.map(|(&to, _)| send(to, Message::NotSaving(reason.clone()))).collect()
    }

    /// Frames for this session did not fit into its queue, which was dropped. It loses its queue, not its place:
    /// after [`Input::Drained`] one update brings it up to date.
    pub fn fell_behind(&mut self, session: SessionId) {
        if let Some(member) = self.members.get_mut(&session) {
            member.place = Place::Behind;
        }
    }

    /// The document broke, and was rebuilt from its log, which ends at `appended`. What was merged since is lost here,
    /// but not to the replicas it came from: all of `sessions` are brought up to date and asked for what they have.
    pub fn revive(
        &mut self,
        document: Document,
        appended: Seq,
        sessions: impl IntoIterator<Item = SessionId>,
    ) -> Vec<Effect> {
        // To drop what is broken could break more.
        mem::forget(mem::replace(&mut self.document, document));
        self.gate = Gate::new(&self.document, self.limits);
        self.answers.forget();
        self.disputes.forget();
        (self.appended, self.durable, self.trouble) = (appended, appended, None);
        let mut members = mem::take(&mut self.members);
        let mut effects = Vec::new();
        for session in sessions {
            let member = members.remove(&session).unwrap_or_else(Member::new);
            let (place, waits) = (Place::Behind, VecDeque::new());
            // What it asks about may have been lost, until it has answered what is asked of it now.
            self.members.insert(session, Member { place, owes_answer: true, waits, ..member });
            // Even who has not said yet what it knows: perhaps it has, in what was lost.
            self.catch_up(session, &mut effects);
        }
        members.into_keys().for_each(|gone| self.leave(gone));
        effects
    }

    /// Whether nobody is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether all that was merged is on disk.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.durable == self.appended
    }

    /// Whether anybody here wants to know how far the log is on disk, so that [`Room::durable`] is to be called. Stock
    /// clients never ask.
    #[must_use]
    pub fn awaits_disk(&self) -> bool {
        self.is_awaited || self.trouble.is_some()
    }

    /// The place of the last update that was merged.
    #[must_use]
    pub fn last(&self) -> Seq {
        self.appended
    }

    /// The shared document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    fn take(&mut self, session: SessionId, input: Input, batch: &mut Batch, effects: &mut Vec<Effect>) {
        match input {
            Input::Join => self.join(session, effects),
            Input::Leave => self.leave(session),
            Input::Drained => batch.questions.push((session, Question::CatchUp)),
            Input::Messages(messages) => {
                for message in messages {
                    if !self.members.contains_key(&session) {
                        return;
                    }
                    self.sort(session, message, batch, effects);
                }
            }
        }
    }

    /// A newcomer is asked what it knows, and told who is here.
    fn join(&mut self, session: SessionId, effects: &mut Vec<Effect>) {
        self.members.insert(session, Member::new());
        effects.push(self.step_1(session));
        effects.extend(self.presences_for(session));
    }

    fn leave(&mut self, session: SessionId) {
        self.members.remove(&session);
        self.roster.leave(session);
        self.writers.leave(session);
        self.disputes.leave(session);
    }

    fn sort(&mut self, session: SessionId, message: Message, batch: &mut Batch, effects: &mut Vec<Effect>) {
        let mut ask = |question| batch.questions.push((session, question));
        match message {
            Message::Update(update) => batch.updates.push(Offer { session, update, is_answer: false }),
            Message::Step2(update) => {
                self.note_answer(session);
                batch.updates.push(Offer { session, update, is_answer: true });
            }
            Message::Step1(state_vector) => match guard::check_state_vector(&state_vector) {
                Ok(()) => ask(Question::WhatIsMissing(state_vector)),
                Err(error) => {
                    let malformed = MergeError::Malformed(error.to_string());
                    self.refuse(session, Refusal::Malformed(malformed), effects);
                }
            },
            Message::QueryAwareness => ask(Question::WhoIsHere),
            Message::SavedQuery(number) => ask(Question::WhatIsSaved(number)),
            Message::LimitQuery => {
                effects.push(send(session, Message::Limit(self.limits.document_bytes as u64)));
            }
            Message::Awareness(payload) => self.hear(session, &payload, effects),
            // Only servers say these. Stock servers pass over them, and so does this one.
            Message::Denied(_) | Message::Saved(_) | Message::NotSaving(_) | Message::Limit(_) => {}
        }
    }

    fn refuse(&mut self, session: SessionId, reason: Refusal, effects: &mut Vec<Effect>) {
        self.leave(session);
        effects.push(Effect::Refuse { session, reason });
    }

    fn step_1(&self, to: SessionId) -> Effect {
        Effect::Send { to, frame: self.question() }
    }

    /// What is known here, which asks for the rest.
    fn question(&self) -> Bytes {
        Message::frame(&[Message::Step1(self.document.state_vector().into())])
    }
}

fn send(to: SessionId, message: Message) -> Effect {
    Effect::Send { to, frame: Message::frame(&[message]) }
}

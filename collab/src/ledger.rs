//! Which edits of this browser the server has not confirmed yet.

use std::collections::BTreeMap;

use crate::id::ClientId;

/// Names an edit: the replica that made it, and how many that had made with this one. A replica lives no longer than
/// its page, so that the name is never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EditId {
    /// The replica.
    pub client: ClientId,
    /// Counts its edits, from 1.
    pub number: u64,
}

/// An edit that the server has not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// Which.
    pub id: EditId,
    /// When it was made, in milliseconds of the caller's clock.
    pub at: u64,
}

/// The edits that wait for the server's word: those made here, and those that are known from other tabs of the
/// browser or from earlier visits.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: BTreeMap<EditId, Entry>,
    /// How many questions what is saved were asked. Numbers them.
    questions: u64,
}

#[derive(Debug)]
struct Entry {
    at: u64,
    /// The question that went along when it was sent by the link that is up. What others have sent is not confirmed
    /// by an answer to us.
    question: Option<u64>,
}

impl Ledger {
    /// Enters an edit, unless it is there already.
    pub(crate) fn enter(&mut self, Pending { id, at }: Pending) {
        self.entries.entry(id).or_insert(Entry { at, question: None });
    }

    /// Enters an edit that is sent now. Returns the number of the question to send with it.
    pub(crate) fn enter_sent(&mut self, Pending { id, at }: Pending) -> u64 {
        self.questions += 1;
        self.entries.insert(id, Entry { at, question: Some(self.questions) });
        self.questions
    }

    /// All of it is sent now. Returns the number of the question to send with it.
    pub(crate) fn send_all(&mut self) -> u64 {
        self.questions += 1;
        self.entries.values_mut().for_each(|entry| entry.question = Some(self.questions));
        self.questions
    }

    /// The link is lost, and with it the answers to all that it was asked.
    pub(crate) fn disconnected(&mut self) {
        self.entries.values_mut().for_each(|entry| entry.question = None);
    }

    /// The server has answered a question. Returns the edits that it has confirmed by that.
    pub(crate) fn saved(&mut self, answered: u64) -> Vec<EditId> {
        let is_saved = |entry: &Entry| entry.question.is_some_and(|question| question <= answered);
        self.entries.extract_if(.., |_, entry| is_saved(entry)).map(|(id, _)| id).collect()
    }

    /// Another tab has heard that these are confirmed.
    pub(crate) fn forget(&mut self, ids: &[EditId]) {
        for id in ids {
            self.entries.remove(id);
        }
    }

    /// Whose edits wait. A client comes as often as it has some.
    pub(crate) fn clients(&self) -> impl Iterator<Item = ClientId> {
        self.entries.keys().map(|id| id.client)
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// When the oldest was made.
    pub(crate) fn since(&self) -> Option<u64> {
        self.entries.values().map(|entry| entry.at).min()
    }

    /// Whether one made before `time` was not sent by this link.
    pub(crate) fn has_unsent(&self, time: u64) -> bool {
        self.entries.values().any(|entry| entry.question.is_none() && entry.at < time)
    }

    /// All that wait.
    pub(crate) fn pending(&self) -> impl Iterator<Item = Pending> {
        self.entries.iter().map(|(&id, entry)| Pending { id, at: entry.at })
    }
}

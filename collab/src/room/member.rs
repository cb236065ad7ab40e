//! What the room knows of one session.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::{document::EMPTY_STATE_VECTOR, id::Seq};

/// One session, as the room sees it.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) place: Place,
    /// The state vector that it last sent. What it has heard since may have been lost on the way.
    pub(super) knew: Bytes,
    /// The last number that it was told is saved.
    pub(super) told: Option<u64>,
    /// Whether it was asked to fill a gap and has not answered yet.
    pub(super) owes_answer: bool,
    /// Its questions of what is saved, each with the update it waits for; at most [`MOST_WAITING`].
    pub(super) waits: VecDeque<(Seq, u64)>,
}

/// How far a session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It has not said yet what it knows.
    Joining,
    /// It gets every update.
    InStep,
    /// Frames for it were lost. It gets nothing until it can take more.
    Behind,
}

/// How many questions of one session wait at the most. The disk may be full for long, and nobody needs more: the answer
/// to one includes those before it.
const MOST_WAITING: usize = 256;

impl Member {
    pub(super) fn new() -> Self {
        let nothing = Bytes::from_static(&EMPTY_STATE_VECTOR);
        Self { place: Place::Joining, knew: nothing, told: None, owes_answer: false, waits: VecDeque::new() }
    }

    /// Keeps the state vector that it has sent: a copy, because that is a piece of a frame that may be much larger.
    pub(super) fn now_knows(&mut self, state_vector: &[u8]) {
        self.knew = Bytes::copy_from_slice(state_vector);
    }

    /// Notes a question that can be answered when `seq` is on disk. Of two that can be at the same time only the later
    /// counts, and where too many wait, the last of them waits for this one.
    pub(super) fn wait(&mut self, seq: Seq, number: u64) {
        let is_full = self.waits.len() >= MOST_WAITING;
        self.waits.pop_back_if(|(last, _)| is_full || *last == seq);
        self.waits.push_back((seq, number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_questions_wait_however_many_are_asked() {
        let mut member = Member::new();
        for number in 1..=10_000 {
            member.wait(Seq(number / 10), number);
        }
        assert!(member.waits.len() <= MOST_WAITING);
        assert_eq!(member.waits.back(), Some(&(Seq(1_000), 10_000)), "the last is answered last");
        assert!(member.waits.iter().is_sorted(), "none is answered too early");
    }
}

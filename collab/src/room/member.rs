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
    /// Its questions of what is saved, each with the update it waits for.
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

impl Member {
    pub(super) fn new() -> Self {
        let nothing = Bytes::from_static(&EMPTY_STATE_VECTOR);
        Self { place: Place::Joining, knew: nothing, told: None, owes_answer: false, waits: VecDeque::new() }
    }
}

//! Answers to "what is missing", encoded once for all who ask the same.

use std::collections::HashMap;

use bytes::Bytes;

use crate::{
    document::{Document, MergeError},
    frame::Message,
};

/// How many different questions are remembered. Those who open a page at the same time know the same.
const REMEMBERED: usize = 8;
/// How many bytes of answers are remembered beside the largest: only who knows nothing of a document needs all of it,
/// and that is encoded once anyway.
const REMEMBERED_BYTES: usize = 1 << 20;

/// The answers that hold until the document changes: after a restart, or when a link is passed round, many join at
/// once, and all of them know nothing or what the same page held.
#[derive(Debug, Default)]
pub(super) struct Answers {
    frames: HashMap<Bytes, Bytes>,
}

impl Answers {
    /// The frame that brings whoever knows `state_vector` up to date.
    ///
    /// # Errors
    /// If the bytes are not a state vector.
    pub(super) fn find(&mut self, document: &Document, state_vector: &Bytes) -> Result<Bytes, MergeError> {
        if let Some(frame) = self.frames.get(state_vector) {
            return Ok(frame.clone());
        }
        let frame = Message::frame(&[Message::Step2(document.diff_since(state_vector)?)]);
        let held: usize = self.frames.values().map(Bytes::len).sum();
        let is_small = self.frames.is_empty() || held + frame.len() <= REMEMBERED_BYTES;
        if self.frames.len() < REMEMBERED && is_small {
            // A copy, because the question is a piece of a frame that may be much larger.
            self.frames.insert(Bytes::copy_from_slice(state_vector), frame.clone());
        }
        Ok(frame)
    }

    /// The document has changed.
    pub(super) fn forget(&mut self) {
        self.frames.clear();
    }
}

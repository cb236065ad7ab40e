//! What outlives a page, and what its siblings say: the browser's store and the channel between its tabs.

use std::mem;

use bytes::Bytes;

use super::{Effect, Replica, ReplicaError, tell};
use crate::{document::MergeError, frame::FrameError, ledger::Pending, whisper::Whisper};

impl Replica {
    /// Takes over what the browser's store has kept. Returns what to do, and the places of those updates that are
    /// not understood or build on others that are nowhere.
    pub fn recover(&mut self, kept: &[Bytes], pending: &[Pending]) -> (Vec<Effect>, Vec<usize>) {
        let mut effects = Vec::new();
        let mut left: Vec<usize> = (0..kept.len()).collect();
        loop {
            let merged = self.take_in(left.iter().map(|&at| &*kept[at]));
            effects.extend(merged.edits.into_iter().map(Effect::Edit));
            let count = left.len();
            let mut errors = merged.outcomes.iter().map(|outcome| outcome.error.is_some());
            left.retain(|_| errors.next().unwrap_or_default());
            if left.is_empty() || left.len() == count {
                break;
            }
        }
        // What is not in the document cannot be sent, so that no answer could confirm it.
        if left.is_empty() {
            pending.iter().for_each(|&pending| self.ledger.enter(pending));
            if self.ledger.has_unsent(u64::MAX) {
                effects.extend(self.push());
            }
        }
        (effects, left)
    }

    /// The whole document as one update.
    #[must_use]
    pub fn snapshot(&self) -> Bytes {
        self.document.snapshot()
    }

    /// All edits of this browser that are known here and wait for the server's word.
    pub fn pending(&self) -> impl Iterator<Item = Pending> {
        self.ledger.pending()
    }

    /// A page that has just opened asks its siblings what they know.
    #[must_use]
    pub fn greet(&self) -> Effect {
        tell(&Whisper::Hello(self.document.state_vector().into()))
    }

    /// A sibling said something.
    ///
    /// # Errors
    /// If it cannot be understood. Another version of this program may have said it.
    pub fn overhear(&mut self, words: &Bytes) -> Result<Vec<Effect>, ReplicaError> {
        match Whisper::decode(words).map_err(FrameError::from)? {
            Whisper::Hello(state_vector) => self.welcome(&state_vector),
            Whisper::News { update, pending } => self.learn(&update, pending),
            Whisper::Saved(ids) => {
                self.ledger.forget(&ids);
                Ok(Vec::new())
            }
        }
    }

    /// Tells a sibling what it does not know, and asks it for what only it knows.
    fn welcome(&mut self, state_vector: &[u8]) -> Result<Vec<Effect>, ReplicaError> {
        let update = self.document.diff_since(state_vector)?;
        let mut effects = vec![tell(&Whisper::News { update, pending: self.pending().collect() })];
        if !self.document.knows(state_vector)? {
            effects.push(self.greet());
        }
        Ok(effects)
    }

    /// Takes over what a sibling wrote or knew. That sibling has kept it, and sends it to the server.
    fn learn(&mut self, update: &[u8], pending: Vec<Pending>) -> Result<Vec<Effect>, ReplicaError> {
        let mut merged = self.take_in([update]);
        let mut effects: Vec<Effect> = merged.edits.into_iter().map(Effect::Edit).collect();
        let has_asked = mem::take(&mut self.has_asked_siblings);
        match merged.outcomes.pop().unwrap_or_default().error {
            None => pending.into_iter().for_each(|pending| self.ledger.enter(pending)),
            // Once: an answer that leaves a gap would leave it again.
            Some(MergeError::Gap) if has_asked => {}
            Some(MergeError::Gap) => {
                self.has_asked_siblings = true;
                effects.push(self.greet());
            }
            Some(error) => return Err(error.into()),
        }
        Ok(effects)
    }
}

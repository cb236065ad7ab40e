//! Units of which nothing is left, not even their place in a text.

use std::collections::BTreeMap;

use crate::guard::{Block, Content, Id, Place, blocks_of};

/// Which units they are. What was in a shared type that is deleted becomes such, and so does what hangs on nothing.
#[derive(Default)]
pub(super) struct Gone {
    /// By client, runs of clocks: the first, and the one after the last.
    runs: BTreeMap<u64, BTreeMap<u64, u64>>,
}

impl Gone {
    /// What an update (v1), which may be a whole document, says is gone.
    pub(super) fn of(update: &[u8]) -> Self {
        let mut gone = Self::default();
        gone.add(update);
        gone
    }

    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Adds what an update says is gone.
    pub(super) fn add(&mut self, update: &[u8]) {
        let blocks = blocks_of(update).unwrap_or_default();
        for Block { id, len, .. } in blocks.iter().filter(|block| is_gone(block)) {
            let runs = self.runs.entry(id.client).or_default();
            let before = runs.range_mut(..=id.clock).next_back().filter(|(_, end)| **end >= id.clock);
            match before {
                Some((_, end)) => *end = (id.clock + len).max(*end),
                None => drop(runs.insert(id.clock, id.clock + len)),
            }
        }
    }

    /// Whether an update puts something beside a unit that is gone, and so may become nothing itself.
    pub(super) fn touches(&self, update: &[u8]) -> bool {
        self.finds(update, |left, right| left == Some(true) || right == Some(true))
    }

    /// Whether an update puts something between two units of which one is gone. Yjs makes nothing of it, and yrs puts it
    /// somewhere beside the other unit: where, depends on what it has met before.
    pub(super) fn is_straddled_by(&self, update: &[u8]) -> bool {
        self.finds(update, |left, right| matches!((left, right), (Some(left), Some(right)) if left != right))
    }

    /// Whether there is a block of whose neighbours this is true: whether they are gone, if there are any.
    fn finds(&self, update: &[u8], is_sought: impl Fn(Option<bool>, Option<bool>) -> bool) -> bool {
        let own = Self::of(update);
        let is_gone = |id| self.holds(id) || own.holds(id);
        blocks_of(update).unwrap_or_default().iter().any(|block| match block.place {
            Place::Beside { left, right } => is_sought(left.map(is_gone), right.map(is_gone)),
            _ => false,
        })
    }

    fn holds(&self, id: Id) -> bool {
        let run = self.runs.get(&id.client).and_then(|runs| runs.range(..=id.clock).next_back());
        run.is_some_and(|(_, &end)| id.clock < end)
    }
}

fn is_gone(block: &Block<'_>) -> bool {
    block.content == Content::Gone && block.place == Place::Nowhere
}

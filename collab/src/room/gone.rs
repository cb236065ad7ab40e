//! Units of which nothing is left, not even their place in a text.

use std::collections::BTreeMap;

use crate::guard::{Block, Content, Id, Parent, Place, blocks_of};

/// Which units they are. What was in a shared type that is deleted becomes such, and so does what hangs on nothing.
///
/// Invariant *only new units come as nothing*: whoever says of known units that they are gone changes nothing by that, and
/// others may write beside them as before.
#[derive(Default)]
pub(super) struct Gone {
    /// By client, runs of clocks: the first, and the one after the last.
    runs: BTreeMap<u64, BTreeMap<u64, u64>>,
}

impl Gone {
    /// What an update (v1), which may be a whole document, says is gone.
    pub(super) fn of(update: &[u8]) -> Self {
        let mut gone = Self::default();
        gone.add(update, |_| 0);
        gone
    }

    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Adds what an update says is gone, of the units that come after those that are `known` of their client.
    pub(super) fn add(&mut self, update: &[u8], known: impl Fn(u64) -> u64) {
        let blocks = blocks_of(update).unwrap_or_default();
        for Block { id, len, .. } in blocks.iter().filter(|block| is_gone(block)) {
            let (start, end) = (id.clock.max(known(id.client)), id.clock + len);
            if start < end {
                self.add_run(id.client, start, end);
            }
        }
    }

    fn add_run(&mut self, client: u64, start: u64, end: u64) {
        let runs = self.runs.entry(client).or_default();
        let before = runs.range_mut(..=start).next_back().filter(|(_, end)| **end >= start);
        match before {
            Some((_, last)) => *last = end.max(*last),
            None => drop(runs.insert(start, end)),
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

    /// Whether an update says of a unit that is gone that it stands at the root of the document, or beside a unit that is left.
    /// What was in a shared type is gone together with all that was there: whoever said that of such a unit has made it up.
    pub(super) fn is_denied_by(&self, update: &[u8]) -> bool {
        !self.is_empty()
            && blocks_of(update).unwrap_or_default().iter().any(|block| self.is_denied_by_block(block))
    }

    fn is_denied_by_block(&self, block: &Block<'_>) -> bool {
        let is_left = |id: Option<Id>| id.is_some_and(|id| !self.holds(id));
        match block.place {
            Place::Nowhere => false,
            // Each unit of a block but the first stands behind the one before it.
            _ if !self.holds(block.id) => self.begins_in(block),
            Place::First { parent, .. } => matches!(parent, Parent::Root(_)),
            Place::Beside { left, right } => is_left(left) || is_left(right),
        }
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

    /// Whether a run begins within a block.
    fn begins_in(&self, &Block { id, len, .. }: &Block<'_>) -> bool {
        let within = id.clock..id.clock + len;
        self.runs.get(&id.client).is_some_and(|runs| runs.range(within).next().is_some())
    }

    fn holds(&self, id: Id) -> bool {
        let run = self.runs.get(&id.client).and_then(|runs| runs.range(..=id.clock).next_back());
        run.is_some_and(|(_, &end)| id.clock < end)
    }
}

fn is_gone(block: &Block<'_>) -> bool {
    block.content == Content::Gone && block.place == Place::Nowhere
}

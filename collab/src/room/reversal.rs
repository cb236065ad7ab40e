//! Whether an update puts something between two units that stand the other way round.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use crate::{
    document::Document,
    guard::{Block, Contents, Id, Place, blocks_of},
    id::ClientId,
};

/// What clients write in front of what they have written before: of each, the clocks of the last run in such a place.
///
/// Whoever goes on writing there says with each key that it stands behind the key before and in front of an older unit.
/// No run holds both if the key's own begins after the older unit, and to remember where it begins saves the look at the
/// document.
///
/// Invariant *remembered runs are whole*: nothing in front of a run's first unit belongs to it. What was remembered of
/// units that never came into the document is forgotten before others take their clocks.
#[derive(Default)]
pub(super) struct Runs(HashMap<u64, Range<u64>>);

impl Runs {
    /// Whether what is remembered is enough to say that an update has no reversal.
    pub(super) fn rule_out_reversal(&self, update: &[u8]) -> bool {
        let Ok(blocks) = blocks_of(update) else { return false };
        let mut suspects = blocks.iter().filter(|block| block.is_backward()).filter_map(neighbours);
        suspects.all(|(left, right)| {
            let run = self.0.get(&left.client);
            run.is_some_and(|run| run.contains(&left.clock) && right.clock < run.start)
        })
    }

    /// An update was let in.
    pub(super) fn add(&mut self, contents: &Contents, update: &[u8]) {
        if contents.in_front > 0 {
            blocks_of(update).unwrap_or_default().iter().for_each(|block| self.add_block(block));
        } else if !self.0.is_empty() {
            for author in &contents.authors {
                self.forget_from(author.client.get(), author.start);
            }
        }
    }

    fn add_block(&mut self, block: &Block<'_>) {
        let Block { id: Id { client, clock }, len, .. } = *block;
        let end = clock + len;
        match self.0.get_mut(&client) {
            Some(run) if run.end == clock && block.is_typed() => run.end = end,
            _ if block.is_in_front() && !block.is_typed() => drop(self.0.insert(client, clock..end)),
            _ => self.forget_from(client, clock),
        }
    }

    /// Forgets what was said of a client's units from a clock on.
    fn forget_from(&mut self, client: u64, clock: u64) {
        if self.0.get(&client).is_some_and(|run| clock < run.end) {
            self.0.remove(&client);
        }
    }
}

/// Whether a block of this update says that it stands to the right of one unit and to the left of another, where the
/// other comes first.
///
/// Nobody writes that. yrs and Yjs cut the run that holds both, first behind the left one, then before the right one,
/// and go on with what is left of the first piece: the block ends up in another place than it does where the run was
/// in pieces before, and copies of the document differ for ever. Seen are units of one client, each written behind the
/// one before it, since only those stand in one run.
pub(super) fn has_reversal(document: &Document, update: &[u8]) -> bool {
    let Ok(new) = blocks_of(update) else { return false };
    let suspects: Vec<_> = new.iter().filter(|block| block.is_backward()).filter_map(neighbours).collect();
    let mut since: HashMap<u64, u64> = HashMap::new();
    for (_, right) in &suspects {
        let first = since.entry(right.client).or_insert(right.clock);
        *first = right.clock.min(*first);
    }
    let history = document.history(since.iter().map(|(&client, &clock)| (ClientId::from(client), clock)));
    let Ok(known) = blocks_of(&history) else { return false };
    let written = known.iter().chain(&new).filter(|block| since.contains_key(&block.id.client));
    let runs = runs(written);
    let run_of = |id: Id| runs.range(..=(id.client, id.clock)).next_back();
    suspects.iter().any(|&(left, right)| {
        run_of(right).is_some_and(|(&(client, _), &end)| client == left.client && left.clock < end)
    })
}

/// The two units between which a block says that it stands.
fn neighbours(block: &Block<'_>) -> Option<(Id, Id)> {
    match block.place {
        Place::Beside { left: Some(left), right: Some(right) } => Some((left, right)),
        _ => None,
    }
}

/// Units that were each written behind the one before: the first of each run, and the clock after its last.
fn runs<'b, 'a: 'b>(blocks: impl Iterator<Item = &'b Block<'a>>) -> BTreeMap<(u64, u64), u64> {
    let mut blocks: Vec<_> = blocks.collect();
    blocks.sort_by_key(|block| (block.id.client, block.id.clock));
    let mut runs: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    for block in blocks {
        let (Id { client, clock }, end) = (block.id, block.id.clock + block.len);
        let last = runs.last_entry().filter(|run| run.key().0 == client);
        match last {
            Some(mut run) if clock < *run.get() || clock == *run.get() && block.is_typed() => {
                *run.get_mut() = end.max(*run.get());
            }
            _ => drop(runs.insert((client, clock), end)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        edit::TextEdit,
        guard::inspect_update,
        wire::{put_bytes, put_var},
    };

    const CLIENT: u64 = 7;

    /// The update with which the client writes a text between two of its own units.
    fn forged(clock: u64, left: Option<u64>, right: Option<u64>, text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        [1, 1, CLIENT, clock].into_iter().for_each(|value| put_var(&mut out, value));
        out.push(4 | left.map_or(0, |_| 0x80) | right.map_or(0, |_| 0x40));
        for neighbour in [left, right].into_iter().flatten() {
            [CLIENT, neighbour].into_iter().for_each(|value| put_var(&mut out, value));
        }
        put_bytes(&mut out, text.as_bytes());
        out.push(0);
        out
    }

    fn add(runs: &mut Runs, update: &[u8]) {
        runs.add(&inspect_update(update).unwrap(), update);
    }

    #[test]
    fn who_goes_on_in_front_of_older_units_is_known_to_be_in_order() {
        let mut runs = Runs::default();
        let second = forged(6, Some(5), Some(0), "y");
        assert!(!runs.rule_out_reversal(&second), "nothing is known");
        add(&mut runs, &forged(5, None, Some(0), "x"));
        assert!(runs.rule_out_reversal(&second));
        add(&mut runs, &second);
        assert!(runs.rule_out_reversal(&forged(7, Some(6), Some(4), "z")));
        assert!(!runs.rule_out_reversal(&forged(7, Some(6), Some(5), "z")), "it stands in the run itself");
    }

    #[test]
    fn remembered_runs_are_whole() {
        let mut runs = Runs::default();
        // The document lacks what is before it, and does not take it.
        add(&mut runs, &forged(20, None, Some(0), "x"));
        assert!(runs.rule_out_reversal(&forged(30, Some(20), Some(6), "y")));
        // Others of that number are written behind each other.
        add(&mut runs, &forged(5, Some(4), None, &"z".repeat(25)));
        assert!(!runs.rule_out_reversal(&forged(30, Some(20), Some(6), "y")));
    }

    /// A client types here and there, and a forger puts something between any two of its units.
    #[test]
    fn what_is_ruled_out_is_not_there() {
        for seed in 1..=20_u64 {
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mut below = |bound: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % bound
            };
            let (mut author, mut document) = (Document::new(CLIENT.into()), Document::new(ClientId::SERVER));
            let (mut runs, mut len, mut at, mut ruled_out) = (Runs::default(), 0, 0, 0);
            for key in 0..200 {
                at = if below(8) == 0 { below(len + 1) } else { at + 1 }.min(len);
                let edit = TextEdit { at: at as u32, delete: 0, insert: "x".to_owned() };
                let update = author.edit(&edit).unwrap();
                assert!(!has_reversal(&document, &update), "seed {seed}, key {key}");
                ruled_out += u64::from(runs.rule_out_reversal(&update));
                add(&mut runs, &update);
                document.merge([&*update]);
                len += 1;
                let forgery = forged(1000, Some(below(len)), Some(below(len)), "y");
                let is_known = runs.rule_out_reversal(&forgery);
                assert!(!is_known || !has_reversal(&document, &forgery), "seed {seed}, key {key}");
            }
            assert!(ruled_out > 100, "seed {seed}: only {ruled_out} keys were let in by what is remembered");
        }
    }
}

//! Whether an update puts something between two units that stand the other way round.

use std::collections::{BTreeMap, HashMap};

use crate::{
    document::Document,
    guard::{Block, Id, Place, blocks_of},
    id::ClientId,
};

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
            Some(mut run) if clock < *run.get() || clock == *run.get() && is_typed(block) => {
                *run.get_mut() = end.max(*run.get());
            }
            _ => drop(runs.insert((client, clock), end)),
        }
    }
    runs
}

/// Whether a block stands behind what its client wrote just before.
fn is_typed(block: &Block<'_>) -> bool {
    let Id { client, clock } = block.id;
    let before = clock.checked_sub(1).map(|clock| Id { client, clock });
    matches!(block.place, Place::Beside { left, .. } if left == before && left.is_some())
}

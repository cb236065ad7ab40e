//! How what others wrote comes into a document.

use std::{collections::HashMap, mem::ManuallyDrop};

use thiserror::Error;
use yrs::{
    IdSet, ReadTxn, Transact, TransactionMut, Update, WriteTxn, block::ClientID, updates::decoder::Decode,
};

use super::{Document, EMPTY_UPDATE, REMOTE};
use crate::{
    edit::TextEdit,
    guard::{self, Block, Contents},
};

/// Why an update was not merged.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MergeError {
    /// The bytes are not an update.
    #[error("not a Yjs update: {0}")]
    Malformed(String),
    /// It builds on updates that are not here. Whoever sent it has them and should be asked.
    #[error("the update builds on others that are missing")]
    Gap,
    /// yrs gave up in the middle of it, and the document is not to be trusted any more.
    #[error("the update broke the document: {0}")]
    Poisoned(String),
}

/// What became of one update. Both may be said of it: what builds on nothing that is missing stays.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it changed the document.
    pub is_new: bool,
    /// Why it was not merged, or not wholly.
    pub error: Option<MergeError>,
}

/// What became of a batch of updates.
#[derive(Debug, Default)]
pub struct Merged {
    /// What became of each update, in order.
    pub outcomes: Vec<Outcome>,
    /// All that was new, in one update; `None` where nothing was.
    pub update: Option<Vec<u8>>,
    /// The same as edits of the text, each to be applied after the one before it. Filled only once
    /// [`Document::track_edits`] was called.
    pub edits: Vec<TextEdit>,
}

impl Document {
    /// Merges updates, in order, in one transaction.
    pub fn merge<'a>(&mut self, updates: impl IntoIterator<Item = &'a [u8]>) -> Merged {
        let bytes: Vec<_> = updates.into_iter().collect();
        let updates: Vec<_> = bytes.iter().copied().map(decode).collect();
        let in_doubt = self.tracking.as_ref().is_some_and(|tracking| tracking.is_in_doubt(&bytes, &updates));
        let before = in_doubt.then(|| self.text());
        let lone = self.lone_block(&bytes, &updates);
        let tracking = self.tracking.as_mut().filter(|_| !in_doubt);
        let foreseen = tracking.and_then(|tracking| tracking.foresee(lone.as_ref()));

        // A transaction commits when it is dropped, even while a panic unwinds: a second panic, in the commit of what
        // the first has left half done, would end the process.
        let mut txn = ManuallyDrop::new(self.doc.transact_mut_with(REMOTE));
        let integrate = |update: Result<Checked, _>| match update {
            Ok(Checked { update, .. }) => integrate(&mut txn, &self.known, update),
            Err(error) => Outcome { is_new: false, error: Some(error) },
        };
        let outcomes = updates.into_iter().map(integrate).collect();
        #[cfg(feature = "faults")]
        crate::faults::strike(&bytes);
        let update = commit(ManuallyDrop::into_inner(txn), &mut self.known);
        self.note(update.as_deref());
        let texts = before.map(|before| (before, self.text()));
        let edits = match &mut self.tracking {
            Some(tracking) => tracking.take(texts, foreseen.filter(|_| update.is_some()), lone.as_ref()),
            None => Vec::new(),
        };
        Merged { outcomes, update, edits }
    }

    /// The only block that the updates bring, if there is just one, it is all new, and nothing is deleted.
    fn lone_block<'a>(
        &self,
        bytes: &[&'a [u8]],
        updates: &[Result<Checked, MergeError>],
    ) -> Option<Block<'a>> {
        self.tracking.as_ref()?;
        let ([bytes], [Ok(Checked { update, contents })]) = (bytes, updates) else { return None };
        let [author] = contents.authors[..] else { return None };
        let is_new = author.start == self.known(author.client) && update.delete_set().is_empty();
        let mut blocks = if is_new { guard::blocks_of(bytes).ok()? } else { Vec::new() };
        if blocks.len() == 1 { blocks.pop() } else { None }
    }
}

/// An update that was read, and what the guard saw in it.
pub(super) struct Checked {
    pub(super) update: Update,
    pub(super) contents: Contents,
}

/// Reads one update. Nothing that the guard has not seen reaches yrs.
fn decode(bytes: &[u8]) -> Result<Checked, MergeError> {
    let contents = guard::inspect_update(bytes).map_err(malformed)?;
    let update = Update::decode_v1(bytes).map_err(malformed)?;
    Ok(Checked { update, contents })
}

/// Integrates one update. `known` is what was here before the transaction.
fn integrate(txn: &mut TransactionMut<'_>, known: &HashMap<ClientID, u32>, update: Update) -> Outcome {
    let inserts = update.insertions(true);
    if has_hole(&inserts, |client| reached(txn, known, client)) {
        return Outcome { is_new: false, error: Some(MergeError::Gap) };
    }
    let clients: Vec<_> = inserts.client_ids().chain(update.delete_set().client_ids()).collect();
    let before = extent(txn, &clients);
    let error = try_integrate(txn, update).err();
    Outcome { is_new: extent(txn, &clients) != before, error }
}

fn try_integrate(txn: &mut TransactionMut<'_>, update: Update) -> Result<(), MergeError> {
    txn.apply_update(update).map_err(|error| MergeError::Poisoned(error.to_string()))?;
    if txn.has_missing_updates() {
        // What builds on another client's missing edits is seen only now.
        txn.prune_pending();
        return Err(MergeError::Gap);
    }
    Ok(())
}

/// How much of what a client wrote is here by now, in a transaction that is not committed.
fn reached(txn: &TransactionMut<'_>, known: &HashMap<ClientID, u32>, client: ClientID) -> u32 {
    let new = txn.insert_set().get(&client).and_then(|ranges| ranges.clock_end());
    new.or_else(|| known.get(&client).copied()).unwrap_or(0)
}

/// Whether a client's part begins after what is known of it, or leaves something out on its way.
fn has_hole(inserts: &IdSet, known: impl Fn(ClientID) -> u32) -> bool {
    inserts.iter().any(|(client, ranges)| {
        let mut reached = known(*client);
        ranges.iter().any(|range| {
            let is_hole = range.start > reached;
            reached = reached.max(range.end);
            is_hole
        })
    })
}

/// How much of these clients' a transaction has inserted and deleted so far, in units.
fn extent(txn: &TransactionMut<'_>, clients: &[ClientID]) -> (u64, u64) {
    let total = |set: &IdSet| {
        let ranges = clients.iter().filter_map(|client| set.get(client)).flat_map(|ranges| ranges.ranges());
        ranges.map(|range| u64::from(range.end - range.start)).sum()
    };
    (total(txn.insert_set()), total(txn.delete_set()))
}

/// Ends a transaction, takes down what is known now, and returns the update that holds what it changed.
pub(super) fn commit(mut txn: TransactionMut<'_>, known: &mut HashMap<ClientID, u32>) -> Option<Vec<u8>> {
    let changed = txn.has_changes();
    txn.commit();
    let ends = txn.insert_set().client_ids().map(|client| (client, reached(&txn, known, client)));
    let ends: Vec<_> = ends.collect();
    known.extend(ends);
    changed.then(|| txn.encode_update_v1()).filter(|update| *update != EMPTY_UPDATE)
}

pub(super) fn malformed(error: impl std::fmt::Display) -> MergeError {
    MergeError::Malformed(error.to_string())
}

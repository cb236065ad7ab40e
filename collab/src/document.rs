//! The text that people share, as a CRDT. The only file that names yrs's types.

use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use yrs::{
    Doc, GetString, IdSet, Observable, OffsetKind, Options, Out, ReadTxn, StateVector, Text, TextRef,
    Transact, TransactionMut, Update, WriteTxn,
    block::ClientID,
    types::Delta,
    updates::{decoder::Decode, encoder::Encode},
};

use crate::{edit::TextEdit, guard, id::ClientId};

/// The root text's name, agreed upon with every other Yjs client.
pub const TEXT: &str = "text";

/// The update that changes nothing (v1): no blocks, no deletions.
pub const EMPTY_UPDATE: [u8; 2] = [0, 0];

/// The state vector of a document that nothing was ever written to (v1).
pub const EMPTY_STATE_VECTOR: [u8; 1] = [0];

const LOCAL: &str = "local";
const REMOTE: &str = "remote";

/// A copy of the shared text.
///
/// Invariant *no gaps*: it never holds updates that wait for others. What cannot be integrated at once is not
/// kept (see [`MergeError::Gap`]), so that its encoding is always whole.
pub struct Document {
    doc: Doc,
    text: TextRef,
    tracked: Option<Arc<Mutex<Vec<TextEdit>>>>,
}

/// Why an update was not merged.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MergeError {
    /// The bytes are not an update.
    #[error("not a Yjs update: {0}")]
    Malformed(String),
    /// It builds on updates that are not here. Whoever sent it has them and should be asked.
    #[error("the update builds on others that are missing")]
    Gap,
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
    /// An empty document whose local edits will bear `client`.
    #[must_use]
    pub fn new(client: ClientId) -> Self {
        let options = Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_guid_and_client_id("".into(), ClientID::new(client.get()))
        };
        let doc = Doc::with_options(options);
        let text = doc.get_or_insert_text(TEXT);
        Self { doc, text, tracked: None }
    }

    /// From now on [`Merged::edits`] tells how the text changed. Costs a pass over the text for each merge.
    pub fn track_edits(&mut self) {
        let tracked = Arc::new(Mutex::new(Vec::new()));
        let sink = tracked.clone();
        self.text.observe("edits", move |txn, event| {
            let is_remote = txn.origin().is_some_and(|origin| origin.as_ref() == REMOTE.as_bytes());
            if is_remote {
                lock(&sink).extend(edits_of(event.delta(txn)));
            }
        });
        self.tracked = Some(tracked);
    }

    /// Makes a local edit and returns the update that carries it; `None` where it changes nothing. An edit that
    /// reaches past the end is cut there. One that cuts a surrogate pair leaves U+FFFD for each half, as in Yjs.
    pub fn edit(&mut self, edit: &TextEdit) -> Option<Vec<u8>> {
        let mut txn = self.doc.transact_mut_with(LOCAL);
        let len = self.text.len(&txn);
        let at = edit.at.min(len);
        let delete = edit.delete.min(len - at);
        if delete > 0 {
            self.text.remove_range(&mut txn, at, delete);
        }
        if !edit.insert.is_empty() {
            self.text.insert(&mut txn, at, &edit.insert);
        }
        commit(txn)
    }

    /// Merges updates, in order, in one transaction.
    pub fn merge<'a>(&mut self, updates: impl IntoIterator<Item = &'a [u8]>) -> Merged {
        let before = self.tracked.is_some().then(|| self.text());
        let mut txn = self.doc.transact_mut_with(REMOTE);
        let outcomes = updates.into_iter().map(|update| integrate(&mut txn, update)).collect();
        let update = commit(txn);
        let edits = match (&self.tracked, before) {
            (Some(edits), Some(before)) => truthful(std::mem::take(&mut lock(edits)), &before, &self.text()),
            _ => Vec::new(),
        };
        Merged { outcomes, update, edits }
    }

    /// The update that brings a replica with `state_vector` (encoded, v1) up to date.
    ///
    /// # Errors
    /// If the bytes are not a state vector.
    pub fn diff_since(&self, state_vector: &[u8]) -> Result<Vec<u8>, MergeError> {
        guard::check_state_vector(state_vector).map_err(malformed)?;
        let state_vector = StateVector::decode_v1(state_vector).map_err(malformed)?;
        Ok(self.doc.transact().encode_diff_v1(&state_vector))
    }

    /// The whole document as one update.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    /// What is known here: for each client, how much of what it wrote (encoded, v1).
    #[must_use]
    pub fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// The shared text. An embedded object, which other clients may put in, counts as one unit and is shown as
    /// U+FFFC, so that offsets mean the same everywhere.
    #[must_use]
    pub fn text(&self) -> String {
        let txn = self.doc.transact();
        let text = self.text.get_string(&txn);
        if crate::edit::utf16_len(&text) == self.text.len(&txn) {
            return text;
        }
        let chunks = self.text.diff(&txn, yrs::types::text::YChange::identity);
        chunks.into_iter().map(|chunk| shown(&chunk.insert)).collect()
    }
}

/// Decodes one update and integrates it.
fn integrate(txn: &mut TransactionMut<'_>, bytes: &[u8]) -> Outcome {
    if bytes == EMPTY_UPDATE {
        return Outcome::default();
    }
    let before = extent(txn);
    let error = try_integrate(txn, bytes).err();
    Outcome { is_new: extent(txn) != before, error }
}

fn try_integrate(txn: &mut TransactionMut<'_>, bytes: &[u8]) -> Result<(), MergeError> {
    guard::check_update(bytes).map_err(malformed)?;
    let update = Update::decode_v1(bytes).map_err(malformed)?;
    if has_hole(&update, &txn.state_vector()) {
        return Err(MergeError::Gap);
    }
    txn.apply_update(update).map_err(malformed)?;
    if txn.has_missing_updates() {
        // What builds on another client's missing edits is seen only now.
        txn.prune_pending();
        return Err(MergeError::Gap);
    }
    Ok(())
}

/// Whether a client's part begins after what is known of it, or leaves something out on its way.
fn has_hole(update: &Update, known: &StateVector) -> bool {
    update.insertions(true).iter().any(|(client, ranges)| {
        let mut reached = known.get(client);
        ranges.iter().any(|range| {
            let is_hole = range.start > reached;
            reached = reached.max(range.end);
            is_hole
        })
    })
}

/// How much a transaction has inserted and deleted so far, in units.
fn extent(txn: &TransactionMut<'_>) -> (u64, u64) {
    let total = |set: &IdSet| {
        set.iter().flat_map(|(_, ranges)| ranges.iter()).map(|r| u64::from(r.end - r.start)).sum()
    };
    (total(txn.insert_set()), total(txn.delete_set()))
}

/// Ends a transaction and returns the update that holds what it changed.
fn commit(mut txn: TransactionMut<'_>) -> Option<Vec<u8>> {
    let changed = txn.has_changes();
    txn.commit();
    changed.then(|| txn.encode_update_v1()).filter(|update| *update != EMPTY_UPDATE)
}

/// Yjs's description of a change, as edits that follow one another.
fn edits_of(delta: &[Delta]) -> Vec<TextEdit> {
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut at = 0;
    for change in delta {
        match change {
            Delta::Retain(len, _) => at += len,
            Delta::Deleted(len) => match edits.last_mut() {
                // An insertion and the deletion beside it are one edit.
                Some(last) if last.delete == 0 && last.at + last.inserted() == at => last.delete = *len,
                _ => edits.push(TextEdit { at, delete: *len, insert: String::new() }),
            },
            Delta::Inserted(content, _) => {
                let insert = shown(content);
                let len = crate::edit::utf16_len(&insert);
                match edits.last_mut() {
                    Some(last) if last.at + last.inserted() == at => last.insert.push_str(&insert),
                    _ => edits.push(TextEdit { at, delete: 0, insert }),
                }
                at += len;
            }
        }
    }
    edits
}

/// Edits that lead from one text to the other. Yjs does not tell of the marks that are left where a surrogate pair
/// was cut; then one edit tells of everything.
fn truthful(edits: Vec<TextEdit>, before: &str, after: &str) -> Vec<TextEdit> {
    let mut text = before.to_owned();
    edits.iter().for_each(|edit| edit.apply_to(&mut text));
    if text == after { edits } else { TextEdit::between(before, after, None).into_iter().collect() }
}

/// A piece of the text's content as it is shown.
fn shown(content: &Out) -> String {
    match content {
        Out::Any(yrs::Any::String(text)) => text.to_string(),
        _ => "\u{fffc}".to_owned(),
    }
}

fn malformed(error: impl std::fmt::Display) -> MergeError {
    MergeError::Malformed(error.to_string())
}

/// The list is whole at every moment, so that a panic elsewhere does not spoil it.
fn lock(edits: &Mutex<Vec<TextEdit>>) -> std::sync::MutexGuard<'_, Vec<TextEdit>> {
    edits.lock().unwrap_or_else(PoisonError::into_inner)
}

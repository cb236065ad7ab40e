//! The text that people share, as a CRDT. The only module that names yrs's types.

mod cursor;
mod merging;
mod pens;
mod title;
mod tracking;

use std::{collections::HashMap, sync::OnceLock};

use bytes::Bytes;
use yrs::{
    Doc, GetString, MapRef, OffsetKind, Options, ReadTxn, StateVector, Text, TextRef, Transact, Update,
    block::ClientID,
    updates::{decoder::Decode, encoder::Encode},
};

use crate::{
    edit::{TextEdit, utf16_len},
    guard,
    id::ClientId,
};
pub use cursor::{Cursor, Selection};
pub use merging::{MergeError, Merged, Outcome};
use merging::{commit, malformed};
pub use title::{META, TITLE};
use tracking::{Tracking, shown};

/// The root text's name, agreed upon with every other Yjs client.
pub const TEXT: &str = "text";

/// The update that changes nothing (v1): no blocks, no deletions.
pub const EMPTY_UPDATE: [u8; 2] = [0, 0];

/// The state vector of a document that nothing was ever written to (v1).
pub const EMPTY_STATE_VECTOR: [u8; 1] = [0];

const LOCAL: &str = "local";
const REMOTE: &str = "remote";

/// A copy of the shared text, and of its title.
///
/// Invariant *no gaps*: it never holds updates that wait for others. What cannot be integrated at once is not
/// kept (see [`MergeError::Gap`]), so that its encoding is always whole.
pub struct Document {
    doc: Doc,
    text: TextRef,
    meta: MapRef,
    /// For each client, how much of what it wrote is here: the state vector, without a pass over all clients.
    known: HashMap<ClientID, u32>,
    /// The whole document as one update, until it changes.
    encoded: OnceLock<Bytes>,
    /// The size of its encoding when that was last measured, and of all updates since, in bytes.
    measured: usize,
    since: usize,
    tracking: Option<Tracking>,
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
        let meta = doc.get_or_insert_map(META);
        Self {
            doc,
            text,
            meta,
            known: HashMap::new(),
            encoded: OnceLock::new(),
            measured: 0,
            since: 0,
            tracking: None,
        }
    }

    /// From now on [`Merged::edits`] tells how the text changed.
    pub fn track_edits(&mut self) {
        self.tracking = Some(Tracking::of(&self.text, &self.text()));
    }

    /// Makes a local edit and returns the update that carries it; `None` where it changes nothing. An edit that
    /// reaches past the end is cut there. One that cuts a surrogate pair leaves U+FFFD for each half, as in Yjs.
    pub fn edit(&mut self, edit: &TextEdit) -> Option<Vec<u8>> {
        self.edit_all(std::slice::from_ref(edit))
    }

    /// Makes several local edits at once, each after the one before it. Otherwise as [`Document::edit`].
    pub fn edit_all(&mut self, edits: &[TextEdit]) -> Option<Vec<u8>> {
        let update = if let Some(next) = self.next_letters(edits) {
            let mut txn = self.doc.transact_mut_with(LOCAL);
            txn.apply_update(next).expect("only what names its parent can have a wrong one");
            commit(txn, &mut self.known)
        } else {
            self.write(edits)
        };
        self.note(update.as_deref());
        update
    }

    /// The update of an edit that goes on where the last one ended.
    fn next_letters(&mut self, edits: &[TextEdit]) -> Option<Update> {
        let ([edit], Some(tracking)) = (edits, &mut self.tracking) else { return None };
        let bytes = tracking.pens.write(self.doc.client_id().get(), edit)?;
        tracking.made(edit, &bytes);
        Update::decode_v1(&bytes).ok()
    }

    /// Makes edits anywhere.
    fn write(&mut self, edits: &[TextEdit]) -> Option<Vec<u8>> {
        let mut txn = self.doc.transact_mut_with(LOCAL);
        let mut made = Vec::with_capacity(edits.len());
        for edit in edits {
            let len = self.text.len(&txn);
            let at = edit.at.min(len);
            let delete = edit.delete.min(len - at);
            if delete > 0 {
                self.text.remove_range(&mut txn, at, delete);
            }
            if !edit.insert.is_empty() {
                self.text.insert(&mut txn, at, &edit.insert);
            }
            made.push(TextEdit { at, delete, insert: edit.insert.clone() });
        }
        let update = commit(txn, &mut self.known);
        if let (Some(tracking), Some(update)) = (&mut self.tracking, &update) {
            let update = if made.len() == 1 { &update[..] } else { &EMPTY_UPDATE };
            made.iter().for_each(|edit| tracking.made(edit, update));
        }
        update
    }

    /// The update that brings a replica with `state_vector` (encoded, v1) up to date.
    ///
    /// # Errors
    /// If the bytes are not a state vector.
    pub fn diff_since(&self, state_vector: &[u8]) -> Result<Bytes, MergeError> {
        if state_vector == EMPTY_STATE_VECTOR {
            return Ok(self.snapshot());
        }
        self.diff_overlapping(state_vector, [], 0)
    }

    /// As [`Document::diff_since`], with the last `overlap` units of what is known on both sides of each of these clients,
    /// as far as there are so many.
    ///
    /// # Errors
    /// If the bytes are not a state vector.
    pub fn diff_overlapping(
        &self,
        state_vector: &[u8],
        clients: impl IntoIterator<Item = ClientId>,
        overlap: u32,
    ) -> Result<Bytes, MergeError> {
        let told = decode(state_vector)?;
        let mut since = told.clone();
        for client in clients.into_iter().map(|client| ClientID::new(client.get())) {
            let known = self.known.get(&client).copied().unwrap_or(0);
            let shared = known.min(told.get(&client));
            since.set_min(client, shared.saturating_sub(overlap));
        }
        Ok(self.doc.transact().encode_diff_v1(&since).into())
    }

    /// The whole document as one update. It is encoded once for all who ask before the next change.
    #[must_use]
    pub fn snapshot(&self) -> Bytes {
        let encode = || self.doc.transact().encode_diff_v1(&StateVector::default()).into();
        self.encoded.get_or_init(encode).clone()
    }

    /// How large the encoding is at the most, in bytes: updates that follow one another take less together.
    #[must_use]
    pub fn size(&self) -> usize {
        self.measured + self.since
    }

    /// How many bytes of [`Document::size`] are estimated.
    #[must_use]
    pub fn since(&self) -> usize {
        self.since
    }

    /// How large the encoding is, in bytes. Encodes the document, unless that was done after the last change.
    pub fn measure(&mut self) -> usize {
        if self.since > 0 {
            (self.measured, self.since) = (self.snapshot().len(), 0);
        }
        self.measured
    }

    /// What is known here: for each client, how much of what it wrote (encoded, v1).
    #[must_use]
    pub fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// How much of what a client wrote is known here.
    #[must_use]
    pub fn known(&self, client: ClientId) -> u64 {
        self.known.get(&ClientID::new(client.get())).copied().unwrap_or(0).into()
    }

    /// How many clients have written here.
    #[must_use]
    pub fn clients(&self) -> usize {
        self.known.len()
    }

    /// What these clients wrote from these clocks on, as one update.
    #[must_use]
    pub fn history(&self, since: impl IntoIterator<Item = (ClientId, u64)>) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&self.known_before(since))
    }

    /// The state vector (encoded, v1) of a document that lacks what these clients wrote from these clocks on.
    #[must_use]
    pub fn state_vector_before(&self, since: impl IntoIterator<Item = (ClientId, u64)>) -> Vec<u8> {
        self.known_before(since).encode_v1()
    }

    fn known_before(&self, since: impl IntoIterator<Item = (ClientId, u64)>) -> StateVector {
        let mut state_vector: StateVector =
            self.known.iter().map(|(&client, &clock)| (client, clock)).collect();
        for (client, clock) in since {
            let clock = u32::try_from(clock).unwrap_or(u32::MAX);
            state_vector.set_min(ClientID::new(client.get()), clock);
        }
        state_vector
    }

    /// Whether all that counts in the text is shown, so that offsets mean to yrs what they mean to its readers. Some
    /// values may stand in a text, count there, and are shown by nobody. Takes a pass over the text.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        utf16_len(&self.text()) == self.len()
    }

    /// The length of the text, in UTF-16 units.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.text.len(&self.doc.transact())
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all that a state vector (encoded, v1) tells of is known here. It does not tell of deletions.
    ///
    /// # Errors
    /// If the bytes are not a state vector.
    pub fn knows(&self, state_vector: &[u8]) -> Result<bool, MergeError> {
        let state_vector = decode(state_vector)?;
        let known = |client| self.known.get(client).copied().unwrap_or(0);
        Ok(state_vector.iter().all(|(client, clock)| known(client) >= *clock))
    }

    /// The shared text. An embedded object, which other clients may put in, counts as one unit and is shown as
    /// U+FFFC, so that offsets mean the same everywhere.
    #[must_use]
    pub fn text(&self) -> String {
        let txn = self.doc.transact();
        let text = self.text.get_string(&txn);
        if utf16_len(&text) == self.text.len(&txn) {
            return text;
        }
        let chunks = self.text.diff(&txn, yrs::types::text::YChange::identity);
        chunks.into_iter().map(|chunk| shown(&chunk.insert)).collect()
    }

    /// The document is not what it was before this update.
    fn note(&mut self, update: Option<&[u8]>) {
        if let Some(update) = update {
            self.encoded.take();
            self.since += update.len();
        }
    }
}

fn decode(state_vector: &[u8]) -> Result<StateVector, MergeError> {
    guard::check_state_vector(state_vector).map_err(malformed)?;
    StateVector::decode_v1(state_vector).map_err(malformed)
}

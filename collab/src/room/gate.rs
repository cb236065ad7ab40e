//! What the authoritative document lets in.

use std::collections::HashMap;

use bytes::Bytes;

use super::{
    contradiction::{contradicts, grows_from_nothing},
    gone::Gone,
    limits::Limits,
    refusal::Refusal,
    reversal::{Runs, has_reversal},
};
use crate::{
    document::{Document, MergeError},
    guard::{self, Author, Contents},
    id::ClientId,
};

/// Judges updates that are well formed by what they would do to the document.
///
/// What a text editor writes is judged by numbers alone. Only for what is rare the document itself is looked at, which
/// takes as long as an answer to somebody who joins:
/// - blocks that are known already must say what is known, see [`contradicts`] and [`Gone::is_denied_by`];
/// - what is put between two units must find them in this order, see [`has_reversal`], unless [`Runs`] tell;
/// - what is put beside units that are gone must not have others on its other side, see [`Gone`];
/// - blocks of which yrs may take another view than Yjs are tried on a copy first, see [`Reading`];
/// - the size, which is estimated from above, is measured before anybody is refused for it.
///
/// Invariants:
/// - *What is known stays*: an update that gives other content to known units is refused.
/// - *Documents are bounded*: no update makes the document larger than its limit, and only whoever tried learns of it.
pub(super) struct Gate {
    limits: Limits,
    /// The document's size when it was last measured, and the size of all that was let in since.
    bytes: usize,
    types: usize,
    clients: usize,
    gone: Gone,
    runs: Runs,
}

/// How the document is to take an update that was let in.
pub(super) enum Reading {
    /// As it was sent.
    AsSent,
    /// As a copy of the document took it. What hangs on a block that is deleted is nothing: whether that block was a
    /// shared type is known no more. Who merges what was sent in one transaction with the deletion, such as whoever reads
    /// the log, would still find what the block was, and might be unable to take it.
    As(Bytes),
    /// It builds on what is missing.
    Gap,
}

/// How far the clients of updates that wait to be merged have come.
#[derive(Default)]
pub(super) struct Awaited(HashMap<ClientId, u64>);

impl Awaited {
    pub(super) fn add(&mut self, contents: &Contents) {
        self.0.extend(contents.authors.iter().map(|author| (author.client, author.end)));
    }

    /// How much of what a client wrote is known when they are merged.
    pub(super) fn reached(&self, document: &Document, client: ClientId) -> u64 {
        let awaited = self.0.get(&client).copied().unwrap_or_default();
        awaited.max(document.known(client))
    }
}

impl Gate {
    pub(super) fn new(document: &Document, limits: Limits) -> Self {
        let (gone, runs) = (Gone::default(), Runs::default());
        let mut gate = Self { limits, bytes: 0, types: 0, clients: 0, gone, runs };
        gate.measure(document);
        gate
    }

    /// Whether numbers are enough to let an update in, after those that wait.
    pub(super) fn lets_in(
        &self,
        document: &Document,
        awaited: &Awaited,
        contents: &Contents,
        update: &[u8],
    ) -> bool {
        let is_new = |author: &Author| author.start >= awaited.reached(document, author.client);
        contents.authors.iter().all(is_new)
            && contents.doubtful + contents.gone == 0
            && (contents.backward == 0 || self.runs.rule_out_reversal(update))
            && (self.gone.is_empty() || !self.gone.touches(update))
            && self.check_limits(document, contents, update.len()).is_ok()
    }

    /// Looks at the document itself, into which nothing else waits to be merged.
    ///
    /// # Errors
    /// If the update must not be let in.
    pub(super) fn look_closer(
        &mut self,
        document: &Document,
        contents: &Contents,
        update: &[u8],
    ) -> Result<Reading, Refusal> {
        if self.check_limits(document, contents, update.len()).is_err() {
            self.measure(document);
            self.check_limits(document, contents, update.len())?;
        }
        let known = contents.authors.iter().filter(|author| author.start < document.known(author.client));
        let mut known = known.map(|author| (author.client, author.start)).peekable();
        if known.peek().is_some() {
            let held = document.history(known);
            if contradicts(&held, update)
                || grows_from_nothing(&held, update)
                || self.is_nothing_left_of(document, update)
            {
                return Err(Refusal::Contradiction);
            }
        }
        if contents.backward > 0 && has_reversal(document, update) {
            let what = "it puts something between units that stand the other way round".to_owned();
            return Err(Refusal::Malformed(MergeError::Malformed(what)));
        }
        if contents.doubtful == 0 && !self.gone.touches(update) {
            return Ok(Reading::AsSent);
        }
        let reading = try_on_a_copy(document, update)?;
        let read = if let Reading::As(taken) = &reading { taken } else { update };
        if self.gone.is_straddled_by(read) {
            let what = "it puts something between two units of which one is gone".to_owned();
            return Err(Refusal::Malformed(MergeError::Malformed(what)));
        }
        Ok(reading)
    }

    /// The update was let in, as it is to be read.
    pub(super) fn count(&mut self, document: &Document, contents: &Contents, update: &[u8]) {
        self.bytes += update.len();
        self.types += contents.types;
        self.clients += newcomers(document, contents);
        self.runs.add(contents, update);
        if contents.gone + contents.doubtful > 0 || !self.gone.is_empty() {
            self.gone.add(update, |client| document.known(client.into()));
        }
    }

    /// The document did not take an update that was let in: what that said is gone is not.
    pub(super) fn take_back(&mut self, document: &Document, update: &[u8]) {
        if guard::inspect_update(update).is_ok_and(|contents| contents.gone > 0) {
            self.measure(document);
        }
    }

    /// Whether an update takes something for left that is gone. What became nothing when its shared type was deleted is known
    /// only once the document has been measured.
    fn is_nothing_left_of(&mut self, document: &Document, update: &[u8]) -> bool {
        self.gone.is_denied_by(update) && {
            self.measure(document);
            self.gone.is_denied_by(update)
        }
    }

    fn check_limits(&self, document: &Document, contents: &Contents, len: usize) -> Result<(), Refusal> {
        if !contents.authors.is_empty() && self.bytes + len > self.limits.document_bytes {
            return Err(Refusal::TooLarge);
        }
        if contents.types > 0 && self.types + contents.types > self.limits.nested_types {
            return Err(Refusal::TooManyTypes);
        }
        let newcomers = newcomers(document, contents);
        if newcomers > 0 && self.clients + newcomers > self.limits.clients {
            return Err(Refusal::TooManyClients);
        }
        Ok(())
    }

    fn measure(&mut self, document: &Document) {
        let state = document.snapshot();
        self.bytes = state.len();
        let contents = guard::inspect_update(&state).unwrap_or_default();
        self.types = contents.types;
        self.clients = document.clients();
        self.gone = if contents.gone > 0 { Gone::of(&state) } else { Gone::default() };
    }
}

/// How many clients an update brings of whom nothing is known. Nobody begins later than at the beginning.
fn newcomers(document: &Document, contents: &Contents) -> usize {
    let first = contents.authors.iter().filter(|author| author.start == 0);
    first.filter(|author| document.known(author.client) == 0).count()
}

/// Does to a copy what the update would do to the document.
fn try_on_a_copy(document: &Document, update: &[u8]) -> Result<Reading, Refusal> {
    let malformed = |what| Err(Refusal::Malformed(MergeError::Malformed(what)));
    let mut copy = Document::new(ClientId::SERVER);
    copy.merge([&*document.snapshot()]);
    let mut merged = copy.merge([update]);
    match merged.outcomes.pop().and_then(|outcome| outcome.error) {
        Some(error @ (MergeError::Malformed(_) | MergeError::Poisoned(_))) => {
            return Err(Refusal::Malformed(error));
        }
        Some(MergeError::Gap) => return Ok(Reading::Gap),
        None => {}
    }
    if document.is_sound() && !copy.is_sound() {
        return malformed("it puts values into the text that no text shows".to_owned());
    }
    if let Err(error) = guard::check_update(&copy.snapshot()) {
        // Nobody who joins later could read it.
        return malformed(format!("it makes a document of which {error}"));
    }
    Ok(merged.update.map_or(Reading::AsSent, |taken| Reading::As(taken.into())))
}

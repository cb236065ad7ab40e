//! What others' updates come to, as edits of the text.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yrs::{IdSet, Observable, Out, TextRef, types::Delta};

use super::{
    REMOTE,
    merging::{Checked, MergeError},
    pens::Pens,
};
use crate::{
    edit::{TextEdit, utf16_len},
    guard::{Block, Content, blocks_of},
};

/// Listens to the text while updates are merged.
///
/// yrs tells what was inserted and deleted, item by item, so that no pass over the text is needed. It is silent in
/// one case: where a surrogate pair is cut in two by something that is not shown, or is shown elsewhere, each half
/// becomes U+FFFD, and no visible change says so. Only where that can be, the texts before and after are compared.
pub(super) struct Tracking {
    heard: Arc<Mutex<Heard>>,
    /// Where people are typing.
    pub(super) pens: Pens,
    /// Whether there may be surrogate pairs in the text.
    has_pairs: bool,
}

#[derive(Default)]
struct Heard {
    edits: Vec<TextEdit>,
    /// Whether the next change is known before it is made, so that nobody need be told.
    is_deaf: bool,
}

impl Tracking {
    pub(super) fn of(text: &TextRef, shown: &str) -> Self {
        let heard = Arc::new(Mutex::new(Heard::default()));
        let sink = heard.clone();
        text.observe("edits", move |txn, event| {
            let is_remote = txn.origin().is_some_and(|origin| origin.as_ref() == REMOTE.as_bytes());
            let mut heard = lock(&sink);
            if is_remote && !heard.is_deaf {
                heard.edits.extend(edits_of(event.delta(txn)));
            }
        });
        Self { heard, pens: Pens::default(), has_pairs: has_pair(shown) }
    }

    /// Takes notice of what is inserted.
    fn inserts(&mut self, text: &str) {
        self.has_pairs = self.has_pairs || has_pair(text);
    }

    /// Whether merging these updates may cut a surrogate pair in two without a visible change.
    pub(super) fn is_in_doubt(&self, bytes: &[&[u8]], updates: &[Result<Checked, MergeError>]) -> bool {
        self.has_pairs && (bring_what_is_not_shown(updates) || self.may_cut_elsewhere(bytes, updates))
    }

    /// Whether neighbours are named that need not be where the block ends up. Whoever goes on typing names the same as
    /// before.
    fn may_cut_elsewhere(&self, bytes: &[&[u8]], updates: &[Result<Checked, MergeError>]) -> bool {
        let is_stretched = updates.iter().flatten().any(|update| update.contents.stretched > 0);
        let goes_on = |bytes: &[u8]| match blocks_of(bytes).as_deref() {
            Ok([block]) => self.pens.goes_on(block),
            _ => false,
        };
        is_stretched && !matches!(bytes, [bytes] if goes_on(bytes))
    }

    /// Where a block stands that is all that the updates bring, if that is known without asking yrs.
    pub(super) fn foresee(&mut self, lone: Option<&Block<'_>>) -> Option<TextEdit> {
        let block = lone?;
        let Content::Text(text) = block.content else { return None };
        let at = self.pens.find(block)?;
        lock(&self.heard).is_deaf = true;
        Some(TextEdit { at, delete: 0, insert: text.to_owned() })
    }

    /// What the updates came to, now that they are merged: what was foreseen, or what yrs says, unless the `texts` before
    /// and after, where they are given, say something else.
    pub(super) fn take(
        &mut self,
        texts: Option<(String, String)>,
        foreseen: Option<TextEdit>,
        lone: Option<&Block<'_>>,
    ) -> Vec<TextEdit> {
        let Heard { edits, .. } = std::mem::take(&mut *lock(&self.heard));
        let told = texts.and_then(|(before, after)| correction(&edits, before, &after));
        if told.is_some() {
            // Comparing cannot tell which of two like letters is the new one.
            self.pens = Pens::default();
        }
        let edits = told.or(foreseen.map(|edit| vec![edit])).unwrap_or(edits);
        for edit in &edits {
            self.inserts(&edit.insert);
            self.pens.shift(edit);
        }
        if let (Some(block), [edit]) = (lone, &edits[..]) {
            self.go_on(block, edit);
        }
        edits
    }

    /// An edit was made here, and came to this update.
    pub(super) fn made(&mut self, edit: &TextEdit, update: &[u8]) {
        self.inserts(&edit.insert);
        self.pens.shift(edit);
        if let Ok([block]) = blocks_of(update).as_deref() {
            self.go_on(block, edit);
        }
    }

    /// This edit is all that became of this block: the next one may go on where it ends.
    fn go_on(&mut self, block: &Block<'_>, edit: &TextEdit) {
        if block.content == Content::Text(&edit.insert) {
            self.pens.put(block, edit.at + edit.inserted());
        }
    }
}

/// The edits that lead from one text to the other, if these do not.
fn correction(edits: &[TextEdit], before: String, after: &str) -> Option<Vec<TextEdit>> {
    let mut shown = before.clone();
    edits.iter().for_each(|edit| edit.apply_to(&mut shown));
    (shown != after).then(|| TextEdit::between(&before, after, None).into_iter().collect())
}

/// Whether anything is inserted that no text shows, or that is deleted here, too.
fn bring_what_is_not_shown(updates: &[Result<Checked, MergeError>]) -> bool {
    let mut inserted = IdSet::new();
    let mut deleted = IdSet::new();
    for Checked { update, contents } in updates.iter().flatten() {
        if contents.unseen > 0 {
            return true;
        }
        inserted.merge_with(update.insertions(true));
        deleted.merge_with(update.delete_set().clone());
    }
    !inserted.intersect(&deleted).is_empty()
}

/// Whether a text holds a character that takes two units: in UTF-8 those are the ones of four bytes.
fn has_pair(text: &str) -> bool {
    text.bytes().any(|byte| byte >= 0xf0)
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
                let len = utf16_len(&insert);
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

/// A piece of the text's content as it is shown.
pub(super) fn shown(content: &Out) -> String {
    match content {
        Out::Any(yrs::Any::String(text)) => text.to_string(),
        _ => "\u{fffc}".to_owned(),
    }
}

/// The list is whole at every moment, so that a panic elsewhere does not spoil it.
fn lock(heard: &Mutex<Heard>) -> MutexGuard<'_, Heard> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

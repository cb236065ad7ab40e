//! What the document is called.

use yrs::{Any, Map, Out, Transact};

use super::{Document, LOCAL, merging::commit};
use crate::title;

/// The root map of what is to be known about the text, agreed upon with every other Yjs client.
pub const META: &str = "meta";
/// The map's key for the title, whose value is a string.
pub const TITLE: &str = "title";

impl Document {
    /// What the document is called: as somebody wants, or else as its text begins, which takes a pass over the text.
    #[must_use]
    pub fn title(&self) -> String {
        self.given_title().unwrap_or_else(|| title::of_text(&self.text()))
    }

    /// What somebody wants the document to be called. What is no string, or holds nothing that is seen, is no title.
    #[must_use]
    pub fn given_title(&self) -> Option<String> {
        match self.meta.get(&self.doc.transact(), TITLE)? {
            Out::Any(Any::String(written)) => title::of_words(&written),
            _ => None,
        }
    }

    /// Gives the document a title, or takes it away where nothing of `written` is left. Returns the update that carries
    /// this; `None` where it changes nothing.
    pub fn set_title(&mut self, written: &str) -> Option<Vec<u8>> {
        let title = title::of_words(written);
        if title == self.given_title() {
            return None;
        }
        let mut txn = self.doc.transact_mut_with(LOCAL);
        match title {
            Some(title) => drop(self.meta.insert(&mut txn, TITLE, title)),
            None => drop(self.meta.remove(&mut txn, TITLE)),
        }
        let update = commit(txn, &mut self.known);
        if let Some(tracking) = &mut self.tracking {
            // What this client writes next does not follow on what it wrote last.
            tracking.pens.forget(self.doc.client_id().get());
        }
        self.note(update.as_deref());
        update
    }
}

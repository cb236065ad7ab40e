//! What the document is called, and when that changes.

use super::{Effect, Replica};
use crate::{document::Document, edit::TextEdit, title::Beginning};

/// The title that was told last, and what it hangs on.
#[derive(Default)]
pub(super) struct Heading {
    told: String,
    /// What somebody wants, as far as is known here.
    given: Option<String>,
    /// How much of the text the title hangs on where nobody has given one, in UTF-16 units.
    reach: u32,
    /// Whether it has not become another since.
    is_current: bool,
}

impl Heading {
    /// The document was changed, and its text by these edits.
    pub(super) fn heed(&mut self, document: &Document, edits: &[TextEdit]) {
        let given = document.given_title();
        let is_touched = given.is_none() && edits.iter().any(|edit| edit.at <= self.reach);
        if is_touched || given != self.given {
            self.is_current = false;
        }
        self.given = given;
    }

    /// The title, if it is not the one that was told last.
    fn news(&mut self, document: &Document) -> Option<&str> {
        if self.is_current {
            return None;
        }
        self.is_current = true;
        let title = match &self.given {
            Some(title) => title.clone(),
            None => {
                let Beginning { title, reach } = Beginning::of(&document.text());
                self.reach = reach;
                title
            }
        };
        if title == self.told {
            return None;
        }
        self.told = title;
        Some(&self.told)
    }
}

impl Replica {
    /// What the document is called: as somebody wants, or else as its text begins, which takes a pass over the text. It
    /// may be empty.
    #[must_use]
    pub fn title(&self) -> String {
        self.document.title()
    }

    /// What somebody wants the document to be called.
    #[must_use]
    pub fn given_title(&self) -> Option<String> {
        self.document.given_title()
    }

    /// The title, if it is another than at the last call; before the first it is empty. Takes no time unless it may have
    /// changed.
    pub fn news_of_title(&mut self) -> Option<String> {
        self.heading.news(&self.document).map(str::to_owned)
    }

    /// The person gives the document a title, or takes it away where nothing of `written` is left. This is an edit like
    /// any other. Where the server would not take it, because the document is full, nothing happens.
    pub fn set_title(&mut self, written: &str, now: u64) -> Vec<Effect> {
        let takes_space = TextEdit { at: 0, delete: 0, insert: written.to_owned() };
        if !self.would_fit(&[takes_space]) {
            return Vec::new();
        }
        let Some(update) = self.document.set_title(written) else {
            return Vec::new();
        };
        self.heading.heed(&self.document, &[]);
        self.enter(update, now)
    }
}

//! Under which numbers what comes in by HTTP is written.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as BriefMutex, PoisonError},
};

use collab::id::{ClientId, DocId};
use tokio::sync::Mutex;

use super::problem::{Kind, Problem};

/// After so many documents, those that nobody writes to at the moment are forgotten.
const MANY: usize = 10_000;

/// A client number, and how much was written under it.
///
/// A document bears only so many clients, so that each change cannot have one of its own. But two changes must never be
/// written under the same number at the same clock: so a pen is lent to one at a time, and is used again only if all that was
/// written with it before, and nothing else, is in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pen {
    pub(super) client: ClientId,
    /// After its last unit.
    pub(super) clock: u64,
}

/// Where a document's pen lies: the one that it was written to with last. Whoever holds this writes; others wait.
type Place = Arc<Mutex<Option<Pen>>>;

/// The pens of all documents.
#[derive(Clone, Default)]
pub(crate) struct Pens(Arc<BriefMutex<HashMap<DocId, Place>>>);

impl Pens {
    pub(super) fn of(&self, id: &DocId) -> Place {
        // The map is whole at every moment, so that a panic elsewhere does not spoil it.
        let mut pens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pens.len() >= MANY {
            pens.retain(|_, pen| Arc::strong_count(pen) > 1);
        }
        pens.entry(id.clone()).or_default().clone()
    }
}

/// A number that nobody else has, as far as chance is to be trusted.
pub(super) fn client() -> Result<ClientId, Problem> {
    getrandom::u32().map(ClientId::new).map_err(|error| Kind::Internal.because(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pens_that_nobody_holds_are_forgotten_when_there_are_many() {
        let pens = Pens::default();
        let id = |number: usize| format!("d{number}").parse::<DocId>().unwrap();
        let held = pens.of(&id(0));
        (1..=MANY).for_each(|number| drop(pens.of(&id(number))));
        assert!(Arc::ptr_eq(&held, &pens.of(&id(0))));
        assert!(pens.0.lock().unwrap().len() < 10);
    }
}

//! What the tabs of one browser have in common: a store, and a channel on which each hears the others.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    rc::Rc,
};

use collab::{
    Bytes,
    id::ClientId,
    ledger::{EditId, Pending},
};

#[derive(Clone, Default)]
pub(crate) struct Browser(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    kept: Vec<Bytes>,
    pending: Vec<Pending>,
    /// Edits that the server has not confirmed.
    edits: BTreeMap<EditId, Bytes>,
    /// Edits that it has confirmed.
    confirmed: Vec<Bytes>,
    tabs: BTreeMap<ClientId, VecDeque<Bytes>>,
}

impl Browser {
    pub(crate) fn open(&self, tab: ClientId) {
        self.0.borrow_mut().tabs.insert(tab, VecDeque::new());
    }

    pub(crate) fn close(&self, tab: ClientId) {
        self.0.borrow_mut().tabs.remove(&tab);
    }

    pub(crate) fn keep(&self, update: Bytes, pending: Option<Pending>) {
        let mut inner = self.0.borrow_mut();
        inner.kept.push(update.clone());
        if let Some(pending) = pending {
            inner.pending.push(pending);
            inner.edits.insert(pending.id, update);
        }
    }

    pub(crate) fn release(&self, ids: &[EditId]) {
        let mut inner = self.0.borrow_mut();
        inner.pending.retain(|pending| !ids.contains(&pending.id));
        let confirmed: Vec<Bytes> = ids.iter().filter_map(|id| inner.edits.remove(id)).collect();
        inner.confirmed.extend(confirmed);
    }

    /// The edits that were confirmed since the last call.
    pub(crate) fn take_confirmed(&self) -> Vec<Bytes> {
        std::mem::take(&mut self.0.borrow_mut().confirmed)
    }

    pub(crate) fn tell(&self, author: ClientId, words: &Bytes) {
        let mut inner = self.0.borrow_mut();
        let others = inner.tabs.iter_mut().filter(|(tab, _)| **tab != author);
        others.for_each(|(_, inbox)| inbox.push_back(words.clone()));
    }

    /// The next thing that a tab hears.
    pub(crate) fn next(&self, tab: ClientId) -> Option<Bytes> {
        self.0.borrow_mut().tabs.get_mut(&tab)?.pop_front()
    }

    pub(crate) fn kept(&self) -> (Vec<Bytes>, Vec<Pending>) {
        let inner = self.0.borrow();
        (inner.kept.clone(), inner.pending.clone())
    }

    /// Replaces all that is kept.
    pub(crate) fn fold(&self, snapshot: Bytes) {
        self.0.borrow_mut().kept = vec![snapshot];
    }
}

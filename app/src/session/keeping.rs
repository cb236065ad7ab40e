//! What a session leaves to the browser, and finds there.

use std::{cell::RefCell, mem, rc::Rc};

use collab::id::DocId;
use leptos_dom::helpers::location;
use wasm_bindgen_futures::spawn_local;

use super::{
    Session, clock,
    store::{self, Folded, Health, Kept},
};

/// How long what others wrote, or what has become of an edit, may wait to be kept, in milliseconds. Until then the server has it.
const KEEP_WITHIN: u64 = 2_000;
/// How often a store that failed is tried again while something waits to be kept, in milliseconds.
const MEND_EVERY: u64 = 10_000;

/// Takes over what the browser has kept, and makes one update of it. From then on it keeps what is new.
pub(super) fn fold(session: &Rc<RefCell<Session>>) {
    let store = session.borrow().store.clone();
    let session = session.clone();
    store.fold(move |kept| session.borrow_mut().take_over(kept));
}

/// Forgets what the browser has kept and loads the page anew.
pub(crate) fn begin_afresh(id: &DocId) {
    let id = id.clone();
    spawn_local(async move {
        // Where nothing can be deleted, nothing was kept.
        let _ = store::delete(&id).await;
        let _ = location().reload();
    });
}

/// Forgets what the browser has kept. Where nothing can be deleted, nothing was kept.
pub(super) fn forget(id: &DocId) {
    let id = id.clone();
    spawn_local(async move { drop(store::delete(&id).await) });
}

impl Session {
    fn take_over(&mut self, kept: &Kept) -> Folded {
        let (effects, unread) = self.replica.recover(&kept.updates, &kept.pending);
        self.carry_out(effects);
        if !self.panes.is_live() && !kept.updates.is_empty() {
            self.go_live(false);
        }
        Folded { snapshot: self.replica.snapshot(), pending: self.replica.pending().collect(), unread }
    }

    /// Keeps what is new.
    pub(super) fn keep(&mut self) {
        self.kept = clock::now();
        self.store.keep(mem::take(&mut self.unkept));
    }

    /// Keeps what another tab may build on once it hears of it.
    pub(super) fn keep_updates(&mut self) {
        if !self.unkept.updates.is_empty() {
            self.keep();
        }
    }

    /// Keeps what is new if it has waited for long.
    pub(super) fn keep_in_time(&mut self, now: u64) {
        if now >= self.kept + KEEP_WITHIN {
            self.keep();
        }
    }

    /// Whether the store has become long, or is broken and should be tried again.
    pub(super) fn is_fold_due(&mut self) -> bool {
        let now = clock::now();
        let is_broken = self.store.health() == Health::Broken && self.replica.has_unsaved_edits();
        let is_due = self.store.is_long() || (is_broken && now >= self.folded + MEND_EVERY);
        if is_due {
            self.folded = now;
        }
        is_due
    }
}

//! What a session hears: from the server by its link, and from the browser's other tabs.

use std::ops::ControlFlow;

use collab::{
    Bytes,
    replica::{ReplicaError, Status},
};
use leptos_dom::helpers::document;
use web_sys::VisibilityState;

use super::{Session, clock, keeping::forget, socket::Event};
use crate::{
    monitor::{Cause, Refusal},
    pulse::Pulse,
};

/// For how long a restart explains why the server cannot be reached, in milliseconds.
const RESTART_WITHIN: u64 = 30_000;

impl Session {
    /// Something happened to the link. Breaks off when the server will not change its mind.
    pub(super) fn follow(&mut self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Up(wire) => {
                self.wire = Some(wire);
                self.pulse = Pulse::new(clock::now());
                let effects = self.replica.connected(clock::now());
                self.carry_out(effects);
            }
            Event::Frame(frame) => self.receive(frame),
            Event::Down(code) => self.disconnect(code.into()),
            Event::Refused(refusal) => {
                self.catch_up();
                self.refuse(refusal);
                self.disconnect(Cause::NoWay);
            }
        }
        match self.refusal {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    fn receive(&mut self, frame: Bytes) {
        let now = clock::now();
        self.pulse.hears(now);
        self.backlog.add(frame, now);
        // Timers of hidden pages are slowed down, but what arrives is not.
        if !self.is_at_rest() || self.backlog.is_due(now) {
            self.catch_up();
        }
    }

    /// Whether nobody sees this page, and it waits for nothing.
    fn is_at_rest(&self) -> bool {
        document().visibility_state() == VisibilityState::Hidden && self.replica.status() == Status::Saved
    }

    /// Takes in what has arrived so far.
    pub(super) fn catch_up(&mut self) {
        if self.backlog.is_empty() {
            return;
        }
        let now = clock::now();
        let mut effects = Vec::new();
        let mut frames = self.backlog.take().into_iter();
        let received = frames.try_for_each(|frame| self.replica.receive(&frame, now, &mut effects));
        effects.extend(self.replica.tick(now));
        self.carry_out(effects);
        match received {
            Ok(()) => {}
            Err(ReplicaError::Denied(reason)) => self.refuse(Refusal { code: None, reason }),
            // The next link begins afresh.
            Err(_) => self.wire = None,
        }
        if self.is_in_step() {
            self.people.meet(&self.replica);
        }
        if !self.panes.is_live() && self.is_in_step() && self.refusal.is_none() {
            self.go_live(false);
        }
    }

    /// A sibling said something.
    pub(super) fn overhear(&mut self, words: Bytes) {
        // It may build on what has come by the link.
        self.catch_up();
        // What another version of this program says is not understood. It comes by way of the server, too.
        if let Ok(effects) = self.replica.overhear(&words) {
            self.carry_out(effects);
        }
    }

    /// Whether the two sides have told each other what they know.
    pub(super) fn is_in_step(&self) -> bool {
        !matches!(self.replica.status(), Status::Offline { .. } | Status::Syncing)
    }

    fn disconnect(&mut self, cause: Cause) {
        self.catch_up();
        let now = clock::now();
        // Whoever restarts cannot be reached for a while.
        let is_explained = matches!(self.cause, (Cause::Restart, since) if now < since + RESTART_WITHIN);
        if cause != Cause::NoWay || !is_explained {
            self.cause = (cause, now);
        }
        self.wire = None;
        self.was_offline = true;
        self.replica.disconnected();
        self.people.lose();
        self.people.follow(&mut self.replica, &self.panes);
        self.report();
    }

    /// Nothing that is typed from now on could be kept. Of a document that was deleted, the browser keeps only what would be
    /// lost otherwise if it came back.
    fn refuse(&mut self, refusal: Refusal) {
        if refusal.is_deletion() && !self.replica.has_unsaved_edits() {
            forget(&self.id);
        }
        self.refusal = Some(refusal);
        self.panes.set_read_only(true);
        self.report();
    }
}

//! What a session tells its page.

use std::time::Duration;

use collab::replica::Status;
use leptos_dom::helpers::set_timeout_with_handle;
use reactive_graph::traits::WithUntracked;

use super::{Session, clock, on_session, store::Health};
use crate::monitor::{self, Connection};

/// "Saved" is shown when it has been true for this time, so that the word does not flicker while somebody types.
const SETTLE: Duration = Duration::from_millis(250);
/// How long the page waits to learn what the browser has kept, before it says how things are without knowing that, in
/// milliseconds.
const OPEN_WITHIN: u64 = 3_000;

impl Session {
    /// Tells the page how things are.
    pub(super) fn report(&mut self) {
        let connection = self.connection();
        if let Some(settling) = self.settling.take() {
            settling.clear();
        }
        let was_saving = self.monitor.connection.with_untracked(|shown| *shown == Connection::Saving);
        if connection == Connection::Saved && was_saving {
            let settle = on_session(self.me.clone(), |session, connection| {
                // A page that is left now should not find edits that wait when it is opened again.
                session.keep();
                monitor::show(session.monitor.connection, connection);
            });
            self.settling = set_timeout_with_handle(move || settle(Connection::Saved), SETTLE).ok();
        } else {
            monitor::show(self.monitor.connection, connection);
        }
        let people = self.wire.as_ref().map(|_| self.replica.people());
        monitor::show(self.monitor.people, people);
        if let Some(title) = self.replica.news_of_title() {
            monitor::show(self.monitor.title, title);
        }
    }

    fn connection(&self) -> Connection {
        if let Some(refusal) = &self.refusal {
            return Connection::Refused(refusal.clone());
        }
        let now = clock::now();
        let health = self.store.health();
        if health == Health::Opening && now < self.folded + OPEN_WITHIN {
            // Something may wait there.
            return Connection::Connecting;
        }
        match self.replica.status() {
            Status::Offline { .. } if !self.was_offline => Connection::Connecting,
            Status::Offline { waiting, since } => {
                let minutes = since.map_or(0, |since| now.saturating_sub(since) / 60_000);
                let is_kept = health == Health::Whole;
                Connection::Offline { waiting, minutes, cause: self.cause.0, is_kept }
            }
            Status::Syncing => Connection::Connecting,
            Status::Saving => Connection::Saving,
            Status::NotSaving(reason) => Connection::NotSaving(reason.to_string()),
            Status::Saved => Connection::Saved,
        }
    }
}

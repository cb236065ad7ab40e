//! Who writes as which client.

use std::collections::BTreeMap;

use super::roster::Roster;
use crate::{
    guard::Author,
    id::{ClientId, SessionId},
};

/// Which of the sessions that are here write as which client.
#[derive(Debug, Default)]
pub(super) struct Writers {
    /// Who was the first to write as it.
    first: BTreeMap<ClientId, SessionId>,
    /// For whom an owner has vouched, and up to which clock. They may write as the client so far, and have no say in who
    /// else may.
    trusted: BTreeMap<(ClientId, SessionId), u64>,
}

impl Writers {
    /// A session has sent something new that one client alone wrote, without having been asked. Where nobody else was known
    /// to write as that, it comes from where that client is, so far as anybody can tell: whoever answers, or brings what
    /// several wrote, passes on what others said.
    pub(super) fn introduce(&mut self, client: ClientId, session: SessionId) {
        self.first.entry(client).or_insert(session);
    }

    pub(super) fn trust(&mut self, client: ClientId, session: SessionId, end: u64) {
        let trusted = self.trusted.entry((client, session)).or_default();
        *trusted = end.max(*trusted);
    }

    pub(super) fn trusts(&self, session: SessionId, Author { client, end, .. }: &Author) -> bool {
        self.trusted.get(&(*client, session)).is_some_and(|trusted| end <= trusted)
    }

    pub(super) fn disown(&mut self, client: ClientId, session: SessionId) {
        self.first.extract_if(client..=client, |_, first| *first == session).for_each(drop);
    }

    pub(super) fn leave(&mut self, session: SessionId) {
        self.first.retain(|_, first| *first != session);
        self.trusted.retain(|(_, trusted), _| *trusted != session);
    }
}

/// Who owns a client: whoever of those who are here was the first to speak as it, and whoever was the first to write.
pub(super) fn owners(
    roster: &Roster,
    writers: &Writers,
    client: ClientId,
) -> impl Iterator<Item = SessionId> {
    roster.owner(client).into_iter().chain(writers.first.get(&client).copied())
}

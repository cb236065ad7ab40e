//! Who else is here, and what they are told of the person at this replica.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::Arc,
};

use super::{EXPIRE_AFTER, Effect, Link, Replica, send};
use crate::{
    frame::Message,
    id::ClientId,
    person::Person,
    presence::{Presence, encode_presences},
};

/// Everybody else of whom something was heard.
#[derive(Default)]
pub(super) struct Others {
    by_client: BTreeMap<ClientId, Other>,
    /// Of whom there is news that nobody has asked for yet.
    news: BTreeSet<ClientId>,
}

struct Other {
    presence: Presence,
    /// What the presence says, unless it says that they have left.
    person: Option<Person>,
    seen: u64,
}

impl Others {
    fn meet(&mut self, presence: Presence, now: u64) {
        match self.by_client.get(&presence.client) {
            Some(known) if !known.presence.is_replaced_by(&presence) => {}
            known => {
                let person = presence.state.as_deref().map(|state| Person::read(presence.client, state));
                // A renewal is no news.
                if known.and_then(|known| known.person.as_ref()) != person.as_ref() {
                    self.news.insert(presence.client);
                }
                self.by_client.insert(presence.client, Other { presence, person, seen: now });
            }
        }
    }

    /// Forgets who has not been heard of for too long.
    pub(super) fn expire(&mut self, now: u64) {
        let gone = self.by_client.extract_if(.., |_, other| now >= other.seen + EXPIRE_AFTER);
        self.news.extend(gone.map(|(client, _)| client));
    }

    /// Nobody is known to be here any more.
    pub(super) fn lose(&mut self) {
        self.news.extend(mem::take(&mut self.by_client).into_keys());
    }
}

impl Replica {
    /// How many people are here, this one included.
    #[must_use]
    pub fn people(&self) -> usize {
        1 + self.others().count()
    }

    /// Everybody else who is here.
    pub fn others(&self) -> impl Iterator<Item = (ClientId, &Person)> {
        self.others.by_client.iter().filter_map(|(client, other)| Some((*client, other.person.as_ref()?)))
    }

    /// Somebody else, if they are here.
    #[must_use]
    pub fn other(&self, client: ClientId) -> Option<&Person> {
        self.others.by_client.get(&client)?.person.as_ref()
    }

    /// Who came, left or said something of themselves since the last call.
    pub fn news_of_others(&mut self) -> BTreeSet<ClientId> {
        mem::take(&mut self.others.news)
    }

    /// Changes what is said of this person, in JSON.
    pub fn set_presence(&mut self, state: impl Into<Arc<str>>, now: u64) -> Vec<Effect> {
        self.me.state = Some(state.into());
        if self.link == Link::Down { Vec::new() } else { vec![self.renew(now)] }
    }

    /// A presence came. Whoever is said to have left, and is still here, says so.
    pub(super) fn meet(&mut self, presence: Presence, now: u64, effects: &mut Vec<Effect>) {
        if presence.client != self.me.client {
            return self.others.meet(presence, now);
        }
        let is_said_to_have_left = presence.state.is_none() && presence.clock >= self.me.clock;
        if is_said_to_have_left {
            self.me.clock = presence.clock;
            effects.push(self.renew(now));
        }
    }

    /// Says that this person is here, under a new clock: at the old one, peers that were told "left" would not
    /// believe it.
    pub(super) fn renew(&mut self, now: u64) -> Effect {
        self.renewed = now;
        // A peer that says nonsense of this person must not be able to bring the clock round.
        self.me.clock = self.me.clock.saturating_add(1);
        send(&[Message::Awareness(encode_presences([&self.me].into_iter()).into())])
    }
}

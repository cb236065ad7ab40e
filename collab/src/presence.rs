//! Who is here. On the wire this is y-protocols' awareness; the states themselves are JSON that only clients read.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    id::{ClientId, SessionId},
    wire::{Reader, WireError, put_bytes, put_var},
};

/// What is said of one person at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// The person's replica.
    pub client: ClientId,
    /// Counts that replica's states, from 1.
    pub clock: u32,
    /// JSON; `None`, on the wire `null`, says that the person has left.
    pub state: Option<Arc<str>>,
}

impl Presence {
    /// Whether `next` says something newer of the same person (y-protocols): a newer clock does, and so does a
    /// departure at the same clock.
    #[must_use]
    pub fn is_replaced_by(&self, next: &Self) -> bool {
        next.clock > self.clock || (next.clock == self.clock && next.state.is_none() && self.state.is_some())
    }
}

/// Reads the payload of an awareness message.
///
/// # Errors
/// If the bytes are anything but a list of presences.
pub fn decode_presences(payload: &[u8]) -> Result<Vec<Presence>, WireError> {
    let mut reader = Reader::new(payload);
    // The claimed count is not trusted with an allocation: it only tells when to stop.
    let count = reader.var_u64()?;
    let mut presences = Vec::new();
    for _ in 0..count {
        let client = reader.var_u64()?.into();
        let clock = reader.var_u32()?;
        let state = Some(reader.string()?).filter(|&json| json != "null").map(Arc::from);
        presences.push(Presence { client, clock, state });
    }
    if reader.is_empty() { Ok(presences) } else { Err(WireError::Truncated) }
}

/// Writes the payload of an awareness message.
#[must_use]
pub fn encode_presences<'a>(presences: impl ExactSizeIterator<Item = &'a Presence>) -> Vec<u8> {
    let mut out = Vec::new();
    put_var(&mut out, presences.len() as u64);
    for presence in presences {
        put_var(&mut out, presence.client.get());
        put_var(&mut out, presence.clock.into());
        put_bytes(&mut out, presence.state.as_deref().unwrap_or("null").as_bytes());
    }
    out
}

/// The roster of a room: the last known presence of everybody who is here.
///
/// Invariant *a presence has one owner*: the session that brought a client's number speaks for it until it
/// leaves. Another that speaks for the same client is heard only then. So nobody can change or remove another
/// person, and whoever comes back before the old socket is known to be dead does not stay invisible.
#[derive(Debug, Default)]
pub struct Roster {
    here: BTreeMap<ClientId, Entry>,
    changed: BTreeSet<ClientId>,
    left: Vec<Presence>,
}

#[derive(Debug)]
struct Entry {
    owner: SessionId,
    presence: Presence,
    /// What other sessions say of the same client.
    waiting: BTreeMap<SessionId, Presence>,
}

impl Roster {
    /// Takes what a session says of a client.
    pub fn tell(&mut self, session: SessionId, presence: Presence) {
        let client = presence.client;
        match self.here.get_mut(&client) {
            Some(entry) if entry.owner != session => {
                entry.waiting.insert(session, presence);
            }
            Some(entry) if presence.clock < entry.presence.clock => {}
            Some(_) if presence.state.is_none() => self.remove(presence),
            Some(entry) => {
                entry.presence = presence;
                self.changed.insert(client);
            }
            None if presence.state.is_some() => self.insert(session, presence, BTreeMap::new()),
            None => {}
        }
    }

    /// Removes whom a session spoke for; whoever waited to speak for them is heard now.
    pub fn leave(&mut self, session: SessionId) {
        let mut gone = Vec::new();
        for entry in self.here.values_mut() {
            entry.waiting.remove(&session);
            if entry.owner == session {
                gone.push(entry.presence.clone());
            }
        }
        for presence in gone {
            // At its current clock: the next one would hide a client that comes back at once.
            self.remove(Presence { state: None, ..presence });
        }
    }

    /// The payload that tells a newcomer who is here; `None` where nobody is.
    #[must_use]
    pub fn all(&self) -> Option<Vec<u8>> {
        (!self.here.is_empty()).then(|| encode_presences(self.here.values().map(|entry| &entry.presence)))
    }

    /// The payload that tells the others what has changed since the last call; `None` where nothing has.
    pub fn take_changes(&mut self) -> Option<Vec<u8>> {
        let mut changes = std::mem::take(&mut self.left);
        let changed = std::mem::take(&mut self.changed);
        changes.extend(changed.iter().filter_map(|client| Some(self.here.get(client)?.presence.clone())));
        (!changes.is_empty()).then(|| encode_presences(changes.iter()))
    }

    fn insert(&mut self, owner: SessionId, presence: Presence, waiting: BTreeMap<SessionId, Presence>) {
        let client = presence.client;
        self.changed.insert(client);
        self.here.insert(client, Entry { owner, presence, waiting });
    }

    /// Removes a client whose owner has said its last. Of those who waited, the newest speaks for it now.
    fn remove(&mut self, last: Presence) {
        let entry = self.here.remove(&last.client);
        self.changed.remove(&last.client);
        self.left.push(last);
        let mut waiting = entry.map(|entry| entry.waiting).unwrap_or_default();
        waiting.retain(|_, presence| presence.state.is_some());
        let newest = waiting.iter().max_by_key(|(_, presence)| presence.clock);
        if let Some(owner) = newest.map(|(&session, _)| session)
            && let Some(presence) = waiting.remove(&owner)
        {
            self.insert(owner, presence, waiting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: SessionId = SessionId(1);
    const BERT: SessionId = SessionId(2);

    fn presence(client: u32, clock: u32, state: &str) -> Presence {
        Presence { client: ClientId::new(client), clock, state: (state != "null").then(|| state.into()) }
    }

    fn changes(roster: &mut Roster) -> Vec<Presence> {
        roster.take_changes().map(|payload| decode_presences(&payload).unwrap()).unwrap_or_default()
    }

    #[test]
    fn presences_survive_the_round_trip() {
        let presences = [presence(5, 1, "{}"), presence(u32::MAX, 9, "null")];
        assert_eq!(decode_presences(&encode_presences(presences.iter())).unwrap(), presences);
        assert_eq!(encode_presences(presences.iter())[..5], [2, 5, 1, 2, b'{']);
    }

    #[test]
    fn payloads_that_claim_more_than_they_hold_are_refused() {
        assert_eq!(decode_presences(&[0x80, 0x80, 0x80, 0x80, 1]), Err(WireError::Truncated));
        assert_eq!(decode_presences(&[0, 0]), Err(WireError::Truncated));
    }

    #[test]
    fn only_newer_states_count() {
        let mut roster = Roster::default();
        roster.tell(ANNA, presence(1, 2, "{}"));
        roster.tell(ANNA, presence(1, 1, "[]"));
        assert_eq!(changes(&mut roster), [presence(1, 2, "{}")]);
        roster.tell(ANNA, presence(1, 2, "null"));
        assert_eq!(changes(&mut roster), [presence(1, 2, "null")]);
        assert_eq!(roster.all(), None);
    }

    #[test]
    fn a_presence_has_one_owner() {
        let mut roster = Roster::default();
        roster.tell(ANNA, presence(1, 1, "{}"));
        changes(&mut roster);
        roster.tell(BERT, presence(1, 9, "null"));
        roster.tell(BERT, presence(1, 10, "[]"));
        assert_eq!(changes(&mut roster), []);
        roster.leave(ANNA);
        assert_eq!(changes(&mut roster), [presence(1, 1, "null"), presence(1, 10, "[]")]);
    }

    #[test]
    fn whoever_leaves_is_gone_at_the_current_clock() {
        let mut roster = Roster::default();
        roster.tell(ANNA, presence(1, 7, "{}"));
        roster.tell(BERT, presence(2, 1, "{}"));
        changes(&mut roster);
        roster.leave(ANNA);
        assert_eq!(changes(&mut roster), [presence(1, 7, "null")]);
        assert_eq!(decode_presences(&roster.all().unwrap()).unwrap(), [presence(2, 1, "{}")]);
    }
}

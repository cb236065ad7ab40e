//! Who is here, and who may say so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Limits;
use crate::{
    guard::MAX_CLIENTS,
    id::{ClientId, SessionId},
    presence::{Presence, encode_presences},
};

/// By how much a client's clock may run ahead in the words of a session that waits to speak for it: more than a
/// client counts while its old socket is not yet known to be dead. Readers never forget a clock, so one that is far
/// too large would make the client invisible for good.
const MAX_JUMP: u32 = 1 << 16;

/// What is counted for keeping a presence, beside its state, in bytes.
const KEEPING: usize = 64;

/// The roster of a room: the last known presence of everybody who is here.
///
/// Invariant *a presence has one owner*: the session that brought a client's number speaks for it until it
/// leaves. Another that speaks for the same client is heard only then. So nobody can change or remove another
/// person, and whoever comes back before the old socket is known to be dead does not stay invisible.
#[derive(Debug)]
pub(super) struct Roster {
    here: BTreeMap<ClientId, Entry>,
    changed: BTreeSet<ClientId>,
    left: Vec<Presence>,
    /// Whether somebody came or left since the last word.
    is_urgent: bool,
    /// How much each session speaks for, and how much each may.
    spoken: HashMap<SessionId, Share>,
    most: Share,
}

/// How much a session speaks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    clients: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    owner: SessionId,
    presence: Presence,
    /// What other sessions say of the same client.
    waiting: BTreeMap<SessionId, Presence>,
}

impl Roster {
    /// Nobody is here.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            here: BTreeMap::new(),
            changed: BTreeSet::new(),
            left: Vec::new(),
            is_urgent: false,
            spoken: HashMap::new(),
            most: Share { clients: limits.presences, bytes: limits.presence_bytes },
        }
    }

    /// Takes what a session says of a client. What exceeds its budget is not heard.
    pub(super) fn tell(&mut self, session: SessionId, presence: Presence) {
        let client = presence.client;
        match self.here.get(&client) {
            Some(entry) if entry.owner != session => self.wait(session, presence),
            Some(entry) if presence.clock < entry.presence.clock => {}
            Some(_) if presence.state.is_none() => self.remove(presence),
            Some(entry) => {
                if charge(&mut self.spoken, self.most, session, Some(&entry.presence), Some(&presence)) {
                    self.changed.insert(client);
                    self.here.entry(client).and_modify(|entry| entry.presence = presence);
                }
            }
            None if presence.state.is_none() => {}
            // Nobody could read a roster of more.
            None if self.here.len() >= MAX_CLIENTS => {}
            None => {
                if charge(&mut self.spoken, self.most, session, None, Some(&presence)) {
                    self.insert(session, presence, BTreeMap::new());
                }
            }
        }
    }

    /// Removes whom a session spoke for; whoever waited to speak for them is heard now.
    pub(super) fn leave(&mut self, session: SessionId) {
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
        self.spoken.remove(&session);
    }

    /// Who speaks for a client.
    pub(super) fn owner(&self, client: ClientId) -> Option<SessionId> {
        self.here.get(&client).map(|entry| entry.owner)
    }

    /// A session does not speak for a client any more; whoever waited to is heard now.
    pub(super) fn disown(&mut self, client: ClientId, session: SessionId) {
        let entry = self.here.get(&client).filter(|entry| entry.owner == session);
        if let Some(Presence { client, clock, .. }) = entry.map(|entry| &entry.presence) {
            self.remove(Presence { client: *client, clock: *clock, state: None });
        }
    }

    /// The payload that tells a newcomer who is here; `None` where nobody is.
    pub(super) fn all(&self) -> Option<Vec<u8>> {
        (!self.here.is_empty()).then(|| encode_presences(self.here.values().map(|entry| &entry.presence)))
    }

    /// Whether somebody came or left, which nobody should wait for.
    pub(super) fn is_urgent(&self) -> bool {
        self.is_urgent
    }

    /// Whether anything has changed since the last call of [`Roster::take_changes`].
    pub(super) fn has_changes(&self) -> bool {
        self.is_urgent || !self.changed.is_empty()
    }

    /// The payload that tells the others what has changed since the last call; `None` where nothing has.
    pub(super) fn take_changes(&mut self) -> Option<Vec<u8>> {
        self.is_urgent = false;
        let mut changes = std::mem::take(&mut self.left);
        let changed = std::mem::take(&mut self.changed);
        changes.extend(changed.iter().filter_map(|client| Some(self.here.get(client)?.presence.clone())));
        (!changes.is_empty()).then(|| encode_presences(changes.iter()))
    }

    /// Another session speaks for the client already. An echo of what that one said is no news: some clients pass on
    /// whatever they hear.
    fn wait(&mut self, session: SessionId, presence: Presence) {
        let Some(entry) = self.here.get_mut(&presence.client) else {
            return;
        };
        let before = entry.waiting.get(&session);
        let clock = entry.presence.clock;
        let is_news = presence.clock > clock && presence.clock - clock <= MAX_JUMP;
        if presence.state.is_none() {
            charge(&mut self.spoken, self.most, session, before, None);
            entry.waiting.remove(&session);
        } else if is_news && charge(&mut self.spoken, self.most, session, before, Some(&presence)) {
            entry.waiting.insert(session, presence);
        }
    }

    fn insert(&mut self, owner: SessionId, presence: Presence, waiting: BTreeMap<SessionId, Presence>) {
        let client = presence.client;
        self.is_urgent = true;
        self.changed.insert(client);
        self.here.insert(client, Entry { owner, presence, waiting });
    }

    /// Removes a client whose owner has said its last. Of those who waited, the newest speaks for it now.
    fn remove(&mut self, last: Presence) {
        self.is_urgent = true;
        self.changed.remove(&last.client);
        let entry = self.here.remove(&last.client);
        self.left.push(last);
        let Some(Entry { owner, presence, mut waiting }) = entry else {
            return;
        };
        charge(&mut self.spoken, self.most, owner, Some(&presence), None);
        let newest = waiting.iter().max_by_key(|(_, presence)| presence.clock);
        if let Some(owner) = newest.map(|(&session, _)| session)
            && let Some(presence) = waiting.remove(&owner)
        {
            self.insert(owner, presence, waiting);
        }
    }
}

/// What keeping a presence counts for.
fn cost(presence: &Presence) -> usize {
    KEEPING + presence.state.as_ref().map_or(0, |state| state.len())
}

/// Counts what a session speaks for, unless that is too much and more than before.
fn charge(
    spoken: &mut HashMap<SessionId, Share>,
    most: Share,
    session: SessionId,
    before: Option<&Presence>,
    after: Option<&Presence>,
) -> bool {
    let share = spoken.entry(session).or_default();
    let [old, new] = [before, after].map(|presence| presence.map_or(0, cost));
    let clients = share.clients + usize::from(after.is_some()) - usize::from(before.is_some());
    let bytes = share.bytes.saturating_sub(old) + new;
    let fits = bytes <= most.bytes && clients <= most.clients;
    let is_less = new <= old;
    if fits || is_less {
        *share = Share { clients, bytes };
    }
    fits || is_less
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presence::decode_presences;

    const ANNA: SessionId = SessionId(1);
    const BERT: SessionId = SessionId(2);

    fn roster() -> Roster {
        Roster::new(&Limits::default())
    }

    fn presence(client: u32, clock: u32, state: &str) -> Presence {
        Presence { client: ClientId::new(client), clock, state: (state != "null").then(|| state.into()) }
    }

    fn changes(roster: &mut Roster) -> Vec<Presence> {
        roster.take_changes().map(|payload| decode_presences(&payload).unwrap()).unwrap_or_default()
    }

    #[test]
    fn only_newer_states_count() {
        let mut roster = roster();
        roster.tell(ANNA, presence(1, 2, "{}"));
        roster.tell(ANNA, presence(1, 1, "[]"));
        assert_eq!(changes(&mut roster), [presence(1, 2, "{}")]);
        roster.tell(ANNA, presence(1, 2, "null"));
        assert_eq!(changes(&mut roster), [presence(1, 2, "null")]);
        assert_eq!(roster.all(), None);
    }

    #[test]
    fn a_presence_has_one_owner() {
        let mut roster = roster();
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
        let mut roster = roster();
        roster.tell(ANNA, presence(1, 7, "{}"));
        roster.tell(BERT, presence(2, 1, "{}"));
        changes(&mut roster);
        roster.leave(ANNA);
        assert_eq!(changes(&mut roster), [presence(1, 7, "null")]);
        assert_eq!(decode_presences(&roster.all().unwrap()).unwrap(), [presence(2, 1, "{}")]);
    }

    #[test]
    fn an_echo_does_not_make_a_ghost() {
        let mut roster = roster();
        roster.tell(ANNA, presence(1, 7, "{}"));
        roster.tell(BERT, presence(1, 7, "{}"));
        roster.leave(ANNA);
        assert_eq!(changes(&mut roster), [presence(1, 7, "null")]);
        assert_eq!(roster.all(), None);
    }

    #[test]
    fn nobody_can_make_another_invisible_by_a_clock_far_ahead() {
        let mut roster = roster();
        roster.tell(ANNA, presence(1, 7, "{}"));
        roster.tell(BERT, presence(1, 7 + MAX_JUMP + 1, "{}"));
        roster.leave(ANNA);
        assert_eq!(changes(&mut roster), [presence(1, 7, "null")]);
        roster.tell(ANNA, presence(1, 8, "{}"));
        assert_eq!(changes(&mut roster), [presence(1, 8, "{}")]);
    }

    #[test]
    fn a_session_speaks_for_few_clients() {
        let mut roster = Roster::new(&Limits { presences: 2, ..Limits::default() });
        for client in [1, 2, 3, 1] {
            roster.tell(ANNA, presence(client, 1, "{}"));
        }
        assert_eq!(changes(&mut roster), [presence(1, 1, "{}"), presence(2, 1, "{}")]);
        roster.tell(BERT, presence(1, 9, "{}"));
        roster.leave(ANNA);
        roster.tell(BERT, presence(2, 1, "{}"));
        roster.tell(BERT, presence(3, 1, "{}"));
        assert_eq!(roster.here.len(), 2);
        roster.leave(BERT);
        assert!(roster.spoken.is_empty() && roster.here.is_empty());
    }

    #[test]
    fn a_session_speaks_for_no_more_than_its_budget() {
        let mut roster = Roster::new(&Limits { presence_bytes: 2 * KEEPING + 10, ..Limits::default() });
        for client in 1..=3 {
            roster.tell(ANNA, presence(client, 1, "{}"));
        }
        assert_eq!(changes(&mut roster), [presence(1, 1, "{}"), presence(2, 1, "{}")]);
        roster.tell(ANNA, presence(1, 2, "{\"much\":\"too long\"}"));
        assert_eq!(changes(&mut roster), []);
        // What is given back may be spent again, by the same session and by others.
        roster.tell(ANNA, presence(1, 3, "null"));
        roster.tell(ANNA, presence(3, 1, "{}"));
        roster.tell(BERT, presence(4, 1, "{}"));
        assert_eq!(
            changes(&mut roster),
            [presence(1, 3, "null"), presence(3, 1, "{}"), presence(4, 1, "{}")]
        );
        roster.leave(ANNA);
        roster.leave(BERT);
        assert!(roster.spoken.is_empty() && roster.here.is_empty());
    }

    #[test]
    fn only_who_comes_or_leaves_is_urgent() {
        let mut roster = roster();
        roster.tell(ANNA, presence(1, 1, "{}"));
        assert!(roster.is_urgent());
        changes(&mut roster);
        roster.tell(ANNA, presence(1, 2, "{}"));
        assert!(!roster.is_urgent() && roster.has_changes());
        roster.leave(ANNA);
        assert!(roster.is_urgent());
        changes(&mut roster);
        assert!(!roster.has_changes());
    }
}

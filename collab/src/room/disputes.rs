//! What becomes of updates in the name of somebody else who is here.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use bytes::Bytes;

use super::{
    Effect, Refusal, Room, contradiction::Histories, gate::Awaited, merging::Offer, send, writers::owners,
};
use crate::{
    frame::Message,
    guard::{Author, Contents},
    id::{ClientId, SessionId},
};

/// Whoever has not answered after so many seconds is not there.
const ABSENT_AFTER: u32 = 3;
/// Whoever owners have not vouched for after so many seconds is refused: what two tabs tell each other may take a while.
const DENIED_AFTER: u32 = 6;
/// How many seconds a dispute takes at the most, whatever else is claimed meanwhile.
const LONGEST: u32 = 24;
/// How many claims of one session are looked into at the same time: all of the owners are asked.
const MOST_CLAIMS: usize = 16;

/// The sessions that wrote as clients which others own, and what they wrote.
///
/// Invariant *nobody writes in another's name*: of what is written as a client that others own, nothing is merged that
/// has not come from an owner, or from somebody for whom an owner has vouched. The owners of a client are whoever of
/// those here was the first to speak as it, and whoever was the first to write.
///
/// Two tabs of one browser pass on what the other wrote, and whoever changes networks comes back before the old socket is
/// known to be dead. So nobody is sent away for it at once. What was written is not taken; instead the owners are asked
/// what they have (a step 1, which any client answers). An owner that has the same vouches for the session with that. Who
/// does not answer in time is not there, and owns nothing. When there is nobody left to ask, the session is asked for all that
/// it has once more. It is refused where owners answer, and do not have it in the end.
#[derive(Debug, Default)]
pub(super) struct Disputes(BTreeMap<SessionId, Dispute>);

#[derive(Debug, Default)]
struct Dispute {
    claims: Vec<Claim>,
    /// What the session has sent; empty where all disputes of the room together are about too much to be kept. Then
    /// nobody can vouch for it, and it waits until the owners have brought what it claims to have.
    update: Bytes,
    /// How many seconds ago it began.
    age: u32,
    /// When sessions last answered a question, in seconds of its age.
    answered: BTreeMap<SessionId, u32>,
}

/// That a session has something new that a client wrote.
#[derive(Debug)]
struct Claim {
    author: Author,
    /// When its owners were asked for the first time, in seconds of the dispute's age.
    since: u32,
}

impl Disputes {
    pub(super) fn leave(&mut self, session: SessionId) {
        self.0.remove(&session);
    }

    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    /// A session has sent this, which makes these claims. At most so many bytes are kept. Returns the clients that were not
    /// claimed before.
    fn take(&mut self, offer: &Offer, claims: Vec<Author>, most: usize) -> Vec<ClientId> {
        let held: usize = self.0.values().map(|dispute| dispute.update.len()).sum();
        let dispute = self.0.entry(offer.session).or_default();
        let held = held - dispute.update.len();
        let fits = held + offer.update.len() <= most;
        // A copy, because it is a piece of a frame that may be much larger.
        dispute.update = if fits { Bytes::copy_from_slice(&offer.update) } else { Bytes::new() };
        let before = mem::take(&mut dispute.claims);
        let since =
            |client| before.iter().find(|claim| claim.author.client == client).map(|claim| claim.since);
        let claims = claims.into_iter().take(MOST_CLAIMS);
        let claims =
            claims.map(|author| Claim { author, since: since(author.client).unwrap_or(dispute.age) });
        dispute.claims = claims.collect();
        let clients = dispute.claims.iter().map(|claim| claim.author.client);
        clients.filter(|&client| since(client).is_none()).collect()
    }
}

impl Room {
    /// Whether there is a dispute about who wrote something, for [`Room::press`].
    #[must_use]
    pub fn has_disputes(&self) -> bool {
        !self.disputes.0.is_empty()
    }

    /// Asks those again who could end a dispute, or ends it. To be called each second while [`Room::has_disputes`].
    pub fn press(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let disputed: Vec<_> = self.disputes.0.keys().copied().collect();
        let question = self.question();
        for session in disputed {
            self.press_for(session, &question, &mut effects);
        }
        self.settle_disputes(&mut effects);
        effects
    }

    /// Whether a session may write what it says a client wrote.
    fn may_write(&self, session: SessionId, author: &Author) -> bool {
        let mut owners = owners(&self.roster, &self.writers, author.client).peekable();
        owners.peek().is_none()
            || owners.any(|owner| owner == session)
            || self.writers.trusts(session, author)
    }

    /// What an update says that clients wrote which others own, as far as it is new.
    pub(super) fn claims(&self, session: SessionId, contents: &Contents, awaited: &Awaited) -> Vec<Author> {
        let new = contents.authors.iter().map(|author| {
            let start = author.start.max(awaited.reached(&self.document, author.client));
            Author { start, ..*author }
        });
        let is_claim = |author: &Author| author.start < author.end && !self.may_write(session, author);
        new.filter(is_claim).collect()
    }

    /// A session claims what others own. It waits, with all that it writes, until this is settled.
    pub(super) fn dispute(&mut self, offer: &Offer, claims: Vec<Author>, effects: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(&offer.session) else { return };
        // As with a gap, it will be asked for this and all that follows.
        member.owes_answer = true;
        // Of what it goes on to write, nothing is whole.
        if offer.is_answer || !self.disputes.0.contains_key(&offer.session) {
            let new = self.disputes.take(offer, claims, self.limits.update_bytes);
            self.ask_owners(new, &self.question(), effects);
        }
    }

    /// A session has answered a question, whatever it says.
    pub(super) fn note_answer(&mut self, session: SessionId) {
        for dispute in self.disputes.0.values_mut() {
            dispute.answered.insert(session, dispute.age);
        }
    }

    /// An owner may have answered with what somebody else claims. It counts only where nobody else has brought that: what
    /// comes as it is written might have been guessed, by who knows what will be written next.
    pub(super) fn hear_witness(&mut self, offer: &Offer, awaited: &Awaited) {
        if !self.has_disputes() {
            return;
        }
        let said = Histories::of(&offer.update);
        for (session, dispute) in &self.disputes.0 {
            let authors = dispute.claims.iter().map(|claim| claim.author);
            let open = authors.filter(|author| self.is_witness(offer.session, author, awaited));
            let open: Vec<_> = open.collect();
            if open.is_empty() {
                continue;
            }
            let claimed = Histories::of(&dispute.update);
            for author in open {
                if let Some(end) = said.confirm(&claimed, &author) {
                    self.writers.trust(author.client, *session, end);
                }
            }
        }
    }

    /// Whether a session's word counts about what a client wrote.
    fn is_witness(&self, session: SessionId, author: &Author, awaited: &Awaited) -> bool {
        awaited.reached(&self.document, author.client) < author.end
            && owners(&self.roster, &self.writers, author.client).any(|owner| owner == session)
    }

    /// Ends the disputes about which there is nothing left to ask.
    pub(super) fn settle_disputes(&mut self, effects: &mut Vec<Effect>) {
        for (session, dispute) in mem::take(&mut self.disputes.0) {
            if dispute.claims.iter().any(|claim| self.is_open(session, claim)) {
                self.disputes.0.insert(session, dispute);
            } else {
                // From where it may contradict what has come from the owners.
                let claimed = dispute.claims.iter().map(|claim| (claim.author.client, claim.author.start));
                let known = self.document.state_vector_before(claimed);
                effects.push(send(session, Message::Step1(known.into())));
            }
        }
    }

    fn is_open(&self, session: SessionId, Claim { author, .. }: &Claim) -> bool {
        self.document.known(author.client) < author.end && !self.may_write(session, author)
    }

    fn ask_owners(
        &self,
        clients: impl IntoIterator<Item = ClientId>,
        question: &Bytes,
        effects: &mut Vec<Effect>,
    ) {
        let owners = clients.into_iter().flat_map(|client| owners(&self.roster, &self.writers, client));
        let owners: BTreeSet<_> = owners.collect();
        effects.extend(owners.into_iter().map(|to| Effect::Send { to, frame: question.clone() }));
    }

    fn press_for(&mut self, session: SessionId, question: &Bytes, effects: &mut Vec<Effect>) {
        let Some(mut dispute) = self.disputes.0.remove(&session) else { return };
        dispute.age += 1;
        let Dispute { claims, age, answered, .. } = &mut dispute;
        for claim in claims.iter_mut() {
            // Somebody may have waited to own what they did who are not there.
            if *age >= claim.since + ABSENT_AFTER && self.disown_absent(claim, answered) {
                claim.since = *age;
            }
        }
        let open = claims.iter().filter(|claim| self.is_open(session, claim));
        let mut denied = open.filter(|claim| *age >= claim.since + DENIED_AFTER || *age >= LONGEST);
        if denied.next().is_some() {
            return self.refuse(session, Refusal::Impersonation, effects);
        }
        self.ask_owners(claims.iter().map(|claim| claim.author.client), question, effects);
        // What it has sent may be out of date: compared is what both have now.
        effects.push(Effect::Send { to: session, frame: question.clone() });
        self.disputes.0.insert(session, dispute);
    }

    /// Whoever owns what is claimed, and has not answered since, does so no more. Returns whether there was somebody.
    fn disown_absent(&mut self, claim: &Claim, answered: &BTreeMap<SessionId, u32>) -> bool {
        let client = claim.author.client;
        let is_absent = |owner: &SessionId| answered.get(owner).is_none_or(|&at| at < claim.since);
        let absent: BTreeSet<_> = owners(&self.roster, &self.writers, client).filter(is_absent).collect();
        for &owner in &absent {
            self.writers.disown(client, owner);
            self.roster.disown(client, owner);
        }
        !absent.is_empty()
    }
}

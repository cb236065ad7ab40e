//! What becomes of updates in the name of somebody else who is here.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use bytes::Bytes;

use super::{
    Effect, Refusal, Room, contradiction::confirms, gate::Awaited, merging::Offer, send, writers::owners,
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
    /// What the session claims to have of what clients wrote, as far as it is new.
    claims: Vec<Author>,
    /// What the session has sent; empty where all disputes of the room together are about too much to be kept. Then
    /// nobody can vouch for it, and it waits until the owners have brought what it claims to have.
    update: Bytes,
    /// Who has answered a question since it began.
    present: BTreeSet<SessionId>,
    /// How often the owners were asked again, a second apart.
    asked: u32,
}

impl Disputes {
    pub(super) fn leave(&mut self, session: SessionId) {
        self.0.remove(&session);
    }

    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    /// A session has sent this, which makes these claims. At most so many bytes are kept.
    fn take(&mut self, Offer { session, update, .. }: &Offer, claims: Vec<Author>, most: usize) {
        let dispute = self.0.entry(*session).or_default();
        dispute.claims = claims.into_iter().take(MOST_CLAIMS).collect();
        dispute.update = Bytes::new();
        let held: usize = self.0.values().map(|dispute| dispute.update.len()).sum();
        if held + update.len() <= most {
            self.0.entry(*session).and_modify(|dispute| dispute.update = update.clone());
        }
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
        for session in disputed {
            self.press_for(session, &mut effects);
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
    pub(super) fn dispute(&mut self, offer: Offer, claims: Vec<Author>, effects: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(&offer.session) else { return };
        // As with a gap, it will be asked for this and all that follows.
        member.owes_answer = true;
        let is_new = !self.disputes.0.contains_key(&offer.session);
        if is_new || offer.is_answer {
            self.disputes.take(&offer, claims, self.limits.update_bytes);
        }
        if is_new {
            self.ask_owners(offer.session, effects);
        }
    }

    /// A session has answered a question, whatever it says.
    pub(super) fn note_presence(&mut self, session: SessionId) {
        for dispute in self.disputes.0.values_mut() {
            dispute.present.insert(session);
        }
    }

    /// An owner may have answered with what somebody else claims. It counts only where nobody else has brought that: what
    /// comes as it is written might have been guessed, by who knows what will be written next.
    pub(super) fn hear_witness(&mut self, offer: &Offer, awaited: &Awaited) {
        for (session, Dispute { claims, update, .. }) in &self.disputes.0 {
            for claim in claims {
                let is_owner =
                    owners(&self.roster, &self.writers, claim.client).any(|owner| owner == offer.session);
                if is_owner
                    && awaited.reached(&self.document, claim.client) < claim.end
                    && let Some(end) = confirms(&offer.update, update, *claim)
                {
                    self.writers.trust(claim.client, *session, end);
                }
            }
        }
    }

    /// Ends the disputes about which there is nothing left to ask.
    pub(super) fn settle_disputes(&mut self, effects: &mut Vec<Effect>) {
        for (session, dispute) in mem::take(&mut self.disputes.0) {
            if dispute.claims.iter().any(|claim| self.is_open(session, claim)) {
                self.disputes.0.insert(session, dispute);
            } else {
                // From where it may contradict what has come from the owners.
                let claimed = dispute.claims.iter().map(|claim| (claim.client, claim.start));
                let known = self.document.state_vector_before(claimed);
                effects.push(send(session, Message::Step1(known.into())));
            }
        }
    }

    fn is_open(&self, session: SessionId, claim: &Author) -> bool {
        self.document.known(claim.client) < claim.end && !self.may_write(session, claim)
    }

    fn ask_owners(&self, session: SessionId, effects: &mut Vec<Effect>) {
        let claims = self.disputes.0.get(&session).into_iter().flat_map(|dispute| &dispute.claims);
        let owners: BTreeSet<_> =
            claims.flat_map(|claim| owners(&self.roster, &self.writers, claim.client)).collect();
        effects.extend(owners.into_iter().map(|owner| self.step_1(owner)));
    }

    fn press_for(&mut self, session: SessionId, effects: &mut Vec<Effect>) {
        let Some(mut dispute) = self.disputes.0.remove(&session) else { return };
        dispute.asked += 1;
        if dispute.asked >= ABSENT_AFTER {
            let open = dispute.claims.iter().filter(|claim| self.is_open(session, claim));
            let open: Vec<_> = open.map(|claim| claim.client).collect();
            let absent = open.iter().filter(|&&client| self.disown_absent(client, &dispute.present)).count();
            if absent > 0 {
                // Somebody may have waited to own what they did.
                dispute.asked = 0;
            } else if dispute.asked >= DENIED_AFTER && !open.is_empty() {
                return self.refuse(session, Refusal::Impersonation, effects);
            }
        }
        self.disputes.0.insert(session, dispute);
        self.ask_owners(session, effects);
        // What it has sent may be out of date: compared is what both have now.
        effects.push(self.step_1(session));
    }

    /// Whoever owns a client and is not among those `present` does so no more. Returns whether there was somebody.
    fn disown_absent(&mut self, client: ClientId, present: &BTreeSet<SessionId>) -> bool {
        let owners: BTreeSet<_> = owners(&self.roster, &self.writers, client).collect();
        let mut absent = owners.difference(present).peekable();
        let is_any = absent.peek().is_some();
        for &owner in absent {
            self.writers.disown(client, owner);
            self.roster.disown(client, owner);
        }
        is_any
    }
}

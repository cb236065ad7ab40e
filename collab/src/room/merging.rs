//! The way of updates through the gate, into the document, and out to the others.

use std::{collections::BTreeSet, mem};

use bytes::Bytes;

use super::{
    Effect, Entry, Place, Refusal, Room,
    gate::{Awaited, Reading},
};
use crate::{
    document::{MergeError, Outcome},
    frame::Message,
    guard::{self, Author, Contents},
    id::SessionId,
};

/// An update that a session brought.
pub(super) struct Offer {
    pub(super) session: SessionId,
    pub(super) update: Bytes,
    /// Whether it was sent as a step 2.
    pub(super) is_answer: bool,
}

/// Updates on their way into the document.
#[derive(Default)]
struct Passage {
    /// What was let in and is merged in one transaction.
    run: Vec<Offer>,
    awaited: Awaited,
    /// What was merged, and is new.
    entries: Vec<Entry>,
    refused: BTreeSet<SessionId>,
}

/// An update of this session broke the document.
pub(super) struct Broken(pub(super) SessionId);

impl Room {
    /// Merges updates in order, all of them in one transaction unless there is something rare among them. Where one
    /// breaks the document, the effects are not to be believed.
    pub(super) fn merge(&mut self, offers: Vec<Offer>, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        let mut passage = Passage::default();
        for offer in offers {
            self.admit(offer, &mut passage, effects)?;
        }
        self.merge_run(&mut passage, effects)?;
        if !passage.entries.is_empty() {
            // First of all effects in time, because nothing that follows may be acknowledged before it.
            effects.insert(0, Effect::Append(passage.entries));
        }
        Ok(())
    }

    /// Lets an update in, or refuses it together with whatever else its session has sent.
    fn admit(
        &mut self,
        offer: Offer,
        passage: &mut Passage,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Broken> {
        if passage.refused.contains(&offer.session) {
            return Ok(());
        }
        match self.judge(&offer.update, passage, effects)? {
            Ok((_, Reading::Gap)) => self.gap(offer.session, offer.is_answer, effects),
            Ok((contents, reading)) => {
                if offer.is_answer {
                    self.hear_witness(&offer, &passage.awaited);
                }
                let claims = self.claims(offer.session, &contents, &passage.awaited);
                if claims.is_empty() {
                    self.let_in(offer, &contents, reading, passage);
                } else {
                    // What it has answered so far was no answer to this.
                    self.merge_run(passage, effects)?;
                    self.dispute(&offer, claims, effects);
                }
            }
            Err(reason) => {
                passage.refused.insert(offer.session);
                self.refuse(offer.session, reason, effects);
            }
        }
        Ok(())
    }

    fn let_in(&mut self, mut offer: Offer, contents: &Contents, reading: Reading, passage: &mut Passage) {
        if !offer.is_answer
            && let [Author { client, end, .. }] = contents.authors[..]
            && end > passage.awaited.reached(&self.document, client)
        {
            self.writers.introduce(client, offer.session);
        }
        if let Reading::As(taken) = reading {
            offer.update = taken;
        }
        self.gate.count(&self.document, contents, &offer.update);
        passage.awaited.add(contents);
        passage.run.push(offer);
    }

    fn judge(
        &mut self,
        update: &[u8],
        passage: &mut Passage,
        effects: &mut Vec<Effect>,
    ) -> Result<Result<(Contents, Reading), Refusal>, Broken> {
        if update.len() > self.limits.update_bytes {
            return Ok(Err(Refusal::LargeUpdate));
        }
        let contents = match guard::inspect_update(update) {
            Ok(contents) => contents,
            Err(error) => return Ok(Err(Refusal::Malformed(MergeError::Malformed(error.to_string())))),
        };
        if self.gate.lets_in(&self.document, &passage.awaited, &contents, update) {
            return Ok(Ok((contents, Reading::AsSent)));
        }
        // Only the document itself can tell, once all that came before is in it.
        self.merge_run(passage, effects)?;
        Ok(self.gate.look_closer(&self.document, &contents, update).map(|reading| (contents, reading)))
    }

    fn merge_run(&mut self, passage: &mut Passage, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        passage.awaited = Awaited::default();
        let offers = mem::take(&mut passage.run);
        if offers.is_empty() {
            return Ok(());
        }
        let merged = self.document.merge(offers.iter().map(|offer| &*offer.update));
        let mut entries = Vec::new();
        for (offer, outcome) in offers.into_iter().zip(merged.outcomes) {
            if let Some(MergeError::Poisoned(_)) = outcome.error {
                return Err(Broken(offer.session));
            }
            self.settle(offer, outcome, &mut entries, effects);
        }
        if let Some(update) = merged.update {
            self.answers.forget();
            self.fan_out(update, &entries, effects);
        }
        passage.entries.append(&mut entries);
        Ok(())
    }

    fn settle(
        &mut self,
        offer: Offer,
        outcome: Outcome,
        entries: &mut Vec<Entry>,
        effects: &mut Vec<Effect>,
    ) {
        let Offer { session, update, is_answer } = offer;
        if outcome.error.is_some() {
            self.gate.take_back(&self.document, &update);
        }
        if outcome.is_new {
            self.appended = self.appended.next();
            entries.push(Entry { seq: self.appended, session, update });
        }
        match outcome.error {
            None if is_answer => {
                self.members.entry(session).and_modify(|member| member.owes_answer = false);
            }
            None => {}
            Some(MergeError::Gap) => self.gap(session, is_answer, effects),
            Some(error) => self.refuse(session, Refusal::Malformed(error), effects),
        }
    }

    /// Asks for what is missing, once. What arrives before the answer was on its way already.
    fn gap(&mut self, session: SessionId, is_answer: bool, effects: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(&session) else {
            return;
        };
        let has_failed = is_answer && member.owes_answer;
        if has_failed {
            self.refuse(session, Refusal::Gap, effects);
        } else if !mem::replace(&mut member.owes_answer, true) {
            effects.push(self.step_1(session));
        }
    }

    /// Everybody in step gets the batch in one frame; its author, if there is only one, has it already.
    fn fan_out(&self, update: Vec<u8>, entries: &[Entry], effects: &mut Vec<Effect>) {
        let author = entries.first().map(|entry| entry.session);
        let only_author = author.filter(|author| entries.iter().all(|entry| entry.session == *author));
        let frame = Message::frame(&[Message::Update(update.into())]);
        let in_step = self.members.iter().filter(|(_, member)| member.place == Place::InStep);
        let readers = in_step.map(|(&to, _)| to).filter(|&to| Some(to) != only_author);
        effects.extend(readers.map(|to| Effect::Send { to, frame: frame.clone() }));
    }
}

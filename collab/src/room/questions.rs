//! What sessions ask, and what they are told.

use std::{collections::BTreeMap, mem};

use bytes::Bytes;

use super::{Effect, Place, Refusal, Room, send};
use crate::{frame::Message, id::SessionId};

/// What a session may want to know.
pub(super) enum Question {
    WhatIsMissing(Bytes),
    WhoIsHere,
    WhatIsSaved(u64),
    CatchUp,
}

impl Room {
    pub(super) fn answer(&mut self, session: SessionId, question: Question, effects: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(&session) else {
            return;
        };
        match question {
            // Whoever is behind is answered with the rest of what it missed, once it can take more.
            Question::WhatIsMissing(state_vector) if member.place == Place::Behind => {
                member.now_knows(&state_vector);
            }
            Question::WhatIsMissing(state_vector) => match self.answers.find(&self.document, &state_vector) {
                Ok(frame) => {
                    member.now_knows(&state_vector);
                    member.place = Place::InStep;
                    effects.push(Effect::Send { to: session, frame });
                }
                Err(error) => self.refuse(session, Refusal::Malformed(error), effects),
            },
            Question::WhoIsHere => effects.extend(self.presences_for(session)),
            // Part of what it sent is not here. It asks again when it brings that.
            Question::WhatIsSaved(_) if member.owes_answer => {}
            Question::WhatIsSaved(number) if self.durable == self.appended => {
                member.told = Some(number);
                effects.push(send(session, Message::Saved(number)));
            }
            Question::WhatIsSaved(number) => {
                member.wait(self.appended, number);
                self.is_awaited = true;
                effects.extend(self.trouble.clone().map(|reason| send(session, Message::NotSaving(reason))));
            }
            Question::CatchUp => self.catch_up(session, effects),
        }
    }

    /// Says again, in short, all that a session may have missed.
    pub(super) fn catch_up(&mut self, session: SessionId, effects: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(&session) else {
            return;
        };
        if mem::replace(&mut member.place, Place::InStep) != Place::Behind {
            return;
        }
        let missed = self.answers.find(&self.document, &member.knew);
        // As an answer, because the answer to its question may be among what was lost.
        let frame = missed.expect("the state vector was decoded when the session sent it");
        effects.push(Effect::Send { to: session, frame });
        effects.extend(member.told.map(|number| send(session, Message::Saved(number))));
        effects.push(self.step_1(session));
        effects.extend(self.presences_for(session));
    }
}

/// Of several questions what is missing, each session gets an answer to its last: by then it knew as much as before.
pub(super) fn only_the_last(
    questions: Vec<(SessionId, Question)>,
) -> impl Iterator<Item = (SessionId, Question)> {
    let is_missing = |question: &Question| matches!(question, Question::WhatIsMissing(_));
    let asked = questions.iter().enumerate().filter(|(_, (_, question))| is_missing(question));
    let last: BTreeMap<SessionId, usize> = asked.map(|(at, (session, _))| (*session, at)).collect();
    let numbered = questions.into_iter().enumerate();
    let counts = move |&(at, (session, ref question)): &(usize, (SessionId, Question))| {
        !is_missing(question) || last.get(&session) == Some(&at)
    };
    numbered.filter(counts).map(|(_, asked)| asked)
}

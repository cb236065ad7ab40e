//! What is said of people, and when it is passed on.

use bytes::Bytes;

use super::{Effect, Refusal, Room, send};
use crate::{
    frame::Message,
    guard::{self, GuardError},
    id::SessionId,
    presence::{Presence, decode_presences},
};

/// How often it is told at once that somebody came or left, before that waits, too.
const MOST_URGENT: u32 = 4;

impl Room {
    /// Whether there is something for [`Room::take_presences`], or may be soon.
    #[must_use]
    pub fn has_presences(&self) -> bool {
        self.roster.has_changes() || self.urgent > 0
    }

    /// What has become of people since it was last told, in one frame for all. People who move about in the text change
    /// many times a second, and each change goes to everybody, so the caller lets some time pass, 50 ms or so, from
    /// when [`Room::has_presences`] begins to say that something has changed. Who comes or leaves is told at once,
    /// but only a few times in that time: somebody might come and leave a thousand times a second.
    pub fn take_presences(&mut self) -> Vec<Effect> {
        self.urgent = 0;
        let frame = self.presences();
        let show =
            |frame: Bytes| self.members.keys().map(move |&to| Effect::Show { to, frame: frame.clone() });
        frame.into_iter().flat_map(show).collect()
    }

    /// The same, if somebody came or left, and not too many did just now.
    pub(super) fn urgent_presences(&mut self) -> Vec<Effect> {
        let is_due = self.roster.is_urgent() && self.urgent < MOST_URGENT;
        let frame = if is_due { self.presences() } else { None };
        self.urgent += u32::from(is_due);
        let send =
            |frame: Bytes| self.members.keys().map(move |&to| Effect::Send { to, frame: frame.clone() });
        frame.into_iter().flat_map(send).collect()
    }

    fn presences(&mut self) -> Option<Bytes> {
        let changes = self.roster.take_changes()?;
        Some(Message::frame(&[Message::Awareness(changes.into())]))
    }

    pub(super) fn presences_for(&self, to: SessionId) -> Option<Effect> {
        Some(send(to, Message::Awareness(self.roster.all()?.into())))
    }

    /// Takes what is said of people. A state that is no proper JSON, or too long, is passed over with all that came in
    /// its frame: it harms nobody who does not read it.
    pub(super) fn hear(&mut self, session: SessionId, payload: &[u8], effects: &mut Vec<Effect>) {
        let checked = match guard::check_awareness(payload) {
            Err(GuardError::Json | GuardError::TooDeep | GuardError::StateTooLarge) => return,
            checked => checked.and_then(|()| Ok(decode_presences(payload)?)),
        };
        match checked {
            Ok(presences) => {
                let most = self.limits.state_bytes;
                let fits =
                    |presence: &Presence| presence.state.as_ref().is_none_or(|state| state.len() <= most);
                presences.into_iter().filter(fits).for_each(|presence| self.roster.tell(session, presence));
            }
            Err(error) => self.refuse(session, Refusal::Presence(error), effects),
        }
    }
}

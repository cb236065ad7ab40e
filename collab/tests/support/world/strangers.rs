//! Those who come to do harm.

use collab::{
    Bytes,
    document::Document,
    edit::TextEdit,
    frame::Message,
    guard,
    id::SessionId,
    room::{Effect, Input},
};

use super::{
    super::{forger::mutate, people::Person},
    World,
};

impl World<'_> {
    /// Somebody comes, sends what can only do harm, and goes. It is sent away, or not heard.
    pub(super) fn forge(&mut self) {
        if self.log.is_empty() {
            return;
        }
        let mut some = || self.log[self.chance.below(self.log.len())].update.clone();
        let (good, other) = (some(), some());
        let bad = mutate(&good, &other, self.chance);
        // What is new and well formed is an edit like any other, whoever it says has written it.
        let document = self.room.document();
        let is_edit = guard::inspect_update(&bad).is_ok_and(|contents| {
            contents.authors.iter().any(|author| author.end > document.known(author.client))
        });
        if is_edit {
            return;
        }
        let kinds = [Message::Update, Message::Step2, Message::Step1, Message::Awareness];
        let message = kinds[self.chance.below(kinds.len())](bad);
        let forger = self.stranger();
        let effects = self.room.step([(forger, Input::Join), (forger, Input::Messages(vec![message]))]);
        self.act(effects);
        let effects = self.room.step([(forger, Input::Leave)]);
        self.act(effects);
    }

    /// Somebody writes what a person who is here might write next, as if it came from them. Nobody reads it.
    pub(super) fn impersonate(&mut self, who: usize) {
        let Person { client, link, .. } = &self.people[who];
        if !link.as_ref().is_some_and(|link| link.is_introduced) {
            return;
        }
        let mut forged = Document::new(*client);
        forged.merge([&*self.room.document().snapshot()]);
        let at = self.chance.below(forged.len() as usize + 1) as u32;
        let update = forged.edit(&TextEdit { at, delete: 0, insert: "forged".to_owned() });
        let update = Bytes::from(update.expect("something was written"));
        let message = if self.chance.one_in(3) { Message::Step2(update) } else { Message::Update(update) };
        let forger = self.stranger();
        let effects = self.room.step([(forger, Input::Join), (forger, Input::Messages(vec![message]))]);
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Append(_))), "it was merged");
        self.act(effects);
        if self.chance.one_in(2) {
            let effects = self.room.step([(forger, Input::Leave)]);
            self.act(effects);
        }
    }

    fn stranger(&mut self) -> SessionId {
        self.sessions += 1;
        let stranger = SessionId(self.sessions);
        self.forgers.insert(stranger);
        stranger
    }
}

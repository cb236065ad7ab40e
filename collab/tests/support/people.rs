//! A person with a replica, who writes down what they ought to be able to trust.

use collab::{
    Bytes,
    edit::utf16_len,
    frame::Message,
    id::{ClientId, SessionId},
    replica::{Effect, Replica, Status},
};

use super::{
    chance::Chance,
    network::{Link, Wreck},
};

pub(crate) struct Person {
    pub(crate) client: ClientId,
    pub(crate) replica: Replica,
    pub(crate) link: Option<Link>,
    /// The text, kept by edits alone, as an editing surface keeps it.
    mirror: String,
    /// How many UTF-16 units had been written when so many edits had been made.
    written: Vec<u64>,
    /// What was sent along with a question what is saved, by the question's number.
    sent: Vec<(usize, Bytes)>,
}

impl Person {
    pub(crate) fn new(client: u32) -> Self {
        Self {
            client: ClientId::new(client),
            replica: Replica::new(ClientId::new(client), "{}", 0),
            link: None,
            mirror: String::new(),
            written: vec![0],
            sent: Vec::new(),
        }
    }

    pub(crate) fn edit(&mut self, chance: &mut Chance, now: u64) {
        let edit = chance.edit(&self.mirror);
        let deletes = edit.delete > 0 && edit.at < utf16_len(&self.mirror);
        if deletes || !edit.insert.is_empty() {
            self.written.push(self.units() + u64::from(edit.inserted()));
        }
        edit.apply_to(&mut self.mirror);
        let effects = self.replica.edit(&edit, now);
        self.act(effects);
    }

    pub(crate) fn connect(&mut self, session: SessionId, chance: &mut Chance, now: u64) {
        self.link = Some(Link::new(session, chance));
        let effects = self.replica.connected(now);
        self.act(effects);
    }

    pub(crate) fn cut(&mut self, chance: &mut Chance) -> Option<Wreck> {
        self.replica.disconnected();
        Some(self.link.take()?.cut(chance))
    }

    /// Reads up to so many of the frames that the room sent. Returns whether there was one.
    pub(crate) fn read(&mut self, frames: usize, now: u64) -> bool {
        let mut has_read = false;
        for _ in 0..frames {
            let Some(frame) = self.link.as_mut().and_then(Link::read) else {
                break;
            };
            has_read = true;
            let effects = self.replica.receive(&frame, now).expect("a frame of ours");
            self.act(effects);
        }
        has_read
    }

    pub(crate) fn tick(&mut self, now: u64) {
        let effects = self.replica.tick(now);
        self.act(effects);
    }

    /// How many UTF-16 units were written here.
    pub(crate) fn units(&self) -> u64 {
        self.written[self.written.len() - 1]
    }

    /// Of a person whose link is down: how many units were written when the last edit that they were told is saved
    /// was made, and all that was sent until then.
    pub(crate) fn saved(&self) -> (u64, impl Iterator<Item = &[u8]>) {
        let Status::Offline { waiting, .. } = self.replica.status() else { panic!("the link is up") };
        let saved = self.written.len() - 1 - waiting as usize;
        let sent = self.sent.iter().filter(move |(number, _)| *number <= saved);
        (self.written[saved], sent.map(|(_, update)| &**update))
    }

    fn act(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(frame) => self.send(&frame),
                Effect::Edit(edit) => edit.apply_to(&mut self.mirror),
            }
        }
        assert_eq!(self.mirror, self.replica.text(), "the surface and the document differ");
    }

    fn send(&mut self, frame: &Bytes) {
        let messages = Message::decode_frame(frame).expect("a frame of ours");
        if let [Message::Update(update) | Message::Step2(update), Message::SavedQuery(number)] = &messages[..]
        {
            self.sent.push((*number as usize, update.clone()));
        }
        let link = self.link.as_mut().expect("only who has a link sends");
        link.send(messages);
    }
}

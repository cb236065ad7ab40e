//! A person with a replica, who writes down what they ought to be able to trust.

use collab::{
    Bytes,
    document::Document,
    edit::utf16_len,
    frame::Message,
    id::{ClientId, SessionId},
    replica::{Effect, Replica, Status},
};

use super::{
    browser::Browser,
    chance::Chance,
    network::{Link, Wreck},
};

pub(crate) struct Person {
    pub(crate) client: ClientId,
    pub(crate) replica: Replica,
    pub(crate) link: Option<Link>,
    pub(crate) browser: Browser,
    /// The text, kept by edits alone, as an editing surface keeps it.
    mirror: String,
    /// The title, kept by news alone.
    title: String,
    /// How many UTF-16 units were written.
    pub(crate) units: u64,
}

impl Person {
    /// Opens a tab in a browser, which may have kept something from earlier ones.
    pub(crate) fn new(client: u32, browser: Browser, now: u64) -> Self {
        let client = ClientId::new(client);
        browser.open(client);
        let (kept, pending) = browser.kept();
        let replica = Replica::new(client, "{}", now);
        let (mirror, title) = (String::new(), String::new());
        let mut person = Self { client, replica, link: None, browser, mirror, title, units: 0 };
        let (effects, unread) = person.replica.recover(&kept, &pending);
        assert_eq!(unread, [0; 0], "what was kept cannot be read");
        let is_all_waiting =
            matches!(person.replica.status(), Status::Offline { waiting, .. } if waiting == pending.len());
        assert!(is_all_waiting, "{:?} of {}", person.replica.status(), pending.len());
        person.act(effects);
        let greeting = person.replica.greet();
        person.act(vec![greeting]);
        person
    }

    /// What the replica knows.
    pub(crate) fn document(&self) -> Document {
        document(&self.replica)
    }

    pub(crate) fn edit(&mut self, chance: &mut Chance, now: u64) {
        let edit = chance.edit(&self.mirror);
        let deletes = edit.delete > 0 && edit.at < utf16_len(&self.mirror);
        if deletes || !edit.insert.is_empty() {
            self.units += u64::from(edit.inserted());
        }
        edit.apply_to(&mut self.mirror);
        let effects = self.replica.edit(&[edit], now);
        self.act(effects);
    }

    /// Gives the document a title, or takes it away.
    pub(crate) fn set_title(&mut self, chance: &mut Chance, now: u64) {
        let title = if chance.one_in(3) { String::new() } else { format!("title {}", chance.below(5)) };
        let is_new = self.replica.given_title().unwrap_or_default() != title;
        self.units += u64::from(is_new && !title.is_empty());
        let effects = self.replica.set_title(&title, now);
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

    /// Closes the tab, or is robbed of it, and opens another. What was known is known again.
    pub(crate) fn reopen(&mut self, client: u32, now: u64) {
        self.browser.close(self.client);
        let known = document(&self.replica).state_vector();
        *self = Self::new(client, self.browser.clone(), now);
        assert!(document(&self.replica).knows(&known).expect("a state vector"), "something is forgotten");
    }

    /// Makes one of all that the browser has kept.
    pub(crate) fn fold(&mut self) {
        let (kept, _) = self.browser.kept();
        let (effects, unread) = self.replica.recover(&kept, &[]);
        assert_eq!(unread, [0; 0], "what was kept cannot be read");
        self.act(effects);
        self.browser.fold(self.replica.snapshot());
    }

    /// Reads up to so many of the frames that the room sent. Returns whether there was one.
    pub(crate) fn read(&mut self, frames: usize, now: u64) -> bool {
        let mut has_read = false;
        for _ in 0..frames {
            let Some(frame) = self.link.as_mut().and_then(Link::read) else {
                break;
            };
            has_read = true;
            let mut effects = Vec::new();
            self.replica.receive(&frame, now, &mut effects).expect("a frame of ours");
            self.act(effects);
        }
        has_read
    }

    /// Hears up to so much of what the siblings said. Returns whether there was something.
    pub(crate) fn overhear(&mut self, whispers: usize) -> bool {
        let mut has_heard = false;
        for _ in 0..whispers {
            let Some(words) = self.browser.next(self.client) else {
                break;
            };
            has_heard = true;
            let effects = self.replica.overhear(&words).expect("a whisper of ours");
            self.act(effects);
        }
        has_heard
    }

    pub(crate) fn tick(&mut self, now: u64) {
        let effects = self.replica.tick(now);
        self.act(effects);
    }

    fn act(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(frame) => {
                    let link = self.link.as_mut().expect("only who has a link sends");
                    link.send(Message::decode_frame(&frame).expect("a frame of ours"));
                }
                Effect::Edit(edit) => edit.apply_to(&mut self.mirror),
                Effect::Keep(update, pending) => self.browser.keep(update, pending),
                Effect::Release(ids) => self.browser.release(&ids),
                Effect::Tell(words) => self.tell(&words),
            }
        }
        assert_eq!(self.mirror, self.replica.text(), "the surface and the document differ");
        if let Some(title) = self.replica.news_of_title() {
            self.title = title;
        }
        assert_eq!(self.title, self.replica.title(), "the title and the document differ");
    }

    fn tell(&self, words: &Bytes) {
        self.browser.tell(self.client, words);
    }
}

fn document(replica: &Replica) -> Document {
    let mut document = Document::new(ClientId::SERVER);
    document.merge([&*replica.snapshot()]);
    document
}

//! A room in which Anna and Bert write, and a stranger does whatever the fuzzer comes up with.

use std::collections::VecDeque;

use collab::{
    Bytes,
    document::Document,
    edit::TextEdit,
    frame::Message,
    id::{ClientId, Seq, SessionId},
    replica::{self, Replica, Status},
    room::{Effect, Entry, Input, Limits, Refusal, Room},
};

const ANNA: SessionId = SessionId(1);
const BERT: SessionId = SessionId(2);
const NEWCOMER: SessionId = SessionId(3);
/// The first of the numbers that the stranger's sessions get, one after another.
const STRANGER: u64 = 100;

/// The client that Anna writes as.
pub const ANNAS_CLIENT: u32 = 3_000_000_001;
/// The client that Bert writes as. Each time that he has to begin afresh, it is one beyond the last.
pub const BERTS_CLIENT: u32 = 3_000_000_002;

/// How often the room may be asked to do something in consequence of one thing that was said to it.
const MOST_STEPS: usize = 40;

/// A room, its log, and the people in it.
pub struct Company {
    room: Room,
    log: Vec<Entry>,
    anna: Person,
    bert: Person,
    stranger: SessionId,
    letters: u32,
    /// How often Bert was sent away because of what was written in his name.
    sent_away: u32,
}

/// Somebody with a browser.
struct Person {
    session: SessionId,
    replica: Replica,
    /// What the editing surface shows, kept by edits alone.
    surface: String,
}

impl Default for Company {
    /// Anna has written a text, and Bert has read it. The stranger comes in.
    fn default() -> Self {
        let mut company = Self {
            room: Room::new(Document::new(ClientId::SERVER), Seq(0), Limits::default()),
            log: Vec::new(),
            anna: Person::new(ANNA, ANNAS_CLIENT),
            bert: Person::new(BERT, BERTS_CLIENT),
            stranger: SessionId(STRANGER),
            letters: 0,
            sent_away: 0,
        };
        company.arrive(|company| &mut company.anna);
        company.arrive(|company| &mut company.bert);
        company.write(|company| &mut company.anna, 0, "Anna 😀 writes\nto Bert");
        company.come_back();
        company
    }
}

impl Company {
    /// The stranger sends a frame, whose messages arrive together.
    pub fn hear(&mut self, messages: Vec<Message>) {
        self.take(self.stranger, Input::Messages(messages));
    }

    /// The stranger sends a frame while Bert is without a network, and writes. Nobody can be asked whether what is in his
    /// name is his.
    ///
    /// # Panics
    /// If what he wrote is not there once he is back, unless he is sent away for it, and nothing is confirmed.
    pub fn hear_without_bert(&mut self, messages: Vec<Message>) {
        self.bert.replica.disconnected();
        self.take(BERT, Input::Leave);
        self.letters += 1;
        let letters = format!("t{}", self.letters);
        self.write(|company| &mut company.bert, u32::MAX, &letters);
        self.hear(messages);
        let before = self.sent_away;
        self.arrive(|company| &mut company.bert);
        // The stranger may have said that it is Bert. It is asked, and does not answer.
        while self.room.has_disputes() {
            self.wait();
        }
        if self.sent_away > before {
            assert!(self.bert.replica.has_unsaved_edits(), "what is refused is said to be saved");
            assert!(self.bert.replica.text().contains(&letters), "what is refused is lost");
            self.bert = Person::new(BERT, BERTS_CLIENT + self.sent_away);
            self.arrive(|company| &mut company.bert);
        }
    }

    /// The stranger closes the socket and opens another.
    pub fn come_back(&mut self) {
        self.take(self.stranger, Input::Leave);
        self.stranger.0 += 1;
        self.take(self.stranger, Input::Join);
    }

    /// The stranger has not read for a while, and goes on reading.
    pub fn stall(&mut self) {
        self.room.fell_behind(self.stranger);
        self.take(self.stranger, Input::Drained);
    }

    /// How much of what a client wrote the room knows.
    #[must_use]
    pub fn known(&self, client: u64) -> u64 {
        self.room.document().known(client.into())
    }

    /// A second goes by, in which nothing else happens.
    pub fn wait(&mut self) {
        let mut inputs = VecDeque::new();
        let effects = self.room.press();
        self.carry_out(effects, &mut inputs);
        self.take_all(inputs);
    }

    /// Whatever has happened: what Anna writes, Bert reads, and the other way round; both are told that it is saved.
    ///
    /// # Panics
    /// If it is not so.
    pub fn is_undisturbed(&mut self) {
        let before = self.sent_away;
        self.letters += 1;
        let (ours, theirs) = (format!("a{}", self.letters), format!("b{}", self.letters));
        self.write(|company| &mut company.anna, 0, &ours);
        self.write(|company| &mut company.bert, u32::MAX, &theirs);
        let (title, text) = (self.room.document().title(), self.room.document().text());
        assert!(text.contains(&ours) && text.contains(&theirs), "what was written is not there");
        for person in [&self.anna, &self.bert] {
            assert_eq!(person.replica.text(), text, "{} reads something else", person.session);
            assert_eq!(person.replica.title(), title, "{} calls it something else", person.session);
            assert_eq!(person.surface, text, "{} sees something else", person.session);
            assert_eq!(person.replica.status(), Status::Saved, "{}", person.session);
        }
        assert_eq!(self.sent_away, before, "Bert is sent away although he is here");
    }

    /// In the end, whoever comes later reads the same, and so does a server that starts again from the log.
    ///
    /// # Panics
    /// If it is not so.
    pub fn ends_well(mut self) {
        let (title, text) = (self.room.document().title(), self.room.document().text());
        let mut newcomer = Replica::new(ClientId::new(9), "{}", 0);
        newcomer.restore(&self.room.document().snapshot()).expect("a snapshot can be read");
        assert_eq!(newcomer.text(), text, "a page shows something else");
        assert_eq!(newcomer.title(), title, "a page is called something else");
        let replayed = replay(&self.log);
        assert_eq!((replayed.title(), replayed.text()), (title, text), "the log tells something else");
        self.take(self.stranger, Input::Leave);
        self.take(NEWCOMER, Input::Join);
        self.take(NEWCOMER, Input::Messages(vec![Message::Step1(Bytes::from_static(&[0]))]));
        self.is_undisturbed();
    }

    /// Somebody's link comes up.
    fn arrive(&mut self, who: impl Fn(&mut Self) -> &mut Person) {
        let session = who(self).session;
        let effects = who(self).replica.connected(0);
        self.take(session, Input::Join);
        self.act(session, effects);
    }

    /// Somebody writes at an offset, or at the end.
    fn write(&mut self, who: impl Fn(&mut Self) -> &mut Person, at: u32, insert: &str) {
        let person = who(self);
        let edit = TextEdit { at, delete: 0, insert: insert.to_owned() };
        edit.apply_to(&mut person.surface);
        let effects = person.replica.edit(&[edit], 0);
        let session = person.session;
        self.act(session, effects);
    }

    /// What somebody's replica wants sent arrives at once.
    fn act(&mut self, session: SessionId, effects: Vec<replica::Effect>) {
        for effect in effects {
            if let replica::Effect::Send(frame) = effect {
                let messages = Message::decode_frame(&frame).expect("a frame of ours");
                self.take(session, Input::Messages(messages));
            }
        }
    }

    /// Something happens, and whatever it leads to.
    fn take(&mut self, session: SessionId, input: Input) {
        self.take_all(VecDeque::from([(session, input)]));
    }

    fn take_all(&mut self, mut inputs: VecDeque<(SessionId, Input)>) {
        for _ in 0..MOST_STEPS {
            let Some(input) = inputs.pop_front() else { return };
            let effects = self.room.step([input]);
            self.carry_out(effects, &mut inputs);
            let effects = self.room.durable(Seq(self.log.len() as u64));
            self.carry_out(effects, &mut inputs);
        }
        panic!("one thing leads to another without end");
    }

    fn carry_out(&mut self, effects: Vec<Effect>, inputs: &mut VecDeque<(SessionId, Input)>) {
        for effect in effects {
            match effect {
                Effect::Append(entries) => self.log.extend(entries),
                Effect::Send { to, frame } | Effect::Show { to, frame } => {
                    let person =
                        [&mut self.anna, &mut self.bert].into_iter().find(|person| person.session == to);
                    inputs.extend(person.into_iter().flat_map(|person| person.receive(&frame)));
                }
                Effect::Refuse { session: BERT, reason: Refusal::Contradiction } => self.sent_away += 1,
                Effect::Refuse { session, reason } => {
                    assert!(session.0 >= STRANGER, "{session} is sent away: {reason}");
                    self.come_back_as_another(inputs);
                }
                Effect::Rebuild { session } => {
                    assert!(session.0 >= STRANGER, "{session} is said to have broken the document");
                    let sessions = [ANNA, BERT];
                    let effects = self.room.revive(replay(&self.log), Seq(self.log.len() as u64), sessions);
                    self.carry_out(effects, inputs);
                    self.come_back_as_another(inputs);
                }
            }
        }
    }

    fn come_back_as_another(&mut self, inputs: &mut VecDeque<(SessionId, Input)>) {
        self.stranger.0 += 1;
        inputs.push_back((self.stranger, Input::Join));
    }
}

impl Person {
    fn new(session: SessionId, client: u32) -> Self {
        let replica = Replica::new(ClientId::new(client), r#"{"name":"somebody"}"#, 0);
        Self { session, replica, surface: String::new() }
    }

    /// Reads a frame. Returns what is sent in answer.
    fn receive(&mut self, frame: &Bytes) -> Vec<(SessionId, Input)> {
        let mut effects = Vec::new();
        self.replica.receive(frame, 0, &mut effects).expect("a frame that the server sends");
        let mut answers = Vec::new();
        for effect in effects {
            match effect {
                replica::Effect::Edit(edit) => edit.apply_to(&mut self.surface),
                replica::Effect::Send(frame) => {
                    let messages = Message::decode_frame(&frame).expect("a frame of ours");
                    answers.push((self.session, Input::Messages(messages)));
                }
                // For the store in the browser, and for other tabs: nobody has these here.
                _ => {}
            }
        }
        answers
    }
}

fn replay(log: &[Entry]) -> Document {
    let mut document = Document::new(ClientId::SERVER);
    document.merge(log.iter().map(|entry| &*entry.update));
    document
}

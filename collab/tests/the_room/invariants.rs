//! What the room promises, under random sessions: each test bears the name of an invariant.

use std::collections::BTreeMap;

use crate::support::{
    chance::{Chance, for_each_seed},
    stock::Stock,
};
use collab::{
    Bytes,
    document::Document,
    frame::Message,
    id::{ClientId, Seq, SessionId},
    room::{Effect, Entry, Input, Limits, Refusal, Room},
};

const SEEDS: u64 = 15;
const STEPS: usize = 40;
const SESSIONS: usize = 4;

/// Somebody at a socket, who sends what a careless client might.
struct Client {
    /// What it has written and heard.
    document: Document,
    /// Another implementation, given what it wrote and what the room sent since it joined.
    onlooker: Stock,
    /// What it has written and not sent.
    unsent: Vec<Bytes>,
    /// What it sent in this session, and what of that came before each question.
    sent: Vec<Bytes>,
    asked: BTreeMap<u64, usize>,
}

struct World {
    room: Room,
    clients: BTreeMap<SessionId, Client>,
    sessions: u64,
    /// Answers to the room, on their way.
    answers: Vec<(SessionId, Input)>,
    log: Vec<Entry>,
    durable: Seq,
    /// Who was sent a gap, and who was told too early that what it sent is saved.
    gaps: Vec<SessionId>,
    lies: Vec<SessionId>,
}

impl World {
    fn new() -> Self {
        Self {
            room: Room::new(Document::new(ClientId::SERVER), Seq(0), Limits::default()),
            clients: BTreeMap::new(),
            sessions: 0,
            answers: Vec::new(),
            log: Vec::new(),
            durable: Seq(0),
            gaps: Vec::new(),
            lies: Vec::new(),
        }
    }

    /// Several things happen, then the room is told of all.
    fn step(&mut self, chance: &mut Chance) {
        let mut inputs = std::mem::take(&mut self.answers);
        for _ in 0..=chance.below(4) {
            if self.clients.len() < SESSIONS && chance.one_in(3) {
                inputs.extend(self.join());
            }
            if let Some(session) = self.somebody(chance) {
                inputs.extend(self.act(session, chance));
            }
        }
        let effects = self.room.step(inputs);
        self.observe(effects);
        if chance.one_in(3) {
            let waiting = self.log.len() - self.durable.0 as usize;
            self.durable.0 += chance.below(waiting + 1) as u64;
            let effects = self.room.durable(self.durable);
            self.observe(effects);
        }
        if let Some(session) = self.somebody(chance).filter(|_| chance.one_in(8)) {
            self.room.fell_behind(session);
        }
    }

    fn somebody(&self, chance: &mut Chance) -> Option<SessionId> {
        let at = chance.below(self.clients.len().max(1));
        self.clients.keys().nth(at).copied()
    }

    fn join(&mut self) -> [(SessionId, Input); 2] {
        self.sessions += 1;
        let session = SessionId(self.sessions);
        let client = Client {
            document: Document::new(ClientId::new(self.sessions as u32)),
            onlooker: Stock::new(1000),
            unsent: Vec::new(),
            sent: Vec::new(),
            asked: BTreeMap::new(),
        };
        let knows = Message::Step1(client.document.state_vector().into());
        self.clients.insert(session, client);
        [(session, Input::Join), (session, Input::Messages(vec![knows]))]
    }

    fn act(&mut self, session: SessionId, chance: &mut Chance) -> Option<(SessionId, Input)> {
        if chance.one_in(12) {
            self.clients.remove(&session);
            return Some((session, Input::Leave));
        }
        if chance.one_in(4) {
            return Some((session, Input::Drained));
        }
        let client = self.clients.get_mut(&session)?;
        let edit = chance.edit(&client.document.text());
        if let Some(update) = client.document.edit(&edit) {
            client.onlooker.merge(&update);
            client.unsent.push(update.into());
        }
        let mut messages = Vec::new();
        if chance.one_in(2) && !client.unsent.is_empty() {
            // Some do not send the oldest first.
            let at = if chance.one_in(4) { chance.below(client.unsent.len()) } else { 0 };
            messages.push(client.sends(at));
        }
        if chance.one_in(3) {
            let number = client.asked.len() as u64;
            client.asked.insert(number, client.sent.len());
            messages.push(Message::SavedQuery(number));
        }
        Some((session, Input::Messages(messages)))
    }

    fn observe(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Append(entries) => self.log.extend(entries),
                Effect::Send { to, frame } | Effect::Show { to, frame } => {
                    for message in Message::decode_frame(&frame).unwrap() {
                        self.hear(to, message);
                    }
                }
                Effect::Refuse { session, reason } => {
                    assert_eq!(reason, Refusal::Gap);
                    self.clients.remove(&session);
                }
                Effect::Rebuild { session } => panic!("{session} broke the document"),
            }
        }
    }

    fn hear(&mut self, to: SessionId, message: Message) {
        let Some(client) = self.clients.get_mut(&to) else {
            return;
        };
        match message {
            Message::Update(update) | Message::Step2(update) => {
                client.onlooker.merge(&update);
                client.document.merge([&*update]);
                if !client.onlooker.is_whole() || client.onlooker.text() != client.document.text() {
                    self.gaps.push(to);
                }
            }
            Message::Step1(knows) => {
                let missing = client.document.diff_since(&knows).unwrap();
                client.unsent.clear();
                client.sent.push(missing);
                let answer = Message::Step2(client.sent.last().unwrap().clone());
                self.answers.push((to, Input::Messages(vec![answer])));
            }
            Message::Saved(number) if !self.is_saved(to, number) => self.lies.push(to),
            _ => {}
        }
    }

    /// Whether all that the session had sent before it asked is below the durable number.
    fn is_saved(&self, session: SessionId, number: u64) -> bool {
        let client = &self.clients[&session];
        let mut disk = replay(&self.log[..self.durable.0 as usize]);
        let before = client.sent[..client.asked[&number]].iter();
        let merged = disk.merge(before.map(|update| &**update));
        merged.update.is_none() && merged.outcomes.iter().all(|outcome| outcome.error.is_none())
    }
}

impl Client {
    fn sends(&mut self, at: usize) -> Message {
        let update = self.unsent.remove(at);
        self.sent.push(update.clone());
        Message::Update(update)
    }
}

fn replay(log: &[Entry]) -> Document {
    let mut document = Document::new(ClientId::SERVER);
    for entry in log {
        document.merge([&*entry.update]);
    }
    document
}

fn in_random_worlds(check: impl Fn(&World)) {
    for_each_seed(SEEDS, |chance| {
        let mut world = World::new();
        for _ in 0..STEPS {
            world.step(chance);
        }
        check(&world);
    });
}

#[test]
fn no_gap_is_ever_sent() {
    in_random_worlds(|world| assert_eq!(world.gaps, []));
}

#[test]
fn the_log_is_the_order() {
    in_random_worlds(|world| {
        let numbers = world.log.iter().map(|entry| entry.seq.0);
        assert!(numbers.eq(1..=world.log.len() as u64));
        let mut replayed = replay(&world.log);
        assert_eq!(replayed.text(), world.room.document().text());
        assert_eq!(replayed.merge([&*world.room.document().snapshot()]).update, None);
    });
}

#[test]
fn saved_means_saved() {
    in_random_worlds(|world| {
        assert_eq!(world.lies, []);
        assert_eq!(world.room.is_durable(), world.durable.0 as usize == world.log.len());
    });
}

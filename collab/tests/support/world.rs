//! People, their browsers, one server and the network between them, driven by chance.

mod strangers;

use std::collections::BTreeSet;

use collab::{
    document::Document,
    frame::Message,
    id::{ClientId, Seq, SessionId},
    replica::{EXPIRE_AFTER, Status},
    room::{Effect, Entry, Input, Limits, Room},
    wire::Reader,
};

use super::{
    browser::Browser,
    chance::Chance,
    network::{Link, Wreck},
    people::Person,
};

pub(crate) struct World<'a> {
    chance: &'a mut Chance,
    now: u64,
    people: Vec<Person>,
    /// The number of the replica that was made last.
    replicas: u32,
    wrecks: Vec<Wreck>,
    room: Room,
    sessions: u64,
    /// Who has a seat in the room.
    seated: BTreeSet<SessionId>,
    forgers: BTreeSet<SessionId>,
    log: Vec<Entry>,
    /// What the disk is known to hold.
    disk: Document,
    durable: usize,
}

impl<'a> World<'a> {
    pub(crate) fn new(chance: &'a mut Chance) -> Self {
        let count = 2 + chance.below(4) as u32;
        let mut people: Vec<Person> = Vec::new();
        for client in 1..=count {
            let sibling = people.last().filter(|_| chance.one_in(3));
            let browser = sibling.map_or_else(Browser::default, |sibling| sibling.browser.clone());
            people.push(Person::new(client, browser, 0));
        }
        Self {
            chance,
            now: 0,
            people,
            replicas: count,
            wrecks: Vec::new(),
            room: Room::new(Document::new(ClientId::SERVER), Seq(0), Limits::default()),
            sessions: 0,
            seated: BTreeSet::new(),
            forgers: BTreeSet::new(),
            log: Vec::new(),
            disk: Document::new(ClientId::SERVER),
            durable: 0,
        }
    }

    /// Something happens.
    pub(crate) fn step(&mut self) {
        let who = self.chance.below(self.people.len());
        match self.chance.below(120) {
            0..28 => self.people[who].edit(self.chance, self.now),
            28..30 => self.people[who].set_title(self.chance, self.now),
            30..58 => self.serve(),
            58..82 => self.read(who),
            82..88 => self.sync_disk(),
            88..91 => self.cut(who),
            91..96 => self.connect(who),
            96..98 => self.stall(who),
            98 => {
                let some = self.chance.below(8000) as u64;
                self.pass(some);
            }
            100..110 => self.overhear(who),
            110..113 => self.reopen(who),
            113 => self.people[who].fold(),
            114..117 => self.forge(),
            117 => self.impersonate(who),
            118 if self.chance.one_in(8) => self.break_document(),
            _ if self.chance.one_in(4) => self.restart(),
            _ => {}
        }
    }

    /// Everybody comes back, and all that was said is heard.
    pub(crate) fn come_to_rest(&mut self) {
        for who in 0..self.people.len() {
            self.connect(who);
            self.people[who].link.as_mut().expect("just connected").is_stalled = false;
        }
        // Until whoever left without a word is forgotten.
        for _ in 0..4 {
            self.hear_out();
            self.pass(EXPIRE_AFTER / 3);
        }
        self.hear_out();
    }

    pub(crate) fn assert_alike(&self) {
        let told = |document: &Document| (document.title(), document.text());
        let (title, text) = told(self.room.document());
        for (teller, document) in [("log", &replay(&self.log)), ("disk", &self.disk)] {
            assert_eq!(told(document), (title.clone(), text.clone()), "the {teller} tells another story");
        }
        assert!(self.room.is_durable());
        for person in &self.people {
            let Person { client, replica, .. } = person;
            assert_eq!(replica.text(), text, "{client:?} reads something else");
            assert_eq!(replica.title(), title, "{client:?} calls it something else");
            assert_eq!(replica.status(), Status::Saved, "{client:?}");
            assert_eq!(replica.people(), self.people.len(), "{client:?}");
            assert_eq!(person.browser.kept().1, [], "{client:?}");
        }
    }

    fn hear_out(&mut self) {
        for _ in 0..200 {
            let mut is_quiet = !self.serve_some(100);
            for person in &mut self.people {
                is_quiet &= !person.read(usize::MAX, self.now);
                is_quiet &= !person.overhear(usize::MAX);
            }
            is_quiet &= !self.tell_presences();
            is_quiet &= self.durable == self.log.len();
            self.make_durable(self.log.len());
            if is_quiet && !self.press() {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    fn serve(&mut self) {
        let most = 1 + self.chance.below(8);
        self.serve_some(most);
    }

    /// The room takes a batch of what has arrived, from anybody, in any order but each session's own.
    fn serve_some(&mut self, most: usize) -> bool {
        let inputs = self.arrivals(most);
        let has_taken = !inputs.is_empty();
        let effects = self.room.step(inputs);
        self.act(effects);
        if self.chance.one_in(4) {
            self.tell_presences();
        }
        has_taken
    }

    fn arrivals(&mut self, most: usize) -> Vec<(SessionId, Input)> {
        let mut inputs = Vec::new();
        for _ in 0..most {
            let at = self.chance.below(self.people.len() + self.wrecks.len());
            inputs.extend(self.arrival(at));
        }
        if inputs.is_empty() {
            let sources = self.people.len() + self.wrecks.len();
            inputs.extend((0..sources).find_map(|at| self.arrival(at)));
        }
        for (session, input) in &inputs {
            match input {
                Input::Join => drop(self.seated.insert(*session)),
                Input::Leave => drop(self.seated.remove(session)),
                _ => {}
            }
        }
        inputs
    }

    /// The document breaks under a batch, which is lost with it, and is rebuilt from its log.
    fn break_document(&mut self) {
        self.arrivals(4);
        let links = self.people.iter_mut().filter_map(|person| person.link.as_mut());
        links.for_each(|link| link.is_introduced = false);
        self.make_durable(self.log.len());
        let (document, last) = (replay(&self.log), Seq(self.log.len() as u64));
        let effects = self.room.revive(document, last, self.seated.clone());
        self.act(effects);
    }

    fn tell_presences(&mut self) -> bool {
        let effects = self.room.take_presences();
        let has_told = !effects.is_empty();
        self.act(effects);
        has_told
    }

    /// A second has gone by, in which all was heard that was on its way.
    fn press(&mut self) -> bool {
        let has_disputes = self.room.has_disputes();
        let effects = self.room.press();
        self.act(effects);
        has_disputes
    }

    fn arrival(&mut self, at: usize) -> Option<(SessionId, Input)> {
        match self.people.get_mut(at) {
            Some(person) => person.link.as_mut()?.arrival(),
            None => self.wrecks.get_mut(at - self.people.len())?.arrival(),
        }
    }

    fn act(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Append(entries) => self.log.extend(entries),
                Effect::Send { to, frame } => {
                    if self.link(to).is_some_and(|link| link.receive(frame)) {
                        self.room.fell_behind(to);
                    }
                }
                Effect::Show { to, frame } => {
                    if let Some(link) = self.link(to) {
                        link.offer(frame);
                    }
                }
                Effect::Refuse { session, reason } => {
                    assert!(self.forgers.contains(&session), "{session} was refused: {reason}");
                }
                Effect::Rebuild { session } => panic!("{session} broke the document"),
            }
        }
    }

    fn link(&mut self, session: SessionId) -> Option<&mut Link> {
        let mut links = self.people.iter_mut().filter_map(|person| person.link.as_mut());
        links.find(|link| link.session == session)
    }

    fn read(&mut self, who: usize) {
        let frames = 1 + self.chance.below(4);
        let person = &mut self.people[who];
        person.read(frames, self.now);
        let confirmed = person.browser.take_confirmed();
        let lacking = self.disk.merge(confirmed.iter().map(|update| &**update)).update;
        assert_eq!(lacking, None, "{:?} is told too early", person.client);
        if person.replica.status() == Status::Saved {
            let on_disk = units_of(&self.disk, person.client);
            assert_eq!(on_disk, person.units, "{:?} is told too early", person.client);
        }
    }

    fn overhear(&mut self, who: usize) {
        let whispers = 1 + self.chance.below(6);
        self.people[who].overhear(whispers);
    }

    /// A tab is closed, at any moment, and the person opens another.
    fn reopen(&mut self, who: usize) {
        self.cut(who);
        self.replicas += 1;
        self.people[who].reopen(self.replicas, self.now);
    }

    fn sync_disk(&mut self) {
        if self.chance.one_in(6) {
            let effects = self.room.troubled("the disk is full");
            return self.act(effects);
        }
        let waiting = self.log.len() - self.durable;
        let some = self.chance.below(waiting + 1);
        self.make_durable(self.durable + some);
    }

    fn make_durable(&mut self, len: usize) {
        let new = self.log[self.durable..len].iter();
        self.disk.merge(new.map(|entry| &*entry.update));
        self.durable = len;
        let effects = self.room.durable(Seq(len as u64));
        self.act(effects);
    }

    fn cut(&mut self, who: usize) {
        let wreck = self.people[who].cut(self.chance);
        self.wrecks.extend(wreck);
    }

    fn connect(&mut self, who: usize) {
        let person = &mut self.people[who];
        if person.link.is_some() {
            return;
        }

        self.sessions += 1;
        person.connect(SessionId(self.sessions), self.chance, self.now);
        // Some clients send again what the room has had before, as it came, and they have heard.
        let known = self.chance.below(self.log.len() + 1);
        let mut heard = person.document();
        let mut has_heard = |entry: &&Entry| {
            let merged = heard.merge([&*entry.update]);
            merged.update.is_none() && merged.outcomes[0].error.is_none()
        };
        // But not what was forged: of that, they have only what the room made of it.
        let sent = self.log[known..].iter().filter(|entry| !self.forgers.contains(&entry.session));
        let entries = sent.take_while(&mut has_heard);
        for entry in entries.take(self.chance.below(4)) {
            let link = person.link.as_mut().expect("just connected");
            link.send(vec![Message::Update(entry.update.clone())]);
        }
    }

    fn stall(&mut self, who: usize) {
        if let Some(link) = &mut self.people[who].link {
            link.is_stalled = !link.is_stalled;
        }
    }

    fn pass(&mut self, milliseconds: u64) {
        self.now += milliseconds;
        self.people.iter_mut().for_each(|person| person.tick(self.now));
    }

    /// The server dies. Its disk holds what it was known to hold, and perhaps some more.
    fn restart(&mut self) {
        let lucky = self.chance.below(self.log.len() - self.durable + 1);
        self.log.truncate(self.durable + lucky);
        self.durable = self.log.len();
        self.disk = replay(&self.log);
        self.wrecks.clear();
        self.seated.clear();
        for person in &mut self.people {
            person.cut(self.chance);
        }
        self.room = Room::new(replay(&self.log), Seq(self.log.len() as u64), Limits::default());
    }
}

fn replay(log: &[Entry]) -> Document {
    let mut document = Document::new(ClientId::SERVER);
    document.merge(log.iter().map(|entry| &*entry.update));
    document
}

/// How many units that a client wrote are known to a document.
fn units_of(document: &Document, client: ClientId) -> u64 {
    let state_vector = document.state_vector();
    let mut reader = Reader::new(&state_vector);
    let mut number = || reader.var_u64().expect("a state vector");
    let mut clients = (0..number()).map(|_| (number(), number()));
    clients.find(|(id, _)| *id == client.get()).map_or(0, |(_, clock)| clock)
}

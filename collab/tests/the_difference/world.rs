//! A room and the tabs around it, all of which do what a plan says.

use collab::{
    document::Document,
    frame::Message,
    id::{ClientId, Seq, SessionId},
    room::{Effect, Entry, Input, Limits, Room},
};

use super::{
    plan::{Step, TABS},
    tab::Tab,
    yjs::{Reading, Yjs},
};

pub(crate) struct World<'y> {
    yjs: &'y mut Yjs,
    tabs: Vec<Tab>,
    /// The number of the client that came last.
    clients: u32,
    sessions: u64,
    room: Room,
    log: Vec<Entry>,
    durable: usize,
}

impl<'y> World<'y> {
    pub(crate) fn new(yjs: &'y mut Yjs) -> Self {
        yjs.reset();
        let tabs = (1..=TABS as u32).map(|client| Tab::open(client, client % 2 == 0, yjs)).collect();
        let room = Room::new(Document::new(ClientId::SERVER), Seq(0), Limits::default());
        Self { yjs, tabs, clients: TABS as u32, sessions: 0, room, log: Vec::new(), durable: 0 }
    }

    pub(crate) fn step(&mut self, step: &Step) {
        match step {
            Step::Edit { who, at, remove, insert } => self.tabs[*who].edit(*at, *remove, insert, self.yjs),
            Step::Take { frames } => _ = self.take(frames),
            Step::Read { who, frames } => (0..*frames).for_each(|_| _ = self.tabs[*who].read(self.yjs)),
            Step::Repeat { who, which } => self.repeat(*who, *which),
            Step::Cut { who, arrive } => self.cut(*who, *arrive),
            Step::Connect { who } => self.connect(*who),
            Step::Reopen { who } => self.reopen(*who),
            Step::Sync { updates } => _ = self.sync(*updates),
            Step::Restart { updates } => self.restart(*updates),
            Step::Rest => self.come_to_rest(),
        }
    }

    /// Everybody comes back, all that was said is heard, and all read the same.
    pub(crate) fn come_to_rest(&mut self) {
        (0..TABS).for_each(|who| self.connect(who));
        while self.take(&[usize::MAX; TABS]) | self.read_all() | self.sync(usize::MAX) || self.press() {}
        let text = self.room.document().text();
        assert_eq!(replay(&self.log).text(), text, "the log tells another story");
        let expected = Reading { text, waits: false };
        for (who, tab) in self.tabs.iter().enumerate() {
            assert_eq!(tab.reading(self.yjs), expected, "tab {who} reads something else");
        }
        let newcomer = self.yjs.load(&self.room.document().snapshot());
        assert_eq!(newcomer, expected, "a newcomer reads something else");
    }

    fn read_all(&mut self) -> bool {
        let mut has_read = false;
        for tab in &mut self.tabs {
            while tab.read(self.yjs) {
                has_read = true;
            }
        }
        has_read
    }

    /// The room takes frames, first one of each, then the next. Returns whether there was one.
    fn take(&mut self, frames: &[usize; TABS]) -> bool {
        let mut inputs = Vec::new();
        let mut left = *frames;
        loop {
            let before = inputs.len();
            for (tab, left) in self.tabs.iter_mut().zip(&mut left).filter(|(_, left)| **left > 0) {
                *left -= 1;
                inputs.extend(tab.link.as_mut().and_then(|link| link.arrival()));
            }
            if inputs.len() == before {
                break;
            }
        }
        let has_taken = !inputs.is_empty();
        self.tell(inputs);
        has_taken
    }

    fn tell(&mut self, inputs: Vec<(SessionId, Input)>) {
        let effects = self.room.step(inputs);
        self.carry_out(effects);
        let effects = self.room.take_presences();
        self.carry_out(effects);
    }

    /// A second goes by, in which nothing else happens. Returns whether there was something to ask.
    fn press(&mut self) -> bool {
        let has_disputes = self.room.has_disputes();
        let effects = self.room.press();
        self.carry_out(effects);
        has_disputes
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Append(entries) => self.log.extend(entries),
                Effect::Send { to, frame } | Effect::Show { to, frame } => {
                    let links = self.tabs.iter_mut().filter_map(|tab| tab.link.as_mut());
                    for link in links.filter(|link| link.session == to) {
                        link.down.push_back(frame.clone());
                    }
                }
                Effect::Refuse { session, reason } => panic!("{session} was refused: {reason}"),
                Effect::Rebuild { session } => panic!("{session} broke the document"),
            }
        }
    }

    fn repeat(&mut self, who: usize, which: usize) {
        if let Some(at) = which.checked_rem(self.log.len()) {
            let again = Message::frame(&[Message::Update(self.log[at].update.clone())]);
            self.tabs[who].send(vec![again]);
        }
    }

    fn connect(&mut self, who: usize) {
        if self.tabs[who].link.is_none() {
            self.sessions += 1;
            self.tabs[who].connect(SessionId(self.sessions), self.yjs);
        }
    }

    fn cut(&mut self, who: usize, arrive: usize) {
        let inputs = self.tabs[who].cut().map(|link| link.cut(arrive));
        self.tell(inputs.unwrap_or_default());
    }

    fn reopen(&mut self, who: usize) {
        self.cut(who, usize::MAX);
        self.clients += 1;
        self.tabs[who] = Tab::open(self.clients, self.tabs[who].is_ours(), self.yjs);
    }

    /// Returns whether anything got to the disk.
    fn sync(&mut self, updates: usize) -> bool {
        let before = self.durable;
        self.durable += updates.min(self.log.len() - before);
        let effects = self.room.durable(Seq(self.durable as u64));
        self.carry_out(effects);
        self.durable > before
    }

    fn restart(&mut self, updates: usize) {
        self.durable += updates.min(self.log.len() - self.durable);
        self.log.truncate(self.durable);
        self.tabs.iter_mut().for_each(|tab| drop(tab.cut()));
        self.room = Room::new(replay(&self.log), Seq(self.log.len() as u64), Limits::default());
    }
}

fn replay(log: &[Entry]) -> Document {
    let mut document = Document::new(ClientId::SERVER);
    document.merge(log.iter().map(|entry| &*entry.update));
    document
}

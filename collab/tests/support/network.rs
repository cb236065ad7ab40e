//! Links that delay, stall, overflow and break, in memory.

use std::collections::VecDeque;

use collab::{Bytes, frame::Message, id::SessionId, room::Input};

use super::chance::Chance;

/// One socket, as long as its owner believes in it.
pub(crate) struct Link {
    pub(crate) session: SessionId,
    /// What the person sent and the room has not taken yet.
    up: VecDeque<Input>,
    /// What the room sent and the person has not read yet.
    down: VecDeque<Bytes>,
    /// Nothing goes through for a while.
    pub(crate) is_stalled: bool,
    /// Whether the room has heard who they are.
    pub(crate) is_introduced: bool,
    capacity: usize,
    /// Whether the queue is closed from an overflow until it has drained, or takes at once what comes next.
    closes: bool,
    is_behind: bool,
}

impl Link {
    pub(crate) fn new(session: SessionId, chance: &mut Chance) -> Self {
        Self {
            session,
            up: VecDeque::from([Input::Join]),
            down: VecDeque::new(),
            is_stalled: false,
            is_introduced: false,
            // To be brought up to date takes five frames; a queue that cannot hold them never gets there.
            capacity: if chance.one_in(3) { 5 + chance.below(4) } else { 1000 },
            closes: chance.one_in(2),
            is_behind: false,
        }
    }

    pub(crate) fn send(&mut self, messages: Vec<Message>) {
        self.up.push_back(Input::Messages(messages));
    }

    /// The room sends a frame. Returns whether it, and all that waited before it, was lost.
    pub(crate) fn receive(&mut self, frame: Bytes) -> bool {
        let is_lost = self.down.len() >= self.capacity || (self.is_behind && self.closes);
        if is_lost {
            self.down.clear();
            self.is_behind = true;
        } else {
            self.down.push_back(frame);
        }
        is_lost
    }

    /// The room sends a frame that need not arrive, and does not if much is waiting.
    pub(crate) fn offer(&mut self, frame: Bytes) {
        if !self.is_behind && self.down.len() < self.capacity / 2 {
            self.down.push_back(frame);
        }
    }

    /// The next thing that arrives at the room.
    pub(crate) fn arrival(&mut self) -> Option<(SessionId, Input)> {
        if self.is_stalled {
            return None;
        }
        let input = self.up.pop_front()?;
        if let Input::Messages(messages) = &input {
            self.is_introduced |= messages.iter().any(|message| matches!(message, Message::Awareness(_)));
        }
        Some((self.session, input))
    }

    /// The next frame that arrives at the person. Once the queue is empty again after frames were lost, the room is
    /// told, behind all that waits for it already.
    pub(crate) fn read(&mut self) -> Option<Bytes> {
        if self.is_stalled {
            return None;
        }
        if self.down.is_empty() && self.is_behind {
            self.is_behind = false;
            self.up.push_back(Input::Drained);
        }
        self.down.pop_front()
    }

    /// The link breaks. What was on its way down is lost; of what was on its way up, some arrives, and in the end the
    /// room notices.
    pub(crate) fn cut(mut self, chance: &mut Chance) -> Wreck {
        let arrives = chance.below(self.up.len() + 1);
        let has_joined = !matches!(self.up.front(), Some(Input::Join));
        self.up.truncate(arrives);
        if has_joined || arrives > 0 {
            self.up.push_back(Input::Leave);
        }
        Wreck { session: self.session, up: self.up }
    }
}

/// What is left of a link that was cut: the room has not noticed yet.
pub(crate) struct Wreck {
    session: SessionId,
    up: VecDeque<Input>,
}

impl Wreck {
    /// The next thing that arrives at the room, of what had been sent before.
    pub(crate) fn arrival(&mut self) -> Option<(SessionId, Input)> {
        Some((self.session, self.up.pop_front()?))
    }
}

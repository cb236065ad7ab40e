//! Somebody who writes: with Yjs, or with our own replica.

use std::collections::VecDeque;

use collab::{
    Bytes,
    edit::{TextEdit, utf16_len},
    frame::Message,
    id::{ClientId, SessionId},
    replica::{Effect, Replica},
    room::Input,
};

use super::yjs::{Reading, Yjs};

/// A tab and its connection.
pub(crate) struct Tab {
    client: u32,
    kind: Kind,
    pub(crate) link: Option<Link>,
}

enum Kind {
    Yjs,
    Ours(Box<Replica>),
}

/// Frames on their way, in both directions, each in order.
pub(crate) struct Link {
    pub(crate) session: SessionId,
    up: VecDeque<Input>,
    pub(crate) down: VecDeque<Bytes>,
}

impl Link {
    /// The next thing that arrives at the room.
    pub(crate) fn arrival(&mut self) -> Option<(SessionId, Input)> {
        Some((self.session, self.up.pop_front()?))
    }

    /// What arrives at the room of a link that breaks.
    pub(crate) fn cut(mut self, arrive: usize) -> Vec<(SessionId, Input)> {
        let session = self.session;
        let mut inputs: Vec<_> = std::iter::from_fn(|| self.arrival()).take(arrive).collect();
        inputs.push((session, Input::Leave));
        inputs
    }
}

impl Tab {
    pub(crate) fn open(client: u32, is_ours: bool, yjs: &mut Yjs) -> Self {
        let kind = if is_ours {
            Kind::Ours(Box::new(Replica::new(ClientId::new(client), "{}", 0)))
        } else {
            yjs.open(client);
            Kind::Yjs
        };
        Self { client, kind, link: None }
    }

    pub(crate) fn is_ours(&self) -> bool {
        matches!(self.kind, Kind::Ours(_))
    }

    pub(crate) fn connect(&mut self, session: SessionId, yjs: &mut Yjs) {
        self.link = Some(Link { session, up: VecDeque::from([Input::Join]), down: VecDeque::new() });
        let frames = match &mut self.kind {
            Kind::Yjs => yjs.connect(self.client),
            Kind::Ours(replica) => sent(replica.connected(0)),
        };
        self.send(frames);
    }

    pub(crate) fn cut(&mut self) -> Option<Link> {
        if let Kind::Ours(replica) = &mut self.kind {
            replica.disconnected();
        }
        self.link.take()
    }

    pub(crate) fn edit(&mut self, at: u32, remove: u32, insert: &str, yjs: &mut Yjs) {
        let frames = match &mut self.kind {
            Kind::Yjs => yjs.edit(self.client, at, remove, insert),
            Kind::Ours(replica) => {
                let at = at % (utf16_len(&replica.text()) + 1);
                let edit = TextEdit { at, delete: remove, insert: insert.to_owned() };
                sent(replica.edit(&[edit], 0))
            }
        };
        self.send(frames);
    }

    /// Reads the next frame. Returns whether there was one.
    pub(crate) fn read(&mut self, yjs: &mut Yjs) -> bool {
        let Some(frame) = self.link.as_mut().and_then(|link| link.down.pop_front()) else { return false };
        let frames = match &mut self.kind {
            Kind::Yjs => yjs.receive(self.client, &frame),
            Kind::Ours(replica) => {
                let mut effects = Vec::new();
                replica.receive(&frame, 0, &mut effects).expect("a frame that the server sends");
                sent(effects)
            }
        };
        self.send(frames);
        true
    }

    pub(crate) fn send(&mut self, frames: Vec<Bytes>) {
        let Some(link) = &mut self.link else { return };
        let messages = frames.iter().map(|frame| Message::decode_frame(frame).expect("a frame that is sent"));
        link.up.extend(messages.map(Input::Messages));
    }

    pub(crate) fn reading(&self, yjs: &mut Yjs) -> Reading {
        match &self.kind {
            Kind::Yjs => yjs.read(self.client),
            Kind::Ours(replica) => Reading { text: replica.text(), waits: replica.has_unsaved_edits() },
        }
    }
}

fn sent(effects: Vec<Effect>) -> Vec<Bytes> {
    let frames = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Some(frame),
        _ => None,
    });
    frames.collect()
}

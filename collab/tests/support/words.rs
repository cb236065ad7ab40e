//! What is said on the wire, written down in short.

use collab::{
    Bytes,
    document::Document,
    frame::Message,
    id::ClientId,
    presence::{Presence, encode_presences},
};

use super::edits::edit;

/// A person's own document.
pub(crate) struct Writer(pub(crate) Document);

impl Writer {
    pub(crate) fn new(client: u32) -> Self {
        Self(Document::new(ClientId::new(client)))
    }

    /// The update that puts `text` at the end.
    pub(crate) fn writes(&mut self, text: &str) -> Bytes {
        let update = self.0.edit(&edit(u32::MAX, 0, text));
        update.expect("something was written").into()
    }
}

pub(crate) fn knows_nothing() -> Message {
    Message::Step1(Bytes::from_static(&[0]))
}

pub(crate) fn update(bytes: &Bytes) -> Message {
    Message::Update(bytes.clone())
}

pub(crate) fn step_2(bytes: &Bytes) -> Message {
    Message::Step2(bytes.clone())
}

pub(crate) fn awareness(presences: &[(u32, u32, &str)]) -> Message {
    let presences: Vec<_> = presences
        .iter()
        .map(|&(client, clock, state)| Presence {
            client: ClientId::new(client),
            clock,
            state: (state != "null").then(|| state.into()),
        })
        .collect();
    Message::Awareness(encode_presences(presences.iter()).into())
}

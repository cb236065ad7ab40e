//! Somebody who types at the end of their own line, one character at a time, as cheaply as can be: the updates are
//! written by hand, so that the measuring side does not itself do the work of a CRDT.

use collab::wire::{put_bytes, put_var};

/// Makes the updates (v1) of one client that only ever appends to what it wrote.
pub(crate) struct Typist {
    client: u32,
    clock: u32,
}

impl Typist {
    pub(crate) fn new(client: u32) -> Self {
        Self { client, clock: 0 }
    }

    /// The update that types one more character.
    pub(crate) fn key(&mut self) -> Vec<u8> {
        const STRING: u8 = 4;
        const HAS_ORIGIN: u8 = 0x80;
        let mut out = Vec::with_capacity(24);
        // One client, one block of it.
        for value in [1, 1, self.client.into(), self.clock.into()] {
            put_var(&mut out, value);
        }
        match self.clock.checked_sub(1) {
            Some(origin) => {
                out.push(STRING | HAS_ORIGIN);
                put_var(&mut out, self.client.into());
                put_var(&mut out, origin.into());
            }
            None => {
                // The first stands in the root text.
                out.extend([STRING, 1]);
                put_bytes(&mut out, b"text");
            }
        }
        put_bytes(&mut out, b"x");
        // Nothing is deleted.
        out.push(0);
        self.clock += 1;
        out
    }
}

#[cfg(test)]
mod tests {
    use collab::{document::Document, id::ClientId};

    use super::*;

    #[test]
    fn what_is_typed_is_text() {
        let mut typist = Typist::new(7);
        let mut document = Document::new(ClientId::SERVER);
        for _ in 0..300 {
            let outcomes = document.merge([&*typist.key()]).outcomes;
            assert!(outcomes[0].is_new && outcomes[0].error.is_none(), "{outcomes:?}");
        }
        assert_eq!(document.text(), "x".repeat(300));
    }
}

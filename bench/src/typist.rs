//! People who write, as cheaply as can be: the updates are written by hand, so that the measuring side does not itself
//! do the work of a CRDT.

use collab::wire::{put_bytes, put_var};

const STRING: u8 = 4;
const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;

/// Makes the updates (v1) of one client that types at the end of its own line, one character at a time.
pub struct Typist {
    client: u32,
    clock: u32,
}

impl Typist {
    /// Has typed nothing yet.
    #[must_use]
    pub fn new(client: u32) -> Self {
        Self { client, clock: 0 }
    }

    /// The update that types one more character.
    pub fn key(&mut self) -> Vec<u8> {
        let mut out = begin(self.client, self.clock, 1);
        let left = self.clock.checked_sub(1);
        put_text(&mut out, self.client, left, None, "x");
        end(out, &mut self.clock, 1)
    }
}

/// Makes the updates (v1) of one client that types each character at another place, so that no two of them become one
/// piece of the document. The places are the same in every run.
pub struct Scatter {
    client: u32,
    /// For each character, the one behind it.
    next: Vec<Option<u32>>,
    places: fastrand::Rng,
}

impl Scatter {
    /// Has typed nothing yet.
    #[must_use]
    pub fn new(client: u32) -> Self {
        Self { client, next: Vec::new(), places: fastrand::Rng::with_seed(1) }
    }

    /// The update that types so many more characters.
    pub fn keys(&mut self, count: u32) -> Vec<u8> {
        let mut clock = u32::try_from(self.next.len()).expect("nobody types so much");
        let mut out = begin(self.client, clock, count);
        for own in clock..clock + count {
            // Behind the one before it, it would become one piece with it.
            let left = (own > 1).then(|| self.places.u32(..own - 1)).or(own.checked_sub(1));
            let right = left.and_then(|left| self.next[left as usize].replace(own));
            self.next.push(right);
            put_text(&mut out, self.client, left, right, "x");
        }
        end(out, &mut clock, count)
    }
}

/// The update with which a client pastes so many bytes of prose into an empty document.
pub fn pasted(client: u32, bytes: usize) -> Vec<u8> {
    let line = "Some words in a line, as people write.\n";
    let text: String = line.chars().cycle().take(bytes).collect();
    let mut out = begin(client, 0, 1);
    put_text(&mut out, client, None, None, &text);
    end(out, &mut 0, 0)
}

/// What somebody knows who knows so many characters of one client.
pub fn state_vector(client: u32, characters: usize) -> Vec<u8> {
    let mut out = Vec::new();
    [1, client.into(), characters as u64].into_iter().for_each(|value| put_var(&mut out, value));
    out
}

/// One client, and so many blocks of it from a clock on.
fn begin(client: u32, clock: u32, blocks: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(24);
    [1, blocks.into(), client.into(), clock.into()].into_iter().for_each(|value| put_var(&mut out, value));
    out
}

fn put_text(out: &mut Vec<u8>, client: u32, left: Option<u32>, right: Option<u32>, text: &str) {
    let flags = left.map_or(0, |_| HAS_ORIGIN) | right.map_or(0, |_| HAS_RIGHT_ORIGIN);
    out.push(STRING | flags);
    for neighbour in [left, right].into_iter().flatten() {
        put_var(out, client.into());
        put_var(out, neighbour.into());
    }
    if flags == 0 {
        // The first stands in the root text.
        out.push(1);
        put_bytes(out, b"text");
    }
    put_bytes(out, text.as_bytes());
}

/// Nothing is deleted.
fn end(mut out: Vec<u8>, clock: &mut u32, written: u32) -> Vec<u8> {
    out.push(0);
    *clock += written;
    out
}

#[cfg(test)]
mod tests {
    use collab::{document::Document, guard, id::ClientId};

    use super::*;

    fn merge(updates: impl IntoIterator<Item = Vec<u8>>) -> Document {
        let mut document = Document::new(ClientId::SERVER);
        for update in updates {
            let outcomes = document.merge([&*update]).outcomes;
            assert!(outcomes[0].is_new && outcomes[0].error.is_none(), "{outcomes:?}");
        }
        document
    }

    #[test]
    fn what_is_typed_is_text() {
        let mut typist = Typist::new(7);
        assert_eq!(merge((0..300).map(|_| typist.key())).text(), "x".repeat(300));
    }

    #[test]
    fn what_is_scattered_stays_in_pieces() {
        let mut scatter = Scatter::new(7);
        let document = merge((0..30).map(|_| scatter.keys(100)));
        assert_eq!(document.text(), "x".repeat(3000));
        let bytes = document.snapshot().len();
        assert!(bytes > 3000 * 7, "3000 pieces take more than {bytes} bytes");
    }

    #[test]
    fn what_is_pasted_is_known_afterwards() {
        let document = merge([pasted(7, 1000)]);
        assert_eq!(document.text().len(), 1000);
        assert_eq!(document.state_vector(), state_vector(7, 1000));
        assert!(guard::check_state_vector(&state_vector(7, 1000)).is_ok());
    }
}

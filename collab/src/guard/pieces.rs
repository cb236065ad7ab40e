//! Large updates in pieces, so that each fits into a frame.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{
    Block, Content, Id, Result,
    update::{Parent, Place, blocks, continuation},
};
use crate::wire::{Reader, put_bytes, put_var};

/// The most bytes of an update that go into one message. Servers take some megabytes, and much more may have been pasted, or
/// written while there was no link.
pub const PIECE: usize = 1 << 20;

/// What a piece takes besides its blocks, for each client, at the most.
const AROUND: usize = 32;

/// Divides an update that passes [`check_update`](super::check_update) into others of about `most` bytes at the most,
/// each of which builds on nothing but those before it. What is deleted is in the last one. Only text is cut: a block
/// of another kind that is larger makes a larger piece.
#[must_use]
pub fn divide(update: &Bytes, most: usize) -> Vec<Bytes> {
    if update.len() <= most {
        return vec![update.clone()];
    }
    // What cannot be divided may still be taken as it is.
    Division::of(update).ok().and_then(|division| division.cut(most)).unwrap_or_else(|| vec![update.clone()])
}

/// A block, and the bytes that it was read from.
type Written<'a> = (Block<'a>, &'a [u8]);

/// An update that is being divided.
struct Division<'a> {
    /// The blocks of each client.
    queues: BTreeMap<u64, Vec<Written<'a>>>,
    /// How many blocks of each client have been placed.
    placed: BTreeMap<u64, usize>,
    deletions: &'a [u8],
}

impl<'a> Division<'a> {
    fn of(update: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(update);
        let mut queues: BTreeMap<u64, Vec<Written<'a>>> = BTreeMap::new();
        blocks(&mut reader, |block, bytes| queues.entry(block.id.client).or_default().push((block, bytes)))?;
        let placed = queues.keys().map(|&client| (client, 0)).collect();
        Ok(Self { queues, placed, deletions: reader.rest() })
    }

    /// `None` where blocks wait for each other, which no document's do.
    fn cut(mut self, most: usize) -> Option<Vec<Bytes>> {
        let mut pieces = Pieces { most, done: Vec::new(), current: Piece::default() };
        for client in self.queues.keys().copied().collect::<Vec<_>>() {
            let mut waiting = vec![client];
            let mut idle = 0;
            while let Some(&client) = waiting.last() {
                let Some((block, bytes)) = self.next(client) else {
                    waiting.pop();
                    continue;
                };
                if let Some(first) = self.blocked_by(&block) {
                    waiting.push(first);
                    idle += 1;
                } else {
                    pieces.add(&block, bytes);
                    *self.placed.get_mut(&client)? += 1;
                    idle = 0;
                }
                if idle > self.queues.len() {
                    return None;
                }
            }
        }
        Some(pieces.end(self.deletions))
    }

    fn next(&self, client: u64) -> Option<Written<'a>> {
        self.queues.get(&client)?.get(*self.placed.get(&client)?).copied()
    }

    /// Whose block must be placed before this one. What is not in the update is known to its readers.
    fn blocked_by(&self, block: &Block<'_>) -> Option<u64> {
        let (one, other) = match block.place {
            Place::Nowhere => (None, None),
            Place::Beside { left, right } => (left, right),
            Place::First { parent: Parent::Block(id), .. } => (Some(id), None),
            Place::First { parent: Parent::Root(_), .. } => (None, None),
        };
        let is_missing = |id: &Id| {
            id.client != block.id.client
                && self.next(id.client).is_some_and(|(next, _)| next.id.clock <= id.clock)
        };
        [one, other].into_iter().flatten().find(is_missing).map(|id| id.client)
    }
}

/// What has been cut, and what is being filled.
struct Pieces {
    most: usize,
    done: Vec<Bytes>,
    current: Piece,
}

impl Pieces {
    fn add(&mut self, block: &Block<'_>, bytes: &[u8]) {
        match block.content {
            Content::Text(text) if bytes.len() + AROUND > self.most => self.add_text(block, bytes, text),
            _ => self.add_whole(block.id, bytes),
        }
    }

    fn add_whole(&mut self, id: Id, bytes: &[u8]) {
        if self.current.size + bytes.len() + AROUND > self.most {
            self.finish();
        }
        self.current.add(id, bytes);
    }

    /// Cuts a text as Yjs does: what follows stands after what is before, and on the left of the same right neighbour.
    fn add_text(&mut self, block: &Block<'_>, bytes: &[u8], text: &str) {
        let mut length = Vec::new();
        put_var(&mut length, text.len() as u64);
        let mut head = bytes[..bytes.len() - text.len() - length.len()].to_vec();
        let right = match block.place {
            Place::Beside { right, .. } => right,
            Place::Nowhere | Place::First { .. } => None,
        };
        let (mut id, mut rest) = (block.id, text);
        while !rest.is_empty() {
            let room = self.most.saturating_sub(2 * AROUND + head.len()).max(4);
            let (part, after) = rest.split_at(rest.floor_char_boundary(room.min(rest.len())));
            let mut written = head;
            put_bytes(&mut written, part.as_bytes());
            self.add_whole(id, &written);
            let end = Id { clock: id.clock + super::utf16_len(part), ..id };
            head = continuation(Id { clock: end.clock - 1, ..end }, right);
            (id, rest) = (end, after);
        }
    }

    fn finish(&mut self) {
        let piece = std::mem::take(&mut self.current);
        if !piece.runs.is_empty() {
            // Nothing is deleted.
            self.done.push(piece.write(&[0]));
        }
    }

    fn end(mut self, deletions: &[u8]) -> Vec<Bytes> {
        if self.current.size + deletions.len() > self.most {
            self.finish();
        }
        self.done.push(self.current.write(deletions));
        self.done
    }
}

/// Blocks of several clients, each client's without a gap.
#[derive(Default)]
struct Piece {
    runs: BTreeMap<u64, Run>,
    size: usize,
}

struct Run {
    start: u64,
    count: u64,
    bytes: Vec<u8>,
}

impl Piece {
    fn add(&mut self, id: Id, bytes: &[u8]) {
        let is_new = !self.runs.contains_key(&id.client);
        self.size += bytes.len() + if is_new { AROUND } else { 0 };
        let run = self.runs.entry(id.client).or_insert(Run { start: id.clock, count: 0, bytes: Vec::new() });
        run.count += 1;
        run.bytes.extend_from_slice(bytes);
    }

    /// As an update, which names higher clients first.
    fn write(&self, deletions: &[u8]) -> Bytes {
        let mut out = Vec::with_capacity(self.size + deletions.len() + AROUND);
        put_var(&mut out, self.runs.len() as u64);
        for (client, run) in self.runs.iter().rev() {
            [run.count, *client, run.start].into_iter().for_each(|number| put_var(&mut out, number));
            out.extend_from_slice(&run.bytes);
        }
        out.extend_from_slice(deletions);
        out.into()
    }
}

//! Whether an update says of known history what is known.

use std::{collections::HashMap, ops::Range, str::EncodeUtf16};

use crate::{
    guard::{Author, Block, Content, Id, Place, blocks_of},
    id::ClientId,
};

/// What stands for half of a character that was cut in two.
const HALF: u16 = 0xfffd;

/// Whether two updates differ in what they say of the units that both hold.
///
/// Compared are, unit by unit, the kind of content, the units of texts, and where each was inserted: between which
/// neighbours, or in which shared type. U+FFFD is taken for any half of a character, because it stands for that where one
/// was cut. The values of embedded objects, formats and maps are not compared, since writers order and space them as they
/// like. Of units that either side has forgotten, because they were deleted, only the place is known, or nothing.
pub(super) fn contradicts(held: &[u8], claimed: &[u8]) -> bool {
    let (held, claimed) = (Histories::of(held), Histories::of(claimed));
    let mut clients = claimed.clients.keys().copied().map(ClientId::from);
    clients.any(|client| !all_agree(held.by(client), claimed.by(client), Piece::agrees_with))
}

/// What an update says that clients have written.
pub(super) struct Histories<'a> {
    blocks: Vec<Block<'a>>,
    /// Where each client's stand.
    clients: HashMap<u64, Range<usize>>,
}

impl<'a> Histories<'a> {
    pub(super) fn of(update: &'a [u8]) -> Self {
        let blocks = blocks_of(update).unwrap_or_default();
        let mut clients = HashMap::new();
        let mut start = 0;
        for run in blocks.chunk_by(|a, b| a.id.client == b.id.client) {
            clients.insert(run[0].id.client, start..start + run.len());
            start += run.len();
        }
        Self { blocks, clients }
    }

    /// Up to which clock this shows that a claim is right to what a client wrote between two clocks.
    ///
    /// Up to its end where some of that is deleted in one of the two, so that nobody can tell what it was; without end
    /// where both say the same; and not at all where they differ, or something is lacking here. Who claims that there is
    /// nothing left, not even a place, is right only where that is said here, too: what stands beside it would be lost.
    pub(super) fn confirm(&self, claimed: &Self, claim: &Author) -> Option<u64> {
        let (said, claimed) = (self.by(claim.client), claimed.by(claim.client));
        let mut confirmed = 0;
        let mut is_same = true;
        let is_right = all_agree(said, claimed, |said, claimed, len| {
            confirmed += len;
            is_same &= said.is_left() && claimed.is_left();
            let is_nowhere = claimed.place() == Place::Nowhere && said.place() != Place::Nowhere;
            !is_nowhere && said.block.content != Content::Gap && said.agrees_with(claimed, len)
        });
        let is_whole = is_right && confirmed >= claim.end.saturating_sub(claim.start);
        is_whole.then_some(if is_same { u64::MAX } else { claim.end })
    }

    fn by(&self, client: ClientId) -> &[Block<'a>] {
        self.clients.get(&client.get()).map_or(&[], |range| &self.blocks[range.clone()])
    }
}

/// Whether a block goes on where all that is held of it is that there was something. Where it stands hangs on what is
/// forgotten: yrs puts the rest at the beginning, and tells others that it stands behind that, who then forget it, too.
pub(super) fn grows_from_nothing(held: &[u8], claimed: &[u8]) -> bool {
    let (held, claimed) = (Histories::of(held), Histories::of(claimed));
    claimed.blocks.iter().any(|block| {
        let last = held.by(block.id.client.into()).last();
        last.is_some_and(|last| {
            let (known, end) = (last.id.clock + last.len, block.id.clock + block.len);
            last.place == Place::Nowhere && block.id.clock < known && known < end
        })
    })
}

/// Whether two histories of the same client are alike, in the eyes of `agree`, where they overlap. One pass over both.
fn all_agree<'a>(
    held: &[Block<'a>],
    claimed: &[Block<'a>],
    mut agree: impl FnMut(&mut Piece<'a>, &mut Piece<'a>, u64) -> bool,
) -> bool {
    let (mut held, mut claimed) = (held.iter().map(Piece::of), claimed.iter().map(Piece::of));
    let (mut a, mut b) = (held.next(), claimed.next());
    while let (Some(left), Some(right)) = (&mut a, &mut b) {
        let start = left.clock.max(right.clock);
        let len = left.end.min(right.end).saturating_sub(start);
        if len > 0 {
            left.skip_to(start);
            right.skip_to(start);
            if !agree(left, right, len) {
                return false;
            }
        }
        let is_left_first = left.end <= right.end;
        if right.end <= left.end {
            b = claimed.next();
        }
        if is_left_first {
            a = held.next();
        }
    }
    true
}

/// What is left of a block.
struct Piece<'a> {
    block: Block<'a>,
    /// Where it begins and ends.
    clock: u64,
    end: u64,
    units: EncodeUtf16<'a>,
}

impl<'a> Piece<'a> {
    fn of(block: &Block<'a>) -> Self {
        let text = if let Content::Text(text) = block.content { text } else { "" };
        let clock = block.id.clock;
        Self { block: *block, clock, end: clock + block.len, units: text.encode_utf16() }
    }

    fn skip_to(&mut self, clock: u64) {
        (self.clock..clock).zip(self.units.by_ref()).for_each(drop);
        self.clock = clock;
    }

    /// Where the first unit stands.
    fn place(&self) -> Place<'a> {
        if self.clock == self.block.id.clock {
            return self.block.place;
        }
        if self.block.place == Place::Nowhere {
            return Place::Nowhere;
        }
        let left = Some(Id { client: self.block.id.client, clock: self.clock - 1 });
        let right = if let Place::Beside { right, .. } = self.block.place { right } else { None };
        Place::Beside { left, right }
    }

    /// Whether its units are there, and not only their number.
    fn is_left(&self) -> bool {
        self.place() != Place::Nowhere && !matches!(self.block.content, Content::Gone | Content::Gap)
    }

    /// Compares so many units, which begin at the same clock.
    fn agrees_with(&mut self, other: &mut Self, len: u64) -> bool {
        let (here, there) = (self.place(), other.place());
        let is_forgotten = here == Place::Nowhere || there == Place::Nowhere;
        match (self.block.content, other.block.content) {
            _ if is_forgotten => true,
            _ if here != there => false,
            (Content::Gone, _) | (_, Content::Gone) => true,
            (Content::Text(_), Content::Text(_)) => {
                self.clock += len;
                other.clock += len;
                (0..len).all(|_| match (self.units.next(), other.units.next()) {
                    (Some(a), Some(b)) => a == b || is_cut(a, b) || is_cut(b, a),
                    _ => false,
                })
            }
            (here, there) => here == there,
        }
    }
}

/// Whether a unit is what is left of another.
fn is_cut(left: u16, of: u16) -> bool {
    left == HALF && (0xd800..0xe000).contains(&of)
}

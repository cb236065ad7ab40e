//! A structural check of untrusted bytes, before yrs sees them.
//!
//! yrs 0.28.1 allocates what a count promises, recurses into nested values, subtracts clocks as `i32` and reads a
//! few kinds of content differently from how it writes them. So bytes from the network could exhaust memory, overflow
//! the stack, which aborts the process, or leave a document that panics when it is next saved. The check reads a
//! message once from front to back, with a bounded stack of its own, and accepts only what Yjs 13 and yrs write in
//! the v1 format. Whatever it accepts, yrs decodes.
//!
//! It sees one message and no document. Well formed here are blocks that depend on others which have not arrived,
//! blocks whose parent is not a shared type, and blocks that reuse an id: to judge these takes the document.

mod any;
mod json;
mod pieces;
#[cfg(test)]
mod tests;
mod update;

use crate::{
    id::ClientId,
    wire::{Reader, WireError},
};
pub use pieces::{PIECE, divide};
use thiserror::Error;
pub(crate) use update::{Block, Content, Id, Parent, Place, one_block};

/// The most clients that a list of numbers may name: a state vector, an awareness message, an update's deletions.
pub const MAX_CLIENTS: usize = 1 << 16;

/// The most clients whose blocks one update may hold. Every page load that edits is a client.
///
/// Where each client's block waits for the next client's, yrs looks through all that wait for each, and afterwards
/// recurses once for each: as many as this take it a second and 2 MB of stack, four times as many sixteen times that.
pub const MAX_AUTHORS: usize = 1 << 14;

/// The end of the last clock. yrs subtracts clocks as `i32`, so it cannot use the upper half of 32 bits.
pub const MAX_CLOCK: u64 = i32::MAX as u64;

/// The deepest nesting of arrays and objects within one value. yrs and every consumer of a value recurse.
pub const MAX_DEPTH: usize = 64;

/// The most bytes of JSON that one client may show others about itself.
pub const MAX_STATE: usize = 4096;

/// The deepest nesting of such JSON.
pub const MAX_STATE_DEPTH: usize = 32;

// Open levels are kept as the bits of one word.
const _: () = assert!(MAX_DEPTH <= 64 && MAX_STATE_DEPTH <= 64);

/// Client ids stay below this, since JavaScript's numbers are exact up to there and yrs masks the bits above.
const CLIENT_LIMIT: u64 = 1 << 53;

/// What is wrong with the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GuardError {
    /// A primitive cannot be read.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The message ends before the data does.
    #[error("data follows after the end of the message")]
    TrailingBytes,
    /// A count promises more entries than the rest of the data can hold.
    #[error("a count exceeds what the data can hold")]
    CountTooLarge,
    /// The message names more clients than [`MAX_CLIENTS`] or [`MAX_AUTHORS`].
    #[error("too many clients")]
    TooManyClients,
    /// A block, a deleted range or a client's list of them is empty.
    #[error("a block, range or list is empty")]
    Empty,
    /// A clock lies beyond [`MAX_CLOCK`].
    #[error("a clock is too large")]
    ClockOverflow,
    /// A client id does not fit into 53 bits.
    #[error("a client id is too large")]
    ClientId,
    /// Clients or deleted ranges come in an order that nobody writes.
    #[error("clients or ranges are out of order")]
    Order,
    /// A client's deletions are given twice, of which yrs would forget the first.
    #[error("a client appears twice")]
    DuplicateClient,
    /// A block depends on itself or on a later block of its own client, so it can never be integrated, or stands on both
    /// sides of the same unit, so that its place depends on who integrates it when.
    #[error("a block depends on itself, or on both sides of the same unit")]
    Cycle,
    /// A block's content is of a kind that documents here do not hold. The byte is the block's info.
    #[error("a block of unsupported kind {0:#04x}")]
    ContentKind(u8),
    /// A shared type is of a kind that Yjs or yrs does not know, or that they read differently.
    #[error("a shared type of unsupported kind {0}")]
    TypeKind(u8),
    /// A block's parent is neither a name nor a block.
    #[error("a parent of unknown kind {0}")]
    ParentKind(u8),
    /// A value's tag is unknown.
    #[error("a value of unknown kind {0}")]
    ValueKind(u8),
    /// A value nests deeper than [`MAX_DEPTH`], or [`MAX_STATE_DEPTH`] in an awareness message.
    #[error("a value is nested too deeply")]
    TooDeep,
    /// A text that must be JSON is not, or not as Yjs writes it.
    #[error("a text is not acceptable JSON")]
    Json,
    /// A client's awareness state exceeds [`MAX_STATE`].
    #[error("an awareness state is too large")]
    StateTooLarge,
}

/// Kinds of content, by Yjs's numbers.
const BINARY: u8 = 3;
const EMBED: u8 = 5;
const VALUES: u8 = 8;

type Result<T> = std::result::Result<T, GuardError>;

/// What a well-formed update holds, for those who decide whether a document may take it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// How many shared types it creates within others.
    ///
    /// yrs recurses through nested types when it deletes or prints the outermost: 4,000 levels overflow a stack of
    /// 2 MiB. The levels may arrive one by one, so only a bound on a document's total prevents that.
    pub types: usize,
    /// How many gaps it leaves between blocks of one client. A document must not take what follows a gap.
    pub gaps: usize,
    /// How many items it holds that no text shows: what is left of deleted ones, formats, plain and binary values.
    pub unseen: usize,
    /// How many blocks it holds of which nothing is left, not even where they stood.
    pub gone: usize,
    /// How many blocks it holds of which only a document can tell whether yrs takes them as Yjs does: those that name
    /// a block as their parent, which may hold no shared type; plain or binary values that may stand in a text; and texts
    /// that are embedded in a text as if they were objects.
    pub doubtful: usize,
    /// How many blocks it puts between two units of one client of which the left one was written later. That is right
    /// where the client went back to write it.
    pub backward: usize,
    /// How many blocks it puts in front of a unit that their own client has written before.
    pub in_front: usize,
    /// How many blocks it puts between two units, or a unit and the beginning or end, of which the right one was not written
    /// right after the left one. Where that goes through a character, it is cut in two, wherever the block itself ends up.
    pub stretched: usize,
    /// Whose blocks it holds. At most three times as large as the update.
    pub authors: Vec<Author>,
}

/// A client, and from where to where an update holds what it wrote, gaps included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    /// The client.
    pub client: ClientId,
    /// The clock of the first block.
    pub start: u64,
    /// The clock after the last block.
    pub end: u64,
}

impl Contents {
    fn add(&mut self, block: &Block<'_>) {
        let may_stand_in_a_text = match block.place {
            Place::Beside { .. } => true,
            Place::First { parent: Parent::Root(_), key } => key.is_none(),
            Place::First { parent: Parent::Block(_), .. } | Place::Nowhere => false,
        };
        match block.content {
            Content::Gap => self.gaps += 1,
            Content::Type => self.types += 1,
            Content::EmbeddedText => self.doubtful += 1,
            Content::Gone if block.place != Place::Nowhere => self.unseen += 1,
            Content::Other(kind) => {
                self.unseen += usize::from(kind != EMBED);
                self.doubtful += usize::from(matches!(kind, BINARY | VALUES) && may_stand_in_a_text);
            }
            Content::Gone => self.gone += 1,
            Content::Text(_) => {}
        }
        self.backward += usize::from(block.is_backward());
        self.in_front += usize::from(block.is_in_front());
        self.stretched += usize::from(block.is_stretched());
        let is_in_a_block = matches!(block.place, Place::First { parent: Parent::Block(_), .. });
        self.doubtful += usize::from(is_in_a_block);
        let (client, start, end) = (block.id.client.into(), block.id.clock, block.id.clock + block.len);
        match self.authors.last_mut() {
            Some(author) if author.client == client => author.end = end,
            _ => self.authors.push(Author { client, start, end }),
        }
    }
}

/// Checks an update in the v1 format. The empty update, `00 00`, is well formed.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_update(bytes: &[u8]) -> Result<()> {
    inspect_update(bytes).map(drop)
}

/// Checks an update as [`check_update`] does, and says what to look out for.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn inspect_update(bytes: &[u8]) -> Result<Contents> {
    let mut reader = Reader::new(bytes);
    let mut contents = Contents::default();
    update::blocks(&mut reader, |block, _| contents.add(&block))?;
    update::deletions(&mut reader)?;
    end(&reader)?;
    Ok(contents)
}

/// The blocks of an update that passes [`check_update`], by client and in order.
///
/// # Errors
/// The first thing that is wrong with it.
pub(crate) fn blocks_of(bytes: &[u8]) -> Result<Vec<Block<'_>>> {
    let mut blocks = Vec::new();
    update::blocks(&mut Reader::new(bytes), |block, _| blocks.push(block))?;
    Ok(blocks)
}

/// Checks a state vector: clients and the clocks up to which their blocks are known, in any order.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_state_vector(bytes: &[u8]) -> Result<()> {
    let mut reader = Reader::new(bytes);
    for _ in 0..clients(&mut reader, 2, MAX_CLIENTS)? {
        client(&mut reader)?;
        clock(&mut reader)?;
    }
    end(&reader)
}

/// Checks the inside of an awareness message: clients, each with a clock and its state as JSON.
///
/// The JSON is checked although the server only passes it on, because Yjs parses it without expecting an error: one
/// bad state would throw in every browser of the room, and the states behind it in the frame would be lost. It is an
/// object, or `null` in exactly this spelling, so that all readers agree on who has left.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_awareness(bytes: &[u8]) -> Result<()> {
    let mut reader = Reader::new(bytes);
    for _ in 0..clients(&mut reader, 4, MAX_CLIENTS)? {
        client(&mut reader)?;
        clock(&mut reader)?;
        let state = reader.bytes()?;
        if state.len() > MAX_STATE {
            return Err(GuardError::StateTooLarge);
        }
        if state != b"null" {
            if state.first() != Some(&b'{') {
                return Err(GuardError::Json);
            }
            json::check(state, MAX_STATE_DEPTH)?;
        }
    }
    end(&reader)
}

/// The number of clients, for each of which `size` bytes or more follow.
fn clients(reader: &mut Reader, size: usize, limit: usize) -> Result<usize> {
    let count = count(reader, size)?;
    if count > limit { Err(GuardError::TooManyClients) } else { Ok(count) }
}

/// The number of entries, for each of which `size` bytes or more follow.
#[inline]
fn count(reader: &mut Reader, size: usize) -> Result<usize> {
    let count = usize::try_from(reader.var_u64()?).map_err(|_| GuardError::CountTooLarge)?;
    if count > reader.rest().len() / size { Err(GuardError::CountTooLarge) } else { Ok(count) }
}

#[inline]
fn client(reader: &mut Reader) -> Result<u64> {
    let client = reader.var_u64()?;
    if client < CLIENT_LIMIT { Ok(client) } else { Err(GuardError::ClientId) }
}

#[inline]
fn clock(reader: &mut Reader) -> Result<u64> {
    let clock = reader.var_u64()?;
    if clock <= MAX_CLOCK { Ok(clock) } else { Err(GuardError::ClockOverflow) }
}

/// A string, and its length in UTF-16 code units, which clocks count.
#[inline]
fn string<'a>(reader: &mut Reader<'a>) -> Result<(&'a str, u64)> {
    let text = reader.string()?;
    Ok((text, if text.is_ascii() { text.len() as u64 } else { utf16_len(text) }))
}

/// A string that nobody looks into.
#[inline]
fn text(reader: &mut Reader) -> Result<()> {
    reader.string()?;
    Ok(())
}

/// The UTF-16 code units of text in UTF-8: one for each first byte, and another where a character takes four bytes.
fn utf16_len(text: &str) -> u64 {
    let units = |byte: &u8| u8::from(byte & 0xc0 != 0x80) + u8::from(*byte >= 0xf0);
    // A chunk's sum fits into a byte, which lets the compiler add many at a time.
    let chunk = |chunk: &[u8]| u64::from(chunk.iter().map(units).sum::<u8>());
    text.as_bytes().chunks(64).map(chunk).sum()
}

fn end(reader: &Reader) -> Result<()> {
    if reader.is_empty() { Ok(()) } else { Err(GuardError::TrailingBytes) }
}

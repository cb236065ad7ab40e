//! Updates: the blocks of each client, then the ranges that are deleted.

use super::{
    CLIENT_LIMIT, GuardError, MAX_AUTHORS, MAX_CLIENTS, MAX_CLOCK, MAX_DEPTH, Result, any, client, clients,
    clock, count, json, string, text,
};
use crate::wire::{Reader, put_bytes, put_var};

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_KEY: u8 = 0x20;
const KIND: u8 = 0x1f;
const TEXT: u8 = 4;

/// One unit of one client's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id {
    pub(crate) client: u64,
    pub(crate) clock: u64,
}

/// A run of units that were written together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    /// Its first unit.
    pub(crate) id: Id,
    /// How many units there are.
    pub(crate) len: u64,
    pub(crate) content: Content<'a>,
    pub(crate) place: Place<'a>,
}

impl Block<'_> {
    /// Whether it says that it stands between two units of one client of which the left one was written later.
    pub(crate) fn is_backward(&self) -> bool {
        let Place::Beside { left: Some(left), right: Some(right) } = self.place else { return false };
        left.client == right.client && right.clock < left.clock
    }

    /// Whether it says that it stands in front of a unit that its own client has written before.
    pub(crate) fn is_in_front(&self) -> bool {
        matches!(self.place, Place::Beside { right: Some(right), .. } if right.client == self.id.client)
    }

    /// Whether it says that it stands behind what its client wrote just before.
    pub(crate) fn is_typed(&self) -> bool {
        let before = self.id.clock.checked_sub(1).map(|clock| Id { clock, ..self.id });
        matches!(self.place, Place::Beside { left, .. } if left == before && left.is_some())
    }

    /// Whether it says that it stands before a unit, or the end, that was not written right after the one that it stands
    /// behind.
    pub(crate) fn is_stretched(&self) -> bool {
        match self.place {
            Place::Beside { left: Some(left), right: Some(right) } => {
                left.client != right.client || left.clock + 1 != right.clock
            }
            Place::Beside { .. } => true,
            Place::First { .. } | Place::Nowhere => false,
        }
    }
}

/// What a block holds, as far as anybody here looks into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content<'a> {
    /// Units that are left out.
    Gap,
    /// What is left of deleted units: no more than their number.
    Gone,
    Text(&'a str),
    /// A shared type, of kind 7.
    Type,
    /// A text as an embedded object, one unit long, which yrs hands out like text of its length.
    EmbeddedText,
    /// Anything else, by its kind in Yjs.
    Other(u8),
}

/// Where a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    Nowhere,
    /// Beside others, whose parent it shares.
    Beside {
        left: Option<Id>,
        right: Option<Id>,
    },
    /// First in a shared type, or under this key of it.
    First {
        parent: Parent<'a>,
        key: Option<&'a str>,
    },
}

/// A shared type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parent<'a> {
    /// The whole document has it, by this name.
    Root(&'a str),
    /// This block holds it.
    Block(Id),
}

/// The blocks of each client, and the bytes of each. Yjs and yrs write higher client ids first, merged updates included,
/// so a client that comes twice is out of order.
pub(super) fn blocks<'a>(reader: &mut Reader<'a>, mut see: impl FnMut(Block<'a>, &'a [u8])) -> Result<()> {
    let mut limit = CLIENT_LIMIT;
    for _ in 0..clients(reader, 5, MAX_AUTHORS)? {
        let count = filled(count(reader, 2)?)?;
        let client = client(reader)?;
        if client >= limit {
            return Err(GuardError::Order);
        }
        limit = client;
        let mut next = Id { client, clock: clock(reader)? };
        for _ in 0..count {
            let start = reader.rest();
            let block = block(reader, next)?;
            next.clock = advance(next.clock, block.len)?;
            see(block, &start[..start.len() - reader.rest().len()]);
        }
    }
    Ok(())
}

/// An update that inserts one text between two units of the same type.
pub(crate) fn one_block(id: Id, left: Id, right: Option<Id>, text: &str) -> Vec<u8> {
    let mut out = vec![1, 1];
    put_id(&mut out, id);
    out.extend(continuation(left, right));
    put_bytes(&mut out, text.as_bytes());
    // Nothing is deleted.
    out.push(0);
    out
}

/// What stands before the text of a block that is between two units of the same type.
pub(super) fn continuation(left: Id, right: Option<Id>) -> Vec<u8> {
    let flags = HAS_ORIGIN | if right.is_some() { HAS_RIGHT_ORIGIN } else { 0 };
    let mut out = vec![flags | TEXT];
    [Some(left), right].into_iter().flatten().for_each(|id| put_id(&mut out, id));
    out
}

fn put_id(out: &mut Vec<u8>, id: Id) {
    put_var(out, id.client);
    put_var(out, id.clock);
}

/// The block that begins at `id`. What is left of deleted blocks, and gaps, come without flags; Yjs would take them
/// with some, yrs would not.
#[inline]
fn block<'a>(reader: &mut Reader<'a>, id: Id) -> Result<Block<'a>> {
    let info = reader.u8()?;
    match info & KIND {
        kind @ (0 | 10) if info & !KIND == 0 => {
            let content = if kind == 0 { Content::Gone } else { Content::Gap };
            Ok(Block { id, len: reader.var_u64()?, content, place: Place::Nowhere })
        }
        // Legacy JSON (2) is missing, of which yrs reads one value more than it writes, and subdocuments (9), each a
        // document that nobody here would serve.
        1 | 3..=8 => item(reader, id, info),
        _ => Err(GuardError::ContentKind(info)),
    }
}

/// An item: where it stands, then what it holds.
#[inline]
fn item<'a>(reader: &mut Reader<'a>, id: Id, info: u8) -> Result<Block<'a>> {
    let has = |flag: u8| info & flag != 0;
    let left = has(HAS_ORIGIN).then(|| dependency(reader, id)).transpose()?;
    let right = has(HAS_RIGHT_ORIGIN).then(|| dependency(reader, id)).transpose()?;
    let is_first = left.is_none() && right.is_none();
    if left == right && !is_first {
        return Err(GuardError::Cycle);
    }
    let place = if is_first { parent(reader, id, has(HAS_KEY))? } else { Place::Beside { left, right } };
    let (content, len) = content(reader, info & KIND)?;
    Ok(Block { id, len, content, place })
}

/// The parent of an item that has no neighbours to take it from, and its key there if it has one.
fn parent<'a>(reader: &mut Reader<'a>, at: Id, has_key: bool) -> Result<Place<'a>> {
    let parent = match reader.u8()? {
        0 => Parent::Block(dependency(reader, at)?),
        1 => Parent::Root(reader.string()?),
        other => return Err(GuardError::ParentKind(other)),
    };
    let key = if has_key { Some(reader.string()?) } else { None };
    Ok(Place::First { parent, key })
}

/// The id of a block that must be there first.
#[inline]
fn dependency(reader: &mut Reader, at: Id) -> Result<Id> {
    let id = Id { client: client(reader)?, clock: clock(reader)? };
    if id.client == at.client && id.clock >= at.clock {
        return Err(GuardError::Cycle);
    }
    Ok(id)
}

/// What an item holds, and how many clock ticks that takes.
#[inline]
fn content<'a>(reader: &mut Reader<'a>, kind: u8) -> Result<(Content<'a>, u64)> {
    match kind {
        1 => return Ok((Content::Gone, reader.var_u64()?)),
        TEXT => return string(reader).map(|(text, len)| (Content::Text(text), len)),
        7 => return shared_type(reader).map(|()| (Content::Type, 1)),
        8 => return any::values(reader).map(|len| (Content::Other(kind), len)),
        3 => drop(reader.bytes()?),
        5 => {
            let json = reader.bytes()?;
            json::check(json, MAX_DEPTH)?;
            if json.trim_ascii_start().starts_with(b"\"") {
                return Ok((Content::EmbeddedText, 1));
            }
        }
        _ => {
            text(reader)?;
            json::check(reader.bytes()?, MAX_DEPTH)?;
        }
    }
    Ok((Content::Other(kind), 1))
}

/// An array, map, text or XML node within another type.
///
/// Refused are XML hooks (5), whose name Yjs writes and yrs does not read, links (7), which yrs reads only with its
/// feature of that name, and subdocuments (9) and undefined types (15), at which Yjs throws.
fn shared_type(reader: &mut Reader) -> Result<()> {
    match reader.u8()? {
        0 | 1 | 2 | 4 | 6 => Ok(()),
        3 => text(reader),
        other => Err(GuardError::TypeKind(other)),
    }
}

/// The deleted ranges of each client. yrs searches them by bisection and so needs them in order.
///
/// The clients come ascending from yrs, descending from Yjs, and in any order from older versions of both.
pub(super) fn deletions(reader: &mut Reader) -> Result<()> {
    let start = reader.clone();
    let (mut previous, mut rises, mut falls) = (None, false, false);
    for _ in 0..clients(reader, 4, MAX_CLIENTS)? {
        let client = client(reader)?;
        rises |= previous.is_some_and(|previous| client >= previous);
        falls |= previous.is_some_and(|previous| client <= previous);
        previous = Some(client);
        ranges(reader)?;
    }
    if rises && falls { distinct(start) } else { Ok(()) }
}

/// One client's deleted ranges.
#[inline]
fn ranges(reader: &mut Reader) -> Result<()> {
    let mut end = 0;
    for _ in 0..filled(count(reader, 2)?)? {
        let start = clock(reader)?;
        if start < end {
            return Err(GuardError::Order);
        }
        end = advance(start, reader.var_u64()?)?;
    }
    Ok(())
}

/// Checks that no client has two lists of deletions in `reader`, which is known to be well formed. Only lists that
/// are neither ascending nor descending come here, so that nothing else has to allocate.
#[cold]
fn distinct(mut reader: Reader) -> Result<()> {
    let count = clients(&mut reader, 4, MAX_CLIENTS)?;
    let mut seen = Vec::with_capacity(count);
    for _ in 0..count {
        seen.push(client(&mut reader)?);
        ranges(&mut reader)?;
    }
    seen.sort_unstable();
    if seen.is_sorted_by(|a, b| a < b) { Ok(()) } else { Err(GuardError::DuplicateClient) }
}

/// A list that nobody writes when it is empty. yrs recurses from one empty list to the next, without a limit.
#[inline]
fn filled(count: usize) -> Result<usize> {
    if count == 0 { Err(GuardError::Empty) } else { Ok(count) }
}

/// The clock after something of length `len`, which is never zero: yrs drops or trips over empty blocks.
#[inline]
fn advance(clock: u64, len: u64) -> Result<u64> {
    match clock.checked_add(len) {
        _ if len == 0 => Err(GuardError::Empty),
        Some(end) if end <= MAX_CLOCK => Ok(end),
        _ => Err(GuardError::ClockOverflow),
    }
}

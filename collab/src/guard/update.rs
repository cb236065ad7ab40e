//! Updates: the blocks of each client, then the ranges that are deleted.

use super::{
    CLIENT_LIMIT, Contents, GuardError, MAX_AUTHORS, MAX_CLIENTS, MAX_CLOCK, MAX_DEPTH, Result, any, client,
    clients, clock, count, json, text,
};
use crate::wire::Reader;

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_KEY: u8 = 0x20;
const KIND: u8 = 0x1f;

/// The blocks of each client. Yjs and yrs write higher client ids first, merged updates included, so a client that
/// comes twice is out of order.
pub(super) fn blocks(reader: &mut Reader) -> Result<Contents> {
    let mut contents = Contents::default();
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
            let len = block(reader, next, &mut contents)?;
            next.clock = advance(next.clock, len)?;
        }
    }
    Ok(contents)
}

/// The id of a block.
#[derive(Clone, Copy)]
struct Id {
    client: u64,
    clock: u64,
}

/// The block that begins at `at`, whose length is returned. What is left of deleted blocks, and gaps, come without
/// flags; Yjs would take them with some, yrs would not.
#[inline]
fn block(reader: &mut Reader, at: Id, contents: &mut Contents) -> Result<u64> {
    let info = reader.u8()?;
    match info & KIND {
        0 | 10 if info & !KIND == 0 => {
            contents.gaps += usize::from(info == 10);
            Ok(reader.var_u64()?)
        }
        // Legacy JSON (2) is missing, of which yrs reads one value more than it writes, and subdocuments (9), each a
        // document that nobody here would serve.
        kind @ (1 | 3..=8) => {
            contents.types += usize::from(kind == 7);
            contents.unseen += usize::from(matches!(kind, 1 | 3 | 6 | 8));
            item(reader, at, info)
        }
        _ => Err(GuardError::ContentKind(info)),
    }
}

/// An item: where it stands, then what it holds.
#[inline]
fn item(reader: &mut Reader, at: Id, info: u8) -> Result<u64> {
    if info & HAS_ORIGIN != 0 {
        dependency(reader, at)?;
    }
    if info & HAS_RIGHT_ORIGIN != 0 {
        dependency(reader, at)?;
    }
    if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
        parent(reader, at, info)?;
    }
    content(reader, info & KIND)
}

/// The parent of an item that has no neighbours to take it from, and its key there if it has one.
fn parent(reader: &mut Reader, at: Id, info: u8) -> Result<()> {
    match reader.u8()? {
        0 => dependency(reader, at)?,
        1 => drop(text(reader)?),
        other => return Err(GuardError::ParentKind(other)),
    }
    if info & HAS_KEY != 0 {
        text(reader)?;
    }
    Ok(())
}

/// The id of a block that must be there first.
#[inline]
fn dependency(reader: &mut Reader, at: Id) -> Result<()> {
    let client = client(reader)?;
    let clock = clock(reader)?;
    if client == at.client && clock >= at.clock {
        return Err(GuardError::Cycle);
    }
    Ok(())
}

/// What an item holds, and how many clock ticks that takes.
#[inline]
fn content(reader: &mut Reader, kind: u8) -> Result<u64> {
    match kind {
        1 => return Ok(reader.var_u64()?),
        4 => return text(reader),
        8 => return any::values(reader),
        3 => drop(reader.bytes()?),
        5 => json::check(reader.bytes()?, MAX_DEPTH)?,
        6 => {
            text(reader)?;
            json::check(reader.bytes()?, MAX_DEPTH)?;
        }
        _ => shared_type(reader)?,
    }
    Ok(1)
}

/// An array, map, text or XML node within another type.
///
/// Refused are XML hooks (5), whose name Yjs writes and yrs does not read, links (7), which yrs reads only with its
/// feature of that name, and subdocuments (9) and undefined types (15), at which Yjs throws.
fn shared_type(reader: &mut Reader) -> Result<()> {
    match reader.u8()? {
        0 | 1 | 2 | 4 | 6 => Ok(()),
        3 => text(reader).map(drop),
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

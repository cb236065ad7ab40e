//! Values in lib0's binary encoding, which maps and arrays hold.

use super::{GuardError, MAX_DEPTH, Result, count, text};
use crate::wire::{Reader, WireError};

const OBJECT: u8 = 118;
const ARRAY: u8 = 117;

/// The largest integer that JavaScript holds exactly.
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A list of values, whose length is returned.
pub(super) fn values(reader: &mut Reader) -> Result<u64> {
    let count = count(reader, 1)?;
    for _ in 0..count {
        match reader.u8()? {
            tag @ (ARRAY | OBJECT) => nested(reader, tag)?,
            tag => scalar(reader, tag)?,
        }
    }
    Ok(count as u64)
}

/// What follows the tag of a value that holds no others.
#[inline]
fn scalar(reader: &mut Reader, tag: u8) -> Result<()> {
    match tag {
        127 | 126 | 121 | 120 => {}
        125 => integer(reader)?,
        124 => drop(reader.take(4)?),
        123 | 122 => drop(reader.take(8)?),
        119 => text(reader)?,
        116 => drop(reader.bytes()?),
        _ => return Err(GuardError::ValueKind(tag)),
    }
    Ok(())
}

/// A signed integer: a sign and six bits, then seven bits a byte. yrs shifts without looking at the width.
fn integer(reader: &mut Reader) -> Result<()> {
    let first = reader.u8()?;
    if first < 0x80 {
        return Ok(());
    }
    let before = reader.rest().len();
    let high = reader.var_u64()?;
    let too_long = before - reader.rest().len() > 8;
    if too_long || high > MAX_INTEGER >> 6 { Err(WireError::Overflow.into()) } else { Ok(()) }
}

/// The arrays and objects that are being read, and how many of their values are still to come.
struct Open {
    left: [u32; MAX_DEPTH],
    /// One bit for each level, the innermost lowest: whether it is an object, whose values have keys.
    objects: u64,
    depth: usize,
}

impl Open {
    /// Enters an array or object, unless it is empty.
    fn enter(&mut self, reader: &mut Reader, tag: u8) -> Result<()> {
        let object = tag == OBJECT;
        let count = count(reader, if object { 2 } else { 1 })?;
        let level = self.left.get_mut(self.depth).ok_or(GuardError::TooDeep)?;
        if count > 0 {
            *level = u32::try_from(count).map_err(|_| GuardError::CountTooLarge)?;
            self.depth += 1;
            self.objects = self.objects << 1 | u64::from(object);
        }
        Ok(())
    }

    /// Takes the next value out of the innermost level, leaving those that are exhausted.
    fn next(&mut self) -> Option<bool> {
        while let Some(top) = self.depth.checked_sub(1) {
            if let Some(left) = self.left[top].checked_sub(1) {
                self.left[top] = left;
                return Some(self.objects & 1 == 1);
            }
            self.depth = top;
            self.objects >>= 1;
        }
        None
    }
}

/// What follows the tag of an array or object.
#[inline(never)]
fn nested(reader: &mut Reader, tag: u8) -> Result<()> {
    let mut open = Open { left: [0; MAX_DEPTH], objects: 0, depth: 0 };
    open.enter(reader, tag)?;
    while let Some(keyed) = open.next() {
        if keyed {
            text(reader)?;
        }
        match reader.u8()? {
            tag @ (ARRAY | OBJECT) => open.enter(reader, tag)?,
            tag => scalar(reader, tag)?,
        }
    }
    Ok(())
}

//! Reading and writing lib0's primitives: variable-length integers and byte strings.
//!
//! The reader is strict. It never allocates, never reads past its buffer, and takes no integer in a form longer
//! than ten bytes or wider than asked. See lib0 `decoding.js` and `encoding.js`.

use thiserror::Error;

/// Why bytes are not what they were said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WireError {
    /// The buffer ends before the value does.
    #[error("the data ends in the middle of a value")]
    Truncated,
    /// An integer does not fit into the width that the protocol gives it.
    #[error("an integer is too large")]
    Overflow,
    /// A string is not UTF-8.
    #[error("a string is not valid UTF-8")]
    Utf8,
}

/// A cursor over untrusted bytes.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The bytes that have not been read yet.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Whether everything has been read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// One byte.
    #[inline]
    pub fn u8(&mut self) -> Result<u8, WireError> {
        #[cfg(test)]
        steps::count();
        let (&first, rest) = self.rest.split_first().ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(first)
    }

    /// The next `len` bytes.
    #[inline]
    pub fn take(&mut self, len: usize) -> Result<&'a [u8], WireError> {
        #[cfg(test)]
        steps::count();
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// An unsigned integer of up to 64 bits: seven bits a byte, the lowest first.
    #[inline]
    pub fn var_u64(&mut self) -> Result<u64, WireError> {
        let mut value = 0_u64;
        let mut shift = 0;
        loop {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(WireError::Overflow);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
            shift += 7;
            if shift > 63 {
                return Err(WireError::Overflow);
            }
        }
    }

    /// An unsigned integer of up to 32 bits.
    #[inline]
    pub fn var_u32(&mut self) -> Result<u32, WireError> {
        u32::try_from(self.var_u64()?).map_err(|_| WireError::Overflow)
    }

    /// A length, then that many bytes.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], WireError> {
        let len = usize::try_from(self.var_u64()?).map_err(|_| WireError::Truncated)?;
        self.take(len)
    }

    /// A length, then that many bytes of UTF-8.
    #[inline]
    pub fn string(&mut self) -> Result<&'a str, WireError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| WireError::Utf8)
    }
}

/// Appends an unsigned integer, seven bits a byte, the lowest first.
pub fn put_var(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a length, then the bytes.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_var(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Counts what readers do, so that a test can tell whether it is in proportion to what they read.
#[cfg(test)]
pub(crate) mod steps {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn count() {
        STEPS.with(|steps| steps.set(steps.get() + 1));
    }

    pub(crate) fn during(act: impl FnOnce()) -> usize {
        let before = STEPS.with(Cell::get);
        act();
        STEPS.with(Cell::get) - before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_survive_the_round_trip() {
        for value in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            put_var(&mut out, value);
            let mut reader = Reader::new(&out);
            assert_eq!(reader.var_u64(), Ok(value));
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn integers_wider_than_asked_are_refused() {
        let mut out = Vec::new();
        put_var(&mut out, u64::from(u32::MAX) + 1);
        assert_eq!(Reader::new(&out).var_u32(), Err(WireError::Overflow));
        assert_eq!(Reader::new(&[0xff; 11]).var_u64(), Err(WireError::Overflow));
    }

    #[test]
    fn a_claimed_length_is_never_trusted() {
        let mut out = Vec::new();
        put_var(&mut out, u64::MAX);
        assert_eq!(Reader::new(&out).bytes(), Err(WireError::Truncated));
        assert_eq!(Reader::new(&[2, 0xc3, 0x28]).string(), Err(WireError::Utf8));
    }
}

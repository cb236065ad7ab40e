//! Names and numbers that are parsed once, at the edge.

use std::{fmt, str::FromStr, sync::Arc};

use thiserror::Error;

/// Names a document: 1 to 128 characters, each an ASCII letter, a digit or one of `-` `.` `_` `~`, the first of
/// them no dot.
///
/// These are the unreserved characters of RFC 3986, section 2.3, so that a name reads the same in an address, in
/// a file name and in a log. The empty path segments `.` and `..` cannot be names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(Arc<str>);

/// Crockford's Base32, five bits a digit.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// So many digits hold 128 bits.
const PLACES: usize = 26;

/// Why a text does not name a document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocIdError {
    /// There is nothing to name it by.
    #[error("a document's name must not be empty")]
    Empty,
    /// It has more than [`DocId::MAX_LEN`] characters.
    #[error("a document's name has at most {} characters", DocId::MAX_LEN)]
    TooLong,
    /// It begins with a dot.
    #[error("a document's name must not begin with a dot")]
    LeadingDot,
    /// It holds a character that is not allowed.
    #[error("a document's name has only the letters a to z, digits, and - . _ ~, so {0:?} cannot be in it")]
    Character(char),
}

impl DocId {
    /// The most characters that a name may have.
    pub const MAX_LEN: usize = 128;

    /// A name that nobody can guess, from 128 random bits: 26 digits and small letters, without those that are taken
    /// for others (`i`, `l`, `o`, `u`).
    #[must_use]
    pub fn unguessable(random: u128) -> Self {
        let digit = |place| char::from(DIGITS[(random >> (5 * place)) as usize % DIGITS.len()]);
        Self((0..PLACES).rev().map(digit).collect::<String>().into())
    }

    /// Whether this looks like a name that was made up by chance, not by a person.
    #[must_use]
    pub fn is_unguessable(&self) -> bool {
        self.0.len() == PLACES && self.0.bytes().all(|digit| DIGITS.contains(&digit))
    }

    /// The name as it stands in addresses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DocId {
    type Err = DocIdError;

    fn from_str(name: &str) -> Result<Self, DocIdError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
        match name.chars().find(|&c| !allowed(c)) {
            Some(c) => Err(DocIdError::Character(c)),
            None if name.is_empty() => Err(DocIdError::Empty),
            None if name.len() > Self::MAX_LEN => Err(DocIdError::TooLong),
            None if name.starts_with('.') => Err(DocIdError::LeadingDot),
            None => Ok(Self(name.into())),
        }
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Numbers one socket in one room. Never used twice while a server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Numbers a document's stored updates, in order and without holes. The first is 1; 0 means "none yet".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seq(pub u64);

impl Seq {
    /// The number after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Numbers a replica in the document's history. Random for each page load and never used again: two updates with
/// the same (client, clock) and different content would keep replicas apart for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(u64);

impl ClientId {
    /// The server's own number. It never writes, so that it needs no other.
    pub const SERVER: Self = Self(0);

    /// For a replica that writes. 32 bits, because Yjs 13 loses the low bits of wider ones.
    #[must_use]
    pub fn new(random: u32) -> Self {
        Self(u64::from(random))
    }

    /// As it stands on the wire.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for ClientId {
    fn from(wire: u64) -> Self {
        Self(wire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_rule() {
        for good in ["a", "spike1", "A-b_c.d~e", "0", &"x".repeat(128)] {
            assert_eq!(good.parse::<DocId>().map(|id| id.to_string()), Ok(good.to_owned()));
        }
        let bad = [
            ("", DocIdError::Empty),
            ("..", DocIdError::LeadingDot),
            (".hidden", DocIdError::LeadingDot),
            ("a/b", DocIdError::Character('/')),
            ("a b", DocIdError::Character(' ')),
            ("é", DocIdError::Character('é')),
            (&"x".repeat(129), DocIdError::TooLong),
        ];
        for (name, error) in bad {
            assert_eq!(name.parse::<DocId>(), Err(error), "{name:?}");
        }
    }

    #[test]
    fn random_names_use_every_bit_and_can_be_read_aloud() {
        let name = |random| DocId::unguessable(random).to_string();
        let id = |name: &str| name.parse::<DocId>().expect("the test names a document");
        assert_eq!(name(0), "0".repeat(26));
        assert_eq!(name(u128::MAX), format!("7{}", "z".repeat(25)));
        let names: std::collections::BTreeSet<_> = (0..128).map(|bit| name(1 << bit)).collect();
        assert_eq!(names.len(), 128);
        assert!(names.iter().all(|name| name.parse().is_ok_and(|id: DocId| id.is_unguessable())));
        assert!(
            ["garden", &"x".repeat(27), &"L".repeat(26)].into_iter().all(|name| !id(name).is_unguessable())
        );
        assert!(!names.iter().any(|name| name.contains(['i', 'l', 'o', 'u'])));
    }
}

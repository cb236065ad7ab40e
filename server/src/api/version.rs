//! Which version of a text somebody has.

use std::fmt;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
};
use collab::id::Seq;
use sha2::{Digest, Sha256};

use super::problem::{Kind, Problem};
use crate::rooms::Sight;

/// A version, as `ETag`s name it. The place in the log alone could, after the server has died, come to stand for what
/// others wrote in place of what was never saved; the text alone could be there twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    pub(super) seq: Seq,
    hash: u64,
}

/// What a request says of the versions for which it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// Whatever there is.
    None,
    /// Only where there is something: `If-Match: *`.
    Something,
    /// Only where there is nothing yet: `If-None-Match: *`.
    Nothing,
    /// One of these versions.
    Match(Vec<Version>),
    /// None of these.
    NoMatch(Vec<Version>),
}

impl Version {
    pub(crate) fn of(sight: &Sight) -> Self {
        Self::new(sight.last, &sight.glimpse.text)
    }

    pub(super) fn new(seq: Seq, text: &str) -> Self {
        let digest = Sha256::digest(text);
        let hash = u64::from_be_bytes(digest[..8].try_into().expect("a digest is longer"));
        Self { seq, hash }
    }

    pub(super) fn header(self) -> (HeaderName, HeaderValue) {
        let tag = HeaderValue::from_str(&self.to_string()).expect("digits are ASCII");
        (header::ETAG, tag)
    }

    /// A tag that cannot be one of ours names no version that we know.
    fn parse(tag: &str) -> Option<Self> {
        let (seq, hash) = tag.strip_prefix('"')?.strip_suffix('"')?.split_once('-')?;
        let version = Self { seq: Seq(seq.parse().ok()?), hash: u64::from_str_radix(hash, 16).ok()? };
        (version.to_string() == tag).then_some(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}-{:016x}\"", self.seq.0, self.hash)
    }
}

impl Condition {
    /// Whether somebody who wants to read has the newest version already.
    ///
    /// # Errors
    /// If they want another than this.
    pub(super) fn is_known(&self, current: Version) -> Result<bool, Problem> {
        match self {
            Self::Nothing => Ok(true),
            Self::NoMatch(versions) => Ok(versions.contains(&current)),
            Self::Match(versions) if !versions.contains(&current) => {
                Err(Kind::PreconditionFailed.because(format!("it is at {current}")))
            }
            Self::None | Self::Something | Self::Match(_) => Ok(false),
        }
    }

    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let [matching, other] = [header::IF_MATCH, header::IF_NONE_MATCH].map(|name| list(headers, &name));
        match (matching?, other?) {
            (None, None) => Ok(Self::None),
            (Some(Tags::Any), None) => Ok(Self::Something),
            (None, Some(Tags::Any)) => Ok(Self::Nothing),
            (Some(Tags::These(versions)), None) => Ok(Self::Match(versions)),
            (None, Some(Tags::These(versions))) => Ok(Self::NoMatch(versions)),
            (Some(_), Some(_)) => {
                Err(Kind::BadRequest.because("If-Match and If-None-Match exclude each other"))
            }
        }
    }
}

/// A list of tags.
enum Tags {
    Any,
    These(Vec<Version>),
}

fn list(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Problem> {
    let mut values = headers.get_all(name).iter().peekable();
    if values.peek().is_none() {
        return Ok(None);
    }
    let mut tags = Vec::new();
    for value in values {
        let unreadable = |_| Kind::BadRequest.because(format!("{name} is not a list of entity tags"));
        // For reading, a weak tag is as good; ours are strong, and never differ by that alone.
        let list = value.to_str().map_err(unreadable)?.split(',').map(str::trim);
        tags.extend(list.filter(|tag| !tag.is_empty()));
    }
    if tags.contains(&"*") {
        return Ok(Some(Tags::Any));
    }
    let is_read = *name == header::IF_NONE_MATCH;
    let strong =
        tags.into_iter().map(|tag| if is_read { tag.strip_prefix("W/").unwrap_or(tag) } else { tag });
    Ok(Some(Tags::These(strong.filter_map(Version::parse).collect())))
}

impl<S: Send + Sync> FromRequestParts<S> for Condition {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(headers: &[(HeaderName, &str)]) -> Result<Condition, Problem> {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().expect("a value")));
        Condition::of(&headers.collect())
    }

    #[test]
    fn versions_survive_the_round_trip() {
        let version = Version::new(Seq(7), "text");
        assert_eq!(version.to_string(), "\"7-982d9e3eb996f559\"");
        assert_eq!(Version::parse(&version.to_string()), Some(version));
        assert_ne!(version, Version::new(Seq(8), "text"));
        assert_ne!(version, Version::new(Seq(7), "other"));
        for tag in
            ["", "\"\"", "7-982d9e3eb996f559", "\"07-982d9e3eb996f559\"", "\"7-1\"", "\"x-y\"", "\"-\""]
        {
            assert_eq!(Version::parse(tag), None, "{tag}");
        }
    }

    #[test]
    fn conditions_are_read() {
        let [one, two] = [1, 2].map(|seq| Version::new(Seq(seq), "x"));
        let of = |headers: &[(HeaderName, &str)]| condition(headers).expect("it can be read");
        assert_eq!(of(&[]), Condition::None);
        assert_eq!(of(&[(header::IF_MATCH, "*")]), Condition::Something);
        assert_eq!(of(&[(header::IF_NONE_MATCH, "*")]), Condition::Nothing);
        let both = format!("{one}, \"foreign\" ,{two}");
        assert_eq!(of(&[(header::IF_MATCH, &both)]), Condition::Match(vec![one, two]));
        let weak = format!("W/{one}");
        assert_eq!(of(&[(header::IF_MATCH, &weak)]), Condition::Match(vec![]), "too weak to write by");
        assert_eq!(of(&[(header::IF_NONE_MATCH, &weak)]), Condition::NoMatch(vec![one]));
        assert!(condition(&[(header::IF_MATCH, "*"), (header::IF_NONE_MATCH, "*")]).is_err());
    }
}

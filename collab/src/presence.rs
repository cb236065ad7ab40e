//! Who is here. On the wire this is y-protocols' awareness; the states themselves are JSON that only clients read.

use std::sync::Arc;

use crate::{
    id::ClientId,
    wire::{Reader, WireError, put_bytes, put_var},
};

/// What is said of one person at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// The person's replica.
    pub client: ClientId,
    /// Counts that replica's states, from 1.
    pub clock: u32,
    /// JSON; `None`, on the wire `null`, says that the person has left.
    pub state: Option<Arc<str>>,
}

impl Presence {
    /// Whether `next` says something newer of the same person (y-protocols): a newer clock does, and so does a
    /// departure at the same clock.
    #[must_use]
    pub fn is_replaced_by(&self, next: &Self) -> bool {
        next.clock > self.clock || (next.clock == self.clock && next.state.is_none() && self.state.is_some())
    }
}

/// Reads the payload of an awareness message.
///
/// # Errors
/// If the bytes are anything but a list of presences.
pub fn decode_presences(payload: &[u8]) -> Result<Vec<Presence>, WireError> {
    let mut reader = Reader::new(payload);
    // The claimed count is not trusted with an allocation: it only tells when to stop.
    let count = reader.var_u64()?;
    let mut presences = Vec::new();
    for _ in 0..count {
        let client = reader.var_u64()?.into();
        let clock = reader.var_u32()?;
        let state = Some(reader.string()?).filter(|&json| json != "null").map(Arc::from);
        presences.push(Presence { client, clock, state });
    }
    if reader.is_empty() { Ok(presences) } else { Err(WireError::Truncated) }
}

/// Writes the payload of an awareness message.
#[must_use]
pub fn encode_presences<'a>(presences: impl ExactSizeIterator<Item = &'a Presence>) -> Vec<u8> {
    let mut out = Vec::new();
    put_var(&mut out, presences.len() as u64);
    for presence in presences {
        put_var(&mut out, presence.client.get());
        put_var(&mut out, presence.clock.into());
        put_bytes(&mut out, presence.state.as_deref().unwrap_or("null").as_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presence(client: u32, clock: u32, state: &str) -> Presence {
        Presence { client: ClientId::new(client), clock, state: (state != "null").then(|| state.into()) }
    }

    #[test]
    fn presences_survive_the_round_trip() {
        let presences = [presence(5, 1, "{}"), presence(u32::MAX, 9, "null")];
        assert_eq!(decode_presences(&encode_presences(presences.iter())).unwrap(), presences);
        assert_eq!(encode_presences(presences.iter())[..5], [2, 5, 1, 2, b'{']);
    }

    #[test]
    fn payloads_that_claim_more_than_they_hold_are_refused() {
        assert_eq!(decode_presences(&[0x80, 0x80, 0x80, 0x80, 1]), Err(WireError::Truncated));
        assert_eq!(decode_presences(&[0, 0]), Err(WireError::Truncated));
    }
}

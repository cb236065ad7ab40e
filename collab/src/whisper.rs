//! What tabs of one browser tell each other about a document that they have in common, past the server.

use bytes::Bytes;

use crate::{
    ledger::{EditId, Pending},
    wire::{Reader, WireError, put_bytes, put_var},
};

const HELLO: u64 = 0;
const NEWS: u64 = 1;
const SAVED: u64 = 2;

/// One message from a sibling: another tab of the browser, on the same document. All siblings get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whisper {
    /// "This is what I know" (a state vector). Whoever knows more answers with the rest.
    Hello(Bytes),
    /// An update, and which edits that the server has not confirmed are known to whoever says this.
    News {
        /// A Yjs update (v1).
        update: Bytes,
        /// Edits in it, or in what it builds on.
        pending: Vec<Pending>,
    },
    /// The server has confirmed these edits.
    Saved(Vec<EditId>),
}

impl Whisper {
    /// Reads a message. Payloads share its memory.
    ///
    /// # Errors
    /// If it is not one to its last byte: another version of this program may have written it.
    pub fn decode(words: &Bytes) -> Result<Self, WireError> {
        let mut reader = Reader::new(words);
        let whisper = match reader.var_u64()? {
            HELLO => Self::Hello(words.slice_ref(reader.bytes()?)),
            NEWS => {
                let update = words.slice_ref(reader.bytes()?);
                Self::News { update, pending: list(&mut reader, pending)? }
            }
            SAVED => Self::Saved(list(&mut reader, id)?),
            _ => return Err(WireError::Overflow),
        };
        if reader.is_empty() { Ok(whisper) } else { Err(WireError::Truncated) }
    }

    /// Writes the message.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        let mut out = Vec::new();
        match self {
            Self::Hello(state_vector) => {
                put_var(&mut out, HELLO);
                put_bytes(&mut out, state_vector);
            }
            Self::News { update, pending } => {
                put_var(&mut out, NEWS);
                put_bytes(&mut out, update);
                put_var(&mut out, pending.len() as u64);
                for Pending { id, at } in pending {
                    put_id(&mut out, *id);
                    put_var(&mut out, *at);
                }
            }
            Self::Saved(ids) => {
                put_var(&mut out, SAVED);
                put_var(&mut out, ids.len() as u64);
                ids.iter().for_each(|&id| put_id(&mut out, id));
            }
        }
        out.into()
    }
}

/// Reads a count and so many items. The count is not trusted with an allocation: it only tells when to stop.
fn list<'a, T>(
    reader: &mut Reader<'a>,
    item: fn(&mut Reader<'a>) -> Result<T, WireError>,
) -> Result<Vec<T>, WireError> {
    let count = reader.var_u64()?;
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(item(reader)?);
    }
    Ok(items)
}

fn pending(reader: &mut Reader<'_>) -> Result<Pending, WireError> {
    Ok(Pending { id: id(reader)?, at: reader.var_u64()? })
}

fn id(reader: &mut Reader<'_>) -> Result<EditId, WireError> {
    Ok(EditId { client: reader.var_u64()?.into(), number: reader.var_u64()? })
}

fn put_id(out: &mut Vec<u8>, EditId { client, number }: EditId) {
    put_var(out, client.get());
    put_var(out, number);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> [Whisper; 3] {
        let id = |client: u64, number| EditId { client: client.into(), number };
        [
            Whisper::Hello(Bytes::from_static(&[0])),
            Whisper::News {
                update: Bytes::from_static(&[0, 0]),
                pending: vec![Pending { id: id(7, 1), at: 0 }, Pending { id: id(8, 300), at: u64::MAX }],
            },
            Whisper::Saved(vec![id(7, 1), id(u64::MAX, 2)]),
        ]
    }

    #[test]
    fn whispers_survive_the_round_trip() {
        for whisper in examples() {
            assert_eq!(Whisper::decode(&whisper.encode()), Ok(whisper));
        }
    }

    #[test]
    fn what_is_not_understood_to_the_last_byte_is_refused() {
        for words in examples().map(|whisper| whisper.encode()) {
            for cut in 0..words.len() {
                assert!(Whisper::decode(&words.slice(..cut)).is_err(), "{words:?} to {cut}");
            }
            assert!(Whisper::decode(&[&words[..], &[0]].concat().into()).is_err());
        }
        assert!(Whisper::decode(&Bytes::from_static(&[3, 0])).is_err());
        assert_eq!(
            Whisper::decode(&Bytes::from_static(&[2, 0x80, 0x80, 0x80, 1])),
            Err(WireError::Truncated)
        );
    }
}

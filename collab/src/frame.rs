//! The protocol's messages, as y-websocket puts them on the wire. See `docs/protocol.md`.

use bytes::Bytes;
use thiserror::Error;

use crate::wire::{Reader, WireError, put_bytes, put_var};

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY_AWARENESS: u64 = 3;
const SAVED: u64 = 100;

const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;

const PERMISSION_DENIED: u64 = 0;

const SAVED_QUERY: u64 = 0;
const SAVED_REPLY: u64 = 1;
const NOT_SAVING: u64 = 2;
const LIMIT_QUERY: u64 = 3;
const LIMIT: u64 = 4;

/// The most messages in one frame. Read, a message takes many times the byte or two that it may have on the wire.
pub const MAX_MESSAGES: usize = 256;

/// One protocol message. A frame holds one or several, one after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// "This is what I know" (a state vector): the other side answers with what is missing.
    Step1(Bytes),
    /// The answer: an update with all that was missing.
    Step2(Bytes),
    /// An update, sent as it came to be.
    Update(Bytes),
    /// Presence: who is here, and where.
    Awareness(Bytes),
    /// Permission denied, with the reason. Only servers send it.
    Denied(Bytes),
    /// "Tell me who is here."
    QueryAwareness,
    /// "Tell me when all that I have sent so far is on disk": our own, answered only to those who ask.
    SavedQuery(u64),
    /// The answer, with the number that the question bore.
    Saved(u64),
    /// Nothing can be saved at the moment, for this reason (UTF-8). The answer comes when it can be again.
    NotSaving(Bytes),
    /// "Tell me how large the document may be."
    LimitQuery,
    /// The answer: so many bytes, encoded. An update that would make it larger ends its session.
    Limit(u64),
}

/// Why a frame cannot be read. The session that sent it is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrameError {
    /// It holds no message.
    #[error("the frame is empty")]
    Empty,
    /// It breaks off, or its numbers and strings are malformed.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A message type that this protocol does not have.
    #[error("there is no message type {0}")]
    UnknownType(u64),
    /// It holds more messages than [`MAX_MESSAGES`].
    #[error("the frame holds more than {MAX_MESSAGES} messages")]
    TooManyMessages,
}

impl Message {
    /// Reads every message of a frame. Payloads share the frame's memory.
    ///
    /// # Errors
    /// If any byte of the frame is not understood. Then none of its messages counts.
    pub fn decode_frame(frame: &Bytes) -> Result<Vec<Self>, FrameError> {
        let mut reader = Reader::new(frame);
        let mut messages = Vec::with_capacity(1);
        while !reader.is_empty() {
            if messages.len() == MAX_MESSAGES {
                return Err(FrameError::TooManyMessages);
            }
            messages.push(Self::decode(&mut reader, frame)?);
        }
        if messages.is_empty() { Err(FrameError::Empty) } else { Ok(messages) }
    }

    fn decode(reader: &mut Reader<'_>, frame: &Bytes) -> Result<Self, FrameError> {
        let payload = |reader: &mut Reader<'_>| reader.bytes().map(|bytes| frame.slice_ref(bytes));
        Ok(match reader.var_u64()? {
            SYNC => match reader.var_u64()? {
                STEP_1 => Self::Step1(payload(reader)?),
                STEP_2 => Self::Step2(payload(reader)?),
                UPDATE => Self::Update(payload(reader)?),
                other => return Err(FrameError::UnknownType(other)),
            },
            AWARENESS => Self::Awareness(payload(reader)?),
            AUTH => match reader.var_u64()? {
                PERMISSION_DENIED => Self::Denied(payload(reader)?),
                other => return Err(FrameError::UnknownType(other)),
            },
            QUERY_AWARENESS => Self::QueryAwareness,
            SAVED => match reader.var_u64()? {
                SAVED_QUERY => Self::SavedQuery(reader.var_u64()?),
                SAVED_REPLY => Self::Saved(reader.var_u64()?),
                NOT_SAVING => Self::NotSaving(payload(reader)?),
                LIMIT_QUERY => Self::LimitQuery,
                LIMIT => Self::Limit(reader.var_u64()?),
                other => return Err(FrameError::UnknownType(other)),
            },
            other => return Err(FrameError::UnknownType(other)),
        })
    }

    /// How many bytes of the frame it keeps in memory.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Step1(payload)
            | Self::Step2(payload)
            | Self::Update(payload)
            | Self::Awareness(payload)
            | Self::Denied(payload)
            | Self::NotSaving(payload) => payload.len(),
            Self::QueryAwareness
            | Self::SavedQuery(_)
            | Self::Saved(_)
            | Self::LimitQuery
            | Self::Limit(_) => 0,
        }
    }

    /// Appends the message to a frame.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Step1(state_vector) => put(out, &[SYNC, STEP_1], state_vector),
            Self::Step2(update) => put(out, &[SYNC, STEP_2], update),
            Self::Update(update) => put(out, &[SYNC, UPDATE], update),
            Self::Awareness(presences) => put(out, &[AWARENESS], presences),
            Self::Denied(reason) => put(out, &[AUTH, PERMISSION_DENIED], reason),
            Self::QueryAwareness => put_vars(out, &[QUERY_AWARENESS]),
            Self::SavedQuery(number) => put_vars(out, &[SAVED, SAVED_QUERY, *number]),
            Self::Saved(number) => put_vars(out, &[SAVED, SAVED_REPLY, *number]),
            Self::NotSaving(reason) => put(out, &[SAVED, NOT_SAVING], reason),
            Self::LimitQuery => put_vars(out, &[SAVED, LIMIT_QUERY]),
            Self::Limit(bytes) => put_vars(out, &[SAVED, LIMIT, *bytes]),
        }
    }

    /// One frame that holds all of `messages`.
    #[must_use]
    pub fn frame(messages: &[Self]) -> Bytes {
        let mut out = Vec::new();
        messages.iter().for_each(|message| message.encode(&mut out));
        out.into()
    }
}

fn put(out: &mut Vec<u8>, tags: &[u64], payload: &[u8]) {
    put_vars(out, tags);
    put_bytes(out, payload);
}

fn put_vars(out: &mut Vec<u8>, values: &[u64]) {
    values.iter().for_each(|&value| put_var(out, value));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> Result<Vec<Message>, FrameError> {
        Message::decode_frame(&Bytes::copy_from_slice(bytes))
    }

    /// The frames that `docs/protocol.md` shows.
    fn examples() -> Vec<(&'static [u8], Message)> {
        vec![
            (&[0, 0, 1, 0], Message::Step1(Bytes::from_static(&[0]))),
            (&[0, 1, 2, 0, 0], Message::Step2(Bytes::from_static(&[0, 0]))),
            (&[0, 2, 2, 0, 0], Message::Update(Bytes::from_static(&[0, 0]))),
            (
                &[1, 6, 1, 5, 1, 2, b'{', b'}'],
                Message::Awareness(Bytes::from_static(&[1, 5, 1, 2, b'{', b'}'])),
            ),
            (&[2, 0, 2, b'n', b'o'], Message::Denied(Bytes::from_static(b"no"))),
            (&[3], Message::QueryAwareness),
            (&[100, 0, 7], Message::SavedQuery(7)),
            (&[100, 1, 7], Message::Saved(7)),
            (&[100, 2, 2, b'n', b'o'], Message::NotSaving(Bytes::from_static(b"no"))),
            (&[100, 3], Message::LimitQuery),
            (&[100, 4, 0x80, 8], Message::Limit(1024)),
        ]
    }

    #[test]
    fn each_message_has_one_form() {
        for (bytes, message) in examples() {
            assert_eq!(decode(bytes), Ok(vec![message.clone()]));
            assert_eq!(Message::frame(&[message]), bytes);
        }
    }

    #[test]
    fn the_protocol_page_shows_these_frames() {
        let page = include_str!("../../docs/protocol.md");
        for (bytes, message) in examples() {
            let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
            assert!(page.contains(&format!("`{hex}`")), "docs/protocol.md lacks {hex} ({message:?})");
        }
    }

    #[test]
    fn a_frame_may_hold_several_messages() {
        let (bytes, messages): (Vec<_>, Vec<_>) = examples().into_iter().unzip();
        assert_eq!(decode(&bytes.concat()), Ok(messages));
    }

    #[test]
    fn a_frame_holds_only_so_many_messages() {
        assert_eq!(decode(&[3; MAX_MESSAGES]).map(|messages| messages.len()), Ok(MAX_MESSAGES));
        assert_eq!(decode(&[3; MAX_MESSAGES + 1]), Err(FrameError::TooManyMessages));
    }

    #[test]
    fn what_is_not_understood_to_the_last_byte_is_refused() {
        assert_eq!(decode(&[]), Err(FrameError::Empty));
        assert_eq!(decode(&[9]), Err(FrameError::UnknownType(9)));
        assert_eq!(decode(&[0, 3, 0]), Err(FrameError::UnknownType(3)));
        assert_eq!(decode(&[3, 0]), Err(FrameError::Wire(WireError::Truncated)));
        for (bytes, _) in examples() {
            for cut in 1..bytes.len() {
                assert_eq!(
                    decode(&bytes[..cut]),
                    Err(FrameError::Wire(WireError::Truncated)),
                    "{bytes:?} to {cut}"
                );
            }
        }
    }
}

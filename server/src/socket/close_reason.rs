//! Why a session ends, as its client is told.

use std::borrow::Cow;

use collab::{frame::FrameError, room::Refusal};

use crate::rooms::OpenError;

/// A WebSocket close code and its reason. See `docs/protocol.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseReason {
    /// RFC 6455, section 7.4, or our own: 4400 to 4499 say "do not come back with this".
    pub code: u16,
    /// For people, at most 123 bytes.
    pub reason: Cow<'static, str>,
}

impl CloseReason {
    /// Nothing is wrong.
    pub const GOODBYE: Self = Self { code: 1000, reason: Cow::Borrowed("") };
    /// The client has given no sign of life.
    pub const SILENT: Self = Self { code: 1001, reason: Cow::Borrowed("no sign of life") };
    /// The server ends. Come back in a moment.
    pub const RESTART: Self = Self { code: 1012, reason: Cow::Borrowed("the server is restarting") };
    /// The room failed. Come back in a moment.
    pub const ROOM_FAILED: Self =
        Self { code: 1011, reason: Cow::Borrowed("the room failed and is set up anew") };
    /// What the session sent breaks the document.
    pub const BREAKS: Self =
        Self { code: 4422, reason: Cow::Borrowed("the document breaks under this update") };
    /// Somebody has deleted the document.
    pub const DELETED: Self = Self { code: 4410, reason: Cow::Borrowed("the document was deleted") };
    /// The session did not read what was sent to it.
    pub const TOO_SLOW: Self =
        Self { code: 1013, reason: Cow::Borrowed("too slow in reading what was sent") };
    /// There are too many sessions from one address.
    pub const CROWDED: Self =
        Self { code: 1013, reason: Cow::Borrowed("too many sessions from your address; try again later") };
    /// A frame or message is larger than allowed.
    pub const TOO_LARGE: Self = Self { code: 1009, reason: Cow::Borrowed("the frame is too large") };
    /// A text frame, in a protocol of binary ones.
    pub const NOT_BINARY: Self =
        Self { code: 1003, reason: Cow::Borrowed("only binary frames are understood") };

    /// A frame that cannot be read.
    #[must_use]
    pub fn malformed(error: FrameError) -> Self {
        Self { code: 4400, reason: Cow::Owned(cut(format!("malformed frame: {error}"))) }
    }

    /// The room has refused the session.
    #[must_use]
    pub fn refused(refusal: &Refusal) -> Self {
        let code = match refusal {
            Refusal::Malformed(_) | Refusal::Presence(_) => 4400,
            Refusal::Gap | Refusal::Contradiction | Refusal::Impersonation => 4409,
            Refusal::LargeUpdate => 1009,
            Refusal::TooLarge | Refusal::TooManyTypes => 4413,
            Refusal::TooManyClients => 4414,
        };
        Self { code, reason: Cow::Owned(cut(refusal.to_string())) }
    }

    /// The room did not open.
    #[must_use]
    pub fn not_opened(error: OpenError) -> Self {
        match error {
            OpenError::Unreadable => Self { code: 4500, reason: Cow::Owned(cut(error.to_string())) },
            OpenError::Deleted => Self::DELETED,
            OpenError::RoomFull | OpenError::TooManyRooms => {
                Self { code: 1013, reason: Cow::Owned(cut(error.to_string())) }
            }
            OpenError::ShuttingDown => Self::RESTART,
        }
    }
}

/// RFC 6455 leaves 123 bytes for a reason.
fn cut(mut reason: String) -> String {
    reason.truncate(reason.floor_char_boundary(123));
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_fit_into_a_close_frame() {
        assert!(cut("é".repeat(100)).len() <= 123);
    }
}

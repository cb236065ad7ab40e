//! What waits to be sent to one session.

use std::{
    borrow::Cow,
    collections::VecDeque,
    mem,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use collab::{frame::FrameError, room::Refusal};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::rooms::OpenError;

/// A bounded queue between a room, which never waits, and a session's write loop.
///
/// Invariant *bounded*: it holds at most `limit` bytes beside its largest frame, which may be a whole document.
/// Where a frame does not fit, the whole queue is dropped and the writer learns of it: the room then makes good
/// what was lost.
#[derive(Debug)]
pub struct Outbox {
    limit: usize,
    state: Mutex<State>,
    wake: Notify,
    closed: CancellationToken,
    /// For how long the session has kept its room busy since that was last asked, in nanoseconds.
    busy: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    frames: VecDeque<Bytes>,
    bytes: usize,
    largest: usize,
    has_lost: bool,
    close: Option<CloseReason>,
}

/// What the write loop should do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Send these, in order.
    Frames(VecDeque<Bytes>),
    /// Tell the room that frames were lost, and that it may send again.
    Lost,
    /// Say goodbye. Nothing follows.
    Close(CloseReason),
}

/// The queue was full and is dropped.
#[derive(Debug, PartialEq, Eq)]
pub struct Overflow;

/// A WebSocket close code and its reason. See `docs/protocol.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseReason {
    /// RFC 6455, section 7.4, or our own: 4400 to 4499 say "do not come back with this".
    pub code: u16,
    /// For people, at most 123 bytes.
    pub reason: Cow<'static, str>,
}

impl Outbox {
    /// An empty queue.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            state: Mutex::default(),
            wake: Notify::new(),
            closed: CancellationToken::new(),
            busy: AtomicU64::new(0),
        }
    }

    /// Queues a frame. Frames that come after a loss are lost, too, until the writer has seen it.
    ///
    /// # Errors
    /// If the frame does not fit.
    pub fn push(&self, frame: Bytes) -> Result<(), Overflow> {
        let mut state = self.state();
        if state.has_lost {
            return Err(Overflow);
        }
        let largest = state.largest.max(frame.len());
        if state.bytes + frame.len() - largest > self.limit {
            let close = state.close.take();
            *state = State { has_lost: true, close, ..State::default() };
            return Err(Overflow);
        }
        state.largest = largest;
        state.bytes += frame.len();
        state.frames.push_back(frame);
        drop(state);
        self.wake.notify_one();
        Ok(())
    }

    /// Queues a frame that need not arrive, as long as no more than half of the space is taken: whatever it says, a later
    /// one says it newer.
    pub fn offer(&self, frame: Bytes) {
        let mut state = self.state();
        if state.has_lost || state.bytes + frame.len() > self.limit / 2 {
            return;
        }
        state.largest = state.largest.max(frame.len());
        state.bytes += frame.len();
        state.frames.push_back(frame);
        drop(state);
        self.wake.notify_one();
    }

    /// Notes that the session has kept its room busy.
    pub fn charge(&self, time: Duration) {
        self.busy.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// For how long the session has kept its room busy since this was last asked.
    pub fn take_charge(&self) -> Duration {
        Duration::from_nanos(self.busy.swap(0, Ordering::Relaxed))
    }

    /// Ends the session once what is queued has been sent. The first reason counts.
    pub fn close(&self, reason: CloseReason) {
        self.state().close.get_or_insert(reason);
        self.closed.cancel();
        self.wake.notify_one();
    }

    /// Why the session is to be closed, if it is.
    #[must_use]
    pub fn reason(&self) -> Option<CloseReason> {
        self.state().close.clone()
    }

    /// Waits until somebody wants the session closed.
    pub async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Waits for something to do.
    pub async fn next(&self) -> Delivery {
        loop {
            if let Some(delivery) = self.state().take() {
                return delivery;
            }
            self.wake.notified().await;
        }
    }

    /// The state is whole at every moment, so that a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self) -> Option<Delivery> {
        if !self.frames.is_empty() {
            (self.bytes, self.largest) = (0, 0);
            return Some(Delivery::Frames(mem::take(&mut self.frames)));
        }
        if let Some(reason) = self.close.clone() {
            return Some(Delivery::Close(reason));
        }
        mem::take(&mut self.has_lost).then_some(Delivery::Lost)
    }
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
            Refusal::Gap | Refusal::Contradiction => 4409,
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

    #[tokio::test]
    async fn frames_are_delivered_together_and_in_order() {
        let outbox = Outbox::new(10);
        outbox.push(Bytes::from_static(b"one")).unwrap();
        outbox.push(Bytes::from_static(b"two")).unwrap();
        outbox.close(CloseReason::RESTART);
        let frames = [Bytes::from_static(b"one"), Bytes::from_static(b"two")];
        assert_eq!(outbox.next().await, Delivery::Frames(frames.into()));
        assert_eq!(outbox.next().await, Delivery::Close(CloseReason::RESTART));
    }

    #[tokio::test]
    async fn the_outbox_is_bounded() {
        let outbox = Outbox::new(2);
        let frames = ["a", "a whole document", "b"].map(|frame| Bytes::from_static(frame.as_bytes()));
        frames.iter().for_each(|frame| outbox.push(frame.clone()).unwrap());
        assert_eq!(outbox.push(Bytes::from_static(b"c")), Err(Overflow));
        assert_eq!(outbox.push(Bytes::from_static(b"d")), Err(Overflow), "until the writer knows");
        assert_eq!(outbox.next().await, Delivery::Lost);
        frames.iter().for_each(|frame| outbox.push(frame.clone()).unwrap());
        assert_eq!(outbox.next().await, Delivery::Frames(frames.into()));
    }

    #[tokio::test]
    async fn what_need_not_arrive_is_dropped_first() {
        let outbox = Outbox::new(8);
        outbox.offer(Bytes::from_static(b"seen"));
        outbox.offer(Bytes::from_static(b"moved"));
        outbox.push(Bytes::from_static(b"typed")).unwrap();
        let frames = [Bytes::from_static(b"seen"), Bytes::from_static(b"typed")];
        assert_eq!(outbox.next().await, Delivery::Frames(frames.into()));
    }

    #[test]
    fn reasons_fit_into_a_close_frame() {
        assert!(cut("é".repeat(100)).len() <= 123);
    }
}

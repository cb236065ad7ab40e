//! What is on its way to one session.

use std::{
    io, mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use super::{close_reason::CloseReason, wire::Wire};
use super::{
    queue::{Line, Queue},
    wire::{Frame, Kind},
};
use crate::metrics::Metrics;

/// How large a frame may be that whoever has it sends at once. The rest is left to the session's own task, because a
/// room, which sends to everybody, must not be held up by one large frame.
const AT_ONCE: usize = 16 * 1024;

/// The way from a room, which never waits, to a session's connection. As long as the connection takes what is sent, the
/// room itself sends it, without waking anybody; what it does not take is queued, and the session's task sends it.
///
/// Invariant *bounded*: it holds at most `limit` bytes beside the largest frame since it was last empty, which may be a
/// whole document. Where a frame does not fit, the queue is dropped and the session's task learns of it: the room then
/// makes good what was lost.
#[derive(Debug)]
pub struct Outbox {
    line: Option<Line>,
    limit: usize,
    state: Mutex<State>,
    wake: Notify,
    closed: CancellationToken,
    /// For how long the session has kept its room busy since that was last asked, in nanoseconds.
    busy: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    queue: Queue,
    has_lost: bool,
    close: Option<CloseReason>,
    /// Whether the last frame is there.
    is_over: bool,
}

/// What the session's task should do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Duty {
    /// Send what is queued: call [`Outbox::try_send`] until so many frames have left the queue since the beginning.
    Send(u64),
    /// Tell the room that frames were lost, and that it may send again.
    Lost,
    /// Say goodbye. Nothing follows.
    Close(CloseReason),
}

/// The queue was full and is dropped.
#[derive(Debug, PartialEq, Eq)]
pub struct Overflow;

impl Outbox {
    /// Nothing is queued.
    #[must_use]
    pub fn new(wire: Arc<dyn Wire>, limit: usize, metrics: Arc<Metrics>) -> Self {
        Self { line: Some(Line { wire, metrics }), ..Self::unconnected(limit) }
    }

    /// One without a connection: everything is queued, to be read with [`Outbox::take`].
    #[must_use]
    pub fn unconnected(limit: usize) -> Self {
        Self {
            line: None,
            limit,
            state: Mutex::default(),
            wake: Notify::new(),
            closed: CancellationToken::new(),
            busy: AtomicU64::new(0),
        }
    }

    /// Takes out what is queued, instead of sending it.
    pub fn take(&self) -> impl Iterator<Item = Bytes> {
        self.state().queue.take().into_iter().map(|frame| frame.payload)
    }

    /// Sends a frame, or queues it. Frames that come after a loss are lost, too, until the session's task has seen it.
    ///
    /// # Errors
    /// If the frame does not fit.
    pub fn push(&self, payload: Bytes) -> Result<(), Overflow> {
        let mut state = self.state();
        if state.is_over {
            return Ok(());
        }
        if state.has_lost {
            return Err(Overflow);
        }
        if state.queue.bytes_beside_largest_with(payload.len()) > self.limit {
            state.queue.clear();
            state.has_lost = true;
            return Err(Overflow);
        }
        self.send(&mut state, Frame { kind: Kind::Binary, payload });
        Ok(())
    }

    /// The same of a frame that need not arrive, as long as no more than half of the space is taken: whatever it says, a
    /// later one says it newer.
    pub fn offer(&self, payload: Bytes) {
        self.offer_as(Kind::Binary, payload);
    }

    /// Answers a ping. Only the last one needs an answer (RFC 6455, section 5.5.3).
    pub(super) fn pong(&self, content: Bytes) {
        self.offer_as(Kind::Pong, content);
    }

    /// Asks the client for a sign of life, however much is queued.
    pub(super) fn ping(&self) {
        let mut state = self.state();
        if !state.is_over {
            self.send(&mut state, Frame { kind: Kind::Ping, payload: Bytes::new() });
        }
    }

    fn offer_as(&self, kind: Kind, payload: Bytes) {
        let mut state = self.state();
        let is_welcome = !state.has_lost && !state.is_over;
        if is_welcome && state.queue.bytes_with(payload.len()) <= self.limit / 2 {
            self.send(&mut state, Frame { kind, payload });
        }
    }

    fn send(&self, state: &mut State, frame: Frame) {
        let is_first = state.queue.is_empty();
        let is_small = frame.payload.len() <= AT_ONCE;
        state.queue.push(frame);
        if !is_first {
            // The session's task is at it.
            return;
        }
        if is_small {
            // If the connection broke, that task will notice.
            let _ = self.try_send_from(state);
        }
        if !state.queue.is_empty() {
            self.wake.notify_one();
        }
    }

    /// Sends as much of what is queued as the connection takes at the moment, and no more than one system call should.
    /// Returns how many frames have left the queue since the beginning.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] if it takes nothing. Otherwise the connection broke.
    pub fn try_send(&self) -> io::Result<u64> {
        let mut state = self.state();
        self.try_send_from(&mut state)?;
        Ok(state.queue.left())
    }

    fn try_send_from(&self, state: &mut State) -> io::Result<()> {
        self.line.as_ref().map_or(Ok(()), |line| state.queue.try_send(line))
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

    /// Drops what is queued, and queues a close frame, after which nothing is. Returns when that has been sent: once so many
    /// frames have left the queue since the beginning.
    pub(super) fn say_goodbye(&self, reason: &CloseReason) -> u64 {
        let payload = [&reason.code.to_be_bytes(), reason.reason.as_bytes()].concat().into();
        let mut state = self.state();
        state.queue.clear();
        state.queue.push(Frame { kind: Kind::Close, payload });
        state.is_over = true;
        state.queue.count()
    }

    /// Waits until somebody wants the session closed.
    pub async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Waits for something to do.
    pub async fn duty(&self) -> Duty {
        loop {
            if let Some(duty) = self.state().duty() {
                return duty;
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
    fn duty(&mut self) -> Option<Duty> {
        if !self.queue.is_empty() {
            return Some(Duty::Send(self.queue.count()));
        }
        if let Some(reason) = self.close.clone() {
            return Some(Duty::Close(reason));
        }
        mem::take(&mut self.has_lost).then_some(Duty::Lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection that takes as much as it is told to.
    #[derive(Debug, Default)]
    struct Narrow {
        space: AtomicU64,
        taken: Mutex<Vec<u8>>,
    }

    impl Wire for Narrow {
        fn try_write(&self, bytes: &[io::IoSlice<'_>]) -> io::Result<usize> {
            let space = self.space.load(Ordering::Relaxed) as usize;
            if space == 0 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let all: Vec<u8> = bytes.iter().flat_map(|bytes| bytes.iter().copied()).take(space).collect();
            self.space.fetch_sub(all.len() as u64, Ordering::Relaxed);
            self.taken.lock().unwrap().extend_from_slice(&all);
            Ok(all.len())
        }
    }

    impl Narrow {
        fn widen(&self, bytes: u64) {
            self.space.store(bytes, Ordering::Relaxed);
        }

        fn taken(&self) -> Vec<u8> {
            mem::take(&mut self.taken.lock().unwrap())
        }
    }

    fn outbox(limit: usize) -> (Arc<Narrow>, Outbox) {
        let wire = Arc::new(Narrow::default());
        (wire.clone(), Outbox::new(wire, limit, Arc::default()))
    }

    fn bytes(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    #[test]
    fn what_the_connection_takes_is_sent_at_once() {
        let (wire, outbox) = outbox(10);
        wire.widen(100);
        outbox.push(bytes("one")).unwrap();
        assert_eq!(wire.taken(), b"\x82\x03one");
        outbox.pong(bytes("two"));
        assert_eq!(wire.taken(), b"\x8a\x03two");
        assert!(outbox.state().duty().is_none());
    }

    #[tokio::test]
    async fn what_it_does_not_take_is_sent_in_order_and_before_the_goodbye() {
        let (wire, outbox) = outbox(10);
        wire.widen(3);
        outbox.push(bytes("one")).unwrap();
        outbox.push(bytes("two")).unwrap();
        outbox.close(CloseReason::RESTART);
        assert_eq!(outbox.duty().await, Duty::Send(2));
        assert_eq!(outbox.try_send().unwrap_err().kind(), io::ErrorKind::WouldBlock);
        wire.widen(100);
        assert_eq!(outbox.try_send().unwrap(), 2);
        assert_eq!(wire.taken(), b"\x82\x03one\x82\x03two");
        assert_eq!(outbox.duty().await, Duty::Close(CloseReason::RESTART));
    }

    #[tokio::test]
    async fn large_frames_are_left_to_the_session_and_arrive_whole() {
        let (wire, outbox) = outbox(10);
        let large = Bytes::from(vec![7; 300_000]);
        wire.widen(1 << 40);
        outbox.push(large.clone()).unwrap();
        outbox.push(bytes("small")).unwrap();
        assert_eq!(wire.taken(), b"");
        assert_eq!(outbox.duty().await, Duty::Send(2));
        let mut calls = 0;
        while outbox.try_send().unwrap() < 2 {
            calls += 1;
        }
        assert!(calls > 3, "nobody waits for long");
        let head = [&[0x82, 127], &300_000_u64.to_be_bytes()[..]].concat();
        assert!(wire.taken() == [&head[..], &large[..], b"\x82\x05small"].concat());
    }

    #[tokio::test]
    async fn the_outbox_is_bounded() {
        let (wire, outbox) = outbox(2);
        wire.widen(1);
        let frames = ["a", "a whole document", "b"].map(bytes);
        frames.iter().for_each(|frame| outbox.push(frame.clone()).unwrap());
        assert_eq!(outbox.duty().await, Duty::Send(3));
        assert_eq!(outbox.push(bytes("c")), Err(Overflow));
        assert_eq!(outbox.push(bytes("d")), Err(Overflow), "until the session's task knows");
        wire.widen(100);
        assert_eq!(outbox.try_send().unwrap(), 3, "nobody waits for what was dropped");
        assert_eq!(wire.taken(), b"\x82\x01a", "a frame of which a part has gone cannot be taken back");
        assert_eq!(outbox.duty().await, Duty::Lost);
        outbox.push(bytes("c")).unwrap();
        assert_eq!(wire.taken(), b"\x82\x01c");
    }

    #[test]
    fn what_follows_the_largest_frame_fits_when_that_has_left() {
        let (wire, outbox) = outbox(1);
        outbox.push(bytes("a whole document")).unwrap();
        outbox.push(bytes("b")).unwrap();
        wire.widen(18);
        assert_eq!(outbox.try_send().unwrap(), 1);
        outbox.push(bytes("c")).unwrap();
        wire.widen(100);
        assert_eq!(outbox.try_send().unwrap(), 3);
        assert_eq!(wire.taken(), b"\x82\x10a whole document\x82\x01b\x82\x01c");
    }

    #[test]
    fn nothing_follows_the_goodbye() {
        let (wire, outbox) = outbox(100);
        outbox.push(bytes("late")).unwrap();
        assert_eq!(outbox.say_goodbye(&CloseReason::GOODBYE), 2);
        outbox.push(bytes("later")).unwrap();
        outbox.ping();
        wire.widen(100);
        assert_eq!(outbox.try_send().unwrap(), 2);
        assert_eq!(wire.taken(), b"\x88\x02\x03\xe8");
    }

    #[tokio::test]
    async fn whoever_does_not_keep_up_is_asked_for_a_sign_of_life() {
        let (wire, outbox) = outbox(1);
        outbox.push(bytes("a")).unwrap();
        outbox.ping();
        wire.widen(100);
        assert_eq!(outbox.try_send().unwrap(), 2);
        assert_eq!(wire.taken(), b"\x82\x01a\x89\x00");
    }

    #[tokio::test]
    async fn what_need_not_arrive_is_dropped_first() {
        let (wire, outbox) = outbox(8);
        outbox.offer(bytes("seen"));
        outbox.offer(bytes("moved"));
        outbox.push(bytes("type")).unwrap();
        wire.widen(100);
        assert_eq!(outbox.try_send().unwrap(), 2);
        assert_eq!(wire.taken(), b"\x82\x04seen\x82\x04type");
    }
}

//! Notices rooms that hang. What hostile bytes might do to a document, short of a panic, is to have it follow its own
//! blocks in circles. A thread cannot be stopped from outside, but it can be left behind.

use std::{
    sync::{
        Arc, LazyLock, Weak,
        atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::Shared;

/// How often all rooms are looked at, at the most.
const ROUND: Duration = Duration::from_millis(500);

const IDLE: u64 = 0;
const DEAD: u64 = u64::MAX;

/// Tells whether a room's task is busy, and since when.
///
/// Invariant *a room that was given up does nothing more*: either the task ends its work in time, or the watchdog
/// declares it dead; whichever is first decides, and the task looks at the verdict before it acts on its work.
#[derive(Debug)]
pub(super) struct Pulse {
    /// [`IDLE`], [`DEAD`], or the moment at which the work began.
    state: AtomicU64,
    /// By which number the operating system knows the thread that does it.
    thread: AtomicI32,
    ended: CancellationToken,
    /// Set once a room has hung: from then on, all do their work on threads that the runtime can do without.
    is_wary: Arc<AtomicBool>,
}

impl Pulse {
    pub(super) fn new(is_wary: Arc<AtomicBool>) -> Self {
        Self {
            state: AtomicU64::new(IDLE),
            thread: AtomicI32::new(0),
            ended: CancellationToken::new(),
            is_wary,
        }
    }

    /// Does some work. `None` if it took so long that the room was given up meanwhile.
    pub(super) fn watch<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        if self.is_wary.load(Ordering::Relaxed) {
            return tokio::task::block_in_place(|| self.time(work));
        }
        self.time(work)
    }

    fn time<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let began = now();
        self.thread.store(current_thread(), Ordering::Relaxed);
        // Nobody else touches the state of a room that is idle.
        self.state.store(began, Ordering::Release);
        let done = work();
        let is_in_time =
            self.state.compare_exchange(began, IDLE, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        is_in_time.then_some(done)
    }

    pub(super) fn is_dead(&self) -> bool {
        self.state.load(Ordering::Acquire) == DEAD
    }

    /// Waits until the room was given up.
    pub(super) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    fn is_busy(&self) -> bool {
        !matches!(self.state.load(Ordering::Acquire), IDLE | DEAD)
    }

    /// Gives the room up if it has been busy for longer than `limit`. Returns whether it did; nobody knows it before
    /// [`Pulse::end`].
    fn check(&self, limit: Duration) -> bool {
        let state = self.state.load(Ordering::Acquire);
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let hangs = state != IDLE && state != DEAD && now().saturating_sub(state) > limit;
        // It may have come to its end just now.
        if !hangs || self.state.compare_exchange(state, DEAD, Ordering::AcqRel, Ordering::Relaxed).is_err() {
            return false;
        }
        self.is_wary.store(true, Ordering::Relaxed);
        slow_down(self.thread.load(Ordering::Relaxed));
        true
    }

    /// Lets those know who wait for it that the room was given up.
    fn end(&self) {
        self.ended.cancel();
    }
}

/// Starts the watchdog, on a thread of its own, since those of the runtime may be what hangs. It ends with the rooms.
pub(super) fn start(rooms: Weak<Shared>, limit: Duration) -> std::io::Result<()> {
    let runtime = Handle::current();
    let watch = move || {
        while let Some(rooms) = rooms.upgrade() {
            if look(&rooms, limit) {
                // One thread of the runtime waits for the network. Where a room is at work on that one, and no other has been
                // woken since, nobody would hear what comes in until it is done.
                runtime.spawn(async {});
            }
            drop(rooms);
            thread::sleep(ROUND.min(limit / 2));
        }
    };
    thread::Builder::new().name("watchdog".into()).stack_size(256 * 1024).spawn(watch)?;
    Ok(())
}

/// Returns whether any room is at work.
fn look(rooms: &Shared, limit: Duration) -> bool {
    let mut is_busy = false;
    for (document, mailbox) in &rooms.registry().open {
        is_busy |= mailbox.pulse().is_busy();
        if mailbox.pulse().check(limit) {
            rooms.metrics.room_failed("hung");
            let seconds = limit.as_secs_f32();
            tracing::error!(%document, "the room hangs for more than {seconds} s and is set up anew");
            // Whoever is told of it finds it counted.
            mailbox.pulse().end();
        }
    }
    is_busy
}

/// Milliseconds since some moment before the first room, and never [`IDLE`].
fn now() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    1 + u64::try_from(START.elapsed().as_millis()).expect("no process runs for so long")
}

/// What is left behind goes on for ever, so it should at least not be in the way of anybody else.
#[cfg(target_os = "linux")]
fn slow_down(thread: i32) {
    let thread = rustix::process::Pid::from_raw(thread);
    if let Err(error) = rustix::process::setpriority_process(thread, 19) {
        tracing::warn!(%error, "the thread that hangs keeps its priority");
    }
}

#[cfg(target_os = "linux")]
fn current_thread() -> i32 {
    thread_local!(static NUMBER: i32 = rustix::thread::gettid().as_raw_nonzero().get());
    NUMBER.with(|number| *number)
}

/// Elsewhere priorities belong to processes.
#[cfg(not(target_os = "linux"))]
fn slow_down(_: i32) {}

#[cfg(not(target_os = "linux"))]
fn current_thread() -> i32 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_that_was_given_up_does_nothing_more() {
        let pulse = Pulse::new(Arc::default());
        assert_eq!(pulse.watch(|| "done"), Some("done"));
        assert!(!pulse.check(Duration::ZERO), "an idle room is left alone");
        let late = pulse.watch(|| while !pulse.check(Duration::ZERO) {});
        assert_eq!(late, None);
        assert!(pulse.is_dead());
    }
}

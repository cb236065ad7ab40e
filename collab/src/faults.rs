//! Texts under which a room breaks: for tests of what becomes of the others then. No such thing is known to be in
//! what the guard lets pass; this is for the day on which there is.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

/// An update with this text makes the room panic.
pub const PANIC: &str = "\u{1}panic\u{1}";
/// An update with this text keeps the room busy until [`release`].
pub const HANG: &str = "\u{1}hang\u{1}";

/// How often the switch was turned: it is on if that is even. A number, so that whoever hangs also notices that it was off
/// for a moment.
static TURNS: AtomicU64 = AtomicU64::new(0);
/// At which number something has hung.
static HUNG_AT: AtomicU64 = AtomicU64::new(u64::MAX);

/// Lets everything that hangs go on. Nothing hangs any more until [`arm`].
pub fn release() {
    TURNS.fetch_or(1, Ordering::Relaxed);
}

/// From now on an update may hang. What hung before goes on.
pub fn arm() {
    release();
    TURNS.fetch_add(1, Ordering::Relaxed);
}

/// Whether a room has been kept busy since.
pub fn is_hanging() -> bool {
    HUNG_AT.load(Ordering::Relaxed) == TURNS.load(Ordering::Relaxed)
}

/// Breaks, if one of the updates says so.
pub(crate) fn strike(updates: &[&[u8]]) {
    let holds = |text: &str| {
        updates.iter().any(|update| update.windows(text.len()).any(|window| window == text.as_bytes()))
    };
    let turns = TURNS.load(Ordering::Relaxed);
    let is_on = turns.is_multiple_of(2) && holds(HANG);
    while is_on && TURNS.load(Ordering::Relaxed) == turns {
        HUNG_AT.store(turns, Ordering::Relaxed);
        thread::sleep(Duration::from_millis(5));
    }
    assert!(!holds(PANIC), "a test has prepared this");
}

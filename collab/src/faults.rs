//! Texts under which a room breaks: for tests of what becomes of the others then. No such thing is known to be in
//! what the guard lets pass; this is for the day on which there is.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

/// An update with this text makes the room panic.
pub const PANIC: &str = "\u{1}panic\u{1}";
/// An update with this text keeps the room busy until [`release`].
pub const HANG: &str = "\u{1}hang\u{1}";

static IS_RELEASED: AtomicBool = AtomicBool::new(false);
static IS_HANGING: AtomicBool = AtomicBool::new(false);

/// Lets everything that hangs go on.
pub fn release() {
    IS_RELEASED.store(true, Ordering::Relaxed);
}

/// From now on an update may hang again.
pub fn arm() {
    IS_HANGING.store(false, Ordering::Relaxed);
    IS_RELEASED.store(false, Ordering::Relaxed);
}

/// Whether a room has been kept busy since.
pub fn is_hanging() -> bool {
    IS_HANGING.load(Ordering::Relaxed)
}

/// Breaks, if one of the updates says so.
pub(crate) fn strike(updates: &[&[u8]]) {
    let holds = |text: &str| {
        updates.iter().any(|update| update.windows(text.len()).any(|window| window == text.as_bytes()))
    };
    while holds(HANG) && !IS_RELEASED.load(Ordering::Relaxed) {
        IS_HANGING.store(true, Ordering::Relaxed);
        thread::sleep(Duration::from_millis(5));
    }
    assert!(!holds(PANIC), "a test has prepared this");
}

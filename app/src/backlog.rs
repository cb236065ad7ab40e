//! What has arrived at a page that nobody sees.
//!
//! A key costs a page some milliseconds, most of them to show it. A tab in the background shows nothing, and there may be
//! many: they would take from the tab in front what its person's own keys need. So what arrives there is taken in now and then,
//! all at once.

use std::mem;

use collab::Bytes;

/// For how long something may wait, in milliseconds. What a hidden page shows of it all the same, its title, may be late.
const PATIENCE: u64 = 5_000;
/// So much may wait, in bytes.
const MOST: usize = 256 << 10;

/// Frames that wait, in the order in which they arrived.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    frames: Vec<Bytes>,
    bytes: usize,
    /// When the first of them arrived.
    since: u64,
}

impl Backlog {
    /// Something arrived. `now` is in milliseconds.
    pub(crate) fn add(&mut self, frame: Bytes, now: u64) {
        if self.frames.is_empty() {
            self.since = now;
        }
        self.bytes += frame.len();
        self.frames.push(frame);
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Whether something has waited for long, or too much does.
    pub(crate) fn is_due(&self, now: u64) -> bool {
        !self.is_empty() && (now >= self.since + PATIENCE || self.bytes >= MOST)
    }

    /// All that waits, which then waits no more.
    pub(crate) fn take(&mut self) -> Vec<Bytes> {
        mem::take(self).frames
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrives_waits_for_some_seconds() {
        let mut backlog = Backlog::default();
        assert!(!backlog.is_due(9_000));
        backlog.add(Bytes::from_static(b"one"), 10_000);
        backlog.add(Bytes::from_static(b"two"), 14_900);
        assert!(!backlog.is_due(14_999));
        assert!(backlog.is_due(15_000));
        assert_eq!(backlog.take(), [&b"one"[..], b"two"]);
        assert!(backlog.is_empty());
        backlog.add(Bytes::from_static(b"three"), 15_500);
        assert!(!backlog.is_due(16_000));
    }

    #[test]
    fn much_does_not_wait() {
        let mut backlog = Backlog::default();
        backlog.add(vec![0; MOST - 1].into(), 0);
        assert!(!backlog.is_due(0));
        backlog.add(vec![0].into(), 0);
        assert!(backlog.is_due(0));
        backlog.take();
        backlog.add(vec![0].into(), 0);
        assert!(!backlog.is_due(0));
    }
}

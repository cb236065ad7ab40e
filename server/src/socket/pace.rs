//! How fast a session may send.

use std::time::Duration;

use tokio::time::Instant;

/// What one session may send each second, more than nothing, in the long run. At once it may send as much as is due
/// to it for ten seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Messages of the protocol.
    pub messages: f64,
    /// Bytes.
    pub bytes: f64,
    /// Seconds of its room's time.
    pub time: f64,
}

/// For how long what a session does not send is put by.
const BURST: Duration = Duration::from_secs(10);

impl Default for Rates {
    fn default() -> Self {
        Self { messages: 1_000.0, bytes: 1024.0 * 1024.0, time: 0.1 }
    }
}

/// Keeps account of what a session sends. A session that is too fast is not read for a while: its own connection
/// fills up, nothing is lost, and nobody else notices.
#[derive(Debug)]
pub(super) struct Pace {
    rates: Rates,
    /// The moment at which everything that was sent is paid for.
    settled: Instant,
}

impl Pace {
    /// For a session that has sent nothing for long.
    pub(super) fn new(rates: Rates, now: Instant) -> Self {
        Self { rates, settled: now.checked_sub(BURST).unwrap_or(now) }
    }

    /// Notes what was sent, and for how long what was sent before has kept the room busy. Returns until when to wait
    /// before reading on.
    pub(super) fn note(
        &mut self,
        messages: usize,
        bytes: usize,
        busy: Duration,
        now: Instant,
    ) -> Option<Instant> {
        let worth = [
            messages as f64 / self.rates.messages,
            bytes as f64 / self.rates.bytes,
            busy.as_secs_f64() / self.rates.time,
        ];
        let dearest = worth.into_iter().fold(0.0, f64::max);
        let earliest = now.checked_sub(BURST).unwrap_or(now);
        self.settled = self.settled.max(earliest) + Duration::from_secs_f64(dearest);
        (self.settled > now).then_some(self.settled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_too_fast_waits() {
        let start = Instant::now() + BURST;
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut pace = Pace::new(Rates { messages: 10.0, bytes: 1_000.0, time: 0.1 }, start);
        let mut note = |messages, bytes, now| pace.note(messages, bytes, Duration::ZERO, now);
        assert_eq!(note(100, 0, start), None, "a burst is welcome");
        assert_eq!(note(10, 0, start), Some(after(1)));
        assert_eq!(note(1, 1_000, start), Some(after(2)), "the dearer of the two counts");
        assert_eq!(note(5, 0, after(3)), None);
        assert_eq!(note(100, 0, after(60)), None);
        assert_eq!(note(10, 0, after(60)), Some(after(61)), "time is not put by without end");
    }

    #[test]
    fn whoever_keeps_the_room_busy_waits_longer_than_that() {
        let start = Instant::now() + BURST;
        let mut pace = Pace::new(Rates::default(), start);
        assert_eq!(pace.note(1, 10, Duration::from_secs(1), start), None, "once in a while it may be");
        let waits = pace.note(1, 10, Duration::from_millis(200), start);
        assert_eq!(waits, Some(start + Duration::from_secs(2)));
    }
}

//! How long to wait before the next try.

use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(10);

/// Counts failures. After each, the longest wait is twice as long as before, and the wait is a random part of it
/// ("full jitter"), so that the pages that a restart has cut off do not all come back at once.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The wait after one more failure. `chance` is a random number from 0 to 1.
    pub(crate) fn next(&mut self, chance: f64) -> Duration {
        let longest = SHORTEST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        self.failures += 1;
        longest.mul_f64(chance)
    }

    /// It has gone well for a while.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit() {
        let mut backoff = Backoff::default();
        let longest: Vec<u128> = (0..8).map(|_| backoff.next(1.0).as_millis()).collect();
        assert_eq!(longest, [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
        for _ in 0..100 {
            assert!(backoff.next(0.999) < LONGEST);
        }
        backoff.reset();
        assert_eq!(backoff.next(0.5), SHORTEST / 2);
    }
}

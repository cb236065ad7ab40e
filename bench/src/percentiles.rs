//! How long things took.

use std::{fmt, time::Duration};

/// Durations, of which the middle and the worst are told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Percentiles(Vec<Duration>);

impl Percentiles {
    pub(crate) fn add(&mut self, duration: Duration) {
        self.0.push(duration);
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The duration that `percent` of all do not exceed.
    pub(crate) fn at(&self, percent: f64) -> Duration {
        let mut sorted = self.0.clone();
        let index = (sorted.len() as f64 * percent / 100.0) as usize;
        let index = index.min(sorted.len().saturating_sub(1));
        if sorted.is_empty() { Duration::ZERO } else { *sorted.select_nth_unstable(index).1 }
    }
}

impl fmt::Display for Percentiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p90, p99, max] =
            [50.0, 90.0, 99.0, 100.0].map(|percent| self.at(percent).as_secs_f64() * 1000.0);
        write!(f, "p50 {p50:.2} ms, p90 {p90:.2} ms, p99 {p99:.2} ms, max {max:.2} ms")
    }
}

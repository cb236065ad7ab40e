//! How long things took.

use std::{fmt, time::Duration};

/// Durations, of which the middle and the worst are told.
#[derive(Default)]
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
    fn at(sorted: &[Duration], percent: f64) -> Duration {
        let index = (sorted.len() as f64 * percent / 100.0) as usize;
        sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

impl fmt::Display for Percentiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let ms = |percent| Self::at(&sorted, percent).as_secs_f64() * 1000.0;
        write!(
            f,
            "p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
            ms(50.0),
            ms(90.0),
            ms(99.0),
            ms(100.0)
        )
    }
}

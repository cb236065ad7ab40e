//! How long things took.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Durations, in microseconds, each kept to two digits.
#[derive(Debug, Clone)]
pub(crate) struct Latencies(Histogram<u32>);

impl Default for Latencies {
    fn default() -> Self {
        Self(Histogram::new(2).expect("two digits are allowed"))
    }
}

impl Latencies {
    pub(crate) fn add(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.0.record(micros).expect("the histogram grows as needed");
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.0.add(&other.0).expect("the histogram grows as needed");
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time that so many of a hundred do not exceed, in milliseconds.
    pub(crate) fn at(&self, percent: f64) -> f64 {
        self.0.value_at_percentile(percent) as f64 / 1000.0
    }
}

impl FromIterator<Duration> for Latencies {
    fn from_iter<I: IntoIterator<Item = Duration>>(durations: I) -> Self {
        let mut all = Self::default();
        durations.into_iter().for_each(|duration| all.add(duration));
        all
    }
}

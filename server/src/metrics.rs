//! What the server counts and measures, for its operator.
//!
//! To count costs one atomic addition. Whatever needs a lock or a look-up is counted once a batch, a commit or a session,
//! and not once a frame.

pub mod listener;

use std::{
    sync::LazyLock,
    time::{Duration, SystemTime},
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::{Registry, Unit},
};

/// Panics of the whole process, as there is one place where it hears of them.
static PANICS: LazyLock<Counter> = LazyLock::new(Counter::default);

/// Everything that one server counts. `docs/operations.md` says what each of them means.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    rooms: Gauge,
    sessions: Gauge,
    frames_received: Counter,
    bytes_received: Counter,
    frames_sent: Counter,
    bytes_sent: Counter,
    sessions_closed: Family<Code, Counter>,
    sessions_refused: Family<Reason, Counter>,
    requests_refused: Family<Reason, Counter>,
    queues_dropped: Counter,
    rooms_failed: Family<Reason, Counter>,
    batch_letters: Histogram,
    batch_seconds: Histogram,
    updates: Counter,
    journal_waiting: Gauge,
    journal_lag: Histogram,
    commit_updates: Histogram,
    commit_seconds: Histogram,
    commits_failed: Counter,
}

/// A WebSocket's close code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: u16,
}

/// Why a request or a session was refused, or a room failed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

/// Counts something that is there, for as long as this lives.
#[derive(Debug)]
pub struct Presence(Gauge);

impl Presence {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("scriptorium"),
            rooms: Gauge::default(),
            sessions: Gauge::default(),
            frames_received: Counter::default(),
            bytes_received: Counter::default(),
            frames_sent: Counter::default(),
            bytes_sent: Counter::default(),
            sessions_closed: Family::default(),
            sessions_refused: Family::default(),
            requests_refused: Family::default(),
            queues_dropped: Counter::default(),
            rooms_failed: Family::default(),
            batch_letters: Histogram::new(sizes()),
            batch_seconds: Histogram::new(seconds()),
            updates: Counter::default(),
            journal_waiting: Gauge::default(),
            journal_lag: Histogram::new(seconds()),
            commit_updates: Histogram::new(sizes()),
            commit_seconds: Histogram::new(seconds()),
            commits_failed: Counter::default(),
        };
        metrics.register_people();
        metrics.register_work();
        metrics.register_process();
        metrics
    }
}

/// 1 to 16384.
fn sizes() -> impl Iterator<Item = f64> {
    exponential_buckets(1.0, 4.0, 8)
}

/// 0.25 ms to 8 s.
fn seconds() -> impl Iterator<Item = f64> {
    exponential_buckets(0.000_25, 2.0, 16)
}

impl Metrics {
    fn register_people(&mut self) {
        let registry = &mut self.registry;
        registry.register("rooms", "Documents that are open", self.rooms.clone());
        registry.register("sessions", "Sockets that are open", self.sessions.clone());
        registry.register("frames_received", "Frames from clients", self.frames_received.clone());
        registry.register("received", "What was in them", self.bytes_received.clone());
        registry.register("frames_sent", "Frames to clients", self.frames_sent.clone());
        registry.register("sent", "What was in them", self.bytes_sent.clone());
        let closed = "Sessions that the server has ended, by close code";
        registry.register("sessions_closed", closed, self.sessions_closed.clone());
        let refused = "Sessions that were ended because of what they sent, by reason";
        registry.register("sessions_refused", refused, self.sessions_refused.clone());
        let refused = "Requests that were refused at the edge, by reason";
        registry.register("requests_refused", refused, self.requests_refused.clone());
        let dropped = "Queues that were dropped because their reader was too slow";
        registry.register("queues_dropped", dropped, self.queues_dropped.clone());
    }

    fn register_work(&mut self) {
        let registry = &mut self.registry;
        let failed = "Rooms that were set up anew, by reason";
        registry.register("rooms_failed", failed, self.rooms_failed.clone());
        let letters = "How many letters a room has dealt with at once";
        registry.register("batch_letters", letters, self.batch_letters.clone());
        let time = "How long a room was busy with them";
        registry.register_with_unit("batch", time, Unit::Seconds, self.batch_seconds.clone());
        registry.register("updates", "Updates that were handed to the journal", self.updates.clone());
        let waiting = "Updates that are not on disk yet";
        registry.register("journal_waiting_updates", waiting, self.journal_waiting.clone());
        let time = "How long updates have waited until they were on disk";
        registry.register_with_unit("journal_lag", time, Unit::Seconds, self.journal_lag.clone());
        registry.register(
            "commit_updates",
            "How many updates went to disk at once",
            self.commit_updates.clone(),
        );
        let time = "How long the disk took for them, sync included";
        registry.register_with_unit("commit", time, Unit::Seconds, self.commit_seconds.clone());
        let failed = "Attempts to write that the disk has refused";
        registry.register("commits_failed", failed, self.commits_failed.clone());
    }

    fn register_process(&mut self) {
        let registry = &mut self.registry;
        registry.register("panics", "Bugs that have ended some piece of work", PANICS.clone());
        registry.register("build", "What runs", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        let started: Gauge = Gauge::default();
        let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        started.set(i64::try_from(since_epoch.as_secs()).unwrap_or_default());
        registry.register_with_unit(
            "start_time",
            "When the server started, since 1970",
            Unit::Seconds,
            started,
        );
    }

    /// All of it, in the text format of OpenMetrics.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut page = String::new();
        text::encode(&mut page, &self.registry).expect("strings take whatever is written to them");
        page
    }

    /// A room opens.
    #[must_use]
    pub fn room(&self) -> Presence {
        Presence::of(&self.rooms)
    }

    /// A session begins.
    #[must_use]
    pub fn session(&self) -> Presence {
        Presence::of(&self.sessions)
    }

    /// A frame of so many bytes came from a client.
    pub fn received(&self, bytes: usize) {
        self.frames_received.inc();
        self.bytes_received.inc_by(bytes as u64);
    }

    /// A frame of so many bytes goes to a client.
    pub fn sent(&self, bytes: usize) {
        self.frames_sent.inc();
        self.bytes_sent.inc_by(bytes as u64);
    }

    /// The server ends a session.
    pub fn closed(&self, code: u16) {
        self.sessions_closed.get_or_create(&Code { code }).inc();
    }

    /// A session is ended because of what it sent.
    pub fn session_refused(&self, reason: &'static str) {
        self.sessions_refused.get_or_create(&Reason { reason }).inc();
    }

    /// A request is refused before it gets to its handler.
    pub fn refused(&self, reason: &'static str) {
        self.requests_refused.get_or_create(&Reason { reason }).inc();
    }

    /// What waited for a slow reader is dropped.
    pub fn queue_dropped(&self) {
        self.queues_dropped.inc();
    }

    /// A room broke or hangs, and is set up anew.
    pub fn room_failed(&self, reason: &'static str) {
        self.rooms_failed.get_or_create(&Reason { reason }).inc();
    }

    /// A room has dealt with so many letters.
    pub fn batch(&self, letters: usize, took: Duration) {
        self.batch_letters.observe(letters as f64);
        self.batch_seconds.observe(took.as_secs_f64());
    }

    /// Updates are handed to the journal.
    pub fn handed_over(&self, updates: usize) {
        self.updates.inc_by(updates as u64);
        self.journal_waiting.inc_by(updates as i64);
    }

    /// The journal has no more to do with so many updates.
    pub fn dealt_with(&self, updates: usize) {
        self.journal_waiting.dec_by(updates as i64);
    }

    /// What waited longest of what has just come to disk has waited for so long.
    pub fn lag(&self, waited: Duration) {
        self.journal_lag.observe(waited.as_secs_f64());
    }

    /// The disk was asked to take so many updates.
    pub fn commit(&self, updates: usize, took: Duration, has_succeeded: bool) {
        if has_succeeded {
            self.commit_updates.observe(updates as f64);
            self.commit_seconds.observe(took.as_secs_f64());
        } else {
            self.commits_failed.inc();
        }
    }
}

/// From now on a panic is one line in the log, where it happened and within which room or session, and is counted.
pub fn watch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        PANICS.inc();
        let what = panic.payload_as_str().unwrap_or("no reason given");
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        let backtrace = std::backtrace::Backtrace::capture();
        tracing::error!(at, %backtrace, "a bug: {what}");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_told() {
        let metrics = Metrics::default();
        let _anna = metrics.session();
        drop(metrics.session());
        metrics.received(100);
        metrics.closed(4400);
        metrics.commit(3, Duration::from_millis(2), true);
        let page = metrics.encode();
        for line in [
            "scriptorium_sessions 1",
            "scriptorium_received_total 100",
            "scriptorium_sessions_closed_total{code=\"4400\"} 1",
            "scriptorium_commit_seconds_count 1",
            "scriptorium_commit_seconds_bucket{le=\"0.002\"} 1",
            "scriptorium_commit_updates_bucket{le=\"4.0\"} 1",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} in {page}");
        }
    }
}

//! What a reader makes of updates: which keys they bring, and how long each was on its way.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use collab::guard;

use crate::Error;

/// When each key of one writer was sent.
#[derive(Debug)]
pub(super) struct Sent {
    start: Instant,
    nanos: Box<[AtomicU64]>,
}

impl Sent {
    pub(super) fn new(start: Instant, keys: u32) -> Self {
        Self { start, nanos: (0..keys).map(|_| AtomicU64::new(0)).collect() }
    }

    /// The next key is sent now. Only as many count as there is space for; the place of older ones is used again.
    pub(super) fn note(&self, clock: u64) {
        let nanos = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.place(clock).store(nanos, Ordering::Relaxed);
    }

    /// For how long a key has been on its way.
    pub(super) fn age(&self, clock: u64) -> Duration {
        let sent = Duration::from_nanos(self.place(clock).load(Ordering::Relaxed));
        self.start.elapsed().saturating_sub(sent)
    }

    fn place(&self, clock: u64) -> &AtomicU64 {
        &self.nanos[clock as usize % self.nanos.len()]
    }
}

/// How far one reader has read what each writer of the room wrote.
#[derive(Debug, Default)]
pub(super) struct Reading(HashMap<u64, (Arc<Sent>, u64)>);

impl Reading {
    pub(super) fn of(writers: impl IntoIterator<Item = (u64, Arc<Sent>)>) -> Self {
        Self(writers.into_iter().map(|(client, sent)| (client, (sent, 0))).collect())
    }

    /// Calls `see` with every writer of whom an update brings something new, and with which keys.
    pub(super) fn read(
        &mut self,
        update: &[u8],
        mut see: impl FnMut(u64, &Sent, Range<u64>),
    ) -> Result<(), Error> {
        for author in guard::inspect_update(update)?.authors {
            let Some((sent, seen)) = self.0.get_mut(&author.client.get()) else { continue };
            if author.end > *seen {
                see(author.client.get(), sent, *seen..author.end);
                *seen = author.end;
            }
        }
        Ok(())
    }
}

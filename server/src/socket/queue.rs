//! Frames that wait for a connection to take them.

use std::{collections::VecDeque, io, sync::Arc};

use super::wire::{Frame, Wire, try_send};
use crate::metrics::Metrics;

/// The space for so many frames is kept for the next ones.
const KEPT: usize = 16;

/// Where frames go.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) wire: Arc<dyn Wire>,
    pub(super) metrics: Arc<Metrics>,
}

/// Frames, in order, the first of which may have gone in part.
#[derive(Debug, Default)]
pub(super) struct Queue {
    frames: VecDeque<Frame>,
    /// How much of the first frame has gone.
    gone: usize,
    /// What is in them, and in the largest since the queue was last empty.
    bytes: usize,
    largest: usize,
    /// How many there have been since the beginning.
    count: u64,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// How many bytes there would be with so many more.
    pub(super) fn bytes_with(&self, more: usize) -> usize {
        self.bytes + more
    }

    /// The same, without as many as the largest frame has, which may have left it.
    pub(super) fn bytes_beside_largest_with(&self, more: usize) -> usize {
        (self.bytes + more).saturating_sub(self.largest.max(more))
    }

    /// How many frames there have been since the beginning.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// How many of them have left it, sent or dropped.
    pub(super) fn left(&self) -> u64 {
        self.count - self.frames.len() as u64
    }

    pub(super) fn push(&mut self, frame: Frame) {
        self.largest = self.largest.max(frame.payload.len());
        self.bytes += frame.payload.len();
        self.count += 1;
        self.frames.push_back(frame);
    }

    /// Sends as much as the connection takes at the moment, and no more than one system call should.
    pub(super) fn try_send(&mut self, line: &Line) -> io::Result<()> {
        if self.frames.is_empty() {
            return Ok(());
        }
        self.gone += try_send(&*line.wire, &self.frames, self.gone)?;
        while let Some(frame) = self.frames.pop_front_if(|frame| frame.size() <= self.gone) {
            self.gone -= frame.size();
            self.bytes -= frame.payload.len();
            line.metrics.sent(frame.payload.len());
        }
        if self.frames.is_empty() {
            self.largest = 0;
            self.frames.shrink_to(KEPT);
        }
        Ok(())
    }

    /// Takes everything out.
    pub(super) fn take(&mut self) -> VecDeque<Frame> {
        (self.bytes, self.largest, self.gone) = (0, 0, 0);
        std::mem::take(&mut self.frames)
    }

    /// Drops everything, except for a frame of which a part has gone already: what follows it must not be taken for its rest.
    pub(super) fn clear(&mut self) {
        self.frames.truncate(usize::from(self.gone > 0));
        self.bytes = self.frames.iter().map(|frame| frame.payload.len()).sum();
        self.largest = self.bytes;
    }
}

//! What holds for every log, whichever back end keeps it: places are consecutive, what is stored stays as it
//! is, and a checkpoint includes no more than what is stored.

use collab::id::{DocId, Seq};

use super::{Checkpoint, Group, Log, StorageError};

/// How many of a group's records are stored already, in a log that ends with `last`. The others follow it.
///
/// A gap here means that the log has lost its end, or that the caller has: going on would hide it.
pub(super) fn stored_already(group: &Group, last: Seq) -> Result<usize, StorageError> {
    let mut expected = group.records.first().map_or(last.next(), |record| record.seq);
    if expected == Seq(0) || expected > last.next() {
        return Err(gap(&group.document, last, expected));
    }
    for record in &group.records {
        if record.seq != expected {
            return Err(gap(&group.document, Seq(expected.0 - 1), record.seq));
        }
        expected = expected.next();
    }
    Ok(group.records.iter().take_while(|record| record.seq <= last).count())
}

/// Refuses a checkpoint that includes what the log does not have.
pub(super) fn includes_stored(
    document: &DocId,
    checkpoint: &Checkpoint,
    last: Seq,
) -> Result<(), StorageError> {
    if (Seq(1)..=last).contains(&checkpoint.upto) {
        return Ok(());
    }
    let why =
        format!("a checkpoint up to {} does not fit a log that ends with {}", checkpoint.upto.0, last.0);
    Err(damaged(document, why))
}

/// Refuses what was read if something is missing in it, in a log that was written up to `last`.
pub(super) fn is_whole(document: &DocId, log: &Log, last: Seq) -> Result<(), StorageError> {
    let mut before = log.checkpoint.as_ref().map_or(Seq::default(), |checkpoint| checkpoint.upto);
    for record in &log.tail {
        if record.seq != before.next() {
            return Err(gap(document, before, record.seq));
        }
        before = record.seq;
    }
    if before == last { Ok(()) } else { Err(cut(document, before, last)) }
}

/// A log up to `upto`, if it reaches so far, and has not lost what was before.
pub(super) fn reaches(document: &DocId, log: Log, upto: Seq) -> Result<Option<Log>, StorageError> {
    let first = log.checkpoint.as_ref().map_or(Seq::default(), |checkpoint| checkpoint.upto).next();
    let is_trimmed = log.tail.first().is_some_and(|record| record.seq > first) && log.checkpoint.is_none();
    if is_trimmed || log.last() < upto {
        return Ok(None);
    }
    is_whole(document, &log, upto).map(|()| Some(log))
}

/// Records are missing between two that are there.
pub(super) fn gap(document: &DocId, before: Seq, after: Seq) -> StorageError {
    damaged(document, format!("after record {} comes record {}", before.0, after.0))
}

/// Records are missing at the end.
pub(super) fn cut(document: &DocId, found: Seq, written: Seq) -> StorageError {
    damaged(document, format!("it was written up to record {}, but ends with {}", written.0, found.0))
}

/// A record is not, or not any more, what is to be written in its place.
pub(super) fn conflict(document: &DocId, seq: Seq) -> StorageError {
    damaged(document, format!("record {} is to be written again, but is not the one that was stored", seq.0))
}

pub(super) fn damaged(document: &DocId, why: String) -> StorageError {
    StorageError::Corrupt { what: document.to_string(), why }
}

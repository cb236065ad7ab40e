//! Reads a document's rows and verifies them.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use collab::id::{DocId, Seq};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{StorageError, checksum::Checksum};
use crate::storage::{Checkpoint, Record, Shown, order};

/// Room is made for so many records before they are read.
const MOST_EXPECTED: u64 = 1 << 18;

/// A place that no record reaches.
pub(super) const END: Seq = Seq(i64::MAX.cast_unsigned());

/// A document's row, or a document that has none yet.
pub(super) struct Document<'a> {
    pub(super) name: &'a DocId,
    /// Stands for the name in the other tables.
    pub(super) key: i64,
    /// The place of the last record that was ever written.
    pub(super) last: Seq,
    /// When the last record arrived.
    pub(super) updated: u64,
    /// See [`crate::storage::Log::deleted`].
    pub(super) deleted: Option<u64>,
    pub(super) checksum: Checksum,
}

/// One row of the records.
struct Stored<'a> {
    at: u64,
    author: &'a Arc<str>,
    update: &'a [u8],
}

impl<'a> Document<'a> {
    /// None for a document that was never written to.
    pub(super) fn find(connection: &Connection, name: &'a DocId) -> Result<Option<Self>, StorageError> {
        let columns = "SELECT key, last, updated, deleted FROM documents WHERE name = ?1";
        let mut rows = connection.prepare_cached(columns)?;
        let read = |row: &Row<'_>| {
            let (updated, deleted) = (row.get::<_, i64>(2)?, row.get::<_, Option<i64>>(3)?);
            Ok(Self {
                name,
                key: row.get(0)?,
                last: seq(row, 1)?,
                updated: updated.cast_unsigned(),
                deleted: deleted.map(i64::cast_unsigned),
                checksum: Checksum::of(name),
            })
        };
        Ok(rows.query_row([name.as_str()], read).optional()?)
    }

    /// Whether the removal of all that is kept of it has begun.
    pub(super) fn is_going(&self) -> bool {
        self.deleted == Some(0)
    }

    /// The newest checkpoint that includes nothing behind `upto`.
    pub(super) fn newest(
        &self,
        connection: &Connection,
        upto: Seq,
    ) -> Result<Option<Checkpoint>, StorageError> {
        let newest = "SELECT upto, checksum, state, text, title FROM checkpoints \
                      WHERE document = ?1 AND upto <= ?2 ORDER BY upto DESC LIMIT 1";
        let mut rows = connection.prepare_cached(newest)?;
        let mut rows = rows.query((self.key, upto.0.cast_signed()))?;
        rows.next()?.map(|row| self.checkpoint(row)).transpose()
    }

    /// All checkpoints that are kept; an error in the place of each that is damaged.
    pub(super) fn checkpoints(
        &self,
        connection: &Connection,
        mut each: impl FnMut(Result<Checkpoint, StorageError>),
    ) -> Result<(), StorageError> {
        let all =
            "SELECT upto, checksum, state, text, title FROM checkpoints WHERE document = ?1 ORDER BY upto";
        let mut rows = connection.prepare_cached(all)?;
        let mut rows = rows.query([self.key])?;
        while let Some(row) = rows.next()? {
            each(self.checkpoint(row));
        }
        Ok(())
    }

    fn checkpoint(&self, row: &Row<'_>) -> Result<Checkpoint, StorageError> {
        let (upto, checksum, state) = (seq(row, 0)?, row.get::<_, i32>(1)?, bytes(row, 2)?);
        let text = row.get::<_, Option<Vec<u8>>>(3)?.map(String::from_utf8);
        let text = text.transpose().map_err(|error| order::damaged(self.name, error.to_string()))?;
        let title = row.get::<_, Option<String>>(4)?;
        if self.checksum.checkpoint(upto, state, text.as_deref(), title.as_deref()) != checksum {
            let why = format!("the checksum of the checkpoint up to {} is wrong", upto.0);
            return Err(order::damaged(self.name, why));
        }
        let shown = title.zip(text).map(|(title, text)| Shown { title: title.into(), text: text.into() });
        Ok(Checkpoint { upto, state: Bytes::copy_from_slice(state), shown })
    }

    /// The records after a place and up to another. Whether one is missing between or after them is for the caller to see.
    pub(super) fn records(
        &self,
        connection: &Connection,
        after: Seq,
        upto: Seq,
    ) -> Result<Vec<Record>, StorageError> {
        // The number is only believed as far as it does no harm.
        let expected = self.last.min(upto).0.saturating_sub(after.0).min(MOST_EXPECTED);
        let mut records = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
        // One buffer that all updates share, because there may be hundreds of thousands of a few bytes each.
        let (mut buffer, mut ends) = (Vec::new(), Vec::new());
        self.each(connection, after, upto, |seq, stored| {
            let Stored { at, author, update } = stored?;
            buffer.extend_from_slice(update);
            ends.push(buffer.len());
            records.push(Record { seq, at, author: author.clone(), update: Bytes::new() });
            Ok(())
        })?;
        let buffer = Bytes::from(buffer);
        let mut start = 0;
        for (record, end) in records.iter_mut().zip(ends) {
            record.update = buffer.slice(start..end);
            start = end;
        }
        Ok(records)
    }

    /// Looks at every record that is kept, and tells its place and what is wrong with it.
    pub(super) fn inspect(
        &self,
        connection: &Connection,
        mut see: impl FnMut(Seq, Option<StorageError>),
    ) -> Result<(), StorageError> {
        self.each(connection, Seq::default(), END, |seq, stored| {
            see(seq, stored.err());
            Ok(())
        })
    }

    fn each(
        &self,
        connection: &Connection,
        after: Seq,
        upto: Seq,
        mut see: impl FnMut(Seq, Result<Stored<'_>, StorageError>) -> Result<(), StorageError>,
    ) -> Result<(), StorageError> {
        let authors = self.authors(connection)?;
        let tail = "SELECT seq, at, author, checksum, \"update\" FROM records \
                    WHERE document = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq";
        let mut rows = connection.prepare_cached(tail)?;
        let mut rows = rows.query((self.key, after.0.cast_signed(), upto.0.cast_signed()))?;
        while let Some(row) = rows.next()? {
            let seq = seq(row, 0)?;
            see(seq, self.record(seq, row, &authors))?;
        }
        Ok(())
    }

    fn record<'b>(
        &self,
        seq: Seq,
        row: &'b Row<'_>,
        authors: &'b BTreeMap<i64, Arc<str>>,
    ) -> Result<Stored<'b>, StorageError> {
        let wrong = |what| order::damaged(self.name, format!("the {what} of record {} is wrong", seq.0));
        let (at, update) = (row.get::<_, i64>(1)?.cast_unsigned(), bytes(row, 4)?);
        let author = authors.get(&row.get(2)?).ok_or_else(|| wrong("author"))?;
        if self.checksum.record(seq, at, author, update) != row.get::<_, i32>(3)? {
            return Err(wrong("checksum"));
        }
        Ok(Stored { at, author, update })
    }

    fn authors(&self, connection: &Connection) -> Result<BTreeMap<i64, Arc<str>>, StorageError> {
        let mut rows = connection.prepare_cached("SELECT number, name FROM authors WHERE document = ?1")?;
        let named = rows.query_map([self.key], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut authors = named.collect::<Result<BTreeMap<i64, Arc<str>>, _>>()?;
        authors.insert(0, "".into());
        Ok(authors)
    }
}

fn seq(row: &Row<'_>, column: usize) -> rusqlite::Result<Seq> {
    let stored: i64 = row.get(column)?;
    let seq = u64::try_from(stored).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, stored))?;
    Ok(Seq(seq))
}

fn bytes<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8], StorageError> {
    row.get_ref(column)?.as_blob().map_err(|error| rusqlite::Error::from(error).into())
}

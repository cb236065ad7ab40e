//! What reads the store and does not change it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use collab::id::{DocId, Seq};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::{
    StorageError,
    check::{self, Problem},
    connection, directory, error,
    rows::{Document, END},
};
use crate::storage::{Log, Record, order};

/// So many connections stay open between two loads.
const IDLE: usize = 4;

/// Reads a store, also while a server is using it: what operators' commands open.
///
/// Each method sees the store as it was at one moment.
#[derive(Debug)]
pub struct Reader {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Reader {
    /// Opens the store in a data directory.
    ///
    /// # Errors
    /// If there is none, if it is not Scriptorium's, or if it has another format than this program writes.
    pub fn open(data_dir: &Path) -> Result<Self, StorageError> {
        let file = super::file_in(data_dir)?;
        directory::is_not_half_lost(&file)?;
        fs::metadata(&file).map_err(|error| error::refused(&file, &error))?;
        let reader = Self::of(file);
        reader.with(|_| Ok(()))?;
        Ok(reader)
    }

    pub(super) fn of(file: PathBuf) -> Self {
        Self { file, idle: Mutex::default() }
    }

    /// As [`crate::storage::Storage::load`].
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if a checksum or the order of the log is wrong.
    pub fn load(&self, document: &DocId) -> Result<Log, StorageError> {
        self.with(|transaction| {
            let Some(document) = Document::find(transaction, document)? else {
                return Ok(Log::default());
            };
            if document.is_going() {
                return Ok(Log { deleted: document.deleted, ..Log::default() });
            }
            let log = log(transaction, &document, END)?;
            order::is_whole(document.name, &log, document.last)?;
            Ok(log)
        })
    }

    /// As [`crate::storage::Storage::history`].
    ///
    /// # Errors
    /// As [`Reader::load`].
    pub fn history(&self, document: &DocId, upto: Seq) -> Result<Option<Log>, StorageError> {
        self.with(|transaction| {
            let found = Document::find(transaction, document)?.filter(|document| !document.is_going());
            let log = match found {
                Some(document) => log(transaction, &document, upto)?,
                None => Log::default(),
            };
            order::reaches(document, log, upto)
        })
    }

    /// All records of a document that retention has left, those that a checkpoint includes as well.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if a checksum is wrong.
    pub fn records(&self, document: &DocId) -> Result<Vec<Record>, StorageError> {
        self.with(|transaction| match Document::find(transaction, document)? {
            Some(document) => document.records(transaction, Seq::default(), END),
            None => Ok(Vec::new()),
        })
    }

    /// As [`crate::storage::Storage::documents`].
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn documents(&self) -> Result<Vec<DocId>, StorageError> {
        self.named("deleted IS NULL")
    }

    /// The names of all documents that were deleted and are still there, in order.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn deleted(&self) -> Result<Vec<DocId>, StorageError> {
        self.named("deleted > 0")
    }

    fn named(&self, condition: &str) -> Result<Vec<DocId>, StorageError> {
        let names = self.with(|transaction| check::names(transaction, condition))?;
        let parsed = names.iter().map(|name| {
            name.parse().map_err(|why| {
                let why = format!("{name:?} cannot be a document's name: {why}");
                StorageError::Corrupt { what: self.file.display().to_string(), why }
            })
        });
        parsed.collect()
    }

    /// Writes a copy of the store, as it is at this moment, to a new file. Writers and readers go on meanwhile.
    /// To use the copy, put it into an empty data directory under the name `scriptorium.db`.
    ///
    /// # Errors
    /// If `to` exists, or cannot be written. No file of that name is left then.
    pub fn backup(&self, to: &Path) -> Result<(), StorageError> {
        let io = |error| error::refused(to, &error);
        let to = std::path::absolute(to).map_err(io)?;
        if to.exists() {
            return Err(StorageError::Unavailable(format!("{} exists already", to.display())));
        }
        // Under its own name stands only what is complete.
        let part = to.with_added_extension("part");
        let copied = self.copy(&part).and_then(|()| {
            File::open(&part)
                .and_then(|file| file.sync_all())
                .and_then(|()| fs::rename(&part, &to))
                .map_err(io)
        });
        if copied.is_err() {
            // Best effort: that it failed is what counts, and is told.
            fs::remove_file(&part).ok();
        }
        copied?;
        to.parent().map_or(Ok(()), directory::sync)
    }

    fn copy(&self, to: &Path) -> Result<(), StorageError> {
        let name = to
            .to_str()
            .ok_or_else(|| StorageError::Unavailable(format!("{} is not a name in UTF-8", to.display())))?;
        // A connection of its own, because this cannot be done inside of a transaction.
        let copied = connection::reading(&self.file).and_then(|connection| {
            connection.execute("VACUUM INTO ?1", [name])?;
            Ok(())
        });
        copied.map_err(|error| error::at(&self.file, error))
    }

    /// Verifies every page, checksum and place. An empty answer means that all is well.
    ///
    /// # Errors
    /// If the store cannot be read at all.
    pub fn check(&self) -> Result<Vec<Problem>, StorageError> {
        self.with(|transaction| check::run(transaction))
    }

    /// When records that arrived before `before` are to go: the place of the first that stays. None without a
    /// checkpoint.
    pub(super) fn first_to_keep(
        &self,
        document: &DocId,
        before: u64,
    ) -> Result<Option<(i64, Seq)>, StorageError> {
        self.with(|transaction| {
            let Some(document) = Document::find(transaction, document)? else {
                return Ok(None);
            };
            // Verified by reading it: what it includes is removed only if it is whole.
            let Some(newest) = document.newest(transaction, END)? else {
                return Ok(None);
            };
            let mut young = transaction.prepare_cached(
                "SELECT seq FROM records WHERE document = ?1 AND seq <= ?2 AND at >= ?3 ORDER BY seq LIMIT 1",
            )?;
            let before = i64::try_from(before).unwrap_or(i64::MAX);
            let young: Option<i64> = young
                .query_row((document.key, newest.upto.0.cast_signed(), before), |row| row.get(0))
                .optional()?;
            let first = young.map_or(newest.upto.next(), |seq| Seq(seq.cast_unsigned()));
            Ok(Some((document.key, first)))
        })
    }

    /// Lends a connection, in a transaction so that all statements see the same moment. One that has met an
    /// error is not used again.
    fn with<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let idle = self.idle().pop();
        let done = idle.map_or_else(|| connection::reading(&self.file), Ok).and_then(|mut connection| {
            let transaction = connection.transaction()?;
            let read = read(&transaction)?;
            transaction.finish()?;
            Ok((connection, read))
        });
        let (connection, read) = done.map_err(|error| error::at(&self.file, error))?;
        let mut idle = self.idle();
        if idle.len() < IDLE {
            idle.push(connection);
        }
        Ok(read)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A document's log up to a place.
fn log(transaction: &Transaction<'_>, document: &Document<'_>, upto: Seq) -> Result<Log, StorageError> {
    let checkpoint = document.newest(transaction, upto)?;
    let after = checkpoint.as_ref().map_or(Seq::default(), |checkpoint| checkpoint.upto);
    let tail = document.records(transaction, after, upto)?;
    Ok(Log { checkpoint, tail, updated: document.updated, deleted: document.deleted })
}

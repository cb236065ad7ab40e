//! Keeps documents in one SQLite database under the data directory.
//!
//! The modules in reading order: the directory and its lock (`directory`), how the file is opened and put in
//! order (`connection`), its format (`migrations`), its rows and their checksums (`rows`, `checksum`), what
//! changes it (`writer`, `copier`) and what does not (`reader`, `check`), and what SQLite's errors mean here
//! (`error`).
//!
//! One connection writes, and those that read never wait for it: the write-ahead log shows each reader the
//! store as it was when it began.

mod check;
mod checksum;
mod connection;
mod copier;
mod directory;
mod error;
mod migrations;
mod reader;
mod rows;
mod writer;

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use collab::id::{DocId, Seq};
use rusqlite::Connection;

pub use self::{check::Problem, reader::Reader};
use self::{copier::Copier, rows::END};
use super::{Checkpoint, Group, Log, Storage, StorageError};

/// Between two of the steps in which old records are removed.
const PAUSE: Duration = Duration::from_millis(1);

/// What an operator may decide about the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// How large the database may become, in bytes; beyond that the disk counts as full.
    pub max_bytes: Option<u64>,
}

/// A store that survives the process, and the machine's loss of power.
#[derive(Debug)]
pub struct Sqlite {
    // The order of the fields is the order in which they are closed: the connection that writes after the
    // others, so that it can clear up the write-ahead log, and the lock last.
    copier: Copier,
    reader: Reader,
    /// Never used, only open. With no connection left, the next one would read the write-ahead log as a new
    /// process does: it would count a commit whose sync has failed. See `connection::empty_log`.
    _anchor: Mutex<Connection>,
    writer: Mutex<Option<Connection>>,
    file: PathBuf,
    options: Options,
    _lock: File,
}

impl Sqlite {
    /// Opens the store in a data directory, and makes both if they do not exist.
    ///
    /// # Errors
    /// [`StorageError::InUse`] while another server has it open, [`StorageError::TooNew`] if a newer program
    /// wrote it, [`StorageError::Corrupt`] if it is damaged or not Scriptorium's, [`StorageError::Unavailable`]
    /// or [`StorageError::Full`] if it cannot be written to.
    pub fn open(data_dir: &Path) -> Result<Self, StorageError> {
        Self::open_with(data_dir, Options::default())
    }

    /// [`Sqlite::open`], with other options than the usual.
    ///
    /// # Errors
    /// As there.
    pub fn open_with(data_dir: &Path, options: Options) -> Result<Self, StorageError> {
        let file = file_in(data_dir)?;
        let directory = file.parent().unwrap_or(data_dir);
        directory::make(directory)?;
        let lock = directory::lock(directory)?;
        directory::is_not_half_lost(&file)?;
        let at_file = |error| error::at(&file, error);
        let writer = connection::writing(&file, &options).map_err(at_file)?;
        if !connection::empty_log(&writer).map_err(at_file)? {
            let why = "another program, perhaps a backup, still reads what the last server left".to_owned();
            return Err(at_file(StorageError::Unavailable(why)));
        }
        let anchor = connection::reading(&file).map_err(at_file)?;
        directory::sync(directory)?;
        Ok(Self {
            copier: Copier::start(&file).map_err(at_file)?,
            reader: Reader::of(file.clone()),
            _anchor: Mutex::new(anchor),
            writer: Mutex::new(Some(writer)),
            file,
            options,
            _lock: lock,
        })
    }

    /// What reads this store.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// [`Reader::backup`].
    ///
    /// # Errors
    /// As there.
    pub fn backup(&self, to: &Path) -> Result<(), StorageError> {
        self.reader.backup(to)
    }

    /// [`Reader::check`].
    ///
    /// # Errors
    /// As there.
    pub fn check(&self) -> Result<Vec<Problem>, StorageError> {
        self.reader.check()
    }

    /// Gives the room of what was removed back to the file system, by writing the store anew. Needs as much
    /// room again while it runs, and keeps appends waiting.
    ///
    /// # Errors
    /// If it could not be done; the store is as it was.
    pub fn shrink(&self) -> Result<(), StorageError> {
        self.write(|connection| {
            connection.execute_batch("VACUUM")?;
            connection::empty_log(connection)?;
            Ok(())
        })
    }

    /// Lends the connection that writes. After a failure it is closed, and [`Storage::recover`] opens another:
    /// see `connection::empty_log` for why. A log that does not fit is no failure of the disk.
    fn write<T>(
        &self,
        change: impl FnOnce(&mut Connection) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut writer = self.writer();
        let Some(connection) = writer.as_mut() else {
            let why =
                format!("{}: a write has failed, and the store has not recovered yet", self.file.display());
            return Err(StorageError::Unavailable(why));
        };
        let changed = change(connection);
        if matches!(changed, Err(StorageError::Full | StorageError::Unavailable(_))) {
            *writer = None;
        }
        self.copier.ring();
        changed.map_err(|error| error::at(&self.file, error))
    }

    /// Removes a document's records before `first`, oldest first and some at a time, so that appends get their turn.
    /// Returns how many there were.
    fn remove_records(&self, key: i64, first: Seq) -> Result<u64, StorageError> {
        let mut removed = 0;
        loop {
            let some = self.write(|connection| writer::remove_some(connection, key, first))?;
            removed += some;
            if some == 0 {
                return Ok(removed);
            }
            // A mutex is not fair: without a pause this thread would take it again before those that wait.
            thread::sleep(PAUSE);
        }
    }

    /// A panic rolls back what it interrupts, so that a poisoned lock is as good as any.
    fn writer(&self) -> MutexGuard<'_, Option<Connection>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Storage for Sqlite {
    fn append(&self, groups: &[Group]) -> Result<(), StorageError> {
        self.write(|connection| {
            if self.copier.is_behind() {
                self.copier.catch_up(connection);
            }
            writer::append(connection, groups)
        })
    }

    fn load(&self, document: &DocId) -> Result<Log, StorageError> {
        self.reader.load(document)
    }

    fn history(&self, document: &DocId, upto: Seq) -> Result<Option<Log>, StorageError> {
        self.reader.history(document, upto)
    }

    fn checkpoint(&self, document: &DocId, checkpoint: &Checkpoint) -> Result<(), StorageError> {
        self.write(|connection| writer::checkpoint(connection, document, checkpoint))
    }

    /// Removes the oldest records first and some at a time, so that appends get their turn, and what is left
    /// after a crash or an error is a whole log. One that arrived before `before` stays if an earlier one does.
    fn trim(&self, document: &DocId, before: u64) -> Result<u64, StorageError> {
        let Some((key, first)) = self.reader.first_to_keep(document, before)? else {
            return Ok(0);
        };
        let removed = self.remove_records(key, first)?;
        if removed > 0 {
            self.write(|connection| writer::remove_authors(connection, key))?;
        }
        Ok(removed)
    }

    fn delete(&self, document: &DocId, at: u64) -> Result<bool, StorageError> {
        self.write(|connection| writer::delete(connection, document, at))
    }

    fn undelete(&self, document: &DocId) -> Result<bool, StorageError> {
        self.write(|connection| writer::undelete(connection, document))
    }

    fn purge(&self, before: u64) -> Result<u64, StorageError> {
        let condemned = self.write(|connection| writer::condemn(connection, before))?;
        for &key in &condemned {
            self.remove_records(key, END)?;
            self.write(|connection| writer::remove_document(connection, key))?;
        }
        Ok(u64::try_from(condemned.len()).unwrap_or(u64::MAX))
    }

    fn documents(&self) -> Result<Vec<DocId>, StorageError> {
        self.reader.documents()
    }

    fn recover(&self) -> Result<(), StorageError> {
        let mut writer = self.writer();
        *writer = None;
        let opened = connection::writing(&self.file, &self.options).and_then(|connection| {
            // Every commit in the log was synced by this process, so that it does no harm if somebody's reading
            // keeps it from being emptied.
            connection::empty_log(&connection)?;
            Ok(connection)
        });
        *writer = Some(opened.map_err(|error| error::at(&self.file, error))?);
        Ok(())
    }

    fn probe(&self) -> Result<(), StorageError> {
        let has_failed = self.writer().is_none();
        if has_failed {
            self.recover()?;
        }
        self.write(|connection| connection::commit_nothing(connection))
    }
}

/// Where the database is. Absolute, because SQLite reads a name that begins with `file:` as an address.
fn file_in(data_dir: &Path) -> Result<PathBuf, StorageError> {
    let directory = std::path::absolute(data_dir).map_err(|error| error::refused(data_dir, &error))?;
    Ok(directory.join("scriptorium.db"))
}

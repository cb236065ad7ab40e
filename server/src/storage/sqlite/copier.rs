//! Copies what the write-ahead log has gathered into the database: beside the commits, not within one of them, where
//! somebody would wait for it.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use rusqlite::Connection;

use super::{StorageError, connection, error};

/// After so many pages, 8 MB, they are copied. Rarely, because a page that many commits changed is copied once; often
/// enough that a reader finds its way through the log.
const MANY: i64 = 2_000;
/// The log begins anew only when all of it is copied and nobody adds to it meanwhile. Where there is no such moment, it
/// grows to this number of pages, 64 MB, until the one who writes waits for the copying of the rest.
const TOO_MANY: i64 = 16_000;
/// Between two looks at the log's length.
const PAUSE: Duration = Duration::from_millis(100);

/// The thread that copies. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Copier {
    bell: Option<SyncSender<()>>,
    thread: Option<thread::JoinHandle<()>>,
    /// How many pages the log held at the last look.
    length: Arc<AtomicI64>,
}

impl Copier {
    /// Starts the thread for a store that is in order.
    ///
    /// # Errors
    /// If the operating system refuses a file or a thread.
    pub(super) fn start(file: &Path) -> Result<Self, StorageError> {
        let connection = connection::copying(file)?;
        let (bell, rings) = sync_channel(1);
        let length = Arc::new(AtomicI64::new(0));
        let seen = length.clone();
        let thread = thread::Builder::new()
            .name("copier".into())
            .spawn(move || copy_when_told(&connection, &rings, &seen))
            .map_err(|error| error::refused(file, &error))?;
        Ok(Self { bell: Some(bell), thread: Some(thread), length })
    }

    /// Something was committed.
    pub(super) fn ring(&self) {
        // A bell that rings already rings for this commit, too.
        let _ = self.bell.as_ref().map(|bell| bell.try_send(()));
    }

    /// Whether whoever writes should let the log come to an end first.
    pub(super) fn is_behind(&self) -> bool {
        self.length.load(Ordering::Relaxed) > TOO_MANY
    }

    /// Copies the rest, for the one who writes, while it does not.
    pub(super) fn catch_up(&self, writer: &Connection) {
        self.length.store(0, Ordering::Relaxed);
        copy(writer);
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        self.bell = None;
        // A panic in it has been reported, and harms nobody: the next server copies what is left.
        let _ = self.thread.take().map(thread::JoinHandle::join);
    }
}

fn copy_when_told(connection: &Connection, rings: &Receiver<()>, length: &AtomicI64) {
    while rings.recv().is_ok() {
        match pages(connection, "NOOP") {
            Ok((all, copied)) => {
                length.store(all, Ordering::Relaxed);
                if all - copied >= MANY {
                    copy(connection);
                }
            }
            Err(error) => tracing::warn!(%error, "the length of the write-ahead log is not known"),
        }
        thread::sleep(PAUSE);
    }
}

/// Copies what no reader stands in the way of. If that fails, nothing is lost and nothing is taken for copied: the
/// next attempt writes the same pages again before it syncs them.
fn copy(connection: &Connection) {
    if let Err(error) = pages(connection, "PASSIVE") {
        tracing::warn!(%error, "the write-ahead log could not be copied to the database");
    }
}

/// How many pages the log holds, and how many of them are in the database, after a checkpoint of this kind.
fn pages(connection: &Connection, kind: &str) -> rusqlite::Result<(i64, i64)> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({kind})"), [], |row| Ok((row.get(1)?, row.get(2)?)))
}

//! Opens the file, for the one that writes and for those that read, and puts it in order.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use super::{Options, StorageError, migrations};

/// How long to wait for another process that has the file for a moment, such as a backup that begins.
const PATIENCE: Duration = Duration::from_secs(1);

/// The connection that writes, on a file that is in this program's format and can be written to.
pub(super) fn writing(file: &Path, options: &Options) -> Result<Connection, StorageError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut connection = open(file, flags)?;
    let found = migrations::identify(&connection, file)?;
    use_write_ahead_log(&connection)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    if let Some(bytes) = options.max_bytes {
        let page: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let pages = i64::try_from(bytes / u64::from(page)).unwrap_or(i64::MAX);
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    migrations::run(&mut connection, found)?;
    documents_are_sound(&connection)?;
    // If the disk refuses, it fails here rather than with somebody's edit in it.
    commit_nothing(&connection)?;
    Ok(connection)
}

/// A commit that changes nothing, but is written and synced as any other.
pub(super) fn commit_nothing(connection: &Connection) -> Result<(), StorageError> {
    connection.pragma_update(None, "user_version", migrations::known())?;
    Ok(())
}

/// The connection that copies the write-ahead log to the database, on a file that is in order.
pub(super) fn copying(file: &Path) -> Result<Connection, StorageError> {
    let connection = open(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    use_write_ahead_log(&connection)?;
    Ok(connection)
}

/// A connection that reads. It never waits for the one that writes: it sees the last commit.
pub(super) fn reading(file: &Path) -> Result<Connection, StorageError> {
    let connection = open(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found = migrations::identify(&connection, file)?;
    if found < migrations::known() {
        let (known, file) = (migrations::known(), file.display());
        let why = format!("{file} has the old format {found}: a server that starts brings it to {known}");
        return Err(StorageError::Unavailable(why));
    }
    Ok(connection)
}

/// A mapped file would be faster to read, but turns a disk's failure into a signal that ends the process: so no
/// `mmap_size`.
fn open(file: &Path, flags: OpenFlags) -> Result<Connection, StorageError> {
    // One thread at a time uses a connection here, so that SQLite need not lock it.
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

fn use_write_ahead_log(connection: &Connection) -> Result<(), StorageError> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        let why = format!("the file system does not support a write-ahead log, only the mode {mode:?}");
        return Err(StorageError::Unavailable(why));
    }
    // FULL syncs the log with every commit. The next two make that true on macOS, where an ordinary sync leaves
    // the bytes in the drive's cache; elsewhere they change nothing.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    // Copying the log to the database is the copier's work.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", 64 << 20, |_| Ok(()))?;
    Ok(())
}

/// Writes all that the write-ahead log holds to the database, syncs it there, and empties the log. An error
/// leaves the log as it was, so that the next attempt writes all of it again. Answers whether the log is empty:
/// somebody who still reads an older state can prevent it.
///
/// When a sync fails, Linux may drop the pages that it could not write and yet keep them readable; the next
/// sync of the same file then succeeds without having written them. So a failed sync is not repeated as if
/// nothing had happened. SQLite does not count a commit whose sync has failed: to this process it never was,
/// and what is committed next is written in its place. But a process that starts counts all that it finds
/// readable in the log; and if the power then fails, what it commits behind bytes that never reached the disk
/// is lost with them. Therefore no edit is committed at the end of a log that was found: it is emptied first.
pub(super) fn empty_log(connection: &Connection) -> Result<bool, StorageError> {
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(!busy)
}

/// All else hangs on the table of documents: with a name lost from its index, a document would look as if it
/// had never been written to. The table is small, so it is checked each time; records are checked when they are
/// read.
fn documents_are_sound(connection: &Connection) -> Result<(), StorageError> {
    let verdict: String = connection.query_row("PRAGMA integrity_check(documents)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(StorageError::Corrupt { what: super::error::STORE.to_owned(), why: verdict })
}

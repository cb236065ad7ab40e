//! The data directory: made on first run, and held by one server at a time.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    path::Path,
};

use super::{StorageError, error};

/// Makes the directory and those above it, for the eyes of this user only.
pub(super) fn make(directory: &Path) -> Result<(), StorageError> {
    let missing: Vec<_> = directory.ancestors().take_while(|directory| !directory.exists()).collect();
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|error| error::refused(directory, &error))?;
    missing.iter().filter_map(|made| made.parent()).try_for_each(sync)
}

/// Makes the names in a directory durable. Only Unix has this notion.
pub(super) fn sync(directory: &Path) -> Result<(), StorageError> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let synced = File::open(directory).and_then(|directory| directory.sync_all());
    synced.map_err(|error| error::refused(directory, &error))
}

/// Takes the lock that one server holds. The operating system takes it back when the process ends, however it
/// ends; that the file stays means nothing.
pub(super) fn lock(directory: &Path) -> Result<File, StorageError> {
    let path = directory.join("scriptorium.lock");
    let open = File::options().write(true).create(true).truncate(false).open(&path);
    let file = open.map_err(|error| error::refused(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StorageError::InUse(directory.display().to_string())),
        Err(TryLockError::Error(error)) => Err(error::refused(&path, &error)),
    }
}

/// Refuses a database that was lost while its write-ahead log was not: SQLite would take it for a new one, and
/// remove the log.
pub(super) fn is_not_half_lost(file: &Path) -> Result<(), StorageError> {
    let size = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    if size(file) > 0 || size(log.as_ref()) == 0 {
        return Ok(());
    }
    let why = format!("it is empty, but beside it is {}, with changes to it", Path::new(&log).display());
    Err(StorageError::Corrupt { what: file.display().to_string(), why })
}

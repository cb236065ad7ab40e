//! Tells what SQLite reports in the words of the trait.

use std::{io, path::Path};

use rusqlite::{Error, ErrorCode};

use super::StorageError;

/// Stands for the file until [`at`] names it.
pub(super) const STORE: &str = "the store";

impl From<Error> for StorageError {
    fn from(error: Error) -> Self {
        let why = error.to_string();
        match error {
            Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => Self::Full,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation => {
                    Self::Corrupt { what: STORE.to_owned(), why }
                }
                _ => Self::Unavailable(format!("{why} (SQLite's code {})", failure.extended_code)),
            },
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::QueryReturnedNoRows
            | Error::Utf8Error(..) => Self::Corrupt { what: STORE.to_owned(), why },
            _ => Self::Unavailable(why),
        }
    }
}

/// Adds which file an error is about.
pub(super) fn at(file: &Path, error: StorageError) -> StorageError {
    let file = file.display();
    match error {
        StorageError::Unavailable(why) => StorageError::Unavailable(format!("{file}: {why}")),
        StorageError::Corrupt { what, why } if what == STORE => {
            StorageError::Corrupt { what: file.to_string(), why }
        }
        other => other,
    }
}

/// What the operating system reports about a file or directory.
pub(super) fn refused(path: &Path, error: &io::Error) -> StorageError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StorageError::Full,
        _ => StorageError::Unavailable(format!("{}: {error}", path.display())),
    }
}

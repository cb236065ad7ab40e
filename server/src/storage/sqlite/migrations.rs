//! The store's format, one numbered step at a time.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::StorageError;

/// The steps; the first leads from an empty file to format 1. A released step is never changed: another
/// follows.
const STEPS: &[&str] = &[
    include_str!("migrations/0001-log.sql"),
    include_str!("migrations/0002-text.sql"),
    include_str!("migrations/0003-deletion.sql"),
];

/// Marks the file as Scriptorium's, for this program and for the command `file`: "Scri".
const APPLICATION: i32 = 0x5363_7269;

/// The format that this program writes.
pub(super) fn known() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// Which format a file has, 0 if nothing is in it yet. Changes nothing, and refuses what this program must not
/// touch: another program's file, and a newer format.
pub(super) fn identify(connection: &Connection, file: &Path) -> Result<u32, StorageError> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let empty = application == 0 && found == 0 && tables == 0;
    if !empty && application != APPLICATION {
        let what = file.display().to_string();
        return Err(StorageError::Corrupt { what, why: "it is a database of another program".to_owned() });
    }
    if found > known() {
        return Err(StorageError::TooNew { found, known: known() });
    }
    Ok(found)
}

/// Brings a file from the format `found` to the one that this program writes. Each step is all done or not at
/// all.
pub(super) fn run(connection: &mut Connection, found: u32) -> Result<(), StorageError> {
    for (format, step) in (1..).zip(STEPS).skip_while(|(format, _)| *format <= found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", format)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_leads_to_the_newest() {
        for found in 0..known() {
            let mut connection = Connection::open_in_memory().unwrap();
            STEPS[..found as usize].iter().for_each(|step| connection.execute_batch(step).unwrap());
            run(&mut connection, found).unwrap();
            let format: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
            assert_eq!(format, known());
            assert_eq!(identify(&connection, Path::new("test")).unwrap(), known());
        }
    }

    #[test]
    fn checkpoints_without_a_text_stay() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO documents (key, name, last) VALUES (1, 'book', 7);
                 INSERT INTO checkpoints (document, upto, checksum, state) VALUES (1, 7, 0, x'00');",
            )
            .unwrap();
        run(&mut connection, 1).unwrap();
        let text: Option<Vec<u8>> =
            connection.query_row("SELECT text FROM checkpoints", [], |row| row.get(0)).unwrap();
        assert_eq!(text, None);
    }

    #[test]
    fn documents_of_older_formats_were_updated_when_their_last_record_arrived() {
        let mut connection = Connection::open_in_memory().unwrap();
        STEPS[..2].iter().for_each(|step| connection.execute_batch(step).unwrap());
        connection
            .execute_batch(
                "INSERT INTO documents (key, name, last) VALUES (1, 'book', 2), (2, 'trimmed', 5);
                 INSERT INTO records VALUES (1, 1, 9000, 0, 0, x'00'), (1, 2, 7000, 0, 0, x'00');",
            )
            .unwrap();
        run(&mut connection, 2).unwrap();
        let mut rows = connection.prepare("SELECT updated, deleted FROM documents ORDER BY key").unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let rows: Vec<(i64, Option<i64>)> = rows.map(Result::unwrap).collect();
        assert_eq!(rows, [(7000, None), (0, None)]);
    }
}

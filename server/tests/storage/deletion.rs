//! What becomes of deleted documents in SQLite's file.

use collab::id::Seq;
use rusqlite::Connection;
use server::storage::{
    Checkpoint, Log, Storage, StorageError,
    sqlite::{Reader, Sqlite},
};
use tempfile::TempDir;

use super::{at, corrupt, database, id, shown, typed, written};

#[test]
fn a_deletion_survives_the_process() {
    let (directory, groups) = written();
    let store = Sqlite::open(directory.path()).unwrap();
    store.delete(&id("a"), at(500)).unwrap();
    drop(store);
    let store = Sqlite::open(directory.path()).unwrap();
    assert_eq!(store.load(&id("a")).unwrap().deleted, Some(at(500)));
    let reader = Reader::open(directory.path()).unwrap();
    assert_eq!(
        (reader.documents().unwrap(), reader.deleted().unwrap()),
        (vec![id("b"), id("c")], vec![id("a")])
    );
    store.undelete(&id("a")).unwrap();
    drop(store);
    let store = Sqlite::open(directory.path()).unwrap();
    assert_eq!(store.load(&id("a")).unwrap().tail, groups[0].records);
}

#[test]
fn a_purge_leaves_no_row_of_a_document() {
    let (directory, groups) = written();
    let store = Sqlite::open(directory.path()).unwrap();
    store.append(&[typed("a", 301..=5000, 20)]).unwrap();
    let state = Checkpoint { upto: Seq(200), state: "state".into(), shown: Some(shown()) };
    store.checkpoint(&id("a"), &state).unwrap();
    store.delete(&id("a"), at(500)).unwrap();
    store.purge(u64::MAX).unwrap();
    let connection = Connection::open(database(directory.path())).unwrap();
    for table in ["records", "checkpoints", "authors"] {
        let rows: i64 = connection
            .query_row(&format!("SELECT count(*) FROM {table} WHERE document = 1"), [], |row| row.get(0))
            .unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    assert_eq!(store.check().unwrap(), []);
    assert_eq!(store.load(&id("b")).unwrap().tail, groups[1].records);
}

#[test]
fn a_purge_that_was_interrupted_is_completed_and_never_undone() {
    let (directory, _) = written();
    let store = Sqlite::open(directory.path()).unwrap();
    store.delete(&id("a"), at(500)).unwrap();
    // As after a crash in the middle of it.
    let connection = Connection::open(database(directory.path())).unwrap();
    connection.execute_batch("UPDATE documents SET deleted = 0 WHERE key = 1").unwrap();
    connection.execute_batch("DELETE FROM records WHERE document = 1 AND seq < 100").unwrap();
    drop(connection);

    assert_eq!(store.check().unwrap(), [], "nothing of it need be whole");
    assert_eq!(store.load(&id("a")).unwrap(), Log { deleted: Some(0), ..Log::default() });
    assert_eq!(store.history(&id("a"), Seq(200)).unwrap(), None);
    assert!(!store.undelete(&id("a")).unwrap());
    let refused = store.append(&[typed("a", 301..=301, 20)]);
    assert!(matches!(refused, Err(StorageError::Deleted(_))));
    assert_eq!(store.purge(1).unwrap(), 1);
    store.append(&[typed("a", 1..=1, 20)]).unwrap();
}

#[test]
fn damage_in_a_deleted_document_is_found() {
    let (directory, _) = written();
    let store = Sqlite::open(directory.path()).unwrap();
    store.delete(&id("b"), at(500)).unwrap();
    let connection = Connection::open(database(directory.path())).unwrap();
    connection.execute_batch("DELETE FROM records WHERE document = 2 AND seq = 20").unwrap();
    corrupt(store.load(&id("b")));
    assert_eq!(store.check().unwrap()[0].document.as_deref(), Some("b"));
}

#[test]
fn backups_hold_what_is_deleted() {
    let (directory, groups) = written();
    let store = Sqlite::open(directory.path()).unwrap();
    store.delete(&id("a"), at(500)).unwrap();
    let other = TempDir::new().unwrap();
    store.backup(&database(other.path())).unwrap();
    let copy = Sqlite::open(other.path()).unwrap();
    assert!(copy.undelete(&id("a")).unwrap());
    assert_eq!(copy.load(&id("a")).unwrap().tail, groups[0].records);
}

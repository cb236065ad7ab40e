use std::{fs, path::Path};

use rusqlite::Connection;
use server::storage::{
    Checkpoint, Group, Storage,
    sqlite::{Reader, Sqlite},
};
use tempfile::TempDir;

use super::{corrupt, database, id, shown, typed, written};

/// Puts a store's files, after a change to each, into a directory of their own.
fn copied(from: &Path, change: impl Fn(&str, &mut Vec<u8>)) -> TempDir {
    let to = TempDir::new().unwrap();
    for name in ["scriptorium.db", "scriptorium.db-wal"] {
        let Ok(mut bytes) = fs::read(from.join(name)) else {
            continue;
        };
        change(name, &mut bytes);
        fs::write(to.path().join(name), bytes).unwrap();
    }
    to
}

/// What was committed is there, or opening or loading says that it is not. Returns whether all is there.
fn is_whole(directory: &Path, expected: &[Group], damage: &str) -> bool {
    let store = match Sqlite::open(directory) {
        Ok(store) => store,
        Err(error) => return corrupt::<()>(Err(error)).1.is_empty(),
    };
    let mut whole = true;
    for group in expected {
        match store.load(&group.document) {
            Ok(log) => assert_eq!(log.tail, group.records, "{damage}"),
            Err(error) => {
                corrupt::<()>(Err(error));
                whole = false;
            }
        }
    }
    assert!(whole || !store.check().unwrap().is_empty(), "{damage} is not found");
    whole
}

const PAGE: usize = 4096;

#[test]
fn a_cut_database_is_never_taken_for_a_whole_one() {
    let (directory, groups) = written();
    let length = usize::try_from(fs::metadata(database(directory.path())).unwrap().len()).unwrap();
    for cut in [0, 1, 20, 300].into_iter().chain((1..length / 1500).map(|part| part * 1500)) {
        let torn = copied(directory.path(), |_, bytes| bytes.truncate(length - cut));
        let whole = is_whole(torn.path(), &groups, &format!("{cut} bytes were cut"));
        // Less may hit what no row uses.
        assert!(!whole || cut < PAGE, "{cut} bytes were cut");
        assert!(whole || cut > 0);
    }
}

#[test]
fn a_page_that_was_not_written_is_missed() {
    let directory = TempDir::new().unwrap();
    let mut store = Sqlite::open(directory.path()).unwrap();
    store.append(&[typed("a", 1..=150, 20), typed("b", 1..=20, 500)]).unwrap();
    drop(store);
    let before = fs::read(database(directory.path())).unwrap();
    store = Sqlite::open(directory.path()).unwrap();
    store.append(&[typed("a", 151..=300, 20), typed("b", 21..=40, 500), typed("c", 1..=1, 9)]).unwrap();
    drop(store);
    let groups = [typed("a", 1..=300, 20), typed("b", 1..=40, 500), typed("c", 1..=1, 9)];
    let after = fs::read(database(directory.path())).unwrap();
    for page in (0..after.len()).step_by(PAGE) {
        let damage = |name: &str| format!("page {} {name}", page / PAGE + 1);
        let old = before.get(page..page + PAGE).unwrap_or(&[0; PAGE]);
        let stale = copied(directory.path(), |_, bytes| bytes[page..page + PAGE].copy_from_slice(old));
        let whole = is_whole(stale.path(), &groups, &damage("is an older one"));
        // An older index of authors goes unnoticed until it is used or checked, and does no harm.
        let found = !whole || !Sqlite::open(stale.path()).unwrap().check().unwrap().is_empty();
        assert_eq!(found, old != &after[page..page + PAGE], "{}", damage("is an older one"));
        for (from, name) in [(0, "is blank"), (PAGE / 2, "is half blank"), (PAGE - 30, "is a little blank")] {
            let blank = copied(directory.path(), |_, bytes| bytes[page + from..page + PAGE].fill(0));
            is_whole(blank.path(), &groups, &damage(name));
        }
    }
}

#[test]
fn a_cut_write_ahead_log_loses_the_last_commits_only() {
    let directory = TempDir::new().unwrap();
    let store = Sqlite::open(directory.path()).unwrap();
    for seq in 1..=30 {
        store.append(&[typed("a", seq..=seq, 300)]).unwrap();
    }
    let log = fs::metadata(directory.path().join("scriptorium.db-wal")).unwrap().len() as usize;
    let mut longest = 30;
    for cut in (0..log).step_by(2500) {
        let torn = copied(directory.path(), |name, bytes| {
            if name.ends_with("-wal") {
                bytes.truncate(log - cut);
            }
        });
        let found = Sqlite::open(torn.path()).unwrap().load(&id("a")).unwrap().tail;
        assert_eq!(found, typed("a", 1..=30, 300).records[..found.len()]);
        assert!(found.len() <= longest, "a longer log holds more");
        assert!(cut > 0 || found.len() == 30, "all of it is there if nothing is cut");
        longest = found.len();
    }
    assert!(longest <= 1, "the last cut left next to nothing, yet {longest} records were found");
}

#[test]
fn a_write_ahead_log_without_its_database_is_not_a_new_store() {
    let directory = TempDir::new().unwrap();
    let store = Sqlite::open(directory.path()).unwrap();
    store.append(&[typed("a", 1..=1, 300)]).unwrap();
    let torn = copied(directory.path(), |name, bytes| {
        if name == "scriptorium.db" {
            bytes.clear();
        }
    });
    for _ in 0..2 {
        let (what, why) = corrupt(Sqlite::open(torn.path()));
        assert_eq!(what, database(torn.path()).display().to_string());
        assert!(why.starts_with("it is empty, but beside it is"), "{why}");
        corrupt(Reader::open(torn.path()));
    }
}

#[test]
fn a_flipped_byte_is_found() {
    let (directory, groups) = written();
    for flipped in [&groups[0].records[150], &groups[1].records[0], &groups[2].records[0]] {
        let store = copied(directory.path(), |_, bytes| {
            let place = bytes.windows(20).position(|window| window == &flipped.update[..20]).unwrap();
            bytes[place + 3] ^= 0x10;
        });
        let store = Sqlite::open(store.path()).unwrap();
        let expected = format!("the checksum of record {} is wrong", flipped.seq.0);
        let damaged: Vec<_> = groups.iter().filter(|group| store.load(&group.document).is_err()).collect();
        assert_eq!(damaged.len(), 1, "the others can still be read");
        assert_eq!(corrupt(store.load(&damaged[0].document)).1, expected);
        let problems = store.check().unwrap();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].to_string(), format!("{}: {expected}", damaged[0].document));
    }
}

#[test]
fn rows_that_say_something_else_are_found() {
    let changes = [
        ("UPDATE records SET at = at + 1 WHERE document = 2 AND seq = 7", "checksum of record 7"),
        ("UPDATE records SET author = 2 WHERE document = 2 AND seq = 7", "checksum of record 7"),
        ("UPDATE records SET author = 9 WHERE document = 2 AND seq = 7", "author of record 7"),
        ("UPDATE authors SET name = 'eve' WHERE document = 2 AND number = 1", "checksum of record 4"),
        ("DELETE FROM records WHERE document = 2 AND seq = 7", "after record 6 comes record 8"),
        ("DELETE FROM records WHERE document = 2 AND seq = 4", "after record 3 comes record 5"),
        ("DELETE FROM records WHERE document = 2 AND seq = 40", "up to record 40, but ends with 39"),
        ("UPDATE documents SET last = 39 WHERE key = 2", "up to record 39, but ends with 40"),
        ("UPDATE checkpoints SET state = 'x' WHERE document = 2", "checksum of the checkpoint up to 3"),
        ("UPDATE checkpoints SET title = 'x' WHERE document = 2", "checksum of the checkpoint up to 3"),
        ("UPDATE checkpoints SET upto = 2 WHERE document = 2", "checksum of the checkpoint up to 2"),
        ("DELETE FROM checkpoints", "after record 0 comes record 4"),
        // Two rows that are whole in themselves, each in the other's place.
        (
            "UPDATE records SET (checksum, \"update\") = \
                (SELECT checksum, \"update\" FROM records WHERE document = 1 AND seq = 10) \
             WHERE document = 2 AND seq = 10",
            "checksum of record 10",
        ),
    ];
    for (change, expected) in changes {
        let (directory, _) = written();
        let store = Sqlite::open(directory.path()).unwrap();
        let state = Checkpoint { upto: collab::id::Seq(3), state: "state".into(), shown: Some(shown()) };
        store.checkpoint(&id("b"), &state).unwrap();
        store.trim(&id("b"), u64::MAX).unwrap();
        let change = change.replace("state = 'x'", "state = x'00'");
        assert_eq!(Connection::open(database(directory.path())).unwrap().execute(&change, []).unwrap(), 1);

        let (what, why) = corrupt(store.load(&id("b")));
        assert_eq!(what, "b");
        assert!(why.contains(expected), "{change}: {why}");
        let problems = store.check().unwrap();
        let noted = problems.iter().any(|problem| problem.what.contains(expected));
        assert!(noted, "{change}: {problems:?}");
        assert!(problems.iter().all(|problem| problem.document.as_deref() == Some("b")), "{problems:?}");
        store.load(&id("a")).unwrap();
    }
}

#[test]
fn retention_removes_nothing_in_favour_of_a_damaged_checkpoint() {
    let (directory, groups) = written();
    let store = Sqlite::open(directory.path()).unwrap();
    let state = Checkpoint { upto: collab::id::Seq(200), state: "state".into(), shown: Some(shown()) };
    store.checkpoint(&id("a"), &state).unwrap();
    Connection::open(database(directory.path()))
        .unwrap()
        .execute("UPDATE checkpoints SET state = x'00'", [])
        .unwrap();
    corrupt(store.trim(&id("a"), u64::MAX));
    assert_eq!(store.reader().records(&id("a")).unwrap(), groups[0].records);
}

#[test]
fn an_end_that_was_lost_is_not_built_upon() {
    let (directory, groups) = written();
    let store = Sqlite::open(directory.path()).unwrap();
    let other = Connection::open(database(directory.path())).unwrap();
    other.execute_batch("DELETE FROM records WHERE document = 1 AND seq > 290").unwrap();
    other.execute_batch("UPDATE documents SET last = 290 WHERE key = 1").unwrap();
    assert_eq!(store.load(&id("a")).unwrap().tail, groups[0].records[..290]);
    let (what, why) = corrupt(store.append(&[typed("a", 301..=301, 20)]));
    assert_eq!((&*what, &*why), ("a", "after record 290 comes record 301"));
}

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use rusqlite::Connection;
use server::storage::{
    Storage, StorageError,
    sqlite::{Reader, Sqlite},
};
use tempfile::TempDir;

use super::{corrupt, database, id, shown, typed, written};

#[track_caller]
fn unavailable<T: std::fmt::Debug>(result: Result<T, StorageError>) -> String {
    match result {
        Err(StorageError::Unavailable(why)) => why,
        other => panic!("expected the store to be unavailable, got {other:?}"),
    }
}

#[test]
fn the_first_run_makes_the_directory() {
    let parent = TempDir::new().unwrap();
    let data = parent.path().join("var/lib/data");
    Sqlite::open(&data).unwrap();
    assert!(database(&data).exists());
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&data).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700, "documents are nobody else's business");
    }
}

#[test]
fn a_second_server_is_refused() {
    let directory = TempDir::new().unwrap();
    let first = Sqlite::open(directory.path()).unwrap();
    let error = Sqlite::open(directory.path()).unwrap_err();
    assert!(matches!(error, StorageError::InUse(_)), "{error:?}");
    assert_eq!(error.to_string(), format!("another server is using {}", directory.path().display()));
    drop(first);
    Sqlite::open(directory.path()).unwrap();
}

const HELD: &str = "SCRIPTORIUM_TEST_HELD";

/// The other process of the next test: opens a store, writes, and never closes it.
#[test]
#[ignore = "started by another test"]
fn holds_a_store() {
    let Some(directory) = env::var_os(HELD) else {
        return;
    };
    let store = Sqlite::open(Path::new(&directory)).unwrap();
    store.append(&[typed("a", 1..=5, 20)]).unwrap();
    println!("\nholding");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    std::mem::forget(store);
}

#[test]
fn another_process_is_refused_until_it_is_killed() {
    let directory = TempDir::new().unwrap();
    let mut other = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "operator::holds_a_store"])
        .env(HELD, directory.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "holding"));
    assert!(matches!(Sqlite::open(directory.path()), Err(StorageError::InUse(_))));
    let reader = Reader::open(directory.path()).unwrap();
    assert_eq!(reader.load(&id("a")).unwrap().tail, typed("a", 1..=5, 20).records);

    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(reader.load(&id("a")).unwrap().tail, typed("a", 1..=5, 20).records);
    let store = Sqlite::open(directory.path()).unwrap();
    assert_eq!(store.load(&id("a")).unwrap().tail, typed("a", 1..=5, 20).records);
}

#[test]
fn operators_read_what_a_killed_server_left() {
    let directory = TempDir::new().unwrap();
    let store = Sqlite::open(directory.path()).unwrap();
    store.append(&[typed("a", 1..=5, 20)]).unwrap();
    let left = TempDir::new().unwrap();
    for name in ["scriptorium.db", "scriptorium.db-wal"] {
        fs::copy(directory.path().join(name), left.path().join(name)).unwrap();
    }
    let reader = Reader::open(left.path()).unwrap();
    assert_eq!(reader.load(&id("a")).unwrap().tail, typed("a", 1..=5, 20).records);
    assert_eq!(reader.check().unwrap(), []);
    drop(reader);
    assert_eq!(Sqlite::open(left.path()).unwrap().load(&id("a")).unwrap().tail.len(), 5);
}

/// As a long backup does.
#[test]
fn a_long_read_delays_a_start_but_not_recovery() {
    let directory = TempDir::new().unwrap();
    let store = Sqlite::open(directory.path()).unwrap();
    store.append(&[typed("a", 1..=5, 20)]).unwrap();
    let mut other = Connection::open(database(directory.path())).unwrap();
    let reading = other.transaction().unwrap();
    reading.query_row("SELECT count(*) FROM records", [], |_| Ok(())).unwrap();

    store.append(&[typed("a", 6..=9, 20)]).unwrap();
    store.recover().unwrap();
    store.append(&[typed("a", 10..=10, 20)]).unwrap();
    drop(store);
    let why = unavailable(Sqlite::open(directory.path()));
    assert!(why.ends_with("still reads what the last server left"), "{why}");

    drop(reading);
    let store = Sqlite::open(directory.path()).unwrap();
    assert_eq!(store.load(&id("a")).unwrap().tail, typed("a", 1..=10, 20).records);
}

#[test]
fn readers_do_not_make_a_store() {
    let directory = TempDir::new().unwrap();
    let why = unavailable(Reader::open(directory.path()));
    assert!(why.starts_with(&database(directory.path()).display().to_string()), "{why}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn a_newer_format_is_refused_and_left_alone() {
    let (directory, _) = written();
    let other = Connection::open(database(directory.path())).unwrap();
    other.pragma_update(None, "user_version", 1000).unwrap();
    other.close().unwrap();
    let before = fs::read(database(directory.path())).unwrap();
    for error in [Sqlite::open(directory.path()).unwrap_err(), Reader::open(directory.path()).unwrap_err()] {
        assert!(matches!(error, StorageError::TooNew { found: 1000, .. }), "{error:?}");
        assert!(error.to_string().ends_with("use a newer version"), "{error}");
    }
    assert_eq!(fs::read(database(directory.path())).unwrap(), before);
}

#[test]
fn what_is_not_a_store_is_refused_and_left_alone() {
    let directory = TempDir::new().unwrap();
    let file = database(directory.path());
    fs::write(&file, "Dear diary, ".repeat(1000)).unwrap();
    let (what, why) = corrupt(Sqlite::open(directory.path()));
    assert_eq!((what, &*why), (file.display().to_string(), "file is not a database"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "Dear diary, ".repeat(1000));

    fs::remove_file(&file).unwrap();
    let other = Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE bookmarks (address TEXT)").unwrap();
    other.close().unwrap();
    let before = fs::read(&file).unwrap();
    let (what, why) = corrupt(Sqlite::open(directory.path()));
    assert_eq!((what, &*why), (file.display().to_string(), "it is a database of another program"));
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let why = unavailable(Sqlite::open(&file));
    assert!(why.starts_with(&format!("{}: ", file.display())), "{why}");

    // Not even root may write here.
    #[cfg(target_os = "linux")]
    for (directory, named) in [("/sys", "/sys/scriptorium.lock: "), ("/sys/data", "/sys/data: ")] {
        let why = unavailable(Sqlite::open(Path::new(directory)));
        assert!(why.starts_with(named), "{why}");
    }
}

#[test]
fn a_backup_is_complete_and_opens() {
    let (directory, groups) = written();
    let store = Sqlite::open(directory.path()).unwrap();
    store.append(&[typed("d", 1..=3, 30)]).unwrap();
    let restored = TempDir::new().unwrap();
    store.backup(&database(restored.path())).unwrap();
    store.append(&[typed("d", 4..=4, 30)]).unwrap();
    assert!(unavailable(store.backup(&database(restored.path()))).ends_with("exists already"));
    assert_eq!(fs::read_dir(restored.path()).unwrap().count(), 1, "nothing is left beside it");
    let nowhere = restored.path().join("nowhere/copy.db");
    assert!(!unavailable(store.backup(&nowhere)).is_empty());

    let restored = Sqlite::open(restored.path()).unwrap();
    assert_eq!(restored.check().unwrap(), []);
    assert_eq!(restored.documents().unwrap().len(), 4);
    assert_eq!(restored.load(&id("a")).unwrap().tail, groups[0].records);
    assert_eq!(restored.load(&id("d")).unwrap().tail, typed("d", 1..=3, 30).records);
    restored.append(&[typed("d", 4..=5, 30)]).unwrap();
}

#[test]
fn checkpoints_do_not_pile_up() {
    let directory = TempDir::new().unwrap();
    let store = Sqlite::open(directory.path()).unwrap();
    const LARGE: usize = 300_000;
    for round in 0..20 {
        store.append(&[typed("a", round * 10 + 1..=round * 10 + 10, 30)]).unwrap();
        let upto = collab::id::Seq(round * 10 + 10);
        let state = server::storage::Checkpoint { upto, state: vec![7; LARGE].into(), shown: None };
        store.checkpoint(&id("a"), &state).unwrap();
    }
    drop(store);
    let size = usize::try_from(fs::metadata(database(directory.path())).unwrap().len()).unwrap();
    assert!(size < 3 * LARGE, "twenty checkpoints of {LARGE} bytes take {size}");
    let store = Sqlite::open(directory.path()).unwrap();
    assert_eq!(store.reader().records(&id("a")).unwrap().len(), 200, "every update is there");
}

#[test]
fn shrinking_gives_room_back() {
    let (directory, groups) = written();
    let store = Sqlite::open(directory.path()).unwrap();
    store.append(&[typed("d", 1..=5000, 100)]).unwrap();
    let size = || fs::metadata(database(directory.path())).unwrap().len();
    let state = server::storage::Checkpoint {
        upto: collab::id::Seq(5000),
        state: "state".into(),
        shown: Some(shown()),
    };
    store.checkpoint(&id("d"), &state).unwrap();
    assert_eq!(store.trim(&id("d"), u64::MAX).unwrap(), 5000);
    store.recover().unwrap();
    let before = size();
    store.shrink().unwrap();
    assert!(size() < before / 2, "{before} bytes became {}", size());
    assert_eq!(store.load(&id("a")).unwrap().tail, groups[0].records);
    assert_eq!(store.check().unwrap(), []);
}

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use server::storage::{
    Log, Storage, StorageError,
    faulty::{Fault, Faulty},
    memory::Memory,
    sqlite::{Options, Sqlite},
};
use tempfile::TempDir;

use super::{id, typed};

#[test]
fn a_full_disk_loses_nothing_and_passes() {
    let directory = TempDir::new().unwrap();
    let limited = Options { max_bytes: Some(200_000) };
    let store = Sqlite::open_with(directory.path(), limited).unwrap();
    let mut seq = 1;
    let full = loop {
        match store.append(&[typed("a", seq..=seq + 9, 500)]) {
            Ok(()) => seq += 10,
            Err(error) => break error,
        }
    };
    assert!(matches!(full, StorageError::Full), "{full:?}");
    assert_eq!(full.to_string(), "the disk is full");
    let stored = store.load(&id("a")).unwrap();
    assert_eq!(stored.last().0, seq - 1);

    // Nothing is written on top of a failure until recovery was asked for; the reason may well be gone by then.
    let refused = store.append(&[typed("a", seq..=seq, 1)]);
    assert!(matches!(refused, Err(StorageError::Unavailable(_))), "{refused:?}");
    store.recover().unwrap();
    let again = store.append(&[typed("a", seq..=seq + 9, 500)]);
    assert!(matches!(again, Err(StorageError::Full)), "{again:?}");
    assert_eq!(store.load(&id("a")).unwrap(), stored);
    drop(store);

    let store = Sqlite::open(directory.path()).unwrap();
    store.append(&[typed("a", seq..=seq + 9, 500)]).unwrap();
    assert_eq!(store.load(&id("a")).unwrap().tail, typed("a", 1..=seq + 9, 500).records);
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn injected_faults_last_until_recovery() {
    let store = Faulty::new(Memory::default());
    store.append(&[typed("a", 1..=1, 9)]).unwrap();
    for (fault, expected, found) in [
        (Fault::Full, "the disk is full", 1),
        (Fault::Broken, "the store cannot be read or written: disk I/O error", 1),
        (Fault::Unsure, "the store cannot be read or written: disk I/O error after writing", 2),
    ] {
        store.fail_with(Some(fault));
        for _ in 0..2 {
            let error = store.append(&[typed("a", 2..=2, 9)]).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        assert_eq!(store.recover().unwrap_err().to_string(), expected);
        store.fail_with(None);
        assert!(store.append(&[typed("a", 2..=2, 9)]).is_err(), "recovery comes first");
        assert_eq!(store.load(&id("a")).unwrap().last().0, found);
        store.recover().unwrap();
        assert_eq!(store.commits(), 1);
    }
    store.append(&[typed("a", 2..=2, 9)]).unwrap();
    assert_eq!(store.commits(), 2);
    assert_eq!(store.inner().load(&id("a")).unwrap().tail, typed("a", 1..=2, 9).records);

    store.fail_loads(true);
    assert!(matches!(store.load(&id("a")), Err(StorageError::Unavailable(_))));
    store.fail_loads(false);
    store.load(&id("a")).unwrap();
}

#[test]
fn a_paused_store_keeps_appends_waiting() {
    let store = Arc::new(Faulty::new(Memory::default()));
    store.pause();
    let other = Arc::clone(&store);
    let append = thread::spawn(move || other.append(&[typed("a", 1..=1, 9)]));
    store.until_waiting(1);
    assert_eq!(store.load(&id("a")).unwrap(), Log::default(), "loads do not wait");
    store.resume();
    append.join().unwrap().unwrap();
    assert_eq!(store.commits(), 1);
}

#[test]
fn readers_see_whole_logs_while_others_write_and_trim() {
    let directory = TempDir::new().unwrap();
    let store = Sqlite::open(directory.path()).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|threads| {
        threads.spawn(|| {
            let mut last = 0;
            while !done.load(Ordering::Relaxed) {
                let log = store.load(&id("a")).unwrap();
                assert!(log.last().0 >= last, "what was seen once stays");
                last = log.last().0;
            }
        });
        for part in 0..100 {
            store.append(&[typed("a", part * 10 + 1..=part * 10 + 10, 40)]).unwrap();
            if part % 10 == 9 {
                let upto = collab::id::Seq(part * 10);
                store
                    .checkpoint(
                        &id("a"),
                        &server::storage::Checkpoint { upto, state: vec![1; 9000].into(), shown: None },
                    )
                    .unwrap();
                store.trim(&id("a"), u64::MAX).unwrap();
            }
            if part % 25 == 0 {
                store.recover().unwrap();
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(store.load(&id("a")).unwrap().last().0, 1000);
    assert_eq!(store.check().unwrap(), []);
}

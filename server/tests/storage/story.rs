use collab::id::Seq;
use server::storage::{
    Checkpoint, Log, Shown, Storage, StorageError,
    faulty::Faulty,
    memory::Memory,
    sqlite::{Reader, Sqlite},
};
use tempfile::TempDir;

use super::{at, corrupt, group, id, record, typed};

#[test]
fn memory_tells_the_story() {
    story(&Memory::default());
}

#[test]
fn a_wrapper_without_faults_tells_the_story() {
    story(&Faulty::new(Memory::default()));
}

#[test]
fn sqlite_tells_the_story_and_remembers_it() {
    let directory = TempDir::new().unwrap();
    let store = Sqlite::open(directory.path()).unwrap();
    story(&store);
    let told = everything(&store);
    assert_eq!(store.check().unwrap(), []);
    drop(store);
    assert!(!directory.path().join("scriptorium.db-wal").exists(), "closing clears up the write-ahead log");

    let store = Sqlite::open(directory.path()).unwrap();
    assert_eq!(everything(&store), told);
    let reader = Reader::open(directory.path()).unwrap();
    assert_eq!(reader.load(&id("b")).unwrap(), store.load(&id("b")).unwrap());
}

fn everything(store: &dyn Storage) -> Vec<Log> {
    store.documents().unwrap().iter().map(|document| store.load(document).unwrap()).collect()
}

fn story(store: &dyn Storage) {
    nothing_yet(store);
    groups(store);
    again(store);
    refusals(store);
    checkpoints(store);
    retention(store);
    recovery(store);
    history(store);
    deletion(store);
}

fn nothing_yet(store: &dyn Storage) {
    assert_eq!(store.documents().unwrap(), []);
    assert_eq!(store.load(&id("a")).unwrap(), Log::default());
    assert_eq!(store.trim(&id("a"), u64::MAX).unwrap(), 0);
    corrupt(store.checkpoint(&id("a"), &checkpoint(0)));
    corrupt(store.checkpoint(&id("a"), &checkpoint(1)));
    store.append(&[]).unwrap();
    store.append(&[group("a", [])]).unwrap();
    assert_eq!(store.documents().unwrap(), [], "a document exists once it was written to");
}

/// Several documents in one commit, one of them twice.
fn groups(store: &dyn Storage) {
    let first = [
        group("b", [record(1, "", "hello"), record(2, "ann", "")]),
        group("a", [record(1, "Zoë 🦉", vec![0xff; 100_000])]),
        group("b", [record(3, "ann", " world")]),
    ];
    store.append(&first).unwrap();
    assert_eq!(store.documents().unwrap(), [id("a"), id("b")]);
    let log = store.load(&id("b")).unwrap();
    assert_eq!(log.checkpoint, None);
    assert_eq!(log.tail, [record(1, "", "hello"), record(2, "ann", ""), record(3, "ann", " world")]);
    assert_eq!(log.last(), Seq(3));
    assert_eq!(store.load(&id("a")).unwrap().tail, first[1].records);
}

/// What a caller does who does not know whether its last attempt was stored.
fn again(store: &dyn Storage) {
    store.append(&[group("b", [record(2, "ann", ""), record(3, "ann", " world")])]).unwrap();
    store.append(&[group("b", [record(3, "ann", " world"), record(4, "bob", "!")])]).unwrap();
    let log = store.load(&id("b")).unwrap();
    let all =
        [record(1, "", "hello"), record(2, "ann", ""), record(3, "ann", " world"), record(4, "bob", "!")];
    assert_eq!(log.tail, all);
}

/// Whatever would make a log say something else than was written takes its whole commit with it.
fn refusals(store: &dyn Storage) {
    let before = everything(store);
    let bad = [
        (group("b", [record(6, "", "x")]), "after record 4 comes record 6"),
        (group("b", [record(5, "", "x"), record(7, "", "x")]), "after record 5 comes record 7"),
        (group("b", [record(4, "bob", "?")]), "record 4 is to be written again"),
        (group("b", [record(4, "ann", "!")]), "record 4 is to be written again"),
        (group("b", [record(0, "", "x")]), "comes record 0"),
        (group("new", [record(2, "", "x")]), "after record 0 comes record 2"),
    ];
    for (refused, expected) in bad {
        let document = refused.document.to_string();
        let good = group("a", [record(2, "", "x")]);
        let (what, why) = corrupt(store.append(&[good, refused]));
        assert_eq!(what, document);
        assert!(why.contains(expected), "{why}");
    }
    assert_eq!(everything(store), before);
}

fn checkpoints(store: &dyn Storage) {
    store.checkpoint(&id("b"), &checkpoint(2)).unwrap();
    let log = store.load(&id("b")).unwrap();
    assert_eq!(log.checkpoint, Some(checkpoint(2)));
    assert_eq!(log.tail, [record(3, "ann", " world"), record(4, "bob", "!")]);

    let (_, why) = corrupt(store.checkpoint(&id("b"), &checkpoint(5)));
    assert!(why.contains("up to 5 does not fit a log that ends with 4"), "{why}");

    store.checkpoint(&id("b"), &checkpoint(4)).unwrap();
    let log = store.load(&id("b")).unwrap();
    assert_eq!((log.checkpoint.clone(), log.tail.len(), log.last()), (Some(checkpoint(4)), 0, Seq(4)));
    // An older one that comes late does not become the newest, and the same may come twice.
    store.checkpoint(&id("b"), &checkpoint(3)).unwrap();
    store.checkpoint(&id("b"), &checkpoint(4)).unwrap();
    assert_eq!(store.load(&id("b")).unwrap(), log);

    store.append(&[typed("b", 5..=6, 9)]).unwrap();
    assert_eq!(store.load(&id("b")).unwrap().tail, typed("b", 5..=6, 9).records);
}

fn retention(store: &dyn Storage) {
    let before = store.load(&id("b")).unwrap();
    assert_eq!(store.trim(&id("b"), 0).unwrap(), 0);
    assert_eq!(store.trim(&id("b"), at(3)).unwrap(), 2, "the time itself is not before it");
    assert_eq!(store.trim(&id("b"), at(3)).unwrap(), 0);
    assert_eq!(store.trim(&id("b"), u64::MAX).unwrap(), 2, "what no checkpoint includes stays");
    assert_eq!(store.trim(&id("a"), u64::MAX).unwrap(), 0);
    assert_eq!(store.load(&id("b")).unwrap(), before);
    let (_, why) = corrupt(store.append(&[group("b", [record(4, "bob", "!")])]));
    assert!(why.contains("record 4 is to be written again"), "{why}");

    // A clock that was set back: an earlier record protects a later one, so that no hole comes to be.
    let mut early = record(8, "ann", "y");
    early.at = 1;
    store.append(&[group("b", [record(7, "ann", "x"), early, record(9, "", "z")])]).unwrap();
    store.checkpoint(&id("b"), &checkpoint(9)).unwrap();
    assert_eq!(store.trim(&id("b"), at(7)).unwrap(), 2);
    assert_eq!(store.trim(&id("b"), at(8)).unwrap(), 2);
    assert_eq!(store.trim(&id("b"), u64::MAX).unwrap(), 1);
    let log = Log { checkpoint: Some(checkpoint(9)), updated: at(9), ..Log::default() };
    assert_eq!(store.load(&id("b")).unwrap(), log);
}

fn recovery(store: &dyn Storage) {
    let before = everything(store);
    store.recover().unwrap();
    assert_eq!(everything(store), before);
    store.append(&[group("b", [record(10, "ann", "on")])]).unwrap();
    assert_eq!(store.load(&id("b")).unwrap().tail, [record(10, "ann", "on")]);
}

/// A document as it was at some time.
fn history(store: &dyn Storage) {
    let at = |document: &str, upto| store.history(&id(document), Seq(upto)).unwrap();
    assert_eq!(at("nothing", 0), Some(Log::default()));
    assert_eq!(at("nothing", 1), None, "that is yet to come");
    store.append(&[typed("h", 1..=9, 9)]).unwrap();
    let records = typed("h", 1..=9, 9).records;
    assert_eq!(at("h", 4).unwrap().tail, records[..4]);
    store.checkpoint(&id("h"), &checkpoint(3)).unwrap();
    store.checkpoint(&id("h"), &checkpoint(6)).unwrap();
    for (upto, newest, tail) in [(9, Some(6), 6..9), (6, Some(6), 6..6), (5, None, 0..5), (2, None, 0..2)] {
        let log = at("h", upto).unwrap();
        let found = log.checkpoint.as_ref().map(|checkpoint| checkpoint.upto.0);
        assert_eq!((found, &log.tail[..], log.last()), (newest, &records[tail], Seq(upto)));
    }
    assert_eq!(at("h", 0), Some(Log { updated: super::at(9), ..Log::default() }), "it was empty");
    assert_eq!(at("h", 10), None);
    store.trim(&id("h"), super::at(5)).unwrap();
    assert_eq!(at("h", 2), None, "what was removed is not made up");
    assert_eq!(at("h", 5), None, "the records are there, but not what they build on");
    assert_eq!(at("h", 6).unwrap().checkpoint, Some(checkpoint(6)));
    assert_eq!(at("h", 8).unwrap().tail, records[6..8]);
}

fn deletion(store: &dyn Storage) {
    assert!(!store.delete(&id("nothing"), 7).unwrap());
    assert!(!store.undelete(&id("nothing")).unwrap() && !store.undelete(&id("b")).unwrap());
    let before = store.load(&id("b")).unwrap();
    assert!(store.delete(&id("b"), at(50)).unwrap());
    assert!(!store.delete(&id("b"), at(60)).unwrap(), "the first time counts");
    assert_eq!(store.documents().unwrap(), [id("a"), id("h")]);
    assert_eq!(store.load(&id("b")).unwrap(), Log { deleted: Some(at(50)), ..before.clone() });
    deleted(store);

    assert!(store.undelete(&id("b")).unwrap());
    assert_eq!(store.load(&id("b")).unwrap(), before);
    store.append(&[group("b", [record(11, "ann", "back")])]).unwrap();

    assert!(store.delete(&id("b"), at(50)).unwrap());
    assert_eq!(store.purge(at(50)).unwrap(), 0, "the time itself is not before it");
    assert_eq!(store.purge(at(51)).unwrap(), 1);
    assert_eq!(store.purge(u64::MAX).unwrap(), 0, "what is not deleted stays");
    assert_eq!(store.load(&id("b")).unwrap(), Log::default());
    assert!(!store.undelete(&id("b")).unwrap());
    store.append(&[group("b", [record(1, "cat", "anew")])]).unwrap();
    assert_eq!(store.load(&id("b")).unwrap().tail, [record(1, "cat", "anew")]);
}

/// Nothing can be written to what is deleted, and whatever else is in the commit is not written either.
fn deleted(store: &dyn Storage) {
    let good = group("a", [record(2, "", "x")]);
    let refused = store.append(&[good, group("b", [record(11, "ann", "late")])]);
    assert!(matches!(refused, Err(StorageError::Deleted(document)) if document == id("b")));
    assert_eq!(store.load(&id("a")).unwrap().last(), Seq(1));
}

fn checkpoint(upto: u64) -> Checkpoint {
    Checkpoint {
        upto: Seq(upto),
        state: format!("state {upto}").into(),
        shown: Some(Shown { title: "title".into(), text: format!("text\0 {upto}").into() }),
    }
}

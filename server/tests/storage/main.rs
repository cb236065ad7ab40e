//! Every storage back end against one story, and SQLite's against what happens to disks and to operators.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod damage;
mod deletion;
mod faults;
mod operator;
mod story;

use std::path::Path;

use collab::id::{DocId, Seq};
use server::storage::{Group, Record, Shown, Storage, StorageError, sqlite::Sqlite};
use tempfile::TempDir;

/// When the first record of each test arrived; each that follows comes a second later.
const START: u64 = 1_790_000_000_000;

fn id(name: &str) -> DocId {
    name.parse().unwrap()
}

fn record(seq: u64, author: &str, update: impl Into<Vec<u8>>) -> Record {
    Record { seq: Seq(seq), at: at(seq), author: author.into(), update: update.into().into() }
}

/// When [`record`] says that a record arrived.
fn at(seq: u64) -> u64 {
    START + 1000 * seq
}

fn group(document: &str, records: impl IntoIterator<Item = Record>) -> Group {
    Group { document: id(document), records: records.into_iter().collect() }
}

/// One document's records, each an update of `size` bytes that occurs nowhere else.
fn typed(document: &str, seqs: std::ops::RangeInclusive<u64>, size: usize) -> Group {
    let update = |seq| format!("{document}/{seq}/").bytes().cycle().take(size).collect::<Vec<_>>();
    group(document, seqs.map(|seq| record(seq, ["", "ann", "bob"][seq as usize % 3], update(seq))))
}

fn shown() -> Shown {
    Shown { title: "title".into(), text: "text".into() }
}

/// What the error says is damaged, and why.
#[track_caller]
fn corrupt<T: std::fmt::Debug>(result: Result<T, StorageError>) -> (String, String) {
    match result {
        Err(StorageError::Corrupt { what, why }) => (what, why),
        other => panic!("expected an error about damage, got {other:?}"),
    }
}

fn database(directory: &Path) -> std::path::PathBuf {
    directory.join("scriptorium.db")
}

/// A closed store with a few documents, and what is in it.
fn written() -> (TempDir, Vec<Group>) {
    let directory = TempDir::new().unwrap();
    let store = Sqlite::open(directory.path()).unwrap();
    let groups = vec![typed("a", 1..=300, 20), typed("b", 1..=40, 500), typed("c", 1..=1, 20_000)];
    store.append(&groups).unwrap();
    (directory, groups)
}

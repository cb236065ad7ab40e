//! Fills a data directory with a document of many single keys as a server would have stored them: every update in the
//! log, and a checkpoint of all but the last few hundred. So many keys follow each other at one place before the next,
//! which is a random one: 1 is the worst that can be, people type some dozens.
//!
//! `cargo run --release -p server --example many_edits -- DIRECTORY [DOCUMENT [COUNT [AT_ONE_PLACE]]]`

use std::{error::Error, path::Path};

use collab::{
    id::{DocId, Seq},
    wire::put_var,
};
use fastrand::Rng;
use server::{
    rooms::write_checkpoint,
    storage::{Group, Record, Storage, sqlite::Sqlite},
};

/// How many updates go to the disk at once.
const AT_ONCE: usize = 1_000;
/// How many came after the checkpoint.
const TAIL: usize = 500;
const CLIENT: u64 = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("which directory?")?;
    let document: DocId = arguments.next().unwrap_or_else(|| "many-edits".into()).parse()?;
    let count: usize = arguments.next().map_or(Ok(200_000), |count| count.parse())?;
    let at_one_place: u32 = arguments.next().map_or(Ok(1), |count| count.parse())?;
    let updates = updates(count, at_one_place.max(1));
    let store = Sqlite::open(Path::new(&directory))?;
    let (most, tail) = updates.split_at(count.saturating_sub(TAIL));
    append(&store, &document, 0, most)?;
    write_checkpoint(&store, &document, None)?;
    append(&store, &document, most.len(), tail)?;
    println!("{document} holds {count} edits.");
    Ok(())
}

fn append(
    store: &Sqlite,
    document: &DocId,
    before: usize,
    updates: &[Vec<u8>],
) -> Result<(), Box<dyn Error>> {
    let mut last = Seq(before as u64);
    for updates in updates.chunks(AT_ONCE) {
        let record = |update: &Vec<u8>| {
            last = last.next();
            Record { seq: last, at: server::clock::now(), author: "".into(), update: update.clone().into() }
        };
        let records = updates.iter().map(record).collect();
        store.append(&[Group { document: document.clone(), records }])?;
    }
    Ok(())
}

/// The updates (v1) of one client that types at random places, so many letters at each.
fn updates(count: usize, at_one_place: u32) -> Vec<Vec<u8>> {
    let mut chance = Rng::with_seed(7);
    let mut at = 0;
    // The clocks of the letters, in the order of the text.
    let mut text: Vec<u32> = Vec::with_capacity(count);
    let type_one = |clock: u32| {
        at = if clock.is_multiple_of(at_one_place) { chance.usize(..=text.len()) } else { at + 1 };
        let left = at.checked_sub(1).map(|before| text[before]);
        let update = key(clock, left, text.get(at).copied());
        text.insert(at, clock);
        update
    };
    (0..count as u32).map(type_one).collect()
}

/// The update that types one letter between two others.
fn key(clock: u32, left: Option<u32>, right: Option<u32>) -> Vec<u8> {
    const TEXT: u8 = 4;
    let neighbours = [(0x80, left), (0x40, right)];
    let flags: u8 = neighbours.iter().filter(|(_, clock)| clock.is_some()).map(|(flag, _)| flag).sum();
    // One client, one block of it.
    let mut out = vec![1, 1];
    [CLIENT, clock.into()].into_iter().for_each(|number| put_var(&mut out, number));
    out.push(flags | TEXT);
    for neighbour in [left, right].into_iter().flatten() {
        [CLIENT, neighbour.into()].into_iter().for_each(|number| put_var(&mut out, number));
    }
    if flags == 0 {
        out.extend(b"\x01\x04text");
    }
    // The letter, and nothing that is deleted.
    out.extend([1, b'a' + (clock % 26) as u8, 0]);
    out
}

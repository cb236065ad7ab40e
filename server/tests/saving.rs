//! Rooms, their journal and the disk: what is said to be saved, and what becomes of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::{sync::Arc, time::Duration};

use collab::{Bytes, frame::Message};
use server::storage::{
    Storage,
    faulty::{Fault, Faulty},
    memory::Memory,
    sqlite::{Reader, Sqlite},
};
use support::{Client, Server, config, read, written};

fn faulty() -> Arc<Faulty<Memory>> {
    Arc::new(Faulty::new(Memory::default()))
}

/// What is on the disk of a document, as another process would find it.
fn stored(storage: &impl Storage, document: &str) -> String {
    let document = document.parse().unwrap();
    server::rooms::fold(&document, &storage.load(&document).unwrap()).unwrap().text()
}

async fn expect_saved(client: &mut Client) -> u64 {
    loop {
        if let Message::Saved(number) = client.next().await {
            return number;
        }
    }
}

async fn write(client: &mut Client, number: u64, text: &str) {
    let update = Message::Update(written(u32::try_from(number).unwrap(), text));
    client.send(&[update, Message::SavedQuery(number)]).await;
}

#[tokio::test]
async fn saved_means_saved() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::with(config(), Arc::new(Sqlite::open(directory.path()).unwrap())).await;
    let (mut anna, _) = server.join("room").await;
    for number in 1..=20 {
        write(&mut anna, number, "x").await;
        assert_eq!(expect_saved(&mut anna).await, number);
        let on_disk = Reader::open(directory.path()).unwrap().load(&"room".parse().unwrap()).unwrap();
        assert_eq!(on_disk.last().0, number, "found by another reader at the moment of the answer");
    }
}

#[tokio::test]
async fn fan_out_does_not_wait_for_the_disk_and_saved_does() {
    let storage = faulty();
    let server = Server::with(config(), storage.clone()).await;
    let (mut anna, _) = server.join("room").await;
    let (mut bert, _) = server.join("room").await;
    storage.pause();
    write(&mut anna, 1, "seen at once").await;
    assert_eq!(read(&[bert.expect_update().await]), "seen at once");
    anna.send(&[Message::QueryAwareness, Message::Step1(support::EMPTY)]).await;
    loop {
        match anna.next().await {
            Message::Saved(_) => panic!("nothing is on disk"),
            Message::Step2(_) => break,
            _ => {}
        }
    }
    storage.resume();
    assert_eq!(expect_saved(&mut anna).await, 1);
    assert_eq!(stored(&*storage, "room"), "seen at once");
}

#[tokio::test]
async fn many_rooms_share_a_commit_while_the_disk_is_busy() {
    let storage = faulty();
    let server = Server::with(config(), storage.clone()).await;
    let mut clients = Vec::new();
    for number in 0..10 {
        clients.push(server.join(&format!("room-{number}")).await.0);
    }
    storage.pause();
    write(&mut clients[0], 1, "first").await;
    let waiting = storage.clone();
    tokio::task::spawn_blocking(move || waiting.until_waiting(1)).await.unwrap();
    for client in &mut clients[1..] {
        write(client, 1, "meanwhile").await;
        // The answer comes out of the same step that hands the update to the journal.
        client.send(&[Message::Step1(support::EMPTY)]).await;
        client.expect_step_2().await;
    }
    storage.resume();
    for client in &mut clients {
        expect_saved(client).await;
    }
    assert_eq!(storage.commits(), 2, "one for the first, one for all that waited");
}

#[tokio::test]
async fn a_full_disk_is_told_and_survived() {
    for fault in [Fault::Full, Fault::Broken, Fault::Unsure] {
        let storage = faulty();
        let server = Server::with(config(), storage.clone()).await;
        let (mut anna, _) = server.join("room").await;
        let (mut bert, _) = server.join("room").await;
        storage.fail_with(Some(fault));
        write(&mut anna, 1, "kept").await;
        let reason = loop {
            match anna.next().await {
                Message::Saved(_) => panic!("nothing is on disk"),
                Message::NotSaving(reason) => break reason,
                _ => {}
            }
        };
        let words = if fault == Fault::Full {
            "the server's disk is full"
        } else {
            "the server cannot write to its disk"
        };
        assert_eq!(reason, Bytes::from_static(words.as_bytes()));
        assert_eq!(read(&[bert.expect_update().await]), "kept", "the others see it all the same");
        storage.fail_with(None);
        assert_eq!(expect_saved(&mut anna).await, 1);
        assert_eq!(stored(&*storage, "room"), "kept");
    }
}

#[tokio::test]
async fn what_waits_for_the_disk_is_bounded() {
    let mut config = config();
    config.rooms.backlog = 64 * 1024;
    let storage = faulty();
    let server = Server::with(config, storage.clone()).await;
    let (mut anna, _) = server.join("room").await;
    let (mut bert, _) = server.join("elsewhere").await;
    storage.pause();
    let long = "x".repeat(40 * 1024);
    for number in 1..=2 {
        write(&mut anna, number, &long).await;
        anna.is_heard().await;
    }
    let waiting = storage.clone();
    tokio::task::spawn_blocking(move || waiting.until_waiting(1)).await.unwrap();
    for client in [&mut anna, &mut bert] {
        // Whoever writes now waits, in whichever room, and whoever only looks does not.
        client.send(&[Message::Step1(support::EMPTY)]).await;
        client.expect_step_2().await;
        write(client, 3, &long).await;
        let heard = tokio::time::timeout(Duration::from_millis(200), client.is_heard()).await;
        assert!(heard.is_err(), "more is taken than may wait");
    }
    storage.resume();
    assert_eq!(expect_saved(&mut bert).await, 3);
    while expect_saved(&mut anna).await < 3 {}
    assert_eq!(stored(&*storage, "room").len(), 3 * long.len());
}

#[tokio::test]
async fn a_room_retires_and_comes_back() {
    let mut config = config();
    config.rooms.retire_after = Duration::from_millis(20);
    let storage = faulty();
    let server = Server::with(config, storage.clone()).await;
    let mut expected = 0;
    for number in 1..=30 {
        let (mut anna, text) = server.join("room").await;
        assert_eq!(text.len(), expected, "nothing lost, nothing doubled");
        write(&mut anna, number, "x").await;
        expected += 1;
        anna.send(&[Message::Step1(support::EMPTY)]).await;
        anna.expect_step_2().await;
        // Sometimes the next one comes while the room is still there, sometimes while it retires.
        anna.leave().await;
        tokio::time::sleep(Duration::from_millis(number % 3 * 15)).await;
    }
    server.stop().await.unwrap();
    assert_eq!(stored(&*storage, "room").len(), expected);
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_not_shown_as_empty() {
    let storage = faulty();
    let server = Server::with(config(), storage.clone()).await;
    storage.fail_loads(true);
    let mut anna = server.connect("room").await;
    let close = anna.expect_close().await;
    assert_eq!(
        (u16::from(close.code), close.reason.as_str()),
        (4500, "the document cannot be read at the moment")
    );
    storage.fail_loads(false);
    assert_eq!(server.join("room").await.1, "", "the next one who comes tries again");
}

#[tokio::test]
async fn the_end_waits_for_the_disk() {
    let storage = faulty();
    let server = Server::with(config(), storage.clone()).await;
    let (mut anna, _) = server.join("room").await;
    let (mut bert, _) = server.join("room").await;
    storage.pause();
    write(&mut anna, 1, "written at the last moment").await;
    bert.expect_update().await;
    let resumed = storage.clone();
    let stopping = tokio::spawn(server.stop());
    assert_eq!(u16::from(anna.expect_close().await.code), 1012);
    resumed.resume();
    stopping.await.unwrap().unwrap();
    assert_eq!(stored(&*storage, "room"), "written at the last moment");
}

#[tokio::test]
async fn a_checkpoint_is_written_in_passing() {
    let mut config = config();
    config.rooms.checkpoint_updates = 10;
    let storage = Arc::new(Memory::default());
    let server = Server::with(config, storage.clone()).await;
    let (mut anna, _) = server.join("room").await;
    for number in 1..=25 {
        write(&mut anna, number, "x").await;
        expect_saved(&mut anna).await;
    }
    server.stop().await.unwrap();
    let log = storage.load(&"room".parse().unwrap()).unwrap();
    let checkpoint = log.checkpoint.expect("there is a checkpoint");
    assert!(checkpoint.upto.0 >= 10);
    let updates = [checkpoint.state].into_iter().chain(log.tail.into_iter().map(|record| record.update));
    assert_eq!(read(&updates.collect::<Vec<_>>()).len(), 25);
}

#[tokio::test]
async fn the_end_leaves_checkpoints() {
    let storage = Arc::new(Memory::default());
    let server = Server::with(config(), storage.clone()).await;
    let (mut anna, _) = server.join("room").await;
    write(&mut anna, 1, "x").await;
    expect_saved(&mut anna).await;
    server.stop().await.unwrap();
    let log = storage.load(&"room".parse().unwrap()).unwrap();
    assert!(log.checkpoint.is_some() && log.tail.is_empty(), "the next page need not be put together");
}

#[tokio::test]
async fn what_was_put_together_for_a_page_is_kept() {
    let storage = Arc::new(Memory::default());
    let id: collab::id::DocId = "room".parse().unwrap();
    let record = server::storage::Record {
        seq: collab::id::Seq(1),
        at: 1,
        author: "".into(),
        update: written(1, "left by a server that was killed"),
    };
    storage.append(&[server::storage::Group { document: id.clone(), records: vec![record] }]).unwrap();
    let server = Server::with(config(), storage.clone()).await;
    let page = server.ask("GET /d/room HTTP/1.1\r\nhost: x", "").await;
    assert!(page.contains("left by a server that was killed"), "{page}");
    while storage.load(&id).unwrap().checkpoint.is_none() {
        tokio::task::yield_now().await;
    }
    assert!(storage.load(&id).unwrap().tail.is_empty());
}

#[tokio::test]
async fn the_author_is_kept_with_the_update() {
    let storage = Arc::new(Memory::default());
    let server = Server::with(config(), storage.clone()).await;
    let mut anna = server.connect("room?author=anna-7f").await;
    write(&mut anna, 1, "hers").await;
    expect_saved(&mut anna).await;
    let (mut stock, _) = server.join("room").await;
    write(&mut stock, 2, "somebody's").await;
    expect_saved(&mut stock).await;
    let tail = storage.load(&"room".parse().unwrap()).unwrap().tail;
    let authors: Vec<_> = tail.iter().map(|record| &*record.author).collect();
    assert_eq!(authors, ["anna-7f", ""]);
}

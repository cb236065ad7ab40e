//! A document that breaks ends nobody's work but that of whoever broke it.
#![allow(clippy::unwrap_used, reason = "a test that fails should panic")]

mod support;

use std::time::{Duration, Instant};

use collab::{
    Bytes,
    document::Document,
    edit::TextEdit,
    faults::{self, HANG, PANIC},
    frame::Message,
    id::ClientId,
};
use support::{Client, Server, config, memory, read, written};

/// Whether the rooms of this process hang is one switch for all tests.
static SWITCH: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What a stock client does when it is asked: it sends all that it has.
async fn answer(client: &mut Client, state: Bytes) {
    loop {
        if let Message::Step1(_) = client.next().await {
            return client.send(&[Message::Step2(state)]).await;
        }
    }
}

async fn says(client: &mut Client, update: Bytes) {
    client.send(&[Message::Update(update)]).await;
}

async fn saved(client: &mut Client, number: u64) {
    client.send(&[Message::SavedQuery(number)]).await;
    while client.next().await != Message::Saved(number) {}
}

async fn hangs() {
    while !faults::is_hanging() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_breaks_a_document_is_sent_away_and_nobody_else() {
    let server = Server::start().await;
    let (mut anna, _) = server.join("room").await;
    let (mut eve, _) = server.join("room").await;
    let (mut elsewhere, _) = server.join("elsewhere").await;
    says(&mut anna, written(1, "before")).await;
    saved(&mut anna, 1).await;

    says(&mut eve, written(2, PANIC)).await;
    let close = eve.expect_close().await;
    assert_eq!(u16::from(close.code), 4422);
    answer(&mut anna, written(1, "before")).await;
    let (mut bert, text) = server.join("room").await;
    assert_eq!(text, "before");
    says(&mut bert, written(3, "after")).await;
    assert_eq!(read(&[anna.expect_update().await]), "after");

    says(&mut elsewhere, written(1, "as if nothing had happened")).await;
    saved(&mut elsewhere, 1).await;
    assert_eq!(server.metric("scriptorium_rooms_failed_total{reason=\"broke\"}").await, 1.0);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_sent_in_the_same_moment_is_asked_for_again() {
    let _switch = SWITCH.lock().await;
    faults::arm();
    let server = Server::start().await;
    let (mut anna, _) = server.join("room").await;
    let (mut bert, _) = server.join("room").await;
    let (mut eve, _) = server.join("room").await;
    // While the room is busy with this, the next two come together.
    says(&mut anna, written(1, HANG)).await;
    hangs().await;
    let mut typed = Document::new(ClientId::new(2));
    let update = typed.edit(&TextEdit { at: 0, delete: 0, insert: "typed".into() }).unwrap();
    bert.send(&[Message::Update(update.into()), Message::SavedQuery(1)]).await;
    says(&mut eve, written(3, PANIC)).await;
    bert.is_heard().await;
    eve.is_heard().await;
    faults::release();

    answer(&mut bert, typed.snapshot()).await;
    answer(&mut eve, written(3, PANIC)).await;
    assert_eq!(u16::from(eve.expect_close().await.code), 4422);
    // The second time, too, everybody is asked, and nothing counts as saved before the answer.
    answer(&mut bert, typed.snapshot()).await;
    saved(&mut bert, 2).await;
    let (_, text) = server.join("room").await;
    assert!(text.contains("typed") && text.contains(HANG) && !text.contains(PANIC), "{text:?}");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_that_hangs_is_set_up_anew_and_the_others_notice_nothing() {
    let _switch = SWITCH.lock().await;
    faults::arm();
    let mut config = config();
    config.rooms.patience = Duration::from_millis(300);
    let server = Server::with(config, memory()).await;
    let (mut anna, _) = server.join("room").await;
    let (mut elsewhere, _) = server.join("elsewhere").await;
    says(&mut anna, written(1, "kept")).await;
    saved(&mut anna, 1).await;
    let (mut eve, _) = server.join("room").await;
    says(&mut eve, written(2, HANG)).await;
    assert_eq!(u16::from(anna.expect_close().await.code), 1011);
    assert_eq!(u16::from(eve.expect_close().await.code), 1011);

    assert_eq!(server.metric("scriptorium_rooms_failed_total{reason=\"hung\"}").await, 1.0);
    let (mut anna, text) = server.join("room").await;
    assert_eq!(text, "kept");
    says(&mut elsewhere, written(1, "all is well")).await;
    saved(&mut elsewhere, 1).await;
    // A second one must not take the last thread of the server.
    let (mut eve, _) = server.join("room").await;
    says(&mut eve, written(3, HANG)).await;
    assert_eq!(u16::from(anna.expect_close().await.code), 1011);
    says(&mut elsewhere, written(4, "still")).await;
    saved(&mut elsewhere, 2).await;
    server.stop().await.expect("what hangs does not hold up the end");
    faults::release();
}

#[tokio::test]
async fn there_are_only_so_many_rooms_and_sessions() {
    let mut config = config();
    config.rooms.most = 2;
    config.rooms.sessions = 2;
    let server = Server::with(config, memory()).await;
    let _anna = server.join("one").await;
    let _bert = server.join("one").await;
    assert_eq!(u16::from(server.connect("one").await.expect_close().await.code), 1013);
    let (carl, _) = server.join("two").await;
    assert_eq!(u16::from(server.connect("three").await.expect_close().await.code), 1013);
    carl.leave().await;
    let (_, text) = server.join("two").await;
    assert_eq!(text, "", "a room that is open can be joined");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn an_address_has_only_so_many_sessions() {
    let mut config = config();
    config.limits.from_one_address = 2;
    let server = Server::with(config, memory()).await;
    let (anna, _) = server.join("one").await;
    let _bert = server.join("two").await;
    assert_eq!(u16::from(server.connect("three").await.expect_close().await.code), 1013);
    anna.leave().await;
    loop {
        // The server takes its time to notice who has left.
        let mut carl = server.connect("three").await;
        if matches!(carl.first().await, Some(Message::Step1(_))) {
            break;
        }
    }
    server.stop().await.unwrap();
}

#[tokio::test]
async fn whoever_gives_no_sign_of_life_is_sent_away() {
    let mut config = config();
    config.limits.silence = Duration::from_millis(100);
    let server = Server::with(config, memory()).await;
    let heard = server.hear("room").await;
    // A close frame of 17 bytes with the code 1001 (RFC 6455, 5.2 and 5.5.1).
    assert!(heard.ends_with(b"\x88\x11\x03\xe9no sign of life"), "{}", heard.escape_ascii());
    server.stop().await.unwrap();
}

#[tokio::test]
async fn whoever_only_reads_is_asked_for_a_sign_of_life_however_busy_the_room_is() {
    let mut config = config();
    config.limits.silence = Duration::from_millis(400);
    let (silence, began) = (config.limits.silence, Instant::now());
    let server = Server::with(config, memory()).await;
    let (mut anna, _) = server.join("room").await;
    let (mut bert, _) = server.join("room").await;
    // Something is always on its way to Bert, who answers pings and says nothing else.
    let mut typed = Document::new(ClientId::new(1));
    while began.elapsed() < 3 * silence {
        let key = typed.edit(&TextEdit { at: 0, delete: 0, insert: "x".to_owned() }).unwrap();
        says(&mut anna, key.into()).await;
        bert.expect_update().await;
    }
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_room_holds_little() {
    let _switch = SWITCH.lock().await;
    faults::arm();
    let mut config = config();
    config.rooms.mailbox = 64 * 1024;
    let server = Server::with(config, memory()).await;
    let (mut anna, _) = server.join("room").await;
    let (mut bert, _) = server.join("room").await;
    says(&mut anna, written(1, HANG)).await;
    hangs().await;
    // What fits is taken; of what does not, no more is read.
    says(&mut bert, written(2, &"x".repeat(60 * 1024))).await;
    bert.is_heard().await;
    says(&mut bert, written(3, &"y".repeat(60 * 1024))).await;
    let heard = tokio::time::timeout(Duration::from_millis(300), bert.is_heard()).await;
    assert!(heard.is_err(), "it waits");
    faults::release();
    bert.is_heard().await;
    saved(&mut bert, 1).await;
    let (_, text) = server.join("room").await;
    assert_eq!(text.len(), HANG.len() + 2 * 60 * 1024);
    server.stop().await.unwrap();
}

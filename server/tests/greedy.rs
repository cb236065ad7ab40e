//! Whoever wants more than their share gets no more than that, and nobody else waits for it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::time::Duration;

use collab::{Bytes, frame::Message, wire::put_var};
use futures::SinkExt;
use support::{Client, Server, pair::Pair};
use tokio_tungstenite::tungstenite;

/// How long writing may take on the average, with a stranger in the room.
const SOON: Duration = Duration::from_secs(1);

/// Somebody asks again and again, each time something else, for what takes long to put together, and reads nothing of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_much_keeps_nobody_else_waiting() {
    let server = Server::start().await;
    let (mut anna, _) = server.join("room").await;
    anna.send(&[Message::Update(pieces(40_000)), Message::SavedQuery(1)]).await;
    while anna.next().await != Message::Saved(1) {}
    let mut pair = Pair::enter(&server, "room").await;
    let eve = server.connect_with_buffer("room", 4 * 1024).await;
    let asking = tokio::spawn(ask_without_end(eve));
    let mut slept = Duration::ZERO;
    for _ in 0..10 {
        slept += pair.write().await;
    }
    assert!(slept < SOON * 10, "they wait for {slept:?}");
    asking.abort();
    server.stop().await.unwrap();
}

async fn ask_without_end(mut eve: Client) {
    for number in 0_u64.. {
        // Nobody has written as these, so that everything is missing.
        let knows = |question: u64| [&[1][..], &var(1_000 + number * 100 + question), &[1]].concat();
        let questions: Vec<_> = (0..100).map(|question| Message::Step1(knows(question).into())).collect();
        // The server may have had enough.
        let frame = tungstenite::Message::Binary(Message::frame(&questions));
        if eve.socket.send(frame).await.is_err() {
            return;
        }
    }
}

/// An update of so many letters, each of them written before the one before it.
fn pieces(count: u64) -> Bytes {
    let mut out = [&[1][..], &var(count), &[7, 0], b"\x04\x01\x04text\x01x"].concat();
    for clock in 1..count {
        out.push(0x44);
        out.extend([&[7][..], &var(clock - 1), b"\x01x"].concat());
    }
    out.push(0);
    out.into()
}

fn var(number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    put_var(&mut out, number);
    out
}

#[tokio::test]
async fn a_frame_of_very_many_messages_is_refused() {
    let server = Server::start().await;
    let (mut eve, _) = server.join("room").await;
    eve.send_frame(vec![3; 1 << 20].into()).await;
    let close = eve.expect_close().await;
    assert_eq!(u16::from(close.code), 4400);
    assert_eq!(close.reason.as_str(), "malformed frame: the frame holds more than 256 messages");
    server.stop().await.unwrap();
}

/// A roster that is larger than what others read would shut them out.
#[tokio::test]
async fn somebody_who_is_many_people_keeps_nobody_out() {
    let server = Server::start().await;
    let mut crowd = Vec::new();
    for session in 0..50 {
        let (mut eve, _) = server.join("room").await;
        let mut people = var(1_000);
        for client in 0..1_000 {
            people.extend([&var(session * 1_000 + client + 1)[..], b"\x01\x02{}"].concat());
        }
        eve.send(&[Message::Awareness(people.into())]).await;
        crowd.push(eve);
    }
    let mut pair = Pair::enter(&server, "room").await;
    pair.write().await;
    pair.reader.send(&[Message::QueryAwareness]).await;
    let told = pair.reader.expect_awareness().await;
    assert!(told.len() < 100_000, "{} bytes of people", told.len());
    pair.ends_well(&server).await;
    server.stop().await.unwrap();
}

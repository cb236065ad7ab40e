//! One session that reads nothing changes nothing for the others in its room.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use collab::frame::Message;
use support::{Client, EMPTY, Server, config, memory, written};
use tokio::task::JoinSet;

/// How many people read along.
const OTHERS: usize = 199;
/// How many pieces are written, each by another client, and how long each is. All of it together fits neither into a
/// socket's buffers nor into an outbox.
const PIECES: u32 = 200;
const PIECE: usize = 32 * 1024;
const ALL: usize = PIECES as usize * PIECE;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_stalled_reader_changes_nothing_for_the_other_199() {
    let mut config = config();
    config.limits.from_one_address = OTHERS + 3;
    config.limits.outbox_bytes = 8 * PIECE;
    // On a slow machine the writer would be held back, for longer than the others have patience.
    config.limits.rates.time = 1.0;
    let server = Server::with(config, memory()).await;
    let mut stalled = server.connect_with_buffer("room", 4 * 1024).await;
    stalled.send(&[Message::Step1(EMPTY)]).await;
    stalled.expect_step_2().await;
    let mut others = Vec::new();
    for _ in 0..OTHERS {
        others.push(server.join("room").await.0);
    }

    let (mut writer, _) = server.join("room").await;
    // Nobody's patience is tried before there is something to read.
    let mut readers: JoinSet<_> = others.into_iter().map(read_all).collect();
    for client in 1..=PIECES {
        writer.send(&[Message::Update(written(client, &"x".repeat(PIECE)))]).await;
    }
    while let Some(reader) = readers.join_next().await {
        reader.unwrap();
    }
    let was_behind = read_all(stalled).await;
    assert!(was_behind, "what waited for it was dropped, and made good in one update");
    let (_, text) = server.join("room").await;
    assert!(text == "x".repeat(ALL));
    server.stop().await.unwrap();
}

/// Reads until everything is there. Returns whether it was brought up to date on the way.
async fn read_all(mut reader: Client) -> bool {
    let (mut bytes, mut was_behind) = (0, false);
    while bytes < ALL {
        match reader.next().await {
            Message::Update(update) => bytes += update.len(),
            // It knew nothing when it came, so that this holds everything until now.
            Message::Step2(update) => (bytes, was_behind) = (update.len(), true),
            _ => {}
        }
    }
    was_behind
}

//! What an operator sees of the server: its health and its metrics.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::{sync::Arc, time::Duration};

use collab::{Bytes, frame::Message};
use server::{
    metrics::Metrics,
    storage::{
        Storage,
        faulty::{Fault, Faulty},
        memory::Memory,
        sqlite::Sqlite,
    },
};
use support::{Server, config, written};

async fn get(server: &Server, path: &str) -> String {
    server.ask(&format!("GET {path} HTTP/1.1\r\nhost: x"), "").await
}

#[tokio::test]
async fn a_server_is_ready_while_its_disk_takes_something() {
    let storage = Arc::new(Faulty::new(Memory::default()));
    let server = Server::with(config(), storage.clone()).await;
    assert!(get(&server, "/readyz").await.starts_with("HTTP/1.1 200"));

    storage.fail_with(Some(Fault::Full));
    let mut answer = get(&server, "/readyz").await;
    while answer.starts_with("HTTP/1.1 200") {
        // The last answer holds for a second.
        tokio::time::sleep(Duration::from_millis(100)).await;
        answer = get(&server, "/readyz").await;
    }
    assert!(answer.starts_with("HTTP/1.1 503") && answer.ends_with("the disk is full\n"), "{answer}");
    assert!(get(&server, "/healthz").await.starts_with("HTTP/1.1 200"), "it is alive all the same");

    storage.fail_with(None);
    while !get(&server, "/readyz").await.starts_with("HTTP/1.1 200") {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[test]
fn a_store_tells_whether_it_takes_something() {
    let directory = tempfile::tempdir().unwrap();
    let store = Sqlite::open(directory.path()).unwrap();
    store.probe().unwrap();
    assert!(store.documents().unwrap().is_empty(), "and keeps nothing of it");
}

#[tokio::test]
async fn what_people_do_is_counted() {
    let server = Server::start().await;
    assert_eq!(server.metric("scriptorium_sessions").await, 0.0);
    let (mut anna, _) = server.join("room").await;
    let (mut bert, _) = server.join("room").await;
    assert_eq!(server.metric("scriptorium_sessions").await, 2.0);
    assert_eq!(server.metric("scriptorium_rooms").await, 1.0);

    anna.send(&[Message::Update(written(1, "x")), Message::SavedQuery(1)]).await;
    while anna.next().await != Message::Saved(1) {}
    bert.expect_update().await;
    assert_eq!(server.metric("scriptorium_updates_total").await, 1.0);
    assert_eq!(server.metric("scriptorium_commit_seconds_count").await, 1.0);
    assert_eq!(server.metric("scriptorium_commit_updates_sum").await, 1.0);
    assert!(server.metric("scriptorium_frames_received_total").await >= 3.0);
    assert!(server.metric("scriptorium_sent_total").await > 10.0, "in bytes");
    assert!(server.metric("scriptorium_batch_letters_count").await >= 3.0);

    bert.send_frame(Bytes::from_static(&[77])).await;
    bert.expect_close().await;
    assert_eq!(server.metric("scriptorium_sessions_closed_total{code=\"4400\"}").await, 1.0);
    anna.leave().await;
    while server.metric("scriptorium_sessions").await > 0.0 {}
}

#[tokio::test]
async fn what_waits_for_the_disk_is_counted() {
    let storage = Arc::new(Faulty::new(Memory::default()));
    let server = Server::with(config(), storage.clone()).await;
    let (mut anna, _) = server.join("room").await;
    storage.fail_with(Some(Fault::Broken));
    anna.send(&[Message::Update(written(1, "x")), Message::SavedQuery(1)]).await;
    while server.metric("scriptorium_commits_failed_total").await == 0.0 {}
    assert_eq!(server.metric("scriptorium_journal_waiting_updates").await, 1.0);
    storage.fail_with(None);
    while anna.next().await != Message::Saved(1) {}
    while server.metric("scriptorium_journal_waiting_updates").await > 0.0 {}
}

#[test]
fn every_metric_is_documented() {
    let documented = include_str!("../../docs/operations.md");
    let page = Metrics::default().encode();
    let names: Vec<_> =
        page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    assert!(names.len() > 15, "{page}");
    for name in names {
        assert!(documented.contains(&format!("| `{name}")), "{name}");
    }
}

#[tokio::test]
async fn metrics_are_not_for_everybody() {
    let server = Server::start().await;
    assert!(get(&server, "/metrics").await.starts_with("HTTP/1.1 404"));
}

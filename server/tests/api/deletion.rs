//! Documents that are deleted, while whatever else happens.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use collab::{document::Document, edit::TextEdit, frame::Message, id::ClientId};
use futures::future::join_all;
use server::storage::{Storage, memory::Memory};
use tempfile::TempDir;

use super::{
    server, server_on_disk,
    support::{Server, config},
};

#[tokio::test]
async fn a_deleted_document_answers_as_such() {
    let server = server().await;
    server.put("a", None, "text").await;
    assert_eq!(server.delete("a").await.status, 204);
    for (method, path, body) in [
        ("GET", "", ""),
        ("DELETE", "", ""),
        ("PATCH", "", r#"{"title":"x"}"#),
        ("GET", "/text", ""),
        ("PUT", "/text", "new"),
        ("POST", "/edits", r#"{"edits":[{"insert":"x"}]}"#),
        ("GET", "/state", ""),
        ("POST", "/state", "\0\0"),
    ] {
        let kind = match path {
            "/text" => "text/plain",
            "/state" => "application/octet-stream",
            _ => "application/json",
        };
        let path = format!("/api/documents/a{path}");
        let refused = server.request(method, &path, &[("content-type", kind)], body.as_bytes()).await;
        assert_eq!((refused.status, &*refused.problem()), (410, "deleted"), "{method} {path}");
        assert!(refused.text().contains("\"until\":\"20"), "{refused:?}");
    }
    let page = server.get("/d/a").await;
    assert_eq!(page.status, 410);
    assert!(page.text().contains("This document was deleted") && !page.text().contains("role=\"textbox\""));
    let close = server.connect("a").await.expect_close().await;
    assert_eq!((u16::from(close.code), &*close.reason), (4410, "the document was deleted"));
}

#[tokio::test]
async fn a_deletion_can_be_undone() {
    let directory = TempDir::new().unwrap();
    let server = server_on_disk(&directory).await;
    server.put("a", None, "text").await;
    server.json("PATCH", "/api/documents/a", r#"{"title":"Plan"}"#).await;
    let before = server.get("/api/documents/a/state").await;
    assert_eq!(server.restore("a").await.problem(), "not-found");
    server.delete("a").await;
    server.stop().await.unwrap();

    let server = server_on_disk(&directory).await;
    assert_eq!(server.get("/api/documents/a").await.status, 410);
    let restored = server.restore("a").await;
    assert_eq!((restored.status, &restored.json()["title"]), (200, &"Plan".into()));
    let after = server.get("/api/documents/a/state").await;
    assert_eq!((after.tag(), after.body), (before.tag(), before.body));
    assert_eq!(server.put("a", None, "text!").await.status, 204);
    assert_eq!(server.restore("a").await.problem(), "not-found");
}

#[tokio::test]
async fn whoever_is_there_is_told_of_the_deletion() {
    let server = server().await;
    server.put("a", None, "text").await;
    let (mut anna, _) = server.join("a").await;
    let (mut bert, _) = server.join("a").await;
    server.delete("a").await;
    for client in [&mut anna, &mut bert] {
        let close = client.expect_close().await;
        assert_eq!((u16::from(close.code), &*close.reason), (4410, "the document was deleted"));
    }
    server.restore("a").await;
    assert_eq!(server.join("a").await.1, "text");
}

/// Invariant *a deletion leaves no half state*.
#[tokio::test]
async fn a_deletion_leaves_no_half_state() {
    let directory = TempDir::new().unwrap();
    let server = server_on_disk(&directory).await;
    for round in 0..10 {
        let name = format!("round-{round}");
        let (mut anna, _) = server.join(&name).await;
        let mut copy = Document::new(ClientId::new(7));
        let mut frame = |number| {
            let edit = TextEdit { at: u32::MAX, delete: 0, insert: format!("{number} ") };
            [Message::Update(copy.edit(&edit).unwrap().into()), Message::SavedQuery(number)]
        };
        // There must be something that can be deleted.
        anna.send(&frame(1)).await;
        anna.is_heard().await;
        let writing = async {
            for number in 2..=1_000 {
                anna.send(&frame(number)).await;
            }
        };
        let deleting = async {
            tokio::time::sleep(Duration::from_millis(round)).await;
            server.delete(&name).await
        };
        assert_eq!(tokio::join!(writing, deleting).1.status, 204);
        let mut told = 0;
        let close = loop {
            match anna.next_or_close().await {
                Ok(Message::Saved(number)) => told = number,
                Ok(_) => {}
                Err(close) => break close,
            }
        };
        assert_eq!(u16::from(close.code), 4410);
        assert_eq!(server.restore(&name).await.status, 200);
        let expected: String = (1..=told).map(|number| format!("{number} ")).collect();
        assert_eq!(server.text_of(&name).await, expected, "what was acknowledged, and no more");
    }
}

/// Rooms load, retire and end all the time, while the document is written to, deleted and brought back.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_was_acknowledged_comes_back_and_whatever_was_refused_does_not() {
    let mut config = config();
    config.api.requests = 100_000;
    config.rooms.retire_after = Duration::from_millis(1);
    let storage = Arc::new(Memory::default());
    let server = Arc::new(Server::with(config, storage.clone()).await);
    server.put("a", None, "begin ").await;
    let said = Arc::new(Mutex::new(Vec::new()));
    let writers = (0..4).map(|writer| {
        let (server, said) = (server.clone(), said.clone());
        tokio::spawn(async move {
            for number in 0..60 {
                let word = format!("w{writer}-{number} ");
                let status = server.append("a", &word).await.status;
                assert!(status == 200 || status == 410, "{status}");
                said.lock().unwrap().push((word, status));
                tokio::time::sleep(Duration::from_millis(number % 4)).await;
            }
        })
    });
    let deleter = {
        let server = server.clone();
        tokio::spawn(async move {
            for _ in 0..60 {
                let deleted = server.delete("a").await;
                assert!(deleted.status == 204 || deleted.status == 410, "{deleted:?}");
                let page = server.get("/d/a").await.status;
                assert_eq!(page, 410);
                assert_eq!(server.restore("a").await.status, 200);
            }
        })
    };
    for task in writers.chain([deleter]).collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let text = server.text_of("a").await;
    for (word, status) in said.lock().unwrap().iter() {
        assert_eq!(text.matches(&**word).count(), usize::from(*status == 200), "{word}: {status} in {text}");
    }
    let refused = said.lock().unwrap().iter().filter(|(_, status)| *status == 410).count();
    assert!(refused > 0, "nobody met the deletion");
}

#[tokio::test]
async fn many_delete_at_once_and_one_of_them_does() {
    let server = server().await;
    server.put("a", None, "text").await;
    let answers = join_all((0..10).map(|_| server.delete("a"))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [&[204][..], &[410; 9]].concat());
}

#[tokio::test]
async fn a_name_is_free_once_nothing_is_left() {
    let storage = Arc::new(Memory::default());
    let server = Server::with(config(), storage.clone()).await;
    server.put("a", None, "old").await;
    let tag = server.get("/api/documents/a/text").await.tag();
    server.delete("a").await;
    storage.purge(u64::MAX).unwrap();
    assert_eq!(server.restore("a").await.problem(), "not-found");
    assert_eq!(server.text_of("a").await, "");
    assert_eq!(server.put("a", Some(&tag), "x").await.problem(), "version-gone");
    assert_eq!(server.put("a", None, "new").await.status, 201);
    assert_eq!(server.text_of("a").await, "new");
}

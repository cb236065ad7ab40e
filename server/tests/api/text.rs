//! The text: read, and written in the place of a version that somebody had.

use std::time::Duration;

use collab::{document::Document, edit::TextEdit, frame::Message, id::ClientId};
use server::storage::{Storage, faulty::Faulty, memory::Memory};
use tempfile::TempDir;

use super::{
    open, server, server_on_disk,
    support::{Server, config},
};

#[tokio::test]
async fn a_text_that_was_put_is_there() {
    let server = server().await;
    let put = server.put("a", None, "Grüße\r\n😀\0").await;
    assert_eq!((put.status, put.body.len()), (201, 0));
    let got = server.get("/api/documents/a/text").await;
    assert_eq!((got.status, got.text(), got.tag()), (200, "Grüße\r\n😀\0", put.tag()));
    assert_eq!(got.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(server.put("a", None, "other").await.status, 204);
    assert_eq!(server.text_of("a").await, "other");
}

#[tokio::test]
async fn whoever_has_the_newest_version_is_not_sent_it() {
    let server = server().await;
    let tag = server.put("a", None, "text").await.tag();
    let asked = |name: &'static str, tag: String| {
        let server = &server;
        async move { server.request("GET", "/api/documents/a/text", &[(name, &tag)], b"").await }
    };
    let known = asked("if-none-match", format!("\"other\", W/{tag}")).await;
    assert_eq!((known.status, known.tag(), known.body.len()), (304, tag.clone(), 0));
    assert_eq!(asked("if-match", tag.clone()).await.status, 200);
    server.append("a", "!").await;
    assert_eq!(asked("if-none-match", tag.clone()).await.text(), "text!");
    assert_eq!(asked("if-match", tag).await.problem(), "precondition-failed");
}

#[tokio::test]
async fn what_others_wrote_since_stays() {
    let server = server().await;
    let had = server.put("a", None, "one\ntwo\nthree\n").await.tag();
    server.append("a", "four\n").await;
    server.json("POST", "/api/documents/a/edits", r#"{"edits":[{"at":4,"delete":3,"insert":"2"}]}"#).await;
    let put = server.put("a", Some(&had), "zero\none\ntwo\nthree!\n").await;
    assert_eq!((put.status, put.text()), (200, "zero\none\n2\nthree!\nfour\n"));
    assert_eq!(server.text_of("a").await, put.text());
    assert_eq!(put.tag(), server.get("/api/documents/a/text").await.tag());
}

#[tokio::test]
async fn conditions_are_kept() {
    let server = server().await;
    let put = |name: &'static str, value: String, text: &'static str| {
        let server = &server;
        async move { server.request("PUT", "/api/documents/a/text", &[(name, &value)], text.as_bytes()).await }
    };
    assert_eq!(put("if-match", "*".into(), "x").await.problem(), "precondition-failed");
    assert_eq!(put("if-none-match", "*".into(), "first").await.status, 201);
    assert_eq!(put("if-none-match", "*".into(), "second").await.problem(), "precondition-failed");
    assert_eq!(put("if-match", "*".into(), "third").await.status, 204);
    let tag = server.get("/api/documents/a/text").await.tag();
    assert_eq!(put("if-none-match", tag.clone(), "x").await.problem(), "precondition-failed");
    let weak = format!("W/{tag}");
    for unknown in ["\"made-up\"", "\"1-0000000000000000\"", "\"99-e3b0c44298fc1c14\"", "nonsense", &weak] {
        assert_eq!(put("if-match", unknown.into(), "x").await.problem(), "version-gone", "{unknown}");
    }
    let one_of = format!("\"99-e3b0c44298fc1c14\", {tag}");
    assert_eq!(put("if-match", one_of, "fourth").await.status, 204);
    assert_eq!(server.text_of("a").await, "fourth");
}

#[tokio::test]
async fn a_version_is_known_as_long_as_its_updates_are_kept() {
    let directory = TempDir::new().unwrap();
    let server = server_on_disk(&directory).await;
    let had = server.put("a", None, "one").await.tag();
    server.append("a", " two").await;
    server.stop().await.unwrap();

    // From the log, by a server that has never seen that version.
    let server = server_on_disk(&directory).await;
    assert_eq!(server.put("a", Some(&had), "zero one").await.text(), "zero one two");
    server.stop().await.unwrap();

    let store = open(&directory).await;
    let keep = Some(Duration::ZERO);
    assert_eq!(server::rooms::write_checkpoint(&store, &"a".parse().unwrap(), keep).unwrap(), 3);
    drop(store);
    let server = server_on_disk(&directory).await;
    assert_eq!(server.put("a", Some(&had), "one!").await.problem(), "version-gone");
    assert_eq!(server.text_of("a").await, "zero one two");
}

/// Somebody types letter by letter while a program puts whole texts.
#[tokio::test]
async fn whoever_types_and_whoever_puts_lose_nothing() {
    let server = server().await;
    server.put("a", None, "the end\n").await;
    let (mut anna, _) = server.join("a").await;
    let mut copy = Document::new(ClientId::new(7));
    let typing = async {
        for number in 0..300 {
            for letter in format!("t{number} ").chars() {
                let edit = TextEdit { at: u32::MAX, delete: 0, insert: letter.into() };
                let update = copy.edit(&edit).unwrap();
                anna.send(&[Message::Update(update.into())]).await;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        anna.send(&[Message::SavedQuery(1)]).await;
        while anna.next().await != Message::Saved(1) {}
    };
    let putting = async {
        for number in 0..60 {
            let had = server.get("/api/documents/a/text").await;
            let put = server.put("a", Some(&had.tag()), &format!("p{number} {}", had.text())).await;
            assert!(put.status == 200 || put.status == 204, "{put:?}");
        }
    };
    tokio::join!(typing, putting);
    let text = server.text_of("a").await;
    let words: Vec<_> = text.split_whitespace().collect();
    for number in 0..300 {
        assert_eq!(
            words.iter().filter(|word| **word == format!("t{number}")).count(),
            1,
            "t{number} in {text}"
        );
    }
    for number in 0..60 {
        assert_eq!(
            words.iter().filter(|word| **word == format!("p{number}")).count(),
            1,
            "p{number} in {text}"
        );
    }
    assert!(text.contains("the end\n"));
}

#[tokio::test]
async fn whoever_has_the_document_open_sees_what_is_put() {
    let server = server().await;
    server.put("a", None, "one").await;
    let (mut anna, text) = server.join("a").await;
    assert_eq!(text, "one");
    server.put("a", None, "one two").await;
    let update = anna.expect_update().await;
    assert!(update.len() < 40, "no more than what is new: {} bytes", update.len());
}

#[tokio::test]
async fn nobody_is_told_that_something_is_saved_which_is_not() {
    let storage = std::sync::Arc::new(Faulty::new(Memory::default()));
    let server = Server::with(config(), storage.clone()).await;
    server.put("a", None, "one").await;
    storage.fail_with(Some(server::storage::faulty::Fault::Full));
    let put = server.put("a", None, "one two").await;
    assert_eq!((put.status, &*put.problem()), (503, "not-saved"));
    assert!(put.text().contains("disk is full"), "{put:?}");
    assert_eq!(server.delete("a").await.problem(), "unavailable");
    storage.fail_with(None);
    // The server tries again after a while.
    while server.put("a", None, "one two three").await.status != 204 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.stop().await.unwrap();
    assert_eq!(storage.inner().documents().unwrap().len(), 1);
}

/// A document bears only so many clients.
#[tokio::test]
async fn whatever_is_written_by_http_is_written_by_one_client() {
    let server = server().await;
    let had = server.put("a", None, "one\n").await.tag();
    for number in 0..20 {
        server.append("a", &format!("line {number}\n")).await;
    }
    server.json("PATCH", "/api/documents/a", r#"{"title":"Plan"}"#).await;
    let put = server.put("a", Some(&had), "zero\none\n").await;
    assert!(put.text().starts_with("zero\none\nline 0\n") && put.text().ends_with("line 19\n"), "{put:?}");
    futures::future::join_all((0..10).map(|_| server.append("a", "at once\n"))).await;
    let mut copy = Document::new(ClientId::new(7));
    copy.merge([&*server.get("/api/documents/a/state").await.body]);
    assert_eq!(copy.text().matches("at once\n").count(), 10);
    assert_eq!(copy.state_vector()[0], 1, "so many clients");
}

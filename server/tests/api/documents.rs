//! Documents that are made, named and listed.

use std::collections::BTreeSet;

use collab::{Bytes, document::Document, frame::Message, id::ClientId};
use server::storage::{Storage, memory::Memory};

use super::{
    server,
    support::{Server, config},
};

#[tokio::test]
async fn new_documents_have_names_that_nobody_can_guess() {
    let server = server().await;
    let mut names = BTreeSet::new();
    for _ in 0..20 {
        let made = server.request("POST", "/api/documents", &[], b"").await;
        assert_eq!(made.status, 201);
        let metadata = made.json();
        let id = metadata["id"].as_str().unwrap().to_owned();
        assert_eq!(made.header("location"), Some(&*format!("/api/documents/{id}")));
        assert!(id.len() == 26 && id.chars().all(|c| "0123456789abcdefghjkmnpqrstvwxyz".contains(c)), "{id}");
        assert_eq!((&metadata["title"], &metadata["length"]), (&"".into(), &0.into()));
        assert!(metadata["updated"].is_null());
        names.insert(id);
    }
    assert_eq!(names.len(), 20);
}

#[tokio::test]
async fn a_new_document_may_have_a_title_and_a_text() {
    let server = server().await;
    let made = server.json("POST", "/api/documents", r#"{"title":" My\nplan ","text":"one 😀\ntwo"}"#).await;
    let metadata = made.json();
    assert_eq!((made.status, &metadata["title"]), (201, &"My plan".into()));
    assert_eq!((&metadata["length"], &metadata["bytes"]), (&10.into(), &12.into()));
    let updated = metadata["updated"].as_str().unwrap();
    assert!(updated.starts_with("20") && updated.ends_with('Z') && updated.len() == 24, "{updated}");
    let text = server.get(&format!("{}/text", made.header("location").unwrap())).await;
    assert_eq!((text.text(), text.tag()), ("one 😀\ntwo", made.tag()));

    let made = server
        .request(
            "POST",
            "/api/documents",
            &[("content-type", "text/markdown; charset=utf-8")],
            "# Größe\n".as_bytes(),
        )
        .await;
    assert_eq!((made.status, &made.json()["title"]), (201, &"Größe".into()));
}

#[tokio::test]
async fn a_document_that_was_never_written_to_is_empty_and_not_stored() {
    let storage = std::sync::Arc::new(Memory::default());
    let server = Server::with(config(), storage.clone()).await;
    assert_eq!(server.request("POST", "/api/documents", &[], b"{}").await.status, 415);
    assert_eq!(server.json("POST", "/api/documents", "{}").await.status, 201);
    assert_eq!(server.get("/api/documents/nothing").await.json()["version"], "\"0-e3b0c44298fc1c14\"");
    assert_eq!(server.get("/api/documents/nothing/text").await.text(), "");
    assert_eq!(server.get("/api/documents/nothing/state").await.body, [0, 0]);
    assert_eq!(server.put("nothing", None, "").await.status, 204);
    assert_eq!(server.json("PATCH", "/api/documents/nothing", r#"{"title":null}"#).await.status, 200);
    assert_eq!(server.request("POST", "/api/documents/nothing/state", &[], &[0, 0]).await.status, 204);
    let (client, _) = server.join("nothing").await;
    client.leave().await;
    assert_eq!(server.get("/d/nothing").await.status, 200);
    assert_eq!(server.delete("nothing").await.problem(), "not-found");
    assert_eq!(storage.documents().unwrap(), []);
    server.stop().await.unwrap();
    assert_eq!(storage.documents().unwrap(), []);
}

#[tokio::test]
async fn a_title_is_seen_at_once_by_everybody_who_is_there() {
    let server = server().await;
    server.put("plan", None, "first line\nsecond").await;
    assert_eq!(server.get("/api/documents/plan").await.json()["title"], "first line");
    let (mut anna, _) = server.join("plan").await;
    let before = server.get("/api/documents/plan/state").await.body;
    let named = server.json("PATCH", "/api/documents/plan", r#"{"title":"<b>Plan</b>"}"#).await;
    assert_eq!((named.status, &named.json()["title"]), (200, &"<b>Plan</b>".into()));
    let mut copy = Document::new(ClientId::new(7));
    copy.merge([&*before, &*anna.expect_update().await]);
    assert_eq!(copy.given_title().as_deref(), Some("<b>Plan</b>"));

    // And the other way.
    let update = copy.set_title("Theirs").unwrap();
    anna.send(&[Message::Update(Bytes::from(update)), Message::SavedQuery(1)]).await;
    while anna.next().await != Message::Saved(1) {}
    assert_eq!(server.get("/api/documents/plan").await.json()["title"], "Theirs");
    let unnamed = server.json("PATCH", "/api/documents/plan", r#"{"title":null}"#).await;
    assert_eq!(unnamed.json()["title"], "first line");
    assert_eq!(server.text_of("plan").await, "first line\nsecond");
}

#[tokio::test]
async fn documents_are_listed_only_where_the_operator_wants_it() {
    let server = server().await;
    let refused = server.get("/api/documents").await;
    assert_eq!((refused.status, &*refused.problem()), (403, "listing-off"));

    let mut config = config();
    config.api.lists = true;
    let server = Server::with(config, std::sync::Arc::new(Memory::default())).await;
    assert_eq!(server.get("/api/documents").await.json()["documents"], serde_json::json!([]));
    for (name, text) in [("b", "two"), ("a", "# one"), ("c", "three"), ("d", "four")] {
        server.put(name, None, text).await;
    }
    server.delete("c").await;
    let page = server.get("/api/documents?limit=2").await.json();
    assert_eq!((&page["documents"][0]["id"], &page["documents"][0]["title"]), (&"a".into(), &"one".into()));
    assert_eq!((&page["documents"][1]["id"], &page["next"]), (&"b".into(), &"b".into()));
    let rest = server.get("/api/documents?limit=2&after=b").await.json();
    assert_eq!((&rest["documents"][0]["id"], rest["documents"].as_array().unwrap().len()), (&"d".into(), 1));
    assert!(rest["next"].is_null() && rest["documents"][0]["updated"].is_string());
    for query in ["limit=0", "limit=101", "limit=x", "after=a%20b", "other=1"] {
        assert_eq!(server.get(&format!("/api/documents?{query}")).await.status, 400, "{query}");
    }
}

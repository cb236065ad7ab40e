//! The document as a CRDT.

use collab::{document::Document, edit::TextEdit, id::ClientId};

use super::{
    server,
    support::{read, written},
};

#[tokio::test]
async fn a_document_can_be_carried_over() {
    let server = server().await;
    server.put("a", None, "one").await;
    server.json("PATCH", "/api/documents/a", r#"{"title":"Plan"}"#).await;
    let state = server.get("/api/documents/a/state").await;
    assert_eq!(state.header("content-type"), Some("application/octet-stream"));
    let merged = server.request("POST", "/api/documents/b/state", &[], &state.body).await;
    assert_eq!(merged.status, 204);
    let metadata = server.get("/api/documents/b").await;
    assert_eq!((&metadata.json()["title"], metadata.tag()), (&"Plan".into(), merged.tag()));
    assert_eq!(server.text_of("b").await, "one");
}

#[tokio::test]
async fn only_what_is_missing_is_sent_to_whoever_says_what_they_know() {
    let server = server().await;
    server.put("a", None, &"long ".repeat(1000)).await;
    let whole = server.get("/api/documents/a/state").await.body;
    let mut copy = Document::new(ClientId::new(7));
    copy.merge([&*whole]);
    let mine = copy.edit(&TextEdit { at: 0, delete: 0, insert: "mine ".into() }).unwrap();
    server.append("a", "theirs").await;
    // Base64url, in which 62 and 63 are no letters of an address.
    let known = base64(&copy.state_vector());
    let missing = server.get(&format!("/api/documents/a/state?state_vector={known}")).await;
    assert!(missing.body.len() < 100, "{} bytes", missing.body.len());
    copy.merge([&*missing.body]);
    assert_eq!(server.request("POST", "/api/documents/a/state", &[], &mine).await.status, 204);
    assert_eq!(server.text_of("a").await, copy.text());
    // What is there already does no harm.
    assert_eq!(server.request("POST", "/api/documents/a/state", &[], &mine).await.status, 204);
    assert_eq!(server.text_of("a").await, copy.text());
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test]
async fn what_is_no_state_is_refused() {
    let server = server().await;
    server.request("POST", "/api/documents/a/state", &[], &written(7, "one")).await;
    let refused = async |bytes: &[u8]| {
        let refused = server.request("POST", "/api/documents/a/state", &[], bytes).await;
        (refused.status, refused.problem())
    };
    for bytes in [&b""[..], b"\0", b"nonsense", &[0xff; 100]] {
        assert_eq!(refused(bytes).await, (422, "unprocessable".into()), "{bytes:?}");
    }
    let mut copy = Document::new(ClientId::new(8));
    copy.edit(&TextEdit { at: 0, delete: 0, insert: "never sent".into() });
    let gap = copy.edit(&TextEdit { at: 3, delete: 0, insert: "builds on that".into() }).unwrap();
    assert_eq!(refused(&gap).await, (409, "conflict".into()));
    assert_eq!(
        refused(&written(7, "two")).await,
        (409, "conflict".into()),
        "it says something else than is known"
    );
    assert_eq!(server.text_of("a").await, "one");
    for query in ["state_vector=!", "state_vector=AAAA", "state_vector=%ff", "other=1"] {
        let refused = server.get(&format!("/api/documents/a/state?{query}")).await;
        assert_eq!((refused.status, &*refused.problem()), (400, "bad-request"), "{query}");
    }
    assert_eq!(read(&[server.get("/api/documents/a/state?state_vector=AA==").await.body.into()]), "one");
}

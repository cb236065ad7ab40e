//! Single edits.

use super::server;

#[tokio::test]
async fn edits_are_made_one_after_the_other() {
    let server = server().await;
    let edits = r#"{"edits":[{"insert":"one three"},{"at":4,"insert":"two "},{"at":0,"delete":1,"insert":"O"},{"insert":"!"}]}"#;
    let made = server.json("POST", "/api/documents/a/edits", edits).await;
    assert_eq!((made.status, &made.json()["length"]), (200, &14.into()));
    let got = server.get("/api/documents/a/text").await;
    assert_eq!((got.text(), got.tag()), ("One two three!", made.tag()));
}

#[tokio::test]
async fn offsets_are_those_of_the_version_that_is_named() {
    let server = server().await;
    let had = server.put("a", None, "😀 end").await.tag();
    server.json("POST", "/api/documents/a/edits", r#"{"edits":[{"at":0,"insert":"before "}]}"#).await;
    let edit = br#"{"edits":[{"at":3,"delete":3,"insert":"END"}]}"#;
    let headers = [("content-type", "application/json"), ("if-match", &*had)];
    let made = server.request("POST", "/api/documents/a/edits", &headers, edit).await;
    assert_eq!(made.status, 200);
    assert_eq!(server.text_of("a").await, "before 😀 END");
}

#[tokio::test]
async fn if_one_edit_is_wrong_none_is_made() {
    let server = server().await;
    server.put("a", None, "a😀").await;
    for (edits, status, problem) in [
        (r#"{"edits":[{"insert":"x"},{"at":9}]}"#, 422, "unprocessable"),
        (r#"{"edits":[{"at":2,"insert":"x"}]}"#, 422, "unprocessable"),
        (r#"{"edits":[]}"#, 422, "unprocessable"),
        (r#"{"edits":[{"at":-1}]}"#, 422, "unprocessable"),
        (r#"{"edits":[{"at":1.5}]}"#, 422, "unprocessable"),
        (r#"{"edits":[{"at":99999999999}]}"#, 422, "unprocessable"),
        (r#"{"edits":[{"insert":7}]}"#, 422, "unprocessable"),
        (r#"{"edits":[{"append":"x"}]}"#, 422, "unprocessable"),
        (r#"{"edit":[]}"#, 422, "unprocessable"),
        ("[]", 422, "unprocessable"),
        (r#"[[{"insert":"x"}]]"#, 422, "unprocessable"),
        ("{", 400, "bad-request"),
        ("", 400, "bad-request"),
    ] {
        let refused = server.json("POST", "/api/documents/a/edits", edits).await;
        assert_eq!((refused.status, &*refused.problem()), (status, problem), "{edits}");
    }
    assert_eq!(server.text_of("a").await, "a😀");
}

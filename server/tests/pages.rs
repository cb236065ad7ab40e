//! What the server answers to plain HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::{fs, sync::Arc};

use server::storage::{faulty::Faulty, memory::Memory};
use support::{Server, config, memory, written};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The answer to a `GET`, head and body.
async fn get(server: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: x\r\naccept-encoding: br\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn code_is_served_compressed_and_for_ever() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("pkg")).unwrap();
    fs::write(site.path().join("pkg/code.js"), "plain").unwrap();
    fs::write(site.path().join("pkg/code.js.br"), "compressed").unwrap();
    let mut config = config();
    config.leptos.site_root = site.path().to_str().unwrap().into();
    config.leptos.hash_files = true;
    let server = Server::with(config, memory()).await;
    let found = get(&server, "/pkg/code.js").await;
    assert!(found.starts_with("HTTP/1.1 200"), "{found}");
    assert!(found.contains("content-encoding: br") && found.ends_with("compressed"), "{found}");
    assert!(found.contains("cache-control: public, max-age=31536000, immutable"), "{found}");
    let missing = get(&server, "/pkg/none.js").await;
    assert!(missing.starts_with("HTTP/1.1 404") && !missing.contains("immutable"), "{missing}");
}

#[tokio::test]
async fn the_page_holds_the_text_and_nothing_but_the_text() {
    let server = Server::start().await;
    let (mut anna, _) = server.join("spike1").await;
    let hostile = "\n</textarea><script>alert(1)</script>";
    anna.send(&[collab::frame::Message::Update(written(1, hostile)), collab::frame::Message::SavedQuery(1)])
        .await;
    while anna.next().await != collab::frame::Message::Saved(1) {}
    for path in ["/spike1", "/d/spike1"] {
        let page = get(&server, path).await;
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        let escaped = "\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;";
        assert!(
            page.contains(&format!(">\n{escaped}</textarea>")),
            "the newline that parsers drop comes first: {page}"
        );
        assert!(page.contains(&format!(">{escaped}</div>")), "{page}");
        assert!(!page.contains("<script>alert"), "{page}");
    }
}

#[tokio::test]
async fn what_is_not_there_says_so() {
    let server = Server::start().await;
    assert!(get(&server, "/nothing").await.starts_with("HTTP/1.1 404"));
    assert!(get(&server, "/d/a%20b").await.starts_with("HTTP/1.1 400"));
    assert!(get(&server, "/d/fine").await.starts_with("HTTP/1.1 200"));
    assert!(get(&server, "/healthz").await.ends_with("ok\n"));
}

#[tokio::test]
async fn a_document_that_cannot_be_read_has_no_editor() {
    let storage = Arc::new(Faulty::new(Memory::default()));
    let server = Server::with(config(), storage.clone()).await;
    storage.fail_loads(true);
    let page = get(&server, "/spike1").await;
    assert!(page.starts_with("HTTP/1.1 503"), "{page}");
    assert!(!page.contains("<textarea"), "{page}");
}

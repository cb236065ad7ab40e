//! What the server answers to plain HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::{fs, sync::Arc, time::Duration};

use server::{
    edge::headers::StrictTransport,
    storage::{faulty::Faulty, memory::Memory},
};
use support::{Server, config, memory, written};

/// The answer to a `GET`, head and body.
async fn get(server: &Server, path: &str) -> String {
    get_with(server, path, "").await
}

/// With more headers, each ended by a line end.
async fn get_with(server: &Server, path: &str, headers: &str) -> String {
    server.ask(&format!("GET {path} HTTP/1.1\r\nhost: x\r\n{headers}accept-encoding: br"), "").await
}

/// The answer to a form that was filled in.
async fn post(server: &Server, path: &str, headers: &str, form: &str) -> String {
    let kind = "content-type: application/x-www-form-urlencoded";
    let length = form.len();
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\n{headers}{kind}\r\ncontent-length: {length}");
    server.ask(&head, form).await
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
async fn pages_carry_their_style_along() {
    let site = tempfile::tempdir().unwrap();
    let mut config = config();
    config.leptos.site_root = site.path().to_str().unwrap().into();
    let page = get(&Server::with(config.clone(), memory()).await, "/").await;
    assert!(page.contains("rel=\"stylesheet\"") && !page.contains("<style"), "{page}");

    fs::create_dir(site.path().join("pkg")).unwrap();
    let file = format!("pkg/{}.css", config.leptos.output_name);
    fs::write(site.path().join(file), "p > a { color: red }").unwrap();
    for path in ["/", "/d/a", "/nothing"] {
        let page = get(&Server::with(config.clone(), memory()).await, path).await;
        assert!(page.contains(">p > a { color: red }</style>"), "{page}");
        assert!(!page.contains("rel=\"stylesheet\""), "{page}");
    }
}

#[tokio::test]
async fn the_service_worker_is_asked_for_each_time() {
    let site = tempfile::tempdir().unwrap();
    fs::write(site.path().join("service-worker.js"), "'use strict';").unwrap();
    let mut config = config();
    config.leptos.site_root = site.path().to_str().unwrap().into();
    let server = Server::with(config, memory()).await;
    let found = get(&server, app::worker::PATH).await;
    assert!(found.starts_with("HTTP/1.1 200") && found.ends_with("'use strict';"), "{found}");
    assert_eq!(header(&found, "cache-control"), "no-cache");
    assert!(get(&server, "/spike1").await.contains(app::worker::PATH));
}

#[tokio::test]
async fn the_page_holds_the_text_and_nothing_but_the_text() {
    let server = Server::start().await;
    let (mut anna, _) = server.join("spike1").await;
    let hostile = "\n</textarea><script>alert(1)</script>";
    anna.send(&[collab::frame::Message::Update(written(1, hostile)), collab::frame::Message::SavedQuery(1)])
        .await;
    while anna.next().await != collab::frame::Message::Saved(1) {}
    for path in ["/spike1", "/d/spike1?view=plain"] {
        let page = get(&server, path).await;
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        let escaped = "\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;";
        assert_eq!(page.matches(&format!(">{escaped}</div>")).count(), 2, "to write and to read: {page}");
        assert!(!page.contains("<script>alert"), "{page}");
    }
}

/// The value of a header, which must be there once.
fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let lines: Vec<_> =
        answer.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(": ")).collect();
    let values: Vec<_> = lines.iter().filter(|(key, _)| *key == name).map(|(_, value)| *value).collect();
    assert_eq!(values.len(), 1, "{name} in {answer}");
    values[0]
}

#[tokio::test]
async fn every_script_of_a_page_bears_a_number_that_is_used_once() {
    let server = Server::start().await;
    let mut seen = Vec::new();
    for path in ["/", "/spike1", "/d/room", "/d/a%20b", "/no/such/page"] {
        let page = get(&server, path).await;
        let policy = header(&page, "content-security-policy");
        let (_, nonce) = policy.split_once("script-src 'nonce-").unwrap();
        let nonce = nonce.split_once('\'').unwrap().0.to_owned();
        let scripts: Vec<_> =
            page.split("<script").skip(1).map(|tag| tag.split_once('>').unwrap().0).collect();
        let running = scripts.iter().filter(|tag| !tag.contains("application/octet-stream"));
        assert!(running.clone().count() > 0, "{page}");
        for tag in running {
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!(header(&page, "cache-control"), "private, no-cache");
        seen.push(nonce);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5, "{seen:?}");
}

#[tokio::test]
async fn every_answer_tells_browsers_to_be_careful() {
    let server = Server::start().await;
    for path in ["/", "/healthz", "/no/such/page", "/pkg/none.js", "/ws/a%20b"] {
        let answer = get(&server, path).await;
        assert!(header(&answer, "content-security-policy").contains("frame-ancestors 'none'"), "{answer}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(header(&answer, "referrer-policy"), "same-origin");
        assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin");
        assert!(!answer.contains("access-control-allow"), "nothing is open to other origins: {answer}");
        assert!(!answer.contains("strict-transport-security"), "{answer}");
    }
    let mut config = config();
    config.edge.strict_transport = StrictTransport::new(Some(Duration::from_secs(86_400)));
    let server = Server::with(config, memory()).await;
    assert_eq!(header(&get(&server, "/").await, "strict-transport-security"), "max-age=86400");
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
    assert!(!page.contains("role=\"textbox\""), "{page}");
}

#[tokio::test]
async fn pages_speak_the_language_that_is_asked_for_and_say_so_to_caches() {
    let server = Server::start().await;
    let page = get_with(&server, "/", "accept-language: de-AT, en;q=0.5\r\n").await;
    assert!(page.contains("<html lang=\"de\">") && page.contains("Ein Text, viele Hände."), "{page}");
    assert!(page.contains("vary: accept-language, cookie"), "{page}");

    let headers = "accept-language: de\r\ncookie: language=en; theme=dark\r\n";
    for (path, status) in [("/", 200), ("/d/a", 200), ("/d/a%20b", 400), ("/nothing", 404)] {
        let page = get_with(&server, path, headers).await;
        assert!(page.starts_with(&format!("HTTP/1.1 {status}")), "{page}");
        assert!(page.contains("<html lang=\"en\" data-theme=\"dark\">"), "{page}");
        assert!(page.contains("<meta name=\"color-scheme\" content=\"dark\">"), "{page}");
        assert!(page.contains("vary: accept-language, cookie"), "{page}");
    }
}

#[tokio::test]
async fn what_is_chosen_is_remembered() {
    let server = Server::start().await;
    let answer = post(&server, "/preferences", "", "language=de&back=%2Fd%2Fa%3Fb%3Dc").await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(answer.contains("\r\nlocation: /d/a?b=c\r\n"), "{answer}");
    assert!(answer.contains("set-cookie: language=de; Path=/; Max-Age=31536000; SameSite=Lax"), "{answer}");
    assert!(!answer.contains("theme="), "{answer}");
}

#[tokio::test]
async fn choosing_leads_to_no_other_host() {
    let server = Server::start().await;
    for back in
        ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example", "%2F%0D%0Aa%3A%20b", ""]
    {
        let answer = post(&server, "/preferences", "", &format!("theme=dark&back={back}")).await;
        assert!(answer.contains("\r\nlocation: /\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn nobody_else_chooses_for_a_person() {
    let server = Server::start().await;
    for site in ["cross-site", "same-site"] {
        let headers = format!("sec-fetch-site: {site}\r\n");
        let answer = post(&server, "/preferences", &headers, "language=de").await;
        assert!(answer.starts_with("HTTP/1.1 403") && !answer.contains("set-cookie"), "{answer}");
    }
    let answer = post(&server, "/preferences", "sec-fetch-site: same-origin\r\n", "language=xx").await;
    assert!(answer.starts_with("HTTP/1.1 400") && !answer.contains("set-cookie"), "{answer}");
}

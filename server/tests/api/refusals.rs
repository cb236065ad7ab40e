//! What the interface does not take: each time a problem that programs can read.

use super::{
    server,
    support::{Server, config, memory},
};

#[tokio::test]
async fn names_have_one_rule() {
    let server = server().await;
    let long = "x".repeat(128);
    for name in ["a", "A-b.c_d~9", &long, "%61"] {
        assert_eq!(server.get(&format!("/api/documents/{name}")).await.status, 200, "{name}");
    }
    let too_long = "x".repeat(129);
    for name in [
        "a%20b",
        "a%2Fb",
        "%C3%A9",
        "%F0%9F%98%80",
        ".hidden",
        "..",
        "%2E%2E",
        "a%00",
        "%ff",
        "a%",
        "%3Cb%3E",
        "a;b",
        &too_long,
    ] {
        for (method, path) in
            [("GET", ""), ("GET", "/text"), ("DELETE", ""), ("GET", "/state"), ("POST", "/restore")]
        {
            let refused = server.request(method, &format!("/api/documents/{name}{path}"), &[], b"").await;
            assert_eq!((refused.status, &*refused.problem()), (400, "bad-name"), "{method} {name}{path}");
        }
    }
    let far_too_long = "x".repeat(20_000);
    let refused = server.get(&format!("/api/documents/{far_too_long}")).await;
    assert_eq!((refused.status, &*refused.problem()), (414, "address-too-long"));
}

#[tokio::test]
async fn other_addresses_and_methods_are_problems_too() {
    let server = server().await;
    for path in
        ["/api/nonsense", "/api/documents/", "/api/documents/a/b", "/api/documents/a/../../etc", "/api/"]
    {
        assert_eq!(server.get(path).await.problem(), "not-found", "{path}");
    }
    for (method, path, allowed) in [
        ("DELETE", "/api/documents", "GET,HEAD,POST"),
        ("POST", "/api/documents/a", "DELETE,GET,HEAD,PATCH"),
        ("GET", "/api/documents/a/edits", "POST"),
        ("GET", "/api/documents/a/restore", "POST"),
        ("PATCH", "/api/documents/a/text", "GET,HEAD,PUT"),
        ("PUT", "/api/documents/a/state", "GET,HEAD,POST"),
        ("POST", "/api/openapi.json", "GET,HEAD"),
        ("NONSENSE", "/api/documents/a", "DELETE,GET,HEAD,PATCH"),
    ] {
        let refused = server.request(method, path, &[], b"").await;
        assert_eq!((refused.status, &*refused.problem()), (405, "method-not-allowed"), "{method} {path}");
        let mut methods: Vec<_> = refused.header("allow").unwrap().split(',').collect();
        methods.sort_unstable();
        assert_eq!(methods.join(","), allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn bodies_are_what_they_should_be() {
    let server = server().await;
    let send = async |method: &str, path: &str, kind: &str, body: &[u8]| {
        let headers: Vec<_> = (!kind.is_empty()).then_some(("content-type", kind)).into_iter().collect();
        let refused = server.request(method, path, &headers, body).await;
        (refused.status, refused.problem())
    };
    for (method, path, kind) in [
        ("PUT", "/api/documents/a/text", "application/json"),
        ("PUT", "/api/documents/a/text", "application/x-www-form-urlencoded"),
        ("POST", "/api/documents/a/edits", "text/plain"),
        ("POST", "/api/documents/a/edits", ""),
        ("PATCH", "/api/documents/a", "application/x-www-form-urlencoded"),
        ("POST", "/api/documents", "application/x-www-form-urlencoded"),
        ("POST", "/api/documents", ""),
        ("POST", "/api/documents/a/state", "application/json"),
    ] {
        assert_eq!(
            send(method, path, kind, b"{}").await,
            (415, "media-type".into()),
            "{method} {path} {kind}"
        );
    }
    for (method, path, kind, body, expected) in [
        ("PUT", "/api/documents/a/text", "text/plain", &b"\xff"[..], (400, "bad-request")),
        ("POST", "/api/documents", "text/plain", b"\xff", (400, "bad-request")),
        ("POST", "/api/documents", "application/json", b"{\"text\":\"\\ud800\"}", (400, "bad-request")),
        ("POST", "/api/documents", "application/json", b"{\"text\":7}", (422, "unprocessable")),
        ("POST", "/api/documents", "application/json", b"{\"other\":\"\"}", (422, "unprocessable")),
        ("POST", "/api/documents", "application/json", b"[null,null]", (422, "unprocessable")),
        ("PATCH", "/api/documents/a", "application/json", b"{}", (422, "unprocessable")),
        ("PATCH", "/api/documents/a", "application/json", b"{\"title\":[]}", (422, "unprocessable")),
        ("PATCH", "/api/documents/a", "application/json", b"nonsense", (400, "bad-request")),
    ] {
        let refused = send(method, path, kind, body).await;
        assert_eq!((refused.0, &*refused.1), expected, "{method} {path} {body:?}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let mut config = config();
    config.api.body_bytes = 1_000;
    config.rooms.limits.document_bytes = 600;
    let server = Server::with(config, memory()).await;
    let refused = server.put("a", None, &"x".repeat(1_001)).await;
    assert_eq!((refused.status, &*refused.problem()), (413, "too-large"));
    let refused = server.put("a", None, &"x".repeat(900)).await;
    assert_eq!((refused.status, &*refused.problem()), (413, "too-large"));
    assert_eq!(server.put("a", None, &"x".repeat(500)).await.status, 201);
    // Without a length that is told before.
    let head = "PUT /api/documents/a/text HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked";
    let chunk = format!("5dc\r\n{}\r\n0\r\n\r\n", "y".repeat(1_500));
    let refused = server.ask(head, &chunk).await;
    assert!(refused.starts_with("HTTP/1.1 413") && refused.contains("problem:too-large"), "{refused}");
    assert_eq!(server.text_of("a").await, "x".repeat(500));
}

#[tokio::test]
async fn pages_of_others_may_not_change_anything() {
    let server = server().await;
    let foreign = [("origin", "https://evil.example")];
    let refused = server.request("PUT", "/api/documents/a/text", &foreign, b"text").await;
    assert_eq!((refused.status, &*refused.problem()), (403, "forbidden"));
    let own = format!("http://{}", server.address);
    let put = server.request("PUT", "/api/documents/a/text", &[("origin", &own)], b"text").await;
    assert_eq!(put.status, 201);
}

#[tokio::test]
async fn whoever_asks_too_often_waits() {
    let mut config = config();
    config.api.requests = 1;
    let server = Server::with(config, memory()).await;
    let mut answers = Vec::new();
    for _ in 0..15 {
        answers.push(server.get("/api/documents/a").await);
    }
    assert!(answers[..10].iter().all(|answer| answer.status == 200));
    let refused = answers.iter().find(|answer| answer.status == 429).expect("ten seconds' worth is used up");
    assert_eq!(refused.problem(), "too-many-requests");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    assert_eq!(server.get("/d/a").await.status, 200, "pages are another matter");
}

/// Whatever is described is there, and nothing else is.
#[tokio::test]
async fn the_description_and_the_routes_say_the_same() {
    let server = server().await;
    let description = server.get("/api/openapi.json").await.json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3."));
    let paths = description["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 7);
    for (path, operations) in paths {
        for method in ["GET", "PUT", "POST", "PATCH", "DELETE"] {
            let is_described = operations.get(method.to_ascii_lowercase()).is_some();
            let answer = server.request(method, &path.replace("{document}", "a"), &[], b"").await;
            assert_eq!(answer.status != 405, is_described, "{method} {path}: {answer:?}");
            if answer.status == 404 {
                assert!(
                    operations[method.to_ascii_lowercase()]["responses"].get("404").is_some(),
                    "{answer:?}"
                );
            }
        }
    }
}

//! Who comes in, and how far: spoken to on real sockets.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::time::Duration;

use server::config::Config;
use support::{PATIENCE, Server, config, memory};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{self, client::IntoClientRequest},
};

/// What becomes of a handshake with these headers: nothing where it succeeds, else the status and the text.
async fn refusal(server: &Server, headers: &[(&'static str, &str)]) -> Option<(u16, String)> {
    let mut request = format!("ws://{}/ws/room", server.address).into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok(_) => None,
        Err(tungstenite::Error::Http(answer)) => {
            let text = String::from_utf8(answer.body().clone().unwrap_or_default()).unwrap();
            Some((answer.status().as_u16(), text))
        }
        Err(error) => panic!("{error}"),
    }
}

async fn server(settings: impl FnOnce(&mut Config)) -> Server {
    let mut config = config();
    settings(&mut config);
    Server::with(config, memory()).await
}

#[tokio::test]
async fn pages_of_this_server_and_other_programs_may_open_sockets() {
    let server = server(|_| {}).await;
    let own = format!("http://{}", server.address);
    assert_eq!(refusal(&server, &[("origin", &own)]).await, None);
    assert_eq!(refusal(&server, &[]).await, None, "programs send no origin");
}

#[tokio::test]
async fn a_foreign_page_is_refused_in_words() {
    let server = server(|_| {}).await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1", "nonsense"] {
        let (status, text) = refusal(&server, &[("origin", origin)]).await.expect(origin);
        assert_eq!(status, 403, "{origin}");
        assert!(text.starts_with(&format!("Pages of {origin} may not use this server.")), "{text}");
    }
}

#[tokio::test]
async fn the_operator_may_let_others_in() {
    let server = server(|config| {
        config.edge.origins = vec!["same".parse().unwrap(), "https://friend.example".parse().unwrap()].into();
    })
    .await;
    let own = format!("http://{}", server.address);
    assert_eq!(refusal(&server, &[("origin", "https://friend.example")]).await, None);
    assert_eq!(refusal(&server, &[("origin", &own)]).await, None);
    assert_eq!(refusal(&server, &[("origin", "https://evil.example")]).await.unwrap().0, 403);
}

#[tokio::test]
async fn everybody_may_come_in_if_the_operator_says_so() {
    let server = server(|config| config.edge.origins = vec!["*".parse().unwrap()].into()).await;
    assert_eq!(refusal(&server, &[("origin", "https://evil.example")]).await, None);
    assert_eq!(refusal(&server, &[("origin", "null")]).await, None);
}

#[tokio::test]
async fn a_trusted_proxy_says_which_host_was_asked_for() {
    let through_proxy = [
        ("origin", "https://pad.example"),
        ("x-forwarded-host", "pad.example"),
        ("x-forwarded-proto", "https"),
    ];
    let believing = server(|config| config.edge.proxies = vec!["127.0.0.0/8".parse().unwrap()].into()).await;
    assert_eq!(refusal(&believing, &through_proxy).await, None);
    let plain = [("origin", "http://pad.example"), through_proxy[1], through_proxy[2]];
    assert_eq!(refusal(&believing, &plain).await.unwrap().0, 403, "the scheme is part of the origin");

    let unbelieving = server(|_| {}).await;
    assert_eq!(refusal(&unbelieving, &through_proxy).await.unwrap().0, 403);
}

#[tokio::test]
async fn what_changes_something_is_checked_and_what_only_reads_is_not() {
    let server = server(|_| {}).await;
    let foreign = "origin: https://evil.example\r\n";
    let status = async |method: &str, head: &str| {
        let answer = server.ask(&format!("{method} /d/room HTTP/1.1\r\n{head}host: x"), "").await;
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(status("GET", foreign).await, "200");
    assert_eq!(status("POST", foreign).await, "403");
    assert_eq!(status("DELETE", foreign).await, "403");
    assert_eq!(status("POST", "origin: http://x\r\n").await, "405");
    assert_eq!(status("POST", "").await, "405");
}

#[tokio::test]
async fn a_refusal_is_counted() {
    let server = server(|_| {}).await;
    refusal(&server, &[("origin", "https://evil.example")]).await.unwrap();
    assert_eq!(server.metric("scriptorium_requests_refused_total{reason=\"origin\"}").await, 1.0);
}

/// What the server still says on a connection, until it closes it.
async fn rest_of(stream: &mut TcpStream) -> String {
    let mut rest = Vec::new();
    // A connection that is cut off has nothing more to say either.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("the server hangs up");
    String::from_utf8(rest).unwrap()
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let server = server(|config| config.edge.head_within = Duration::from_millis(300)).await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
    assert_eq!(rest_of(&mut slow).await, "");
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(rest_of(&mut silent).await, "");
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(rest_of(&mut idle).await.ends_with("ok\n"), "answered, and closed when nothing more is asked");
}

#[tokio::test]
async fn a_session_outlives_the_time_for_its_head() {
    let server = server(|config| {
        config.edge.head_within = Duration::from_millis(100);
        config.edge.answer_within = Duration::from_millis(100);
    })
    .await;
    let (mut anna, _) = server.join("room").await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    anna.send(&[collab::frame::Message::Step1(support::EMPTY)]).await;
    anna.expect_step_2().await;
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let server = server(|_| {}).await;
    let status = async |request: &str, head: &str, body: &str| {
        let answer = server.ask(&format!("{request} HTTP/1.1\r\n{head}host: x"), body).await;
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(status(&format!("GET /?{}", "x".repeat(16_000)), "", "").await, "200");
    assert_eq!(status(&format!("GET /?{}", "x".repeat(17_000)), "", "").await, "414");
    let many: String = (0..200).map(|number| format!("x-{number}: 1\r\n")).collect();
    assert_eq!(status("GET /", &many, "").await, "431");
    assert_eq!(status("POST /preferences", "content-length: 70000\r\n", "").await, "413");
    assert_eq!(status("CONNECT x:80", "", "").await, "400", "there is no path to look at");
    assert_eq!(status("GET /healthz", "", "").await, "200", "and the server goes on");
}

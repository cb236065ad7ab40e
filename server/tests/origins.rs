//! Whose pages may open sockets and change things, on real sockets.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use server::config::Config;
use support::{Server, config, memory};
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

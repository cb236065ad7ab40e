//! The server on real sockets, spoken to word by word.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use collab::{
    Bytes,
    document::Document,
    edit::TextEdit,
    frame::Message,
    id::ClientId,
    presence::{Presence, decode_presences, encode_presences},
};
use futures::SinkExt;
use support::{EMPTY, Server, config, read, written};
use tokio_tungstenite::{connect_async, tungstenite};

fn presence(client: u32, clock: u32, state: Option<&str>) -> Presence {
    Presence { client: ClientId::new(client), clock, state: state.map(Into::into) }
}

fn awareness(presence: &Presence) -> Message {
    Message::Awareness(encode_presences([presence].into_iter()).into())
}

#[tokio::test]
async fn a_newcomer_is_asked_what_it_knows_and_told_what_is_there() {
    let server = Server::start().await;
    let mut anna = server.connect("room").await;
    assert_eq!(anna.next().await, Message::Step1(EMPTY));
    anna.send(&[Message::Step1(EMPTY)]).await;
    assert_eq!(anna.next().await, Message::Step2(Bytes::from_static(&[0, 0])));
    anna.send(&[Message::Update(written(1, "Hello"))]).await;

    let (_, mut text) = server.join("room").await;
    while text.is_empty() {
        // The update may still have been on its way.
        text = server.join("room").await.1;
    }
    assert_eq!(text, "Hello");
    let (_, elsewhere) = server.join("elsewhere").await;
    assert_eq!(elsewhere, "");
}

#[tokio::test]
async fn an_edit_reaches_the_others_and_not_its_author() {
    let server = Server::start().await;
    let (mut anna, _) = server.join("room").await;
    let (mut bert, _) = server.join("room").await;
    anna.send(&[Message::Update(written(1, "from Anna"))]).await;
    assert_eq!(read(&[bert.expect_update().await]), "from Anna");
    bert.send(&[Message::Update(written(2, "from Bert"))]).await;
    // The first update that Anna sees is Bert's, so her own did not come back.
    assert_eq!(read(&[anna.expect_update().await]), "from Bert");
}

#[tokio::test]
async fn a_frame_may_hold_several_messages() {
    let server = Server::start().await;
    let mut anna = server.connect("room").await;
    let messages =
        [Message::Update(written(1, "all ")), Message::Update(written(2, "at once")), Message::Step1(EMPTY)];
    anna.send(&messages).await;
    let text = read(&[anna.expect_step_2().await]);
    assert!(text == "all at once" || text == "at onceall ", "{text}");
}

#[tokio::test]
async fn presence_is_echoed_passed_on_and_withdrawn() {
    let server = Server::start().await;
    let mut anna = server.connect("room").await;
    let here = presence(7, 3, Some(r#"{"name":"Anna"}"#));
    anna.send(&[awareness(&here)]).await;
    assert_eq!(
        decode_presences(&anna.expect_awareness().await).unwrap(),
        std::slice::from_ref(&here),
        "echoed"
    );

    let mut bert = server.connect("room").await;
    assert_eq!(
        decode_presences(&bert.expect_awareness().await).unwrap(),
        std::slice::from_ref(&here),
        "told on joining"
    );
    bert.send(&[Message::QueryAwareness]).await;
    assert_eq!(decode_presences(&bert.expect_awareness().await).unwrap(), [here], "told when asked");

    anna.leave().await;
    let gone = presence(7, 3, None);
    assert_eq!(decode_presences(&bert.expect_awareness().await).unwrap(), [gone], "at the current clock");
}

#[tokio::test]
async fn saved_is_answered_to_those_who_ask() {
    let server = Server::start().await;
    let mut anna = server.connect("room").await;
    anna.send(&[Message::Update(written(1, "x")), Message::SavedQuery(41)]).await;
    anna.send(&[Message::SavedQuery(42)]).await;
    let mut last = 0;
    while last < 42 {
        if let Message::Saved(number) = anna.next().await {
            assert!(number > last, "{number} after {last}");
            last = number;
        }
    }
}

#[tokio::test]
async fn a_malformed_frame_ends_only_its_own_session() {
    let server = Server::start().await;
    let (mut bert, _) = server.join("room").await;
    let malformed: [(&[u8], &str); 5] = [
        (&[], "malformed frame: the frame is empty"),
        (&[77], "malformed frame: there is no message type 77"),
        (&[0, 2, 50, 1, 2], "malformed frame: the data ends in the middle of a value"),
        (&[0, 2, 1, 255], "not a Yjs update"),
        (&[1, 3, 9, 9, 9], "malformed awareness"),
    ];
    for (frame, reason) in malformed {
        let (mut anna, _) = server.join("room").await;
        anna.send_frame(Bytes::from_static(frame)).await;
        let close = anna.expect_close().await;
        assert_eq!(u16::from(close.code), 4400, "{frame:?}");
        assert!(close.reason.as_str().starts_with(reason), "{:?} for {frame:?}", close.reason);
    }
    let (mut anna, _) = server.join("room").await;
    anna.send(&[Message::Update(written(1, "still here"))]).await;
    assert_eq!(read(&[bert.expect_update().await]), "still here");
}

#[tokio::test]
async fn text_frames_are_not_understood() {
    let server = Server::start().await;
    let mut anna = server.connect("room").await;
    anna.socket.send(tungstenite::Message::text("hello")).await.unwrap();
    assert_eq!(u16::from(anna.expect_close().await.code), 1003);
}

#[tokio::test]
async fn an_oversized_frame_is_refused() {
    let mut config = config();
    config.limits.frame_bytes = 1000;
    let server = Server::with(config, support::memory()).await;
    let mut anna = server.connect("room").await;
    anna.send(&[Message::Update(written(1, &"x".repeat(1000)))]).await;
    let close = anna.expect_close().await;
    assert_eq!((u16::from(close.code), close.reason.as_str()), (1009, "the frame is too large"));
}

#[tokio::test]
async fn an_oversized_update_is_refused() {
    let mut config = config();
    config.rooms.limits.update_bytes = 1000;
    let server = Server::with(config, support::memory()).await;
    let mut anna = server.connect("room").await;
    anna.send(&[Message::Update(written(1, &"x".repeat(900)))]).await;
    anna.send(&[Message::Update(written(2, &"x".repeat(1000)))]).await;
    let close = anna.expect_close().await;
    assert_eq!((u16::from(close.code), close.reason.as_str()), (1009, "the update is too large"));
    assert_eq!(server.metric("scriptorium_sessions_refused_total{reason=\"large update\"}").await, 1.0);
}

/// What waits for it is dropped and made good, but if it reads nothing at all, it has to go.
#[tokio::test]
async fn whoever_reads_nothing_is_sent_away() {
    let mut config = config();
    config.limits.reading = std::time::Duration::from_millis(500);
    // On a slow machine Anna would be held back, for longer than she has patience.
    config.limits.rates.time = 1.0;
    let server = Server::with(config, support::memory()).await;
    let mut deaf = server.connect_with_buffer("room", 4 * 1024).await;
    deaf.send(&[Message::Step1(EMPTY)]).await;
    deaf.expect_step_2().await;
    let (mut anna, _) = server.join("room").await;
    for client in 1..=8 {
        anna.send(&[Message::Update(written(client, &"x".repeat(1_000_000)))]).await;
    }
    while server.metric("scriptorium_sessions").await > 1.0 {}
    assert_eq!(server.metric("scriptorium_sessions_closed_total{code=\"1013\"}").await, 1.0);
    anna.send(&[Message::Step1(EMPTY)]).await;
    anna.expect_step_2().await;
}

#[tokio::test]
async fn an_invalid_name_is_a_bad_request() {
    let server = Server::start().await;
    for (name, reason) in [("a%20b", "so ' ' cannot be in it"), ("..%2Fx", "so '/' cannot be in it")] {
        let refused = connect_async(format!("ws://{}/ws/{name}", server.address)).await.unwrap_err();
        let tungstenite::Error::Http(response) = refused else { panic!("{refused}") };
        assert_eq!(response.status(), 400);
        let body = String::from_utf8(response.into_body().unwrap_or_default()).unwrap();
        assert!(body.contains(reason), "{body:?}");
    }
}

#[tokio::test]
async fn a_gap_is_asked_for_once() {
    let server = Server::start().await;
    let mut anna = server.connect("room").await;
    assert_eq!(anna.next().await, Message::Step1(EMPTY));
    let mut document = Document::new(ClientId::new(1));
    let mut write = |text: &str| document.edit(&TextEdit { at: 0, delete: 0, insert: text.into() }).unwrap();
    let (_lost, second) = (write("first "), write("second "));
    anna.send(&[Message::Update(second.clone().into())]).await;
    assert_eq!(anna.next().await, Message::Step1(EMPTY), "asked again");
    anna.send(&[Message::Step2(second.into())]).await;
    assert_eq!(u16::from(anna.expect_close().await.code), 4409);

    let (mut anna, _) = server.join("room").await;
    anna.send(&[Message::Step2(document.snapshot()), Message::Step1(EMPTY)]).await;
    assert_eq!(read(&[anna.expect_step_2().await]), "second first ");
}

#[tokio::test]
async fn a_reader_that_stalls_is_brought_up_to_date() {
    let mut config = config();
    config.limits.outbox_bytes = 10_000;
    let server = Server::with(config, support::memory()).await;
    let mut stalled = server.connect_with_buffer("room", 256 * 1024).await;
    stalled.send(&[Message::Step1(EMPTY)]).await;
    stalled.expect_step_2().await;
    let (mut anna, _) = server.join("room").await;
    let (mut bert, _) = server.join("room").await;

    // More than the sockets' buffers hold, none of which is read for now.
    let piece = "x".repeat(100_000);
    let pieces = 80;
    for client in 1..=pieces {
        anna.send(&[Message::Update(written(client, &piece))]).await;
        bert.expect_update().await;
    }
    anna.send(&[Message::Step1(EMPTY)]).await;
    let mut everything = Document::new(ClientId::SERVER);
    everything.merge([&*anna.expect_step_2().await]);

    let mut document = Document::new(ClientId::SERVER);
    let mut received = 0;
    // Each piece has a client of its own, so the state vector is as long as that of everything only at the end.
    while document.state_vector().len() < everything.state_vector().len() {
        let outcomes = document.merge([&*stalled.expect_content().await]).outcomes;
        assert_eq!(outcomes[0].error, None, "no gap is ever sent");
        received += 1;
    }
    assert!(document.text() == everything.text());
    assert!(received < pieces, "the queue was dropped, and made good in one update");
}

#[tokio::test]
async fn the_end_is_announced() {
    let server = Server::start().await;
    let (mut anna, _) = server.join("room").await;
    let address = server.address;
    let closing = tokio::spawn(async move { anna.expect_close().await });
    server.stop().await.unwrap();
    let close = closing.await.unwrap();
    assert_eq!((u16::from(close.code), close.reason.as_str()), (1012, "the server is restarting"));
    assert!(connect_async(format!("ws://{address}/ws/room")).await.is_err(), "nothing more is accepted");
}

/// Anybody can see as which client somebody writes.
#[tokio::test]
async fn whoever_writes_in_anothers_name_is_sent_away_and_nobody_else_is() {
    let server = Server::start().await;
    let (mut anna, _) = server.join("room").await;
    let mut hers = Document::new(ClientId::new(1));
    let writes = |document: &mut Document, insert: &str| {
        let edit = TextEdit { at: u32::MAX, delete: 0, insert: insert.to_owned() };
        Message::Update(document.edit(&edit).unwrap().into())
    };
    anna.send(&[writes(&mut hers, "Anna ")]).await;

    let (mut carl, _) = server.join("room").await;
    let mut forged = Document::new(ClientId::new(1));
    forged.merge([&*hers.snapshot()]);
    carl.send(&[writes(&mut forged, "forged")]).await;
    let answers = async {
        loop {
            if let Message::Step1(known) = anna.next().await {
                anna.send(&[Message::Step2(hers.diff_since(&known).unwrap())]).await;
            }
        }
    };
    let close = tokio::select! {
        close = carl.expect_close() => close,
        never = answers => never,
    };
    assert_eq!(u16::from(close.code), 4409);
    assert_eq!(close.reason.as_str(), "the update bears the client number of somebody else who is here");

    anna.send(&[writes(&mut hers, "writes"), Message::Step1(EMPTY)]).await;
    assert_eq!(read(&[anna.expect_step_2().await]), "Anna writes");
    assert_eq!(server.metric("scriptorium_sessions_refused_total{reason=\"impersonation\"}").await, 1.0);
}

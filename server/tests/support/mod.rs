//! A server on a port of its own, and clients that say exactly what a test wants said.

#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of this")]

pub mod http;
pub mod pair;
pub mod program;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clap::Parser;
use collab::{Bytes, document::Document, edit::TextEdit, frame::Message, id::ClientId};
use futures::{SinkExt, StreamExt};
use server::{
    Listeners, ServerError,
    config::{Config, Flags},
    run,
    storage::{Storage, memory::Memory},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async,
    tungstenite::{self, protocol::CloseFrame},
};

/// How long anything may take before the test fails. Nothing is measured against it.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub struct Server {
    pub address: SocketAddr,
    pub metrics: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServerError>>,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(config(), memory()).await
    }

    pub async fn with(config: Config, storage: Arc<dyn Storage>) -> Self {
        let [pages, for_metrics] = [(); 2].map(async |()| TcpListener::bind("127.0.0.1:0").await.unwrap());
        let (pages, for_metrics) = (pages.await, for_metrics.await);
        let [address, metrics] = [&pages, &for_metrics].map(|listener| listener.local_addr().unwrap());
        let listeners = Listeners { pages, metrics: Some(for_metrics) };
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move { drop(stopped.await) };
        let task = tokio::spawn(run(config, storage, listeners, shutdown));
        Self { address, metrics, stop, task }
    }

    pub async fn stop(self) -> Result<(), ServerError> {
        drop(self.stop);
        timeout(PATIENCE * 2, self.task).await.expect("the server ends").unwrap()
    }

    /// The answer to a plain request, head and body. The head that is given ends in the middle of its last line.
    pub async fn ask(&self, head: &str, body: &str) -> String {
        ask(self.address, head, body).await
    }

    /// The value of a metric, by its name with its labels.
    pub async fn metric(&self, name: &str) -> f64 {
        let page = ask(self.metrics, "GET /metrics HTTP/1.1\r\nhost: x", "").await;
        let mut lines = page.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value = lines.next().unwrap_or_else(|| panic!("{name} in {page}"));
        value.parse().unwrap()
    }

    pub async fn connect(&self, document: &str) -> Client {
        let (socket, _) = connect_async(format!("ws://{}/ws/{document}", self.address)).await.unwrap();
        Client { socket }
    }

    /// A client on whose side the operating system keeps only so many bytes that were not read.
    pub async fn connect_with_buffer(&self, document: &str, bytes: u32) -> Client {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(bytes).unwrap();
        let stream = MaybeTlsStream::Plain(socket.connect(self.address).await.unwrap());
        let (socket, _) = client_async(format!("ws://{}/ws/{document}", self.address), stream).await.unwrap();
        Client { socket }
    }

    /// All that is sent to somebody who opens a socket and never says a word, not even in answer to a ping.
    pub async fn hear(&self, document: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "GET /ws/{document} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut heard)).await.expect("the server hangs up").unwrap();
        heard
    }

    /// A client that has exchanged state vectors, and the text that it found.
    pub async fn join(&self, document: &str) -> (Client, String) {
        let mut client = self.connect(document).await;
        client.send(&[Message::Step1(EMPTY)]).await;
        let update = client.expect_step_2().await;
        let mut content = Document::new(ClientId::SERVER);
        let _ = content.merge([&*update]);
        (client, content.text())
    }
}

async fn ask(address: SocketAddr, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}\r\nconnection: close\r\n\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the server answers").unwrap();
    String::from_utf8(answer).unwrap()
}

/// The state vector that knows nothing.
pub const EMPTY: Bytes = Bytes::from_static(&[0]);

pub fn config() -> Config {
    let mut config = Flags::parse_from(["scriptorium", "--config", "no-such-file"]).resolve().unwrap();
    // The front end is not built for these tests, so nobody has hashed it.
    config.leptos.hash_files = false;
    config
}

pub fn memory() -> Arc<dyn Storage> {
    Arc::new(Memory::default())
}

pub struct Client {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    pub async fn send(&mut self, messages: &[Message]) {
        self.send_frame(Message::frame(messages)).await;
    }

    pub async fn send_frame(&mut self, frame: Bytes) {
        self.socket.send(tungstenite::Message::Binary(frame)).await.unwrap();
    }

    /// The next message of the protocol. Each frame from the server holds one, as stock clients need it.
    pub async fn next(&mut self) -> Message {
        match self.next_frame().await {
            tungstenite::Message::Binary(frame) => {
                let mut messages = Message::decode_frame(&frame).unwrap();
                assert_eq!(messages.len(), 1, "stock clients read one message a frame");
                messages.remove(0)
            }
            other => panic!("not a message of the protocol: {other:?}"),
        }
    }

    /// Waits until the room's mailbox holds all that was sent: a session reads on only then.
    pub async fn is_heard(&mut self) {
        self.socket.send(tungstenite::Message::Ping(Bytes::new())).await.unwrap();
        while !matches!(self.socket.next().await.unwrap().unwrap(), tungstenite::Message::Pong(_)) {}
    }

    /// The first message, unless the server hangs up instead.
    pub async fn first(&mut self) -> Option<Message> {
        match self.next_frame().await {
            tungstenite::Message::Binary(frame) => Message::decode_frame(&frame).unwrap().into_iter().next(),
            _ => None,
        }
    }

    /// The next message, or why the server hangs up.
    pub async fn next_or_close(&mut self) -> Result<Message, CloseFrame> {
        match self.next_frame().await {
            tungstenite::Message::Binary(frame) => Ok(Message::decode_frame(&frame).unwrap().remove(0)),
            tungstenite::Message::Close(frame) => Err(frame.expect("the server gives a reason")),
            other => panic!("not a message of the protocol: {other:?}"),
        }
    }

    async fn next_frame(&mut self) -> tungstenite::Message {
        let speech = async {
            loop {
                match self.socket.next().await.unwrap().unwrap() {
                    tungstenite::Message::Ping(_) | tungstenite::Message::Pong(_) => {}
                    frame => return frame,
                }
            }
        };
        timeout(PATIENCE, speech).await.expect("the server says something")
    }

    pub async fn expect_step_2(&mut self) -> Bytes {
        loop {
            if let Message::Step2(update) = self.next().await {
                return update;
            }
        }
    }

    pub async fn expect_update(&mut self) -> Bytes {
        loop {
            if let Message::Update(update) = self.next().await {
                return update;
            }
        }
    }

    /// What the document has gained, however it is told.
    pub async fn expect_content(&mut self) -> Bytes {
        loop {
            if let Message::Update(update) | Message::Step2(update) = self.next().await {
                return update;
            }
        }
    }

    pub async fn expect_awareness(&mut self) -> Bytes {
        loop {
            if let Message::Awareness(presences) = self.next().await {
                return presences;
            }
        }
    }

    /// Reads on until the server closes the socket.
    pub async fn expect_close(&mut self) -> CloseFrame {
        let end = async {
            loop {
                if let tungstenite::Message::Close(frame) = self.next_frame().await {
                    return frame.expect("the server gives a reason");
                }
            }
        };
        timeout(PATIENCE, end).await.expect("the server closes the socket")
    }

    pub async fn leave(mut self) {
        self.socket.close(None).await.unwrap();
    }
}

/// An update that writes `text` into an empty document.
pub fn written(client: u32, text: &str) -> Bytes {
    let edit = TextEdit { at: 0, delete: 0, insert: text.to_owned() };
    Document::new(ClientId::new(client)).edit(&edit).unwrap().into()
}

/// What an update makes of an empty document.
pub fn read(updates: &[Bytes]) -> String {
    let mut document = Document::new(ClientId::SERVER);
    let merged = document.merge(updates.iter().map(|update| &**update));
    assert!(merged.outcomes.iter().all(|outcome| outcome.error.is_none()), "{:?}", merged.outcomes);
    document.text()
}

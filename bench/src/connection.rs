//! A way into a document, as any client has it.

use std::net::SocketAddr;

use bytes::Bytes;
use collab::frame::Message;
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite};

pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Joins a document that is known to be empty, and waits until the server sends what happens to it.
pub(crate) async fn join(address: SocketAddr, document: &str) -> Result<Socket, Error> {
    if !address.ip().is_loopback() {
        return Err("only a server on this machine is measured".into());
    }
    let (mut socket, _) = connect_async(format!("ws://{address}/ws/{document}")).await?;
    let knows_nothing = Message::Step1(Bytes::from_static(&[0]));
    socket.send(tungstenite::Message::Binary(Message::frame(&[knows_nothing]))).await?;
    while let Some(frame) = socket.next().await {
        // A sync message that answers.
        if matches!(frame?, tungstenite::Message::Binary(frame) if frame.starts_with(&[0, 1])) {
            return Ok(socket);
        }
    }
    Err("the server hung up".into())
}

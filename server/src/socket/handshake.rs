//! How a request becomes a socket.

use axum::{
    body::Body,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hyper::upgrade::{OnUpgrade, Parts};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tungstenite::handshake::server::create_response_with_body;

/// A connection that is no longer HTTP's, and what was read of it already.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) read_before: Bytes,
}

/// A connection that becomes ours once the answer was sent.
pub(super) struct Upgrade(OnUpgrade);

impl Upgrade {
    /// Takes the connection, unless the client has gone meanwhile.
    pub(super) async fn connection(self) -> Option<Connection> {
        let upgraded =
            self.0.await.inspect_err(|error| tracing::debug!(%error, "no socket came of it")).ok()?;
        let parts = upgraded.downcast::<TokioIo<TcpStream>>();
        let Parts { io, read_buf, .. } = parts.expect("only plain connections are served");
        Some(Connection { stream: io.into_inner(), read_before: read_buf })
    }
}

/// The answer to a request for a socket, and the way to its connection.
///
/// # Errors
/// If it is no such request; then this is the answer.
#[expect(clippy::result_large_err, reason = "both are answers")]
pub(super) fn shake_hands(mut request: Request) -> Result<(Response, Upgrade), Response> {
    let upgrade = Upgrade(hyper::upgrade::on(&mut request));
    match create_response_with_body(&request, Body::empty) {
        Ok(answer) => Ok((answer, upgrade)),
        Err(error) => Err((StatusCode::BAD_REQUEST, format!("{error}\n")).into_response()),
    }
}

//! Connections: each is held to its limits, and let go in an orderly way.

use std::{io, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

/// The largest head of a request, in bytes; more than any browser sends.
const HEAD: usize = 32 * 1024;
/// How long to wait when the operating system has no more sockets to give.
const PAUSE: Duration = Duration::from_millis(500);

/// How long answers that have begun may take to end, once the server stops.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// How many connections may wait to be accepted; the operating system may allow fewer.
const WAITING: u32 = 4096;

/// Listens at an address. Everybody may come at the same moment, as they do when a server is back: a connection that
/// finds no place to wait is dropped, and the client tries again only after a second.
///
/// # Errors
/// If the address cannot be had.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that is started again need not wait for the last connections of the one before.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Serves until `stop` is cancelled. What is being answered then, is answered to its end, unless that takes long.
///
/// A connection on which no request's head arrives in full within `head_within` is closed: neither a client that sends
/// it letter by letter nor one that has nothing more to ask holds a socket for long.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    head_within: Duration,
    stop: CancellationToken,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head_within).max_buf_size(HEAD);
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(attend(http.clone(), stream, peer, router.clone(), stop.clone()));
            }
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted at the moment");
                time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    // Whoever reads more slowly than that is cut off.
    let _ = time::timeout(LAST_WORDS, connections.wait()).await;
}

async fn attend(
    http: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
) {
    // A key must not wait for the next one to share a packet with. Where that cannot be set, it waits.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection broke off");
    }
}

/// Whether only the one connection failed, before it was accepted.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn many_may_come_at_once() {
        let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let coming = join_all((0..300).map(|_| TcpStream::connect(address)));
        let come = time::timeout(Duration::from_secs(20), coming)
            .await
            .expect("nobody waits for others to be let in");
        assert!(come.iter().all(Result::is_ok));
    }
}

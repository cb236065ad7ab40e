//! Serves the pages and keeps the documents.
//!
//! In reading order: what it runs with ([`config`]), what every request passes ([`edge`]), which one goes where
//! ([`router`]), one session ([`socket`]), the rooms and the loop that owns each ([`rooms`]), what brings updates to
//! the disk ([`journal`]) and where they are kept ([`storage`]). Beside serving there are the operator's
//! [`commands`].

pub mod clock;
pub mod commands;
pub mod config;
pub mod edge;
pub mod journal;
mod preferences;
pub mod rooms;
pub mod router;
pub mod socket;
mod ssr;
pub mod storage;

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{config::Config, journal::Writer, rooms::Rooms, socket::Sockets, storage::Storage};

/// How long the end may take, from the signal on.
const DEADLINE: Duration = Duration::from_secs(10);

/// Why the server stopped before it was told to.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The operating system refused.
    #[error("the server cannot run: {0}")]
    Io(#[from] std::io::Error),
    /// Changes that nobody was told are saved could not be brought to disk in time.
    #[error("the last changes could not be saved within {} seconds", DEADLINE.as_secs())]
    Unsaved,
}

/// Serves until `shutdown` is ready. Then it accepts nothing more, ends every session with code 1012, and returns
/// when all that was written is on disk, or after ten seconds.
///
/// # Errors
/// If the operating system refuses a socket or a thread, or the disk the last changes.
pub async fn run(
    config: Config,
    storage: Arc<dyn Storage>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let (writer, _thread) = Writer::start(storage.clone())?;
    let rooms = Rooms::new(storage, writer, config.rooms)?;
    let stop = CancellationToken::new();
    let sockets = Sockets::new(rooms.clone(), config.limits, stop.clone());
    let router = router::router(config.leptos, rooms.clone(), sockets.clone());
    let service = edge::guard(router, config.edge).into_make_service_with_connect_info::<SocketAddr>();

    let on_signal = {
        let stop = stop.clone();
        async move {
            shutdown.await;
            stop.cancel();
        }
    };
    let serving =
        tokio::spawn(axum::serve(listener, service).with_graceful_shutdown(on_signal).into_future());
    stop.cancelled().await;
    tracing::info!("stopping");
    let end = async {
        sockets.closed().await;
        rooms.shut_down().await;
    };
    let in_time = tokio::time::timeout(DEADLINE, end).await;
    serving.abort();
    in_time.map_err(|_| ServerError::Unsaved)
}

//! Serves the pages and keeps the documents.
//!
//! In reading order: what it runs with ([`config`]), its connections (`serve`), what every request passes
//! ([`edge`]), which one goes where (`router`), one session with a socket ([`socket`]) and without ([`visit`], for what
//! comes in by HTTP: [`api`]), the rooms and the loop that owns each ([`rooms`]), what brings updates to the disk
//! ([`journal`]) and where they are kept ([`storage`]), until they are removed (`purge`). For the operator
//! there are [`health`], [`metrics`] and, beside serving, [`commands`].

// The type of a page is as deep as the page.
#![recursion_limit = "256"]

pub mod api;
pub mod clock;
pub mod commands;
pub mod config;
pub mod difference;
mod downloads;
pub mod edge;
mod forms;
pub mod health;
pub mod journal;
pub mod metrics;
mod parts;
mod preferences;
mod purge;
pub mod rooms;
mod router;
mod serve;
pub mod socket;
mod ssr;
pub mod storage;
mod style;
pub mod visit;

use std::{future::Future, sync::Arc, time::Duration};

pub use serve::listen;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    api::{Api, Pens},
    config::Config,
    health::Health,
    journal::Writer,
    metrics::Metrics,
    rooms::Rooms,
    socket::Sockets,
    storage::Storage,
    visit::Visits,
};

/// How long the end may take, from the signal on.
const DEADLINE: Duration = Duration::from_secs(10);
/// How often to look whether the thread that writes has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

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

/// Where the server listens.
#[derive(Debug)]
pub struct Listeners {
    /// For everybody.
    pub pages: TcpListener,
    /// For the operator's tools.
    pub metrics: Option<TcpListener>,
}

impl From<TcpListener> for Listeners {
    fn from(pages: TcpListener) -> Self {
        Self { pages, metrics: None }
    }
}

/// Serves until `shutdown` is ready. Then it accepts nothing more, ends every session with code 1012, and returns
/// when all that was written is on disk, or after ten seconds.
///
/// # Errors
/// If the operating system refuses a socket or a thread, or the disk the last changes.
pub async fn run(
    config: Config,
    storage: Arc<dyn Storage>,
    listeners: impl Into<Listeners>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let listeners = listeners.into();
    let metrics = Arc::new(Metrics::default());
    let (writer, writing) = Writer::start(storage.clone(), config.rooms.backlog, metrics.clone())?;
    let stop = CancellationToken::new();
    let purging = tokio::spawn(purge::keep_purging(storage.clone(), config.rooms.keep_deleted, stop.clone()));
    let rooms = Rooms::new(storage.clone(), writer.clone(), config.rooms, metrics.clone())?;
    let sockets = Sockets::new(rooms.clone(), config.limits, metrics.clone(), stop.clone());
    let health = Health::new(storage, stop.clone());
    let visits = Visits::new(rooms.clone(), stop.clone());
    let api =
        Api { rooms: rooms.clone(), visits: visits.clone(), pens: Pens::default(), settings: config.api };
    let router = router::router(config.leptos, api, sockets.clone(), health);
    let router = edge::guard(router, &config.edge, &metrics);

    let telling = listeners.metrics.map(|listener| metrics::listener::start(listener, metrics));
    let serving = tokio::spawn(serve::serve(listeners.pages, router, config.edge.head_within, stop.clone()));
    shutdown.await;
    stop.cancel();
    tracing::info!("stopping");
    let end = async {
        sockets.closed().await;
        visits.closed().await;
        rooms.shut_down().await;
        // A panic in it has been logged.
        let _ = purging.await;
        // Only when this thread has let go of the store can that be closed, and the process must not end before.
        writer.end();
        while !writing.is_finished() {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    // A panic in serving has been logged.
    let (in_time, _) = tokio::join!(tokio::time::timeout(DEADLINE, end), serving);
    telling.inspect(tokio::task::JoinHandle::abort);
    in_time.map_err(|_| ServerError::Unsaved)
}

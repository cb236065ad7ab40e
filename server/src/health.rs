//! Whether the server is alive, and whether it can do its work: for load balancers and supervisors.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tokio::{
    sync::Mutex,
    time::{self, Instant},
};
use tokio_util::sync::CancellationToken;

use crate::storage::Storage;

/// How long an answer of the disk holds. Whoever asks more often does not keep it busy.
const FRESH: Duration = Duration::from_secs(1);
/// How long the disk may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Looks after the store.
#[derive(Clone)]
pub struct Health {
    storage: Arc<dyn Storage>,
    shutdown: CancellationToken,
    last: Arc<Mutex<Option<Verdict>>>,
}

/// What the disk has said, and when. The error is the reason, for people.
struct Verdict {
    at: Instant,
    outcome: Result<(), String>,
}

impl Health {
    /// Nothing has been looked at yet.
    #[must_use]
    pub fn new(storage: Arc<dyn Storage>, shutdown: CancellationToken) -> Self {
        Self { storage, shutdown, last: Arc::default() }
    }

    async fn check(&self) -> Result<(), String> {
        if self.shutdown.is_cancelled() {
            return Err("the server is stopping".into());
        }
        let mut last = self.last.lock().await;
        match &*last {
            Some(verdict) if verdict.at.elapsed() < FRESH => verdict.outcome.clone(),
            _ => {
                let outcome = self.probe().await;
                *last = Some(Verdict { at: Instant::now(), outcome: outcome.clone() });
                outcome
            }
        }
    }

    async fn probe(&self) -> Result<(), String> {
        let storage = self.storage.clone();
        let probing = tokio::task::spawn_blocking(move || storage.probe());
        match time::timeout(PATIENCE, probing).await {
            Ok(Ok(verdict)) => verdict.map_err(|error| error.to_string()),
            Ok(Err(panic)) => Err(panic.to_string()),
            Err(_) => Err(format!("the disk has not answered within {} seconds", PATIENCE.as_secs())),
        }
    }
}

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: documents can be saved, and the server is not about to stop.
pub async fn ready(State(health): State<Health>) -> Response {
    match health.check().await {
        Ok(()) => "ready\n".into_response(),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")).into_response(),
    }
}

//! Where the operator's tools read the metrics: on an address of its own, which nobody else should reach.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::{net::TcpListener, task::JoinHandle};

use super::Metrics;

/// Answers `GET /metrics` until the task is aborted.
pub fn start(listener: TcpListener, metrics: Arc<Metrics>) -> JoinHandle<std::io::Result<()>> {
    let router = Router::new().route("/metrics", get(tell)).with_state(metrics);
    tokio::spawn(axum::serve(listener, router).into_future())
}

async fn tell(State(metrics): State<Arc<Metrics>>) -> Response {
    let format = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, format)], metrics.encode()).into_response()
}

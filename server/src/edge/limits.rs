//! How much a request may ask for, and what becomes of one that goes wrong.

use std::{any::Any, sync::Arc};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::metrics::Metrics;

/// The longest path and query, in bytes. A document's name has at most 128 letters, but whoever takes something longer
/// for one should get a page that says so.
const ADDRESS: usize = 16 * 1024;
/// The largest body of what pages send, in bytes. There are forms with a few words in them, and nothing else.
pub(crate) const BODY: usize = 64 * 1024;

/// Refuses what no page of ours would ask for.
pub(super) async fn check(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let Some(address) = request.uri().path_and_query() else {
        metrics.refused("no path");
        return (StatusCode::BAD_REQUEST, "The address has no path.\n").into_response();
    };
    if address.as_str().len() > ADDRESS {
        metrics.refused("address too long");
        return (StatusCode::URI_TOO_LONG, "The address is too long.\n").into_response();
    }
    next.run(request).await
}

/// The answer in place of one that a bug has prevented. The panic is in the log already.
pub(super) fn apologise(_: Box<dyn Any + Send>) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here. Try again.\n").into_response()
}

//! What every request passes before a handler sees it.
//!
//! In reading order: whom it comes from ([`provenance`], and [`client_address`] for handlers), whose word on that is
//! taken ([`proxies`]), how much it may ask for (`limits`), which pages may change something here ([`origin`]), and what
//! pages may do themselves (`policy`, [`headers`]).

pub mod client_address;
mod forwarded;
pub mod headers;
pub(crate) mod limits;
pub mod origin;
pub(crate) mod policy;
pub mod provenance;
pub mod proxies;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state, map_response_with_state},
};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

use self::{headers::StrictTransport, origin::AllowedOrigins, proxies::TrustedProxies};
use crate::{api::problem, metrics::Metrics};

/// What an operator may decide about who comes in.
#[derive(Debug, Clone)]
pub struct EdgeSettings {
    /// How long a client may take to send the head of a request.
    pub head_within: Duration,
    /// How long an answer may take to begin.
    pub answer_within: Duration,
    /// Whose pages may open sockets and change things.
    pub origins: AllowedOrigins,
    /// Who is believed about whom a request comes from.
    pub proxies: TrustedProxies,
    /// For how long browsers shall insist on TLS.
    pub strict_transport: StrictTransport,
}

impl Default for EdgeSettings {
    fn default() -> Self {
        Self {
            head_within: Duration::from_secs(10),
            answer_within: Duration::from_secs(30),
            origins: AllowedOrigins::default(),
            proxies: TrustedProxies::default(),
            strict_transport: StrictTransport::default(),
        }
    }
}

/// Puts all that before the routes. What is added last comes first.
pub fn guard(router: Router, settings: &EdgeSettings, metrics: &Arc<Metrics>) -> Router {
    let origins = (settings.origins.clone(), metrics.clone());
    router
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, settings.answer_within))
        .layer(CatchPanicLayer::custom(limits::apologise))
        .layer(from_fn_with_state(origins, origin::check))
        .layer(from_fn_with_state(metrics.clone(), limits::check))
        .layer(from_fn(problem::dress))
        .layer(map_response_with_state(settings.strict_transport.clone(), headers::add))
        .layer(from_fn_with_state(settings.proxies.clone(), provenance::note))
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::{body::Body, extract::ConnectInfo, http::Request, routing::get};
    use tower::Service;

    use super::*;

    async fn status(router: Router, settings: &EdgeSettings) -> StatusCode {
        let mut request = Request::get("/").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
        guard(router, settings, &Arc::default()).call(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        async fn fail() {
            panic!("this is meant to happen");
        }
        let router = Router::new().route("/", get(fail));
        assert_eq!(status(router, &EdgeSettings::default()).await, StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever() {
        let router = Router::new().route("/", get(std::future::pending::<()>));
        assert_eq!(status(router, &EdgeSettings::default()).await, StatusCode::SERVICE_UNAVAILABLE);
    }
}

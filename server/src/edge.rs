//! What every request passes before a handler sees it.
//!
//! In reading order: whom it comes from ([`provenance`], and [`client_address`] for handlers), whose word on that is
//! taken ([`proxies`]), which pages may change something here ([`origin`]), and what pages may do themselves ([`policy`],
//! [`headers`]).

pub mod client_address;
mod forwarded;
pub mod headers;
pub mod origin;
pub(crate) mod policy;
pub mod provenance;
pub mod proxies;

use axum::{Router, middleware};

use self::{headers::StrictTransport, origin::AllowedOrigins, proxies::TrustedProxies};

/// What an operator may decide about who comes in.
#[derive(Debug, Clone, Default)]
pub struct EdgeSettings {
    /// Whose pages may open sockets and change things.
    pub origins: AllowedOrigins,
    /// Who is believed about whom a request comes from.
    pub proxies: TrustedProxies,
    /// For how long browsers shall insist on TLS.
    pub strict_transport: StrictTransport,
}

/// Puts all that before the routes. What is added last comes first.
pub fn guard(router: Router, settings: EdgeSettings) -> Router {
    router
        .layer(middleware::from_fn_with_state(settings.origins, origin::check))
        .layer(middleware::map_response_with_state(settings.strict_transport, headers::add))
        .layer(middleware::from_fn_with_state(settings.proxies, provenance::note))
}

//! What every answer tells the browser to be careful with.

use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use super::policy;

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Whatever the handler itself says goes before these.
const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, policy::NO_PAGE),
    // A text is a text, even if it looks like a script.
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Whoever knows a document's name can write in it, so that other sites should not learn it from a link.
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    // Pages of others get no hold of ours, neither of its window nor of its files.
    (OPENER, HeaderValue::from_static("same-origin")),
    (RESOURCE, HeaderValue::from_static("same-origin")),
    (
        PERMISSIONS,
        HeaderValue::from_static(
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ),
];

/// For how long browsers shall ask this host only through TLS.
#[derive(Debug, Clone, Default)]
pub struct StrictTransport(Option<HeaderValue>);

impl StrictTransport {
    /// Nothing is said of it where there is no time.
    #[must_use]
    pub fn new(time: Option<Duration>) -> Self {
        Self(time.map(|time| {
            let value = format!("max-age={}", time.as_secs());
            HeaderValue::from_str(&value).expect("digits are ASCII")
        }))
    }
}

pub(super) async fn add(State(strict): State<StrictTransport>, mut response: Response) -> Response {
    let strict = strict.0.map(|time| (header::STRICT_TRANSPORT_SECURITY, time));
    for (name, value) in ALWAYS.into_iter().chain(strict) {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

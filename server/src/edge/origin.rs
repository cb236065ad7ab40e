//! Whose pages may open sockets and change things: this server's own, unless the operator says otherwise.
//!
//! Browsers let every page of the web open a WebSocket to every server that they reach, such as one inside a firm's
//! network. But they say which origin the page has, in a header that no script can set. It is checked here, once for
//! all routes.
//!
//! Where that header is missing, the request is let through. Browsers send it with every handshake and with every
//! request that is not only for reading; so what lacks it is another program, which could name any origin it likes:
//! to refuse it would keep nobody out but the honest.

use std::{str::FromStr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, StatusCode, Uri,
        header::{ORIGIN, UPGRADE},
        uri::Scheme,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::provenance::Provenance;
use crate::metrics::Metrics;

/// Where a page comes from: RFC 6454.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    scheme: Scheme,
    /// In lower case.
    host: String,
    /// Nothing where the scheme is of a kind that has no ports, such as that of a browser's extension.
    port: Option<u16>,
}

/// One entry of the operator's list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum AllowedOrigin {
    /// `same`: the host and port that the request itself was sent to.
    Same,
    /// `*`: every page of the web.
    Any,
    /// Such as `https://pad.example`.
    This(Origin),
}

/// The operator's list. Only [`AllowedOrigin::Same`], if there is none.
#[derive(Debug, Clone)]
pub struct AllowedOrigins(Arc<[AllowedOrigin]>);

/// This is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no origin, such as https://pad.example, and neither `same` nor `*`")]
pub struct NotAnOrigin(String);

pub(super) async fn check(
    State((allowed, metrics)): State<(AllowedOrigins, Arc<Metrics>)>,
    provenance: axum::Extension<Provenance>,
    request: Request,
    next: Next,
) -> Response {
    let Some(foreign) = allowed.find_foreign(&request, &provenance) else { return next.run(request).await };
    metrics.refused("origin");
    tracing::info!(client = %provenance.client, origin = foreign, "a page of another origin is refused");
    let reason =
        format!("Pages of {foreign} may not use this server. Its operator can allow them: --origins\n");
    (StatusCode::FORBIDDEN, reason).into_response()
}

impl AllowedOrigins {
    /// The origin that a request may not come from, if it does.
    fn find_foreign<'r>(&self, request: &'r Request, provenance: &Provenance) -> Option<&'r str> {
        let changes_something = !request.method().is_safe() || request.headers().contains_key(UPGRADE);
        let named = changes_something.then(|| origin_header(request.headers())).flatten()?;
        (!self.include(named.parse().ok().as_ref(), provenance)).then_some(named)
    }

    /// Pages without an origin of their own, such as those in a sandbox, have none here.
    fn include(&self, origin: Option<&Origin>, provenance: &Provenance) -> bool {
        self.0.iter().any(|allowed| match (allowed, origin) {
            (AllowedOrigin::Any, _) => true,
            (_, None) => false,
            (AllowedOrigin::Same, Some(origin)) => origin.is_of(provenance),
            (AllowedOrigin::This(this), Some(origin)) => this == origin,
        })
    }
}

fn origin_header(headers: &HeaderMap) -> Option<&str> {
    headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or("an origin that cannot be read"))
}

impl Default for AllowedOrigins {
    fn default() -> Self {
        vec![AllowedOrigin::Same].into()
    }
}

impl From<Vec<AllowedOrigin>> for AllowedOrigins {
    fn from(list: Vec<AllowedOrigin>) -> Self {
        Self(list.into())
    }
}

impl Origin {
    /// Whether a page of this origin has asked the server that it comes from.
    fn is_of(&self, provenance: &Provenance) -> bool {
        let is_host = provenance.host.as_ref().is_some_and(|host| {
            host.host().eq_ignore_ascii_case(&self.host)
                && host.port_u16().or(default_port(&self.scheme)) == self.port
        });
        is_host && provenance.scheme.as_ref().is_none_or(|scheme| *scheme == self.scheme)
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let uri: Uri = text.trim().parse().map_err(|_| NotAnOrigin(text.to_owned()))?;
        let has_more = !matches!(uri.path(), "" | "/") || uri.query().is_some();
        match (uri.scheme(), uri.authority()) {
            (Some(scheme), Some(authority)) if !has_more && !authority.as_str().contains('@') => Ok(Self {
                scheme: scheme.clone(),
                host: authority.host().to_ascii_lowercase(),
                port: authority.port_u16().or(default_port(scheme)),
            }),
            _ => Err(NotAnOrigin(text.to_owned())),
        }
    }
}

fn default_port(scheme: &Scheme) -> Option<u16> {
    match scheme.as_str() {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

impl FromStr for AllowedOrigin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        match text.trim() {
            "same" => Ok(Self::Same),
            "*" => Ok(Self::Any),
            origin => origin.parse().map(Self::This),
        }
    }
}

impl TryFrom<String> for AllowedOrigin {
    type Error = NotAnOrigin;

    fn try_from(text: String) -> Result<Self, NotAnOrigin> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::client_address::ClientAddress;

    fn asked_for(host: &str, scheme: Option<Scheme>) -> Provenance {
        let client = ClientAddress("203.0.113.7".parse().unwrap());
        Provenance { client, host: Some(host.parse().unwrap()), scheme }
    }

    #[test]
    fn the_same_origin_has_the_same_host_and_port() {
        let is_same = |origin: &str, host: &str| {
            AllowedOrigins::default().include(origin.parse().ok().as_ref(), &asked_for(host, None))
        };
        assert!(is_same("http://pad.example", "pad.example"));
        assert!(is_same("https://pad.example", "pad.example"), "TLS may end before us");
        assert!(is_same("https://pad.example", "pad.example:443"));
        assert!(is_same("https://Pad.Example", "pad.exAmple"));
        assert!(is_same("http://127.0.0.1:8080", "127.0.0.1:8080"));
        assert!(is_same("http://[::1]:8080", "[::1]:8080"));
        assert!(!is_same("http://evil.example", "pad.example"));
        assert!(!is_same("http://pad.example.evil.example", "pad.example"));
        assert!(!is_same("http://pad.example:8080", "pad.example"));
        assert!(!is_same("http://localhost:8080", "127.0.0.1:8080"));
        assert!(!is_same("null", "pad.example"));
        assert!(!is_same("", "pad.example"));
    }

    #[test]
    fn the_scheme_counts_where_it_is_known() {
        let provenance = asked_for("pad.example", Some(Scheme::HTTPS));
        let include =
            |origin: &str| AllowedOrigins::default().include(origin.parse().ok().as_ref(), &provenance);
        assert!(include("https://pad.example"));
        assert!(!include("http://pad.example"));
    }

    #[test]
    fn a_list_names_all_that_are_allowed() {
        let include = |list: &[&str], origin: &str| {
            let list: Vec<AllowedOrigin> = list.iter().map(|text| text.parse().unwrap()).collect();
            let provenance = asked_for("pad.example", None);
            AllowedOrigins::from(list).include(origin.parse().ok().as_ref(), &provenance)
        };
        assert!(include(&["https://other.example"], "https://other.example"));
        assert!(include(&["https://other.example/"], "https://other.example:443"));
        assert!(!include(&["https://other.example"], "http://other.example"));
        assert!(!include(&["https://other.example"], "https://pad.example"), "`same` is not in the list");
        assert!(include(&["https://other.example", "same"], "https://pad.example"));
        assert!(include(&["*"], "https://evil.example"));
        assert!(include(&["*"], "null"));
        assert!(include(&["chrome-extension://abcdefgh"], "chrome-extension://abcdefgh"));
    }

    #[test]
    fn what_is_no_origin_is_refused_as_a_setting() {
        for text in
            ["", "pad.example", "https://", "https://pad.example/d/x", "https://me@pad.example", "null"]
        {
            assert!(text.parse::<AllowedOrigin>().is_err(), "{text}");
        }
    }
}

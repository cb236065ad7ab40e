//! Whom a request comes from, and under which name and scheme it asked for this server.

use std::net::{IpAddr, SocketAddr};

use app::ports::Origin;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{
        HeaderMap,
        header::HOST,
        request::Parts,
        uri::{Authority, Scheme},
    },
    middleware::Next,
    response::Response,
};
use leptos::prelude::{provide_context, use_context};

use super::{client_address::ClientAddress, forwarded::Forwarded, proxies::TrustedProxies};

/// What is known about a request's way here. Found once, when it comes in; every request has it among its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Whom it comes from.
    pub client: ClientAddress,
    /// The host that the client asked for, with the port if it is not the scheme's own.
    pub host: Option<Authority>,
    /// How the client asked for it. Known only from a trusted proxy: anybody else may end TLS before us unseen.
    pub scheme: Option<Scheme>,
}

pub(super) async fn note(
    State(proxies): State<TrustedProxies>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let provenance = Provenance::of(peer.ip().to_canonical(), request.headers(), &proxies);
    request.extensions_mut().insert(provenance);
    next.run(request).await
}

/// Tells the page that is being rendered under which origin it is asked for, if a trusted proxy knows.
pub(crate) fn provide() {
    let origin = use_context::<Parts>().and_then(|request| {
        let Provenance { host, scheme, .. } = request.extensions.get()?;
        Some(Origin(format!("{}://{}", scheme.as_ref()?, host.as_ref()?)))
    });
    if let Some(origin) = origin {
        provide_context(origin);
    }
}

impl Provenance {
    fn of(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> Self {
        let host = headers.get(HOST).and_then(|host| Authority::try_from(host.as_bytes()).ok());
        if !proxies.include(peer) {
            return Self { client: ClientAddress(peer), host, scheme: None };
        }
        let (theirs, common) = (Forwarded::from_x_headers(headers), Forwarded::from_standard_header(headers));
        let client = match (theirs.clients.is_empty(), common.clients.is_empty()) {
            (_, true) => proxies.last_stranger(peer, &theirs.clients),
            (true, false) => proxies.last_stranger(peer, &common.clients),
            (false, false) => {
                let [one, other] =
                    [&theirs, &common].map(|forwarded| proxies.last_stranger(peer, &forwarded.clients));
                // The proxy writes one of them and passes the other on as the client has made it up. Which of them
                // is not known here, so that neither counts.
                if one == other { one } else { peer }
            }
        };
        Self {
            client: ClientAddress(client),
            host: theirs.host.or(common.host).or(host),
            scheme: theirs.scheme.or(common.scheme),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of a request with these headers, from 10.0.0.1, while all of 10.0.0.0/8 and fd00::/8 are trusted.
    fn provenance(headers: &[(&'static str, &str)]) -> Provenance {
        let headers = headers.iter().map(|(name, value)| {
            (axum::http::HeaderName::from_static(name), value.parse().expect("the test names a value"))
        });
        let proxies = TrustedProxies::from(vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        Provenance::of("10.0.0.1".parse().unwrap(), &headers.collect(), &proxies)
    }

    fn client(headers: &[(&'static str, &str)]) -> String {
        provenance(headers).client.to_string()
    }

    #[test]
    fn the_rightmost_stranger_is_the_client() {
        let cases = [
            ("203.0.113.7", "203.0.113.7"),
            ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
            ("198.51.100.1, 203.0.113.7, 10.9.9.9", "203.0.113.7"),
            ("198.51.100.1,203.0.113.7,10.9.9.9,fd00::1", "203.0.113.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("203.0.113.7:4711", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
        ];
        for (header, expected) in cases {
            assert_eq!(client(&[("x-forwarded-for", header)]), expected, "{header}");
        }
    }

    #[test]
    fn what_makes_no_sense_ends_the_chain() {
        assert_eq!(client(&[]), "10.0.0.1");
        assert_eq!(client(&[("x-forwarded-for", "unknown")]), "10.0.0.1");
        assert_eq!(client(&[("x-forwarded-for", "")]), "10.0.0.1");
        assert_eq!(client(&[("x-forwarded-for", "203.0.113.7, nonsense, 10.9.9.9")]), "10.9.9.9");
        assert_eq!(client(&[("x-forwarded-for", "10.1.1.1, 10.2.2.2")]), "10.1.1.1", "all are trusted");
    }

    #[test]
    fn several_headers_are_one_list() {
        let headers = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.7, 10.9.9.9")];
        assert_eq!(client(&headers), "203.0.113.7");
    }

    #[test]
    fn the_standard_header_is_understood() {
        let cases = [
            ("for=203.0.113.7", "203.0.113.7"),
            ("For=\"[2001:db8::7]:4711\";proto=https", "2001:db8::7"),
            ("for=198.51.100.1, for=203.0.113.7;by=10.0.0.1", "203.0.113.7"),
            ("for=\"a,b;c=\\\"\", for=203.0.113.7", "203.0.113.7"),
            ("for=_hidden", "10.0.0.1"),
            ("proto=https", "10.0.0.1"),
        ];
        for (header, expected) in cases {
            assert_eq!(client(&[("forwarded", header)]), expected, "{header}");
        }
    }

    #[test]
    fn two_headers_that_disagree_count_for_nothing() {
        let headers = [("forwarded", "for=198.51.100.1"), ("x-forwarded-for", "203.0.113.7")];
        assert_eq!(client(&headers), "10.0.0.1");
        let headers = [("forwarded", "for=203.0.113.7"), ("x-forwarded-for", "203.0.113.7")];
        assert_eq!(client(&headers), "203.0.113.7");
    }

    #[test]
    fn a_trusted_proxy_says_what_was_asked_for() {
        let asked = |headers: &[(&'static str, &str)]| {
            let Provenance { host, scheme, .. } = provenance(headers);
            (host.map(|host| host.to_string()), scheme.map(|scheme| scheme.to_string()))
        };
        let [host, https] = ["pad.example", "https"].map(|text| Some(text.to_owned()));
        let inner = ("host", "127.0.0.1:8080");
        let x_headers = [inner, ("x-forwarded-host", "pad.example"), ("x-forwarded-proto", "https")];
        assert_eq!(asked(&x_headers), (host.clone(), https.clone()));
        assert_eq!(asked(&[inner, ("forwarded", "host=pad.example;proto=https")]), (host.clone(), https));
        assert_eq!(asked(&[("host", "pad.example")]), (host, None));
    }

    #[test]
    fn a_stranger_is_not_believed() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "pad.example".parse().unwrap());
        headers.insert("x-forwarded-for", "10.0.0.1".parse().unwrap());
        headers.insert("x-forwarded-host", "evil.example".parse().unwrap());
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        let stranger: IpAddr = "203.0.113.7".parse().unwrap();
        let provenance = Provenance::of(stranger, &headers, &TrustedProxies::default());
        assert_eq!(provenance.client, ClientAddress(stranger));
        assert_eq!(provenance.host.unwrap(), "pad.example");
        assert_eq!(provenance.scheme, None);
    }
}

//! What proxies write into a request's head about its way so far.

use std::net::{IpAddr, SocketAddr};

use axum::http::{
    HeaderMap,
    header::FORWARDED,
    uri::{Authority, Scheme},
};

/// The notes of all proxies on the way. Believe them only as far as you trust who wrote them.
#[derive(Debug, Default)]
pub(super) struct Forwarded {
    /// Whom each of them was asked by, the nearest last; nothing where it does not say or names no address.
    pub(super) clients: Vec<Option<IpAddr>>,
    /// The host that the first of them was asked for.
    pub(super) host: Option<Authority>,
    /// How the first of them was asked.
    pub(super) scheme: Option<Scheme>,
}

impl Forwarded {
    /// The headers that everybody uses: `X-Forwarded-For`, `X-Forwarded-Host` and `X-Forwarded-Proto`.
    pub(super) fn from_x_headers(headers: &HeaderMap) -> Self {
        let list = |name: &str| {
            let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).map(str::trim)
        };
        Self {
            clients: list("x-forwarded-for").map(address).collect(),
            host: list("x-forwarded-host").next().and_then(|host| host.parse().ok()),
            scheme: list("x-forwarded-proto").next().and_then(|scheme| scheme.parse().ok()),
        }
    }

    /// The header of RFC 7239.
    pub(super) fn from_standard_header(headers: &HeaderMap) -> Self {
        let values = headers.get_all(FORWARDED).into_iter().filter_map(|value| value.to_str().ok());
        let mut forwarded = Self::default();
        for (at, element) in values.flat_map(|value| split(value, ',')).enumerate() {
            let pairs: Vec<_> = split(element, ';').filter_map(|pair| pair.split_once('=')).collect();
            let find = |key: &str| {
                let pair = pairs.iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(key));
                pair.map(|(_, value)| value.trim().trim_matches('"'))
            };
            forwarded.clients.push(find("for").and_then(address));
            if at == 0 {
                forwarded.host = find("host").and_then(|host| host.parse().ok());
                forwarded.scheme = find("proto").and_then(|scheme| scheme.parse().ok());
            }
        }
        forwarded
    }
}

/// An address, perhaps with a port, which is then left away: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse().map(|address: SocketAddr| address.ip()).ok();
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(with_port).or_else(in_brackets).map(|address: IpAddr| address.to_canonical())
}

/// Splits where `separator` is not inside quotation marks.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |letter| {
        let is_plain = !is_quoted;
        is_quoted ^= letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        is_plain && letter == separator
    })
}

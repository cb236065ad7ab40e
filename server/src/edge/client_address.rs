//! The address that a request comes from, for handlers that count or log it.

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use axum::{extract::FromRequestParts, http::request::Parts};

use super::provenance::Provenance;

/// The address of the client: of the other end of the connection, or, where that is a trusted proxy, the one that the
/// proxy names. IPv4 addresses are always in their own form, even if they came in as IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What stands for all addresses that one customer has. With IPv6, those are at least all that begin with the same 64
    /// bits (RFC 6177).
    #[must_use]
    pub fn household(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Provenance>().expect("every request passes the edge").client)
    }
}

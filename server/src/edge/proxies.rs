//! Proxies whose word is taken about whom they speak for.

use std::{net::IpAddr, str::FromStr, sync::Arc};

use ipnet::IpNet;
use serde::Deserialize;

/// One address, or all that begin alike: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network(IpNet);

/// This is neither an address nor a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address, such as 10.0.0.1, nor a network, such as 10.0.0.0/8")]
pub struct NotANetwork(String);

/// Nobody, unless the operator names them: whoever is in here can claim to be anybody.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[Network]>);

impl TrustedProxies {
    pub(super) fn include(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.0.contains(&address))
    }

    /// Goes back from proxy to proxy as long as they are trusted. Each has added the address that it was asked from
    /// to the end of the list. The first that is not trusted is the client, and all before it is what the client
    /// says. An entry that is no address ends the search, too.
    pub(super) fn last_stranger(&self, peer: IpAddr, clients: &[Option<IpAddr>]) -> IpAddr {
        let mut client = peer;
        for before in clients.iter().rev() {
            match before {
                Some(before) if self.include(client) => client = *before,
                _ => break,
            }
        }
        client
    }
}

impl From<Vec<Network>> for TrustedProxies {
    fn from(networks: Vec<Network>) -> Self {
        Self(networks.into())
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let text = text.trim();
        let one = || text.parse().map(|address: IpAddr| IpNet::from(address.to_canonical()));
        text.parse().or_else(|_| one()).map(Self).map_err(|_| NotANetwork(text.to_owned()))
    }
}

impl TryFrom<String> for Network {
    type Error = NotANetwork;

    fn try_from(text: String) -> Result<Self, NotANetwork> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_understood_and_nothing_else() {
        for text in ["10.0.0.1", "10.0.0.0/8", "fd00::/8", "::1", " 127.0.0.1 "] {
            assert!(text.parse::<Network>().is_ok(), "{text}");
        }
        for text in ["", "10.0.0", "10.0.0.0/33", "localhost", "10.0.0.1:80", "*"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_those_named_are_trusted() {
        let proxies = TrustedProxies::from(vec!["10.0.0.1".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        let includes = |address: &str| proxies.include(address.parse().unwrap());
        assert!(includes("10.0.0.1") && includes("fd12::1"));
        assert!(!includes("10.0.0.2") && !includes("fe80::1"));
        assert!(!TrustedProxies::default().include("127.0.0.1".parse().unwrap()));
    }
}

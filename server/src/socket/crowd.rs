//! How many sessions come from one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::edge::client_address::ClientAddress;

/// Counts the sessions of each address.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    most: usize,
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A session's place among those of its address. It is given back when this is dropped.
#[derive(Debug)]
pub(super) struct Admission {
    crowd: Crowd,
    address: IpAddr,
}

impl Crowd {
    pub(super) fn new(most: usize) -> Self {
        Self { most, counts: Arc::default() }
    }

    /// Lets one more in, unless there are too many from its address already.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Admission> {
        let address = ClientAddress(address).household();
        let mut counts = self.counts();
        let count = counts.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Admission { crowd: self.clone(), address })
    }

    /// Every critical section is one change of one number.
    fn counts(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut counts = self.crowd.counts();
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_only_so_many_sessions() {
        let crowd = Crowd::new(2);
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|address| address.parse().unwrap());
        let (first, second) = (crowd.admit(one), crowd.admit(one));
        assert!(first.is_some() && second.is_some());
        assert!(crowd.admit(one).is_none());
        assert!(crowd.admit(other).is_some());
        drop(first);
        assert!(crowd.admit(one).is_some());
        drop(second);
        assert!(crowd.counts().is_empty(), "who has left is not remembered");
    }

    #[test]
    fn whoever_has_many_addresses_is_one() {
        let crowd = Crowd::new(1);
        let [one, two, elsewhere] =
            ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"].map(|address| address.parse().unwrap());
        let _first = crowd.admit(one);
        assert!(crowd.admit(two).is_none());
        assert!(crowd.admit(elsewhere).is_some());
    }
}

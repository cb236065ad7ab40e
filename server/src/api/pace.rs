//! How often one address may ask.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::DashMapStateStore,
};

use super::problem::Kind;
use crate::edge::client_address::ClientAddress;

/// For how many seconds what an address does not ask for is put by.
const BURST: u32 = 10;
/// After so many requests, addresses that have long asked for nothing are forgotten.
const ROUND: u32 = 1_000;

/// Keeps account of what each address asks for.
#[derive(Clone)]
pub(crate) struct Pace(Arc<Account>);

struct Account {
    limiter: RateLimiter<IpAddr, DashMapStateStore<IpAddr>, DefaultClock>,
    requests: AtomicU32,
}

impl Pace {
    /// Lets so many requests through each second from one address, and one at least.
    pub(crate) fn new(each_second: u32) -> Self {
        let each_second = NonZeroU32::new(each_second).unwrap_or(NonZeroU32::MIN);
        let burst = each_second.saturating_mul(NonZeroU32::new(BURST).expect("ten is not zero"));
        let limiter = RateLimiter::dashmap(Quota::per_second(each_second).allow_burst(burst));
        Self(Arc::new(Account { limiter, requests: AtomicU32::new(0) }))
    }

    /// Whether one more request may come from an address; if not, when it may.
    fn note(&self, client: ClientAddress) -> Result<(), Duration> {
        let Account { limiter, requests } = &*self.0;
        if requests.fetch_add(1, Ordering::Relaxed) % ROUND == ROUND - 1 {
            limiter.retain_recent();
        }
        limiter
            .check_key(&client.household())
            .map_err(|until| until.wait_time_from(DefaultClock::default().now()))
    }
}

/// Turns away whoever asks too often.
pub(crate) async fn check(
    State(pace): State<Pace>,
    client: ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    let Err(wait) = pace.note(client) else { return next.run(request).await };
    let seconds = wait.as_secs() + 1;
    let mut response = Kind::TooManyRequests.because(format!("try again in {seconds} s")).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_too_often_is_turned_away_alone() {
        let pace = Pace::new(1);
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|address| ClientAddress(address.parse().unwrap()));
        assert!((0..BURST).all(|_| pace.note(one).is_ok()));
        assert!(pace.note(one).is_err_and(|wait| wait <= Duration::from_secs(1)));
        assert!(pace.note(other).is_ok());
    }

    #[test]
    fn who_has_asked_long_ago_is_forgotten() {
        let pace = Pace::new(1_000_000);
        for host in 0..ROUND {
            let client = ClientAddress(IpAddr::from([10, 0, (host >> 8) as u8, host as u8]));
            assert!(pace.note(client).is_ok());
        }
        assert!(pace.0.limiter.len() < ROUND as usize, "{}", pace.0.limiter.len());
    }
}

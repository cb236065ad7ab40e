//! What time it is.

use std::time::{Duration, SystemTime};

/// Milliseconds since the Unix epoch.
#[must_use]
pub fn now() -> u64 {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    milliseconds(since_epoch)
}

/// A time in milliseconds.
#[must_use]
pub fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

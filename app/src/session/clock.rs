//! The time.

use leptos::prelude::window;

/// Milliseconds since the page began. Never goes back.
pub(super) fn now() -> u64 {
    window().performance().map_or(0, |clock| clock.now() as u64)
}

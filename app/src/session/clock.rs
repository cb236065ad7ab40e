//! The time.

use leptos_dom::helpers::window;

/// Milliseconds since 1970, as of the page's beginning. Never goes back while the page lasts, and means about the same
/// in all pages of a browser.
pub(super) fn now() -> u64 {
    window().performance().map_or(0, |clock| (clock.time_origin() + clock.now()) as u64)
}

//! The pages.

#![expect(unreachable_pub, reason = "the macro `component` makes items public")]

mod bad_name;
mod deleted;
mod document;
mod home;
mod not_found;
mod unreadable;

#[cfg(not(feature = "ssr"))]
pub(crate) use deleted::deletion_in_page;
pub(crate) use document::{DocumentPage, Spike};
pub(crate) use home::Home;
pub(crate) use not_found::NotFound;

use leptos::context::use_context;

use crate::ports::SetStatus;

/// Sets the HTTP status of the answer that this page is. In the browser there is none to set.
fn answer_with(status: u16) {
    if let Some(SetStatus(set)) = use_context() {
        set(status);
    }
}

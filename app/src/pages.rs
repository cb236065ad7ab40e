//! The pages.

#![expect(unreachable_pub, reason = "the macro `component` makes items public")]

mod bad_name;
mod deleted;
mod document;
mod home;
mod not_found;
mod unreadable;

pub(crate) use document::{DocumentPage, Spike};
pub(crate) use home::Home;
pub(crate) use not_found::NotFound;

use leptos::context::use_context;

use crate::ports::SetStatus;

/// Sets the HTTP status of the answer that this page is.
fn answer_with(status: u16) {
    if let Some(SetStatus(set)) = use_context() {
        set(status);
    }
}

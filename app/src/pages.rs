//! The pages.

#![expect(unreachable_pub, reason = "the macro `component` makes items public")]

mod bad_name;
mod document;
mod home;
mod not_found;
mod unreadable;

pub(crate) use document::{DocumentPage, Spike};
pub(crate) use home::Home;
pub(crate) use not_found::NotFound;

use collab::id::DocIdError;
use leptos::context::use_context;

use crate::ports::SetStatus;

/// Sets the HTTP status of the answer that this page is. In the browser there is none to set.
fn answer_with(status: u16) {
    if let Some(SetStatus(set)) = use_context() {
        set(status);
    }
}

/// Why a name is no name, as a sentence.
fn sentence(error: &DocIdError) -> String {
    let words = error.to_string();
    let (first, rest) = words.split_at(words.chars().next().map_or(0, char::len_utf8));
    format!("{}{rest}.", first.to_uppercase())
}

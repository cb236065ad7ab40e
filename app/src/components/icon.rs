//! Small pictures for buttons.

use leptos::prelude::*;

/// A picture of one line, 24 units high and wide.
#[component]
pub(crate) fn Icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path />
        </svg>
    }
}

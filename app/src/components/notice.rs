//! A page that is no more than a message.

use leptos::prelude::*;

use super::{About, Masthead};
use crate::preferences::words;

/// Says what is the matter, and what to do about it.
#[component]
pub(crate) fn Notice(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <About title=title.to_owned() description=words().description />
        <Masthead />
        <main class="notice">
            <h1>{title}</h1>
            {children()}
        </main>
    }
    .into_any()
}

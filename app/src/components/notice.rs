//! A page that is no more than a message.

use leptos::prelude::*;
use leptos_meta::Title;

use super::Masthead;

/// Says what is the matter, and what to do about it.
#[component]
pub(crate) fn Notice(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <Title text=format!("{title} · Scriptorium") />
        <Masthead />
        <main class="notice">
            <h1>{title}</h1>
            {children()}
        </main>
    }
    .into_any()
}

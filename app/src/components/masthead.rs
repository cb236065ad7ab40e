//! The strip at the top of every page.

use leptos::prelude::*;

/// The product's name, which leads home, and what belongs to the page.
#[component]
pub(crate) fn Masthead(#[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <header class="masthead">
            <a class="brand" href="/" rel="external">
                "Scriptorium"
            </a>
            {children.map(|children| children())}
        </header>
    }
}

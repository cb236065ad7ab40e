//! The strip at the top of every page.

use leptos::prelude::*;

use super::PreferencesMenu;
use crate::naming::PRODUCT;

/// The product's name, which leads home, what belongs to the page, and how it is to be seen.
#[component]
pub(crate) fn Masthead(#[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <header class="masthead">
            <a class="brand" href="/" rel="external">
                {PRODUCT}
            </a>
            {children.map(|children| children())}
            <PreferencesMenu />
        </header>
    }
    .into_any()
}

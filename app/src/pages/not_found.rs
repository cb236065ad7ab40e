//! There is no such page.

use leptos::prelude::*;

use super::answer_with;
use crate::components::Notice;

/// For every address that leads nowhere.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    answer_with(404);
    view! {
        <Notice title="There is no such page">
            <p>"Documents are found under " <code>"/d/"</code> " and their name."</p>
            <p>
                <a class="button" href="/" rel="external">
                    "Open a document"
                </a>
            </p>
        </Notice>
    }
}

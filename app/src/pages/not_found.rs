//! There is no such page.

use leptos::prelude::*;

use super::answer_with;
use crate::{components::Notice, preferences::words};

/// For every address that leads nowhere.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    answer_with(404);
    let words = &words().notices;
    let (before, after) = words.documents_are;
    view! {
        <Notice title=words.not_found>
            <p>{before} <code>"/d/"</code> {after}</p>
            <p>
                <a class="button" href="/" rel="external">
                    {words.open_document}
                </a>
            </p>
        </Notice>
    }
}

//! A document that is there but cannot be read.

use leptos::prelude::*;

use super::answer_with;
use crate::components::Notice;

/// Shown in place of the document, which must not look empty.
#[component]
pub(crate) fn UnreadablePage() -> impl IntoView {
    answer_with(503);
    view! {
        <Notice title="This document cannot be read at the moment">
            <p>"The server could not load it. Nothing was changed. Please try again in a while."</p>
            <p>
                <a class="button" href="" rel="external">
                    "Try again"
                </a>
            </p>
        </Notice>
    }
}

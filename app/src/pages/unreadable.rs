//! A document that is there but cannot be read.

use leptos::prelude::*;

use super::answer_with;
use crate::{components::Notice, preferences::words};

/// Shown in place of the document, which must not look empty.
#[component]
pub(crate) fn UnreadablePage() -> impl IntoView {
    answer_with(503);
    let words = &words().notices;
    view! {
        <Notice title=words.unreadable>
            <p>{words.unreadable_help}</p>
            <p>
                <a class="button" href="" rel="external">
                    {words.try_again}
                </a>
            </p>
        </Notice>
    }
}

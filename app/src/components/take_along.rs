//! What a person can do with a text that its document does not take, or is no more.

use leptos::prelude::*;

use crate::{preferences::words, upload};

/// The ways to take along what the page shows. A new document opens beside the page, which still has the text.
#[component]
pub(crate) fn TakeAlong() -> impl IntoView {
    let words = &words().take_along;
    view! {
        <div class="take-along">
            <button class="button is-quiet" type="button">
                {words.copy_text}
            </button>
            <form action=upload::PATH method="post" enctype="multipart/form-data" target="_blank">
                <input type="file" name=upload::FIELD hidden />
                <button class="button is-quiet" type="submit">
                    {words.as_new}
                </button>
            </form>
        </div>
    }
    .into_any()
}

//! An address with something in it that names no document.

use collab::id::DocIdError;
use leptos::prelude::*;

use super::answer_with;
use crate::{components::Notice, preferences::words};

/// Says what names look like.
#[component]
pub(crate) fn BadName(error: DocIdError) -> impl IntoView {
    answer_with(400);
    let words = words();
    view! {
        <Notice title=words.notices.bad_name>
            <p>{(words.bad_name)(&error)}</p>
            <p>
                <a class="button" href="/" rel="external">
                    {words.notices.choose_name}
                </a>
            </p>
        </Notice>
    }
}

//! An address with something in it that names no document.

use collab::id::DocIdError;
use leptos::prelude::*;

use super::{answer_with, sentence};
use crate::components::Notice;

/// Says what names look like.
#[component]
pub(crate) fn BadName(error: DocIdError) -> impl IntoView {
    answer_with(400);
    view! {
        <Notice title="No document can have this name">
            <p>{sentence(&error)}</p>
            <p>
                <a class="button" href="/" rel="external">
                    "Choose another name"
                </a>
            </p>
        </Notice>
    }
}

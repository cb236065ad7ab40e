//! The way back for a document that was deleted.

use collab::id::DocId;
use leptos::prelude::*;

use crate::{forms, preferences::words};

/// A form that needs no script. The server answers with the way to the document.
#[component]
pub(crate) fn Restore(id: DocId) -> impl IntoView {
    view! {
        <form action=forms::restore(&id) method="post">
            <button class="button" type="submit">
                {words().deleted.restore}
            </button>
        </form>
    }
    .into_any()
}

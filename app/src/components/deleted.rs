//! What a person sees when somebody has deleted the document that they have open.

use collab::id::DocId;
use leptos::prelude::*;

use super::{Restore, TakeAlong};
use crate::{marks::DELETED, preferences::words};

/// A notice that is hidden until then. The text stays on the page, so that it can be taken along.
#[component]
pub(crate) fn Deleted(id: DocId) -> impl IntoView {
    let words = &words().deleted;
    view! {
        <div id=DELETED class="mishap" role="alert" data-testid="deleted" hidden>
            <div class="mishap-words">
                <h2>{words.title}</h2>
                <p>{words.advice}</p>
            </div>
            <div class="mishap-actions">
                <TakeAlong />
                <Restore id />
            </div>
        </div>
    }
    .into_any()
}

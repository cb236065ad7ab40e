//! What a person sees when the document has no space for what they added.

use leptos::prelude::*;

use crate::{marks::FULL, preferences::words};

/// A notice that is hidden until then, and again once something fits.
#[component]
pub(crate) fn Full() -> impl IntoView {
    view! {
        <div id=FULL class="mishap" role="alert" data-testid="full" hidden>
            <p>{words().document.full}</p>
        </div>
    }
}

//! What a person sees when the document has no space for what they added.

use leptos::prelude::*;

use crate::{monitor::Monitor, preferences::words};

/// A notice that is hidden until then, and again once something fits.
#[component]
pub(crate) fn Full(monitor: Monitor) -> impl IntoView {
    view! {
        <div class="mishap" role="alert" data-testid="full" hidden=move || !monitor.is_full.get()>
            <p>{words().document.full}</p>
        </div>
    }
}

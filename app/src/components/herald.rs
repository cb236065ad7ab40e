//! Who comes and goes, for those who do not see it.

use leptos::prelude::*;

use crate::monitor::Monitor;

/// Says it when there is a pause.
#[component]
pub(crate) fn Herald(monitor: Monitor) -> impl IntoView {
    view! {
        <p class="visually-hidden" aria-live="polite" data-testid="news">
            {move || monitor.news.get()}
        </p>
    }
}

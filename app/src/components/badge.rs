//! Who is here, and whether everything is saved.

use leptos::prelude::*;

use crate::monitor::Monitor;

/// Shows a session's state and says changes of it aloud.
#[component]
pub(crate) fn Badge(monitor: Monitor) -> impl IntoView {
    let kind = move || monitor.connection.with(|connection| connection.kind());
    let words = move || monitor.connection.with(|connection| connection.words());
    view! {
        <div class="badge" role="status" aria-live="polite">
            <span class="badge-people" data-testid="people">
                {move || monitor.people_in_words()}
            </span>
            <span class="badge-connection" data-testid="connection" data-kind=kind>
                {words}
            </span>
        </div>
    }
}

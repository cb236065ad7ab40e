//! Who is here, and whether everything is saved.

use leptos::prelude::*;

use crate::{monitor::Monitor, preferences::words};

/// Shows a session's state and says changes of it aloud.
#[component]
pub(crate) fn Badge(monitor: Monitor) -> impl IntoView {
    let words = &words().badge;
    let people = move || monitor.people.get().map(words.people).unwrap_or_default();
    let kind = move || monitor.connection.with(|connection| connection.kind());
    let connection = move || monitor.connection.with(words.connection);
    view! {
        <div class="badge" role="status" aria-live="polite" data-without-script=words.without_script>
            // Who comes and goes is said by name elsewhere.
            <span class="badge-people" data-testid="people" aria-live="off">
                {people}
            </span>
            <span class="badge-connection" data-testid="connection" data-kind=kind>
                {connection}
            </span>
        </div>
    }
}

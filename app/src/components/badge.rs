//! Who is here, and whether everything is saved.

use leptos::prelude::*;

use crate::{monitor::Monitor, preferences::words};

/// Shows a session's state. It changes too often to be read aloud: [`Herald`](super::Herald) says what matters.
#[component]
pub(crate) fn Badge(monitor: Monitor) -> impl IntoView {
    let words = &words().badge;
    let people = move || monitor.people.get().map(words.people).unwrap_or_default();
    let kind = move || monitor.connection.with(|connection| connection.kind());
    let connection = move || monitor.connection.with(words.connection);
    view! {
        <div class="badge" role="status" aria-live="off" data-without-script=words.without_script>
            <span class="badge-people" data-testid="people">
                {people}
            </span>
            <span class="badge-connection" data-testid="connection" data-kind=kind>
                {connection}
            </span>
        </div>
    }
}

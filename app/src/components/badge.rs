//! Who is here, and whether everything is saved.

use leptos::prelude::*;

use crate::{monitor::Connection, preferences::words};

/// Shows a session's state. It changes too often to be read aloud: [`Herald`](super::Herald) says what matters.
#[component]
pub(crate) fn Badge() -> impl IntoView {
    let words = &words().badge;
    let connection = Connection::Connecting;
    view! {
        <div class="badge" role="status" aria-live="off" data-without-script=words.without_script>
            <span class="badge-people" data-testid="people"></span>
            <span class="badge-connection" data-testid="connection" data-kind=connection.kind()>
                {(words.connection)(&connection)}
            </span>
        </div>
    }
}

//! What happens around the text, for those who do not see it.

use leptos::prelude::*;

use crate::{
    monitor::{Connection, Monitor},
    preferences::words,
};

/// Says, when there is a pause, who comes and goes, and when the link is lost or something else keeps the server from
/// having everything. What changes with every key, such as how many changes wait, is only shown.
#[component]
pub(crate) fn Herald(monitor: Monitor) -> impl IntoView {
    let link = RwSignal::new(String::new());
    Effect::new(move |said: Option<Option<&'static str>>| {
        monitor.connection.with(|connection| news(connection, said.flatten(), link))
    });
    view! {
        <p class="visually-hidden" aria-live="polite" data-testid="news">
            {move || monitor.news.get()}
        </p>
        <p class="visually-hidden" aria-live="polite" data-testid="link-news">
            {move || link.get()}
        </p>
    }
}

/// `said` is the kind of trouble that was told last and is not over. Returns which one that is now.
fn news(connection: &Connection, said: Option<&'static str>, link: RwSignal<String>) -> Option<&'static str> {
    let words = &words().badge;
    match connection {
        // On the way from one to the other.
        Connection::Connecting | Connection::Saving => said,
        Connection::Saved => {
            if said.is_some() {
                link.set(words.well_again.to_owned());
            }
            None
        }
        Connection::NotSaving(_) | Connection::Offline { .. } | Connection::Refused(_) => {
            let kind = connection.kind();
            if said != Some(kind) {
                link.set((words.connection)(connection));
            }
            Some(kind)
        }
    }
}

//! What a person sees when somebody has deleted the document that they have open.

use collab::id::DocId;
use leptos::prelude::*;

use super::Restore;
use crate::{
    monitor::{Connection, Monitor},
    preferences::words,
};

/// A notice that is hidden until then. The text stays on the page, so that it can be taken along.
#[component]
pub(crate) fn Deleted(id: DocId, monitor: Monitor) -> impl IntoView {
    let words = &words().deleted;
    let is_hidden = move || {
        monitor
            .connection
            .with(|connection| !matches!(connection, Connection::Refused(refusal) if refusal.is_deletion()))
    };
    let is_copied = RwSignal::new(None);
    let label = move || match is_copied.get() {
        None => words.copy_text,
        Some(true) => words.text_copied,
        Some(false) => words.not_copied,
    };
    view! {
        <div class="mishap" role="alert" data-testid="deleted" hidden=is_hidden>
            <div class="mishap-words">
                <h2>{words.title}</h2>
                <p>{words.advice}</p>
            </div>
            <div class="mishap-actions">
                <button class="button is-quiet" type="button" on:click=move |_| copy_text(is_copied)>
                    {label}
                </button>
                <Restore id />
            </div>
        </div>
    }
    .into_any()
}

/// The pane for plain reading holds the text, also while another one is seen.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody clicks on the server"))]
fn copy_text(is_copied: RwSignal<Option<bool>>) {
    #[cfg(feature = "hydrate")]
    {
        let text = document().query_selector(".plain").ok().flatten().and_then(|pane| pane.text_content());
        leptos::task::spawn_local(async move {
            is_copied.set(Some(crate::clipboard::copy(&text.unwrap_or_default()).await));
        });
    }
}

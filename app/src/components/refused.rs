//! What a person sees when the server does not take what was written.

use collab::id::DocId;
use leptos::prelude::*;

use crate::{
    monitor::{Connection, Monitor},
    preferences::words,
};

/// A notice that is hidden until then; a deletion has [one of its own](super::Deleted). What was refused would be refused again by every page that finds it in the
/// browser, so that it offers a way out.
#[component]
pub(crate) fn Refused(id: DocId, monitor: Monitor) -> impl IntoView {
    let words = &words().refused;
    let is_hidden = move || {
        monitor
            .connection
            .with(|connection| !matches!(connection, Connection::Refused(refusal) if !refusal.is_deletion()))
    };
    view! {
        <div class="mishap" role="alert" data-testid="refused" hidden=is_hidden>
            <p>{words.advice}</p>
            <button class="button" type="button" on:click=move |_| begin_afresh(&id)>
                {words.begin_afresh}
            </button>
        </div>
    }
    .into_any()
}

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody clicks on the server"))]
fn begin_afresh(id: &DocId) {
    #[cfg(feature = "hydrate")]
    crate::session::begin_afresh(id);
}

//! What a person sees when the server does not take what was written.

use leptos::prelude::*;

use super::TakeAlong;
use crate::{marks::REFUSED, preferences::words};

/// A notice that is hidden until then; a deletion has [one of its own](super::Deleted). What was refused would be refused
/// again by every page that finds it in the browser, so that it offers ways out.
#[component]
pub(crate) fn Refused() -> impl IntoView {
    let words = &words().refused;
    view! {
        <div id=REFUSED class="mishap" role="alert" data-testid="refused" hidden>
            <p class="mishap-words">{words.advice}</p>
            <div class="mishap-actions">
                <TakeAlong />
                <button class="button is-quiet begin-afresh" type="button">
                    {words.begin_afresh}
                </button>
            </div>
        </div>
    }
    .into_any()
}

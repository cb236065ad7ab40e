//! What a person sees when the program in the page has broken down.

use leptos::prelude::*;

use crate::{marks::MISHAP, preferences::words};

/// A notice that is hidden until then.
#[component]
pub(crate) fn Mishap() -> impl IntoView {
    let words = &words().mishap;
    view! {
        <div id=MISHAP class="mishap" role="alert" hidden>
            <p>{words.sorry}</p>
            <a class="button" href="" rel="external">
                {words.reload}
            </a>
        </div>
    }
}

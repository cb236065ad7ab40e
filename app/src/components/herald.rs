//! What happens around the text, for those who do not see it.

use leptos::prelude::*;

use crate::marks::{LINK_NEWS, NEWS};

/// The places where it is said. There is nothing to say yet.
#[component]
pub(crate) fn Herald() -> impl IntoView {
    view! {
        <p id=NEWS class="visually-hidden" aria-live="polite" data-testid="news"></p>
        <p id=LINK_NEWS class="visually-hidden" aria-live="polite" data-testid="link-news"></p>
    }
}

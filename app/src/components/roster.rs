//! Everybody who is here, by name.

use leptos::prelude::*;

use crate::{
    marks::{MYSELF, SETTINGS, SOMEONE},
    preferences::words,
};

/// The place where the browser shows who is here, and what it makes their names from. One's own leads to where it can be
/// changed.
#[component]
pub(crate) fn Roster() -> impl IntoView {
    view! {
        <ul class="roster" aria-label=words().people.here></ul>
        <template id=MYSELF>
            <li>
                <button class="person" type="button" popovertarget=SETTINGS>
                    <span class="person-initial" aria-hidden="true"></span>
                </button>
            </li>
        </template>
        <template id=SOMEONE>
            <li>
                <button class="person" type="button">
                    <span class="person-initial" aria-hidden="true"></span>
                    <span class="person-name" dir="auto"></span>
                </button>
            </li>
        </template>
    }
    .into_any()
}

//! What the document is called, for everybody to change.

use collab::{id::DocId, title};
use leptos::prelude::*;

use crate::{marks::TITLE, naming, preferences::words};

/// The title, changed in its place. Until the page is alive it can only be read.
#[component]
pub(crate) fn TitleField(id: DocId, title: String) -> impl IntoView {
    let stand_in = naming::stand_in(&id, words());
    let words = &words().title;
    view! {
        <h1 class="visually-hidden">{naming::shown(&title, &id)}</h1>
        <input
            id=TITLE
            class="title-field"
            aria-label=words.label
            title=words.label
            value=title
            placeholder=stand_in
            maxlength=title::MAX_LEN.to_string()
            readonly
            autocomplete="off"
            dir="auto"
            enterkeyhint="done"
        />
    }
    .into_any()
}

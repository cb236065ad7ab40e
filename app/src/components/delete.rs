//! The question whether a document should be deleted.

use collab::id::DocId;
use leptos::prelude::*;

use crate::{
    forms,
    marks::{DELETE, QUESTION},
    preferences::words,
};

/// A form that the server answers with the page of a document that was deleted. A button can open the dialog without a
/// script, as a popover.
#[component]
pub(crate) fn DeleteDialog(id: DocId, title: String) -> impl IntoView {
    let question = (words().title.delete_this)(&title);
    let words = &words().menu;
    view! {
        <dialog id=DELETE class="dialog" popover="auto" aria-labelledby=QUESTION aria-describedby="delete-help">
            <h2 id=QUESTION>{question}</h2>
            <p id="delete-help">{words.delete_help}</p>
            <form class="dialog-actions" action=forms::delete(&id) method="post">
                <button
                    class="button is-quiet"
                    type="button"
                    autofocus
                    popovertarget=DELETE
                    popovertargetaction="hide"
                >
                    {words.keep}
                </button>
                <button class="button is-dangerous" type="submit">
                    {words.delete_it}
                </button>
            </form>
        </dialog>
    }
    .into_any()
}

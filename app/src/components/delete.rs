//! The question whether a document should be deleted.

use collab::id::DocId;
use leptos::{ev::MouseEvent, prelude::*};

use crate::{forms, monitor::Monitor, naming, preferences::words};

/// The dialog, so that a button can open it without a script, as a popover.
pub(super) const DIALOG: &str = "delete";

/// A form that the server answers with the page of a document that was deleted.
#[component]
pub(crate) fn DeleteDialog(id: DocId, monitor: Monitor) -> impl IntoView {
    let words = &words().menu;
    let action = forms::delete(&id);
    let question = move || (words.delete_this)(&naming::shown(&monitor.title.get(), &id));
    view! {
        <dialog id=DIALOG class="dialog" popover="auto" aria-labelledby="delete-title" aria-describedby="delete-help">
            <h2 id="delete-title">{question}</h2>
            <p id="delete-help">{words.delete_help}</p>
            <form class="dialog-actions" action=action method="post">
                <button
                    class="button is-quiet"
                    type="button"
                    autofocus
                    popovertarget=DIALOG
                    popovertargetaction="hide"
                    on:click=|click| close(&click)
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

/// Asks, and lets nothing else be done until there is an answer.
#[cfg(feature = "hydrate")]
pub(super) fn ask() {
    if let Some(dialog) = dialog() {
        let _ = dialog.show_modal();
    }
}

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody clicks on the server"))]
fn close(click: &MouseEvent) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = dialog().filter(leptos::web_sys::HtmlDialogElement::open) {
        click.prevent_default();
        dialog.close();
    }
}

#[cfg(feature = "hydrate")]
fn dialog() -> Option<leptos::web_sys::HtmlDialogElement> {
    use leptos::wasm_bindgen::JsCast;

    document().get_element_by_id(DIALOG)?.dyn_into().ok()
}

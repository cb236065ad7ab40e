//! What can be done with a whole document.

use collab::id::DocId;
use leptos::prelude::*;

use super::{Icon, delete::DeleteDialog};
use crate::{
    marks::{COPY_LINK, DELETE, DOCUMENT_MENU, PRINT},
    preferences::words,
    words::Words,
};

const DOTS: &str = "M5.5 12h.01M12 12h.01M18.5 12h.01";
const LINK: &str = "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1";
const PRINTER: &str =
    "M7 8V4h10v4M7 17H4v-6.5A2.5 2.5 0 0 1 6.5 8h11a2.5 2.5 0 0 1 2.5 2.5V17h-3M7 14h10v6H7z";
const ARROW_DOWN: &str = "M12 4v11M7 10.5l5 5 5-5M5 20h14";
const BIN: &str = "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 10.5v5.5M14 10.5v5.5";

/// A button that opens a menu, which needs no script for what the server does.
#[component]
pub(crate) fn DocumentMenu(id: DocId, title: String) -> impl IntoView {
    let Words { menu: words, copying, .. } = words();
    view! {
        <button
            class="menu-button is-document"
            type="button"
            popovertarget=DOCUMENT_MENU
            aria-label=words.title
            title=words.title
        >
            <Icon path=DOTS />
        </button>
        <div id=DOCUMENT_MENU class="menu document-menu" popover="auto" role="dialog" aria-label=words.title>
            <button id=COPY_LINK class="menu-item needs-script" type="button">
                <Icon path=LINK />
                <span aria-live="polite">{copying.link}</span>
            </button>
            <button id=PRINT class="menu-item needs-script" type="button">
                <Icon path=PRINTER />
                {words.print}
            </button>
            <div class="menu-item is-label" id="download-as">
                <Icon path=ARROW_DOWN />
                {words.download}
            </div>
            <ul class="menu-choices" aria-labelledby="download-as">
                {downloads(&id)}
            </ul>
            <button class="menu-item is-dangerous" type="button" popovertarget=DELETE>
                <Icon path=BIN />
                {words.delete}
            </button>
        </div>
        <DeleteDialog id title />
    }
    .into_any()
}

/// The server sends them as files.
fn downloads(id: &DocId) -> impl IntoView + use<> {
    let words = &words().menu;
    let kinds = [("txt", words.as_text), ("md", words.as_markdown), ("html", words.as_html)];
    kinds
        .map(|(ending, name)| {
            view! {
                <li>
                    <a class="option" href=format!("/d/{id}/download.{ending}") rel="external" download="">
                        <span class="option-name">{format!(".{ending}")}</span>
                        <span class="visually-hidden">{name}</span>
                    </a>
                </li>
            }
        })
        .collect_view()
}

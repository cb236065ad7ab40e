//! What can be done with a whole document.

use collab::id::DocId;
use leptos::{ev::MouseEvent, prelude::*};

use super::{Icon, delete};
use crate::{monitor::Monitor, preferences::words};

const MENU: &str = "document";

const DOTS: &str = "M5.5 12h.01M12 12h.01M18.5 12h.01";
const LINK: &str = "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1";
const TICK: &str = "M5 12.5l4.5 4.5L19 7.5";
const PRINTER: &str =
    "M7 8V4h10v4M7 17H4v-6.5A2.5 2.5 0 0 1 6.5 8h11a2.5 2.5 0 0 1 2.5 2.5V17h-3M7 14h10v6H7z";
const ARROW_DOWN: &str = "M12 4v11M7 10.5l5 5 5-5M5 20h14";
const BIN: &str = "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 10.5v5.5M14 10.5v5.5";

/// A button that opens a menu, which needs no script for what the server does.
#[component]
pub(crate) fn DocumentMenu(id: DocId, monitor: Monitor) -> impl IntoView {
    let words = &words().menu;
    view! {
        <button
            class="menu-button is-document"
            type="button"
            popovertarget=MENU
            aria-label=words.title
            title=words.title
        >
            <Icon path=DOTS />
        </button>
        <div id=MENU class="menu document-menu" popover="auto" role="dialog" aria-label=words.title>
            <CopyLink id=id.clone() />
            <button class="menu-item needs-script" type="button" on:click=move |_| print()>
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
            <button
                class="menu-item is-dangerous"
                type="button"
                popovertarget=delete::DIALOG
                on:click=move |click| ask(&click)
            >
                <Icon path=BIN />
                {words.delete}
            </button>
        </div>
        <delete::DeleteDialog id monitor />
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

/// Says so on the button when it is done.
#[component]
fn CopyLink(id: DocId) -> impl IntoView {
    let words = &words().menu;
    let is_copied = RwSignal::new(None::<bool>);
    let label = move || match is_copied.get() {
        None => words.copy_link,
        Some(true) => words.link_copied,
        Some(false) => words.not_copied,
    };
    view! {
        <button class="menu-item needs-script" type="button" on:click=move |_| copy(&id, is_copied)>
            {move || view! { <Icon path=if is_copied.get() == Some(true) { TICK } else { LINK } /> }}
            <span aria-live="polite">{label}</span>
        </button>
    }
    .into_any()
}

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody clicks on the server"))]
fn copy(id: &DocId, is_copied: RwSignal<Option<bool>>) {
    #[cfg(feature = "hydrate")]
    {
        use std::time::Duration;

        let address = format!("{}/d/{id}", location().origin().unwrap_or_default());
        leptos::task::spawn_local(async move {
            is_copied.set(Some(crate::clipboard::copy(&address).await));
            set_timeout(move || is_copied.set(None), Duration::from_secs(3));
        });
    }
}

fn print() {
    #[cfg(feature = "hydrate")]
    {
        hide();
        let _ = window().print();
    }
}

/// With a script the question is asked in place of the menu, and nothing else can be done meanwhile.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody clicks on the server"))]
fn ask(click: &MouseEvent) {
    #[cfg(feature = "hydrate")]
    {
        click.prevent_default();
        hide();
        delete::ask();
    }
}

#[cfg(feature = "hydrate")]
fn hide() {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlElement};

    if let Some(menu) = document().get_element_by_id(MENU) {
        let _ = menu.unchecked_into::<HtmlElement>().hide_popover();
    }
}

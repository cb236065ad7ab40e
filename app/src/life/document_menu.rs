//! What can be done with a whole document.

use std::{rc::Rc, time::Duration};

use collab::id::DocId;
use leptos_dom::helpers::{location, set_timeout, window};
use reactive_graph::traits::Get;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement};

use crate::{
    clipboard,
    marks::{COPY_LINK, DELETE, DOCUMENT_MENU, PRINT, QUESTION},
    monitor::Monitor,
    naming,
    page::{find_in, named, on, on_click, put_attribute, put_text, show_text},
    preferences::words,
};

const TICK: &str = "M5 12.5l4.5 4.5L19 7.5";

pub(super) fn offer(id: DocId, monitor: Monitor) {
    if let Some(button) = named(COPY_LINK) {
        let address = format!("{}/d/{id}", location().origin().unwrap_or_default());
        offer_link(&button, address);
    }
    on_click(named(PRINT), |_| {
        hide();
        let _ = window().print();
    });
    on_click(named(DOCUMENT_MENU).and_then(|menu| find_in(&menu, ".is-dangerous")), |click| ask(&click));
    on_click(named(DELETE).and_then(|dialog| find_in(&dialog, "[type=button]")), |click| close(&click));
    show_text(named(QUESTION), move || {
        (words().title.delete_this)(&naming::shown(&monitor.title.get(), &id))
    });
}

/// Says so on the button when it is done.
fn offer_link(button: &Element, address: String) {
    let (Some(picture), Some(label)) = (find_in(button, "path"), find_in(button, "span")) else { return };
    let link = picture.get_attribute("d");
    let show = Rc::new(move |path: Option<&str>, words: &str| {
        put_attribute(&picture, "d", path.or(link.as_deref()));
        put_text(&label, words);
    });
    on(button, "click", move |_| {
        let (show, address) = (show.clone(), address.clone());
        spawn_local(async move {
            let words = &words().copying;
            if clipboard::copy(&address).await {
                show(Some(TICK), words.done);
            } else {
                show(None, words.failed);
            }
            set_timeout(move || show(None, words.link), Duration::from_secs(3));
        });
    });
}

/// With a script the question is asked in place of the menu, and nothing else can be done until there is an answer.
fn ask(click: &Event) {
    click.prevent_default();
    hide();
    if let Some(dialog) = dialog() {
        let _ = dialog.show_modal();
    }
}

fn close(click: &Event) {
    if let Some(dialog) = dialog().filter(HtmlDialogElement::open) {
        click.prevent_default();
        dialog.close();
    }
}

fn dialog() -> Option<HtmlDialogElement> {
    named(DELETE)?.dyn_into().ok()
}

fn hide() {
    if let Some(menu) = named(DOCUMENT_MENU) {
        let _ = menu.unchecked_into::<HtmlElement>().hide_popover();
    }
}

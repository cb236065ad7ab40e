//! What the document is called, for everybody to change: it holds when the field is left or Enter is pressed, Escape
//! takes it back, and an empty one leaves it to the text's first line.

use std::{cell::Cell, rc::Rc};

use collab::id::DocId;
use leptos_dom::helpers::document;
use reactive_graph::traits::{Get, GetUntracked, Set, With};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

use crate::{
    controls::{Controls, Wish},
    marks::TITLE,
    monitor::{Connection, Monitor},
    naming,
    page::{field, find, follow, named, on, show_attribute, show_text},
};

/// What the server has put there.
pub(super) fn written() -> String {
    named(TITLE).and_then(|field| field.get_attribute("value")).unwrap_or_default()
}

pub(super) fn offer(id: DocId, monitor: Monitor, controls: Controls) {
    let Some(field) = field(named(TITLE)) else { return };
    show_attribute(Some(field.clone().into()), "readonly", move || {
        let is_dead = controls.profile.with(Option::is_none)
            || monitor.connection.with(|connection| matches!(connection, Connection::Refused(_)));
        is_dead.then_some("")
    });
    show_text(find(".masthead h1"), {
        let id = id.clone();
        move || naming::shown(&monitor.title.get(), &id)
    });
    follow(move || document().set_title(&naming::of_page(&naming::shown(&monitor.title.get(), &id))));
    take(&field, monitor, controls);
}

/// Takes what the person writes, and shows what the others make of the title, except while the person is at it.
fn take(field: &HtmlInputElement, monitor: Monitor, controls: Controls) {
    let is_touched = Rc::new(Cell::new(false));
    on(field, "input", {
        let is_touched = is_touched.clone();
        move |_| is_touched.set(true)
    });
    on(field, "keydown", {
        let (field, is_touched) = (field.clone(), is_touched.clone());
        move |key| press(key.unchecked_ref(), &field, monitor, &is_touched)
    });
    on(field, "change", {
        let (field, is_touched) = (field.clone(), is_touched.clone());
        move |_| {
            let written = field.value();
            is_touched.set(false);
            if written != monitor.title.get_untracked() {
                controls.wish.set(Some(Wish::Rename(written)));
            }
            restore(&field, monitor);
        }
    });
    let field = field.clone();
    follow(move || {
        let title = monitor.title.get();
        if !is_touched.get() {
            field.set_value(&title);
        }
    });
}

/// Shows the title that holds.
fn restore(field: &HtmlInputElement, monitor: Monitor) {
    field.set_value(&monitor.title.get_untracked());
}

/// Keys of a composition belong to it.
fn press(key: &KeyboardEvent, field: &HtmlInputElement, monitor: Monitor, is_touched: &Cell<bool>) {
    match key.key().as_str() {
        _ if key.is_composing() => {}
        "Enter" => drop(field.blur()),
        "Escape" => {
            is_touched.set(false);
            restore(field, monitor);
            drop(field.blur());
        }
        _ => {}
    }
}

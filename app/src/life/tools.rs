//! The tools beside the place to write in.

use leptos_dom::helpers::window;
use reactive_graph::traits::Set;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::{
    controls::{Controls, Wish},
    marks::{KEYS, SEARCH},
    page::{all_in, named, on, on_click, put_text},
};

pub(super) fn offer(controls: Controls) {
    on_click(named(SEARCH), move |_| controls.wish.set(Some(Wish::Search)));
    let Some(keys) = named(KEYS) else { return };
    if has_mac_keyboard() {
        for key in all_in(&keys, "kbd") {
            put_text(&key, &key.get_attribute("data-mac").unwrap_or_default());
        }
    }
    show_on_key(keys.unchecked_into());
}

/// As CodeMirror finds it out, which binds the keys.
fn has_mac_keyboard() -> bool {
    window().navigator().platform().is_ok_and(|platform| {
        platform.contains("Mac") || platform.contains("iPhone") || platform.contains("iPad")
    })
}

/// F1 asks for help, as in other programs.
fn show_on_key(keys: HtmlElement) {
    on(&window(), "keydown", move |event| {
        if event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "F1") {
            event.prevent_default();
            let _ = keys.toggle_popover();
        }
    });
}

//! The tools beside the place to write in.

use leptos::prelude::*;

use super::{Icon, Settings};
use crate::{
    controls::{Controls, Wish},
    preferences::words,
};

const KEYS: &str = "keys";

const MAGNIFIER: &str = "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM15.5 15.5L20 20";
const KEYBOARD: &str = "M3 6.5h18v11H3zM6.5 10h.01M10 10h.01M13.5 10h.01M17 10h.01M8 14h8";

/// Buttons for what keys do as well, and for what can be chosen.
#[component]
pub(crate) fn Tools(controls: Controls) -> impl IntoView {
    let words = &words().tools;
    #[cfg(feature = "hydrate")]
    show_on_key();
    view! {
        <div class="tools">
            <button
                class="tool"
                type="button"
                title=words.search
                aria-label=words.search
                on:click=move |_| controls.wish.set(Some(Wish::Search))
            >
                <Icon path=MAGNIFIER />
            </button>
            <button class="tool" type="button" title=words.keys aria-label=words.keys popovertarget=KEYS>
                <Icon path=KEYBOARD />
            </button>
            <Settings controls />
        </div>
        <KeyList />
    }
    .into_any()
}

/// What keys do. Until it is known which keyboard there is, it is the usual one.
#[component]
fn KeyList() -> impl IntoView {
    let words = &words().tools;
    let is_mac = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move || is_mac.set(has_mac_keyboard()));
    let row = |&(usual, mac, what): &(&'static str, &'static str, &'static str)| {
        view! {
            <div>
                <dt>
                    <kbd>{move || if is_mac.get() { mac } else { usual }}</kbd>
                </dt>
                <dd>{what}</dd>
            </div>
        }
    };
    view! {
        <div id=KEYS class="menu keys" popover="auto" role="dialog" aria-label=words.keys tabindex="-1" autofocus>
            <h3>{words.keys}</h3>
            <dl>{words.key_list.iter().map(row).collect_view()}</dl>
        </div>
    }
    .into_any()
}

/// As CodeMirror finds it out, which binds the keys.
#[cfg(feature = "hydrate")]
fn has_mac_keyboard() -> bool {
    window().navigator().platform().is_ok_and(|platform| {
        platform.contains("Mac") || platform.contains("iPhone") || platform.contains("iPad")
    })
}

/// F1 asks for help, as in other programs.
#[cfg(feature = "hydrate")]
fn show_on_key() {
    use leptos::{ev, wasm_bindgen::JsCast, web_sys::HtmlElement};

    let listener = window_event_listener(ev::keydown, |event| {
        if event.key() != "F1" {
            return;
        }
        event.prevent_default();
        let keys = document().get_element_by_id(KEYS).and_then(|keys| keys.dyn_into::<HtmlElement>().ok());
        if let Some(keys) = keys {
            let _ = keys.toggle_popover();
        }
    });
    on_cleanup(move || listener.remove());
}

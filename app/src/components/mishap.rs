//! What a person sees when the program in the page has broken down.

use leptos::prelude::*;

use crate::preferences::words;

const ID: &str = "mishap";

/// A notice that is hidden until then.
#[component]
pub(crate) fn Mishap() -> impl IntoView {
    let words = &words().mishap;
    view! {
        <div id=ID class="mishap" role="alert" hidden>
            <p>{words.sorry}</p>
            <a class="button" href="" rel="external">
                {words.reload}
            </a>
        </div>
    }
}

/// From now on a panic is told to the person, and not only to the console.
#[cfg(feature = "hydrate")]
pub(crate) fn watch_for_mishaps() {
    std::panic::set_hook(Box::new(|panic| show_mishap(&panic.to_string().into())));
}

/// Tells the person that the page has broken down, and the console why.
#[cfg(feature = "hydrate")]
pub(crate) fn show_mishap(cause: &leptos::wasm_bindgen::JsValue) {
    leptos::web_sys::console::error_1(cause);
    if let Some(notice) = document().get_element_by_id(ID) {
        let _ = notice.remove_attribute("hidden");
    }
    // What is typed from now on would not reach anybody.
    if let Ok(Some(surface)) = document().query_selector("[contenteditable=true]") {
        let _ = surface.set_attribute("contenteditable", "false");
    }
}

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
    use leptos::{
        wasm_bindgen::{JsCast, JsValue},
        web_sys::{HtmlTextAreaElement, console},
    };

    std::panic::set_hook(Box::new(|panic| {
        console::error_1(&JsValue::from_str(&panic.to_string()));
        if let Some(notice) = document().get_element_by_id(ID) {
            let _ = notice.remove_attribute("hidden");
        }
        // What is typed from now on would not reach anybody.
        let surface = document().query_selector("textarea").ok().flatten();
        if let Some(surface) = surface.and_then(|surface| surface.dyn_into::<HtmlTextAreaElement>().ok()) {
            surface.set_read_only(true);
        }
    }));
}

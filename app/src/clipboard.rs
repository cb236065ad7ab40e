//! What a person takes along from a page.

use js_sys::Reflect;
use leptos_dom::helpers::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, HtmlDocument, HtmlTextAreaElement};

/// Copies a text. Whether that worked is known a moment later.
pub(crate) async fn copy(text: &str) -> bool {
    // Without TLS, browsers have no clipboard for pages, but an old command that does the same.
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into());
    match clipboard.ok().and_then(|clipboard| clipboard.dyn_into::<Clipboard>().ok()) {
        Some(clipboard) => JsFuture::from(clipboard.write_text(text)).await.is_ok(),
        None => copy_by_command(text).unwrap_or_default(),
    }
}

/// The command copies what is selected, so that there must be something to select.
fn copy_by_command(text: &str) -> Option<bool> {
    let document = document();
    let before = document.active_element();
    // What lies above everything else lets nothing outside it have the focus.
    let top = document.query_selector("dialog[open], :popover-open").ok()?;
    let place = top.or_else(|| document.body().map(Into::into))?;
    let area: HtmlTextAreaElement = document.create_element("textarea").ok()?.unchecked_into();
    area.set_class_name("visually-hidden");
    area.set_value(text);
    place.append_child(&area).ok()?;
    area.select();
    let is_copied = document.unchecked_into::<HtmlDocument>().exec_command("copy").ok();
    area.remove();
    if let Some(before) = before.and_then(|before| before.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = before.focus();
    }
    is_copied
}

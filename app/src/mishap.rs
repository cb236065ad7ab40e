//! When the program in the page breaks down.

use wasm_bindgen::JsValue;
use web_sys::console;

use crate::{
    marks::MISHAP,
    page::{find, named, put_attribute},
};

/// From now on a panic is told to the person, and not only to the console.
pub(crate) fn watch() {
    std::panic::set_hook(Box::new(|panic| show(&panic.to_string().into())));
}

/// Tells the person that the page has broken down, and the console why.
pub(crate) fn show(cause: &JsValue) {
    console::error_1(cause);
    if let Some(notice) = named(MISHAP) {
        put_attribute(&notice, "hidden", None);
    }
    // What is typed from now on would not reach anybody.
    if let Some(surface) = find("[contenteditable=true]") {
        put_attribute(&surface, "contenteditable", Some("false"));
    }
}

//! How a page comes by its link to the server.

#[cfg(feature = "hydrate")]
use wasm_bindgen::prelude::*;

/// Opens the first link, while the program is still on its way, and leaves in the page what opens another one. The element that
/// holds this script names the document in its attribute `data-document`.
///
/// What arrives on the first link is held until the program has it. If the program does not come within 30 seconds, the link
/// is closed: nothing should pile up in a page that will never show it.
///
/// By its author's name the server keeps this browser's updates. It is random, and the same for all documents and visits. Where
/// a browser keeps nothing, there is none.
#[cfg(feature = "ssr")]
pub(crate) const OPENER: &str = include_str!("link/opener.js");

#[cfg(feature = "hydrate")]
#[wasm_bindgen]
extern "C" {
    /// The link that the page has opened, the first time, and then a new one. What the first one has received follows in a
    /// microtask: whoever asks must listen before their own task ends.
    ///
    /// # Errors
    /// If the browser opens none.
    #[wasm_bindgen(js_name = openLink, catch)]
    pub(crate) fn open() -> Result<web_sys::WebSocket, JsValue>;
}

//! The part of the program that renders Markdown.
//!
//! A release keeps it in a file of its own, since it is as large as a third of all else: a page loads that when
//! something has to be rendered, or when it has been open for a while.

use std::cell::Cell;

use futures::FutureExt;

use crate::markdown::{self, Block};

thread_local! {
    static IS_HERE: Cell<bool> = const { Cell::new(cfg!(not(feature = "split"))) };
}

/// Whether it is loaded.
pub(super) fn is_here() -> bool {
    IS_HERE.get()
}

/// Loads it, unless it is there. Returns whether it is there now; if it is not, another try may succeed.
pub(crate) async fn load() -> bool {
    #[cfg(feature = "split")]
    if !is_here() {
        IS_HERE.set(file::arrives().await && fetch().await.is_ok());
    }
    is_here()
}

/// Renders a text; `None` as long as this is not [loaded](load).
pub(super) fn render(text: &str) -> Option<Vec<Block>> {
    if !is_here() {
        return None;
    }
    apart(text).now_or_never()?.ok()
}

#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(markdown, fallible, preload(fetch))]
fn apart(text: &str) -> Result<Vec<Block>, wasm_split_helpers::SplitLoaderError> {
    Ok(markdown::render(text))
}

#[cfg(not(feature = "split"))]
async fn apart(text: &str) -> Result<Vec<Block>, std::convert::Infallible> {
    Ok(markdown::render(text))
}

/// The file, of which the page says where it is.
#[cfg(feature = "split")]
mod file {
    use leptos_dom::helpers::window;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::Response;

    use crate::{marks::RENDERER, page::find};

    /// Has the browser get it, and keep it for whoever asks next. That one complains in the console where it fails, even where
    /// the page was only left too early.
    pub(super) async fn arrives() -> bool {
        let meta = find(&format!("meta[name={RENDERER}]"));
        match meta.and_then(|meta| meta.get_attribute("content")) {
            Some(address) => get(&address).await.is_ok(),
            None => true,
        }
    }

    async fn get(address: &str) -> Result<(), JsValue> {
        let response: Response = JsFuture::from(window().fetch_with_str(address)).await?.dyn_into()?;
        if !response.ok() {
            return Err(JsValue::UNDEFINED);
        }
        JsFuture::from(response.array_buffer()?).await.map(drop)
    }
}

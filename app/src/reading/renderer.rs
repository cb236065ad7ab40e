//! The part of the program that renders Markdown.
//!
//! A release keeps it in a file of its own, since it is as large as a third of all else: a page loads that when somebody wants
//! to see Markdown.

use futures::FutureExt;

use crate::markdown::{self, Block};

/// Loads it, unless it is there. Returns whether it is there now; if it is not, another try may succeed.
pub(crate) async fn load() -> bool {
    #[cfg(feature = "split")]
    return fetch().await.is_ok();
    #[cfg(not(feature = "split"))]
    true
}

/// Renders a text; `None` as long as this is not [loaded](load).
pub(super) fn render(text: &str) -> Option<Vec<Block>> {
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

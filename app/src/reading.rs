//! Where the text is read: as it is, or rendered as Markdown.

pub(crate) mod chunks;
#[cfg(feature = "hydrate")]
mod lines;
#[cfg(feature = "hydrate")]
mod pace;
#[cfg(feature = "hydrate")]
mod plain;
#[cfg(feature = "hydrate")]
mod rendered;
#[cfg(feature = "hydrate")]
pub(crate) mod renderer;

#[cfg(feature = "hydrate")]
pub(crate) use pane::Reading;

/// The text as it is, as HTML: an element for each of its [`chunks`].
#[cfg(feature = "ssr")]
pub(crate) fn plain(text: &str, escape: impl Fn(&str) -> String) -> String {
    chunks::chunks(text).map(|chunk| format!("<div class=\"chunk\">{}</div>", escape(chunk))).collect()
}

/// The text as Markdown, as HTML.
#[cfg(feature = "ssr")]
pub(crate) fn rendered(text: &str) -> String {
    crate::markdown::render(text).iter().map(crate::markdown::Block::element).collect()
}

#[cfg(feature = "hydrate")]
mod pane;

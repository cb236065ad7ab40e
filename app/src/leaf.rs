//! What a document's page is made of until its replica lives.
//!
//! The server puts the text into the page as HTML, and the document's state into an inert script beside it. Nothing
//! of it is sent a second time: the session begins with the state that it finds in the page.

use std::future::Future;

use base64::{Engine, prelude::BASE64_STANDARD};
use collab::id::DocId;
use leptos::context::use_context;

use crate::{
    layout::Layout,
    ports::{Absence, Glimpse, Host},
    reading, summary,
};

/// The pieces, as HTML. What the layout does not show is empty.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// What the document is called.
    pub(crate) title: String,
    /// How the text begins.
    pub(crate) summary: String,
    /// The text, to be edited.
    pub(crate) editing: String,
    /// The text, to be read as it is.
    pub(crate) plain: String,
    /// The text, to be read as Markdown.
    pub(crate) rendered: String,
    /// The document's state: a Yjs update, in base64.
    pub(crate) state: String,
}

/// Asks the host for a document.
pub(crate) fn load(id: DocId, layout: Layout) -> impl Future<Output = Result<Leaf, Absence>> + Send {
    let host = use_context::<Host>();
    async move {
        let glimpse = host.ok_or(Absence::Unreadable)?.0.peek(id).await?;
        Ok(Leaf::of(&glimpse, layout))
    }
}

impl Leaf {
    fn of(glimpse: &Glimpse, layout: Layout) -> Self {
        let text = &*glimpse.text;
        let only_if =
            |is_shown: bool, html: &dyn Fn() -> String| if is_shown { html() } else { String::new() };
        Self {
            title: glimpse.title.clone(),
            summary: summary::of(text, &glimpse.title),
            editing: only_if(layout.mode.edits(), &|| reading::plain(text, escape)),
            plain: only_if(layout.shows_plain(), &|| reading::plain(text, escape)),
            rendered: only_if(layout.shows_markdown(), &|| reading::rendered(text)),
            state: BASE64_STANDARD.encode(&glimpse.state),
        }
    }
}

/// A text as HTML that parses back into the same text, but for NUL, which HTML cannot hold.
pub(crate) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '\r', '\0']) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            // The parser would make it a newline.
            b'\r' => "&#13;",
            _ => "\u{fffd}",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escape("</textarea><script>alert(1)</script>"),
            "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
        );
        assert_eq!(escape("&lt; 'ü' \"😀\""), "&amp;lt; 'ü' \"😀\"");
        assert_eq!(escape("a\r\nb\0"), "a&#13;\nb\u{fffd}");
        assert_eq!(escape(""), "");
    }
}

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
    let element = |chunk| {
        let direction = if chunks::is_long_line(chunk) { " dir=\"auto\"" } else { "" };
        format!("<div class=\"chunk\"{direction}>{}</div>", escape(chunk))
    };
    chunks::chunks(text).map(element).collect()
}

/// The text as Markdown, as HTML.
#[cfg(feature = "ssr")]
pub(crate) fn rendered(text: &str) -> String {
    crate::markdown::render(text).iter().map(crate::markdown::Block::element).collect()
}

#[cfg(feature = "hydrate")]
mod pane;

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_has_a_direction_of_its_own() {
        let long = "x".repeat(10_000);
        let html = plain(&format!("short\n{long}"), str::to_owned);
        let expected =
            format!("<div class=\"chunk\">short\n</div><div class=\"chunk\" dir=\"auto\">{long}</div>");
        assert_eq!(html, expected);
    }
}

//! Text as HTML.

/// Appends a text so that it means itself, in an element or in a quoted attribute.
pub(crate) fn push(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'', '\0']) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            // HTML cannot hold it.
            _ => "\u{fffd}",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

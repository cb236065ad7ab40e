//! A document to take along: one HTML file that needs nothing else.

use crate::markdown::{escape, render};

/// The colours and the text's own style are those of the page.
const STYLE: &str = concat!(
    include_str!("../../style/tokens.css"),
    include_str!("../../style/rendered.css"),
    "\n\nbody { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem var(--type-text); }\n",
    "main { max-width: 42rem; margin: 0 auto; padding: 2.5rem 1.25rem; }\n",
);

/// Whatever the text is, the file runs and loads nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// Renders a text, as Markdown, as a file with a title.
#[must_use]
pub fn html(title: &str, text: &str) -> String {
    let mut html = String::with_capacity(STYLE.len() + 2 * text.len());
    html.push_str("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n");
    html.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.push_str(&format!("<meta http-equiv=\"content-security-policy\" content=\"{POLICY}\">\n<title>"));
    escape::push(&mut html, title);
    html.push_str(&format!(
        "</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main class=\"rendered\">\n"
    ));
    for block in render(text) {
        html.push_str(&format!("<div class=\"block\" dir=\"{}\">", block.direction()));
        html.push_str(&block.html);
        html.push_str("</div>\n");
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_the_text_as_it_is_on_the_page() {
        let file = html("Plan & <b>", "# One\n\n<script>alert(1)</script>\n\n- two");
        assert!(file.contains("<title>Plan &amp; &lt;b&gt;</title>"), "{file}");
        assert!(file.contains("<h1 dir=\"auto\" id=\"text-one\">One</h1></div>"), "{file}");
        assert!(file.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{file}");
        assert!(!file.contains("<script"), "{file}");
        assert!(file.ends_with("</main>\n</body>\n</html>\n"));
    }

    #[test]
    fn a_file_asks_nobody_for_anything() {
        assert!(!STYLE.contains("@import") && !STYLE.contains("url("));
    }
}

//! What a document is called: as somebody wants, or else as its text begins.

use crate::{edit::utf16_len, line::one_line};

/// The most characters that a title has; what is beyond is cut off.
pub const MAX_LEN: usize = 120;

/// How much of a line is looked at, in bytes.
const LOOKED_AT: usize = 1_000;

/// Makes a title of what somebody wrote; `None` where nothing is left.
#[must_use]
pub fn of_words(written: &str) -> Option<String> {
    let title = one_line(written, MAX_LEN);
    (!title.is_empty()).then_some(title)
}

/// A text's first line that is not blank, without the marks of a Markdown heading. Empty where there is no such line.
#[must_use]
pub fn of_text(text: &str) -> String {
    Beginning::of(text).title
}

/// A title, and how much of the text it hangs on.
pub(crate) struct Beginning {
    pub(crate) title: String,
    /// In UTF-16 units. What happens behind it does not matter.
    pub(crate) reach: u32,
}

impl Beginning {
    pub(crate) fn of(text: &str) -> Self {
        for line in text.split(['\n', '\r']) {
            let seen = &line[..line.floor_char_boundary(LOOKED_AT)];
            if let Some(title) = of_words(without_marks(seen)) {
                let end = seen.as_ptr() as usize - text.as_ptr() as usize + seen.len();
                // The end itself is wherever the text is longer next.
                let reach = if end == text.len() { u32::MAX } else { utf16_len(&text[..end]) };
                return Self { title, reach };
            }
        }
        Self { title: String::new(), reach: u32::MAX }
    }
}

/// What a line says if it is a heading, and the line itself if it is none.
fn without_marks(line: &str) -> &str {
    let line = line.trim();
    let heading = line.trim_start_matches('#');
    let level = line.len() - heading.len();
    if !(1..=6).contains(&level) || !(heading.is_empty() || heading.starts_with([' ', '\t'])) {
        return line;
    }
    let bare = heading.trim_end_matches('#');
    if bare.ends_with([' ', '\t']) { bare.trim() } else { heading.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_called_as_it_begins() {
        for (text, title) in [
            ("", ""),
            (" \n\t\r\n", ""),
            ("one\ntwo", "one"),
            ("\r\n\n  one  \u{202e}two \r\nthree", "one two"),
            ("# Heading\n", "Heading"),
            ("###### Heading ##", "Heading"),
            ("#\n## \n### C#\n", "C#"),
            ("#tag", "#tag"),
            ("####### seven", "####### seven"),
            ("<b> & </b>", "<b> & </b>"),
        ] {
            assert_eq!(of_text(text), title, "{text:?}");
        }
        assert_eq!(of_text(&"é".repeat(100_000)), "é".repeat(MAX_LEN));
    }

    #[test]
    fn a_title_is_one_line() {
        assert_eq!(of_words(" a\nb "), Some("a b".to_owned()));
        assert_eq!(of_words("\u{200b}\n"), None);
        assert_eq!(of_words(&"x".repeat(121)).map(|title| title.len()), Some(120));
    }

    #[test]
    fn a_title_hangs_on_no_more_than_its_line() {
        let reach = |text: &str| Beginning::of(text).reach;
        assert_eq!(reach("\n😀 one\ntwo"), 7);
        assert_eq!(reach(&"long ".repeat(10_000)), LOOKED_AT as u32);
        assert_eq!(reach("\n \n"), u32::MAX, "whatever comes");
        assert_eq!(reach("one"), u32::MAX, "edits may be said to be far behind the end");
    }
}

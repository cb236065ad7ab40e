//! How a text begins, for those who show a link to it.

use pulldown_cmark::{Event, Parser, TagEnd};

use crate::markdown::DIALECT;

/// How much of the text is looked at, in bytes.
const LOOKED_AT: usize = 4_000;
/// The most characters, as many as search engines and messengers show.
const MOST: usize = 200;

/// Its first words, without the marks of Markdown and without the title, where it begins with that.
pub(crate) fn of(text: &str, title: &str) -> String {
    let words = plain(&text[..text.floor_char_boundary(LOOKED_AT)]);
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(line.strip_prefix(title).unwrap_or(&line).trim_start())
}

fn plain(markdown: &str) -> String {
    let mut words = String::new();
    for event in Parser::new_ext(markdown, DIALECT) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                words.push_str(&text);
            }
            Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image,
            )
            | Event::Start(_) => {}
            _ => words.push(' '),
        }
    }
    words
}

/// At the end of a word, if it is too long.
fn cut(line: &str) -> String {
    match line.char_indices().nth(MOST) {
        None => line.to_owned(),
        Some((end, _)) => {
            let whole = line[..end].rfind(' ').unwrap_or(end);
            format!("{}…", &line[..whole])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_the_text_says() {
        let text = "# The plan\n\nWe meet **on [Saturday](/d/x)**,\nat `ten`.\n\n- one\n- two\n\n| a | b |\n|--|--|\n| c | d |";
        assert_eq!(of(text, "The plan"), "We meet on Saturday, at ten. one two a b c d");
        assert_eq!(of(text, "Another title"), "The plan We meet on Saturday, at ten. one two a b c d");
        assert_eq!(of("The plan", "The plan"), "");
        assert_eq!(of("a <b>bold</b> move\n\n<div>\n", ""), "a <b>bold</b> move <div>");
        assert_eq!(of("", ""), "");
    }

    #[test]
    fn it_is_short_and_ends_with_a_word() {
        let long = of(&"words of a long text ".repeat(1_000), "");
        assert!(long.starts_with("words of") && long.ends_with(" words of a…"), "{long}");
        assert!(long.chars().count() <= MOST + 1, "{long}");
        assert_eq!(of(&"ü".repeat(10_000), "").chars().count(), MOST + 1);
    }
}

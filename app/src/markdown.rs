//! The text as Markdown, rendered: by the same code on the server and in the browser.
//!
//! The dialect is CommonMark with GitHub's tables, task lists, strikethrough and footnotes. What comes out is safe *by
//! construction*: nothing of the text reaches the HTML but through the functions that escape it, every tag is one that
//! [`writer`] knows, and addresses pass through [`address`]. HTML in the text is text.

mod address;
mod code;
pub(crate) mod escape;
mod languages;
mod names;
mod writer;

use pulldown_cmark::{Options, Parser, TextMergeWithOffset};

use writer::Writer;

/// The dialect.
pub(crate) const DIALECT: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES);

/// One of the parts that a text consists of, such as a paragraph or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// The line of the text in which it begins, counted from 0.
    pub(crate) line: u32,
    /// Whether it runs from right to left, as its first letter does. Parts of it may run in a direction of their own.
    pub(crate) is_rtl: bool,
    /// What it looks like: whole elements, all of them closed.
    pub(crate) html: String,
}

/// Renders a text.
pub(crate) fn render(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = Lines { text, line: 0, at: 0 };
    let mut writer = Writer::default();
    let (mut line, mut is_rtl) = (0, false);
    for (event, range) in TextMergeWithOffset::new(Parser::new_ext(text, DIALECT).into_offset_iter()) {
        if writer.is_between_blocks() {
            line = lines.of(range.start);
            is_rtl = runs_from_right_to_left(&text[range]);
        }
        writer.write(event);
        if writer.is_between_blocks() {
            blocks.push(Block { line, is_rtl, html: writer.take() });
        }
    }
    blocks
}

impl Block {
    /// Two blocks with the same key look the same: a hash (FNV-1a) of the HTML, in hexadecimal digits.
    pub(crate) fn key(&self) -> String {
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        format!("{:x}", self.html.bytes().fold(0xcbf2_9ce4_8422_2325, mix))
    }

    /// The element that shows it, with its key and the line in which it began: whoever finds it in the page knows what is in
    /// it, and where that was when it was rendered.
    pub(crate) fn element(&self) -> String {
        let (direction, key, line) = (self.direction(), self.key(), self.line);
        let html = &self.html;
        format!(
            "<div class=\"block\" dir=\"{direction}\" data-key=\"{key}\" data-line=\"{line}\">{html}</div>"
        )
    }

    /// What the attribute `dir` says of it.
    pub(crate) fn direction(&self) -> &'static str {
        if self.is_rtl { "rtl" } else { "ltr" }
    }
}

/// Whether the first letter of a text belongs to a script that does. Browsers would find that out for themselves (`auto`),
/// but pass over the elements that have a direction of their own, and so over all items of a list.
fn runs_from_right_to_left(text: &str) -> bool {
    let first = text.chars().find(|letter| letter.is_alphabetic());
    // The ranges that Unicode keeps for such scripts (UAX 9, table 4).
    first.is_some_and(|letter| {
        matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// Counts lines, for places that come in order.
struct Lines<'a> {
    text: &'a str,
    line: u32,
    at: usize,
}

impl Lines<'_> {
    fn of(&mut self, place: usize) -> u32 {
        let passed = self.text.as_bytes().get(self.at..place).unwrap_or_default();
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count() as u32;
        self.at = self.at.max(place);
        self.line
    }
}

#[cfg(test)]
mod tests;

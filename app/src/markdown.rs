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
    /// What it looks like: whole elements, all of them closed.
    pub(crate) html: String,
}

/// Renders a text.
pub(crate) fn render(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = Lines { text, line: 0, at: 0 };
    let mut writer = Writer::default();
    let mut line = 0;
    for (event, range) in TextMergeWithOffset::new(Parser::new_ext(text, DIALECT).into_offset_iter()) {
        if writer.is_between_blocks() {
            line = lines.of(range.start);
        }
        writer.write(event);
        if writer.is_between_blocks() {
            blocks.push(Block { line, html: writer.take() });
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

    /// The element that shows it, with its key: whoever finds it in the page knows what is in it.
    pub(crate) fn element(&self) -> String {
        format!("<div class=\"block\" dir=\"auto\" data-key=\"{}\">{}</div>", self.key(), self.html)
    }
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

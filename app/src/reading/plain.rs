//! The text as it is: an element for each chunk, with one text node, which is changed in place.

use std::cell::Cell;

use collab::edit::{TextEdit, utf16_len};
use leptos_dom::helpers::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Text};

use super::{
    chunks::{chunks, is_long_line},
    lines::{Lines, line_ends},
};
use crate::page::put_attribute;

/// A chunk that grows beyond this, in UTF-16 units, is divided.
const LONGEST: u32 = 8192;

/// Shows the shared text in an element that holds nothing else.
///
/// Invariant *nothing but the text*: the element's text content is the shared text, at every moment.
pub(super) struct Plain {
    element: Element,
    chunks: Vec<Chunk>,
}

/// The edit cannot be shown, because it cuts a character in two or reaches past the end.
#[derive(Debug)]
pub(crate) struct Unfit;

struct Chunk {
    element: Element,
    text: Text,
    /// In UTF-16 units.
    length: u32,
    /// Whether it is one long line, and its element has that one's direction.
    is_line: bool,
    /// How many line ends are in it, once that was asked for.
    lines: Cell<Option<u32>>,
}

/// A place in the text: in this chunk, so many UTF-16 units from its beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    chunk: usize,
    offset: u32,
}

impl Plain {
    /// Takes over an element. What it shows stays until [`Plain::set_text`].
    pub(super) fn mount(element: Element) -> Self {
        let children = element.children();
        let chunks =
            (0..children.length()).filter_map(|index| children.item(index)).map(Chunk::adopt).collect();
        Self { element, chunks }
    }

    /// What is shown.
    pub(super) fn text(&self) -> String {
        self.element.text_content().unwrap_or_default()
    }

    /// Shows this text and no other, and changes no more than that takes.
    pub(super) fn set_text(&mut self, text: &str) {
        if let Some(change) = TextEdit::between(&self.text(), text, None) {
            self.apply(&change).expect("it was made from what is shown");
        }
    }

    /// Shows an edit. The document counts in the same units as the browser, so that nothing but the chunks around the
    /// change is touched, however long the text is.
    ///
    /// # Errors
    /// If it does not fit. Then nothing has changed.
    pub(super) fn apply(&mut self, edit: &TextEdit) -> Result<(), Unfit> {
        let start = self.find(edit.at)?;
        let end = self.find(edit.at + edit.delete)?;
        if self.is_inside_character(start) || self.is_inside_character(end) {
            return Err(Unfit);
        }
        if !self.change_in_place(start, end, &edit.insert) {
            self.change(start, end, &edit.insert);
        }
        Ok(())
    }

    /// Which lines are where.
    pub(super) fn with_lines<T>(&self, act: impl FnOnce(Lines<'_>) -> T) -> T {
        let mut end = 0;
        let mut starts = Vec::with_capacity(self.chunks.len());
        for chunk in &self.chunks {
            starts.push(end);
            end += chunk.lines();
        }
        act(Lines { pane: &self.element, starts: &starts, end: end + 1 })
    }

    /// Where an offset is. Between two chunks, it is the beginning of the second.
    fn find(&self, offset: u32) -> Result<Place, Unfit> {
        let mut offset = offset;
        for (chunk, Chunk { length, .. }) in self.chunks.iter().enumerate() {
            if offset < *length || (offset == *length && chunk + 1 == self.chunks.len()) {
                return Ok(Place { chunk, offset });
            }
            offset -= length;
        }
        if offset == 0 { Ok(Place { chunk: self.chunks.len(), offset }) } else { Err(Unfit) }
    }

    /// Whether the units on both sides are one character, a surrogate pair. Another editor may cut one, and then the
    /// document has a replacement character for each half, but the browser would keep the halves.
    fn is_inside_character(&self, place: Place) -> bool {
        let (Some(chunk), Some(before)) = (self.chunks.get(place.chunk), place.offset.checked_sub(1)) else {
            return false;
        };
        let around = chunk.text.substring_data(before, 2).unwrap_or_default();
        around.chars().next().is_some_and(|c| c.len_utf16() == 2)
    }

    /// Makes a change that leaves the chunks as they are divided. Returns whether it is one.
    fn change_in_place(&mut self, start: Place, end: Place, insert: &str) -> bool {
        let is_last = start.chunk + 1 == self.chunks.len();
        let Some(chunk) = self.chunks.get_mut(start.chunk).filter(|_| start.chunk == end.chunk) else {
            return false;
        };
        let delete = end.offset - start.offset;
        let length = chunk.length - delete + utf16_len(insert);
        // The line end at the chunk's end stays there, or is the last thing that comes.
        let is_whole = is_last || end.offset < chunk.length;
        let stays = if chunk.is_line { !insert.contains('\n') } else { length <= LONGEST };
        if !is_whole || length == 0 || !stays {
            return false;
        }
        chunk.text.replace_data(start.offset, delete, insert).expect("both ends were found in it");
        chunk.length = length;
        chunk.lines.set(None);
        true
    }

    /// Makes any change: puts new chunks in the place of those that it touches.
    fn change(&mut self, start: Place, end: Place, insert: &str) {
        let mut text = self.part(start.chunk, 0, Some(start.offset));
        text.push_str(insert);
        text.push_str(&self.part(end.chunk, end.offset, None));
        let mut after = (end.chunk + 1).min(self.chunks.len());
        if !text.is_empty() && !text.ends_with('\n') && after < self.chunks.len() {
            text.push_str(&self.chunks[after].text.data());
            after += 1;
        }
        let next = self.chunks.get(after).map(|chunk| chunk.element.clone());
        let made: Vec<_> = chunks(&text).map(Chunk::new).collect();
        for chunk in &made {
            let before = next.as_ref().map(AsRef::as_ref);
            self.element
                .insert_before(&chunk.element, before)
                .expect("the next chunk is in the same element");
        }
        for old in self.chunks.splice(start.chunk..after, made) {
            old.element.remove();
        }
    }

    fn part(&self, chunk: usize, from: u32, to: Option<u32>) -> String {
        self.chunks.get(chunk).map_or_else(String::new, |chunk| {
            let count = to.unwrap_or(chunk.length) - from;
            chunk.text.substring_data(from, count).expect("both ends were found in it")
        })
    }
}

impl Chunk {
    fn new(text: &str) -> Self {
        let element = document().create_element("div").expect("there is such an element");
        element.set_class_name("chunk");
        let is_line = is_long_line(text);
        if is_line {
            put_attribute(&element, "dir", Some("auto"));
        }
        let node = document().create_text_node(text);
        element.append_child(&node).expect("an element holds a text");
        Self { element, text: node, length: utf16_len(text), is_line, lines: Cell::new(None) }
    }

    /// A chunk that the server has rendered. Parsers divide long texts into several nodes.
    fn adopt(element: Element) -> Self {
        let first = element.first_child().and_then(|node| node.dyn_into::<Text>().ok());
        let text = first.filter(|text| text.next_sibling().is_none()).unwrap_or_else(|| {
            let text = document().create_text_node(&element.text_content().unwrap_or_default());
            element.replace_children_with_node_1(&text);
            text
        });
        let (length, is_line) = (text.length(), element.has_attribute("dir"));
        Self { element, text, length, is_line, lines: Cell::new(None) }
    }

    fn lines(&self) -> u32 {
        let count = || line_ends(&self.text.data());
        let lines = self.lines.get().unwrap_or_else(count);
        self.lines.set(Some(lines));
        lines
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::chance::Chance;

    fn pane(html: &str) -> Plain {
        let element = document().create_element("div").unwrap();
        element.set_inner_html(html);
        Plain::mount(element)
    }

    fn insertion(at: u32, insert: &str) -> TextEdit {
        TextEdit { at, delete: 0, insert: insert.into() }
    }

    /// Whether an offset is in the middle of a surrogate pair.
    fn cuts(text: &[u16], at: u32) -> bool {
        let at = at as usize;
        at > 0
            && at < text.len()
            && String::from_utf16(&text[at - 1..=at]).is_ok_and(|pair| pair.chars().count() == 1)
    }

    #[wasm_bindgen_test]
    fn nothing_but_the_text() {
        const PIECES: [&str; 8] = ["a", "words ", "\n", "\n\n", "line\n", "😀", "\r\n", "שלום "];
        for seed in 1..=30 {
            let mut chance = Chance::new(seed);
            let mut pane = pane("");
            let mut text: Vec<u16> = Vec::new();
            for step in 0..120 {
                let length = text.len() as u32;
                let at = chance.below(length + 1);
                let most = if chance.below(8) == 0 { length - at } else { (length - at).min(9) };
                let delete = chance.below(most + 1);
                let times = if chance.below(8) == 0 { 3_000 } else { 3 };
                let insert = PIECES[chance.below(8) as usize].repeat(chance.below(times) as usize);
                let result = pane.apply(&TextEdit { at, delete, insert: insert.clone() });
                if cuts(&text, at) || cuts(&text, at + delete) {
                    assert!(result.is_err(), "seed {seed}, step {step}");
                } else {
                    text.splice(at as usize..(at + delete) as usize, insert.encode_utf16());
                }
                assert_eq!(pane.text(), String::from_utf16(&text).unwrap(), "seed {seed}, step {step}");
                let is_known = |chunk: &Chunk| chunk.length > 0 && chunk.length == chunk.text.length();
                assert!(pane.chunks.iter().all(is_known), "seed {seed}, step {step}");
            }
        }
    }

    #[wasm_bindgen_test]
    fn what_the_server_has_rendered_is_taken_over() {
        let mut pane = pane("<div class=\"chunk\">one\n</div><div class=\"chunk\">two</div>");
        let first = pane.element.first_element_child();
        pane.set_text("one\nand two");
        assert_eq!(pane.text(), "one\nand two");
        assert_eq!(pane.element.first_element_child(), first);
    }

    #[wasm_bindgen_test]
    fn an_edit_touches_no_other_chunk() {
        let mut pane = pane("");
        pane.set_text(&"a line of words\n".repeat(1_000));
        assert!(pane.chunks.len() > 20);
        let elements: Vec<Element> = pane.chunks.iter().map(|chunk| chunk.element.clone()).collect();
        pane.apply(&insertion(8_000, "more ")).unwrap();
        let stayed =
            pane.chunks.iter().zip(&elements).filter(|(chunk, element)| chunk.element == **element).count();
        assert_eq!(stayed, elements.len());
    }

    #[wasm_bindgen_test]
    fn a_long_line_has_an_element_and_a_direction_of_its_own() {
        let mut pane = pane("");
        let directions = |pane: &Plain| {
            let chunks = pane.chunks.iter();
            chunks.map(|chunk| chunk.element.has_attribute("dir")).collect::<Vec<_>>()
        };
        pane.set_text(&format!("before\n{}\nafter", "words ".repeat(5_000)));
        assert_eq!(directions(&pane), [false, true, false]);
        let line = pane.chunks[1].element.clone();
        pane.apply(&insertion(9_000, "more ")).unwrap();
        assert_eq!(pane.chunks[1].element, line, "a key changes it where it is");
        pane.apply(&insertion(9_000, "\n")).unwrap();
        assert_eq!(directions(&pane), [false, true, true, false]);
        pane.apply(&TextEdit { at: 0, delete: pane.text().len() as u32, insert: "short".into() }).unwrap();
        assert_eq!(directions(&pane), [false]);
    }

    #[wasm_bindgen_test]
    fn what_reaches_past_the_end_does_not_fit() {
        let mut pane = pane("");
        pane.set_text("text");
        assert!(pane.apply(&insertion(5, "!")).is_err());
        assert!(pane.apply(&TextEdit { at: 2, delete: 3, insert: String::new() }).is_err());
        assert_eq!(pane.text(), "text");
    }
}

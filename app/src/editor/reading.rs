//! The text for reading: one text node, changed in place.

use collab::edit::TextEdit;
use leptos::{
    prelude::document,
    wasm_bindgen::JsCast,
    web_sys::{Element, Text},
};

/// Shows the shared text in an element that holds nothing else.
pub(crate) struct Reading {
    text: Text,
}

/// The edit cannot be shown, because it cuts a character in two or reaches past the end.
#[derive(Debug)]
pub(crate) struct Unfit;

impl Reading {
    /// Takes over an element. What it shows stays until [`Reading::set_text`].
    pub(crate) fn mount(element: &Element) -> Self {
        Self { text: sole_text(element) }
    }

    /// Shows this text and no other.
    pub(crate) fn set_text(&self, text: &str) {
        if self.text.data() != text {
            self.text.set_data(text);
        }
    }

    /// Shows an edit. The document counts in the same units as the browser, so that nothing but the change is
    /// touched, however long the text is.
    ///
    /// # Errors
    /// If it does not fit. Then nothing has changed.
    pub(crate) fn apply(&self, edit: &TextEdit) -> Result<(), Unfit> {
        if self.is_inside_character(edit.at) || self.is_inside_character(edit.at + edit.delete) {
            return Err(Unfit);
        }
        self.text.replace_data(edit.at, edit.delete, &edit.insert).map_err(|_| Unfit)
    }

    /// Whether the units on both sides are one character, a surrogate pair. Another editor may cut one, and then the
    /// document has a replacement character for each half, but the browser would keep the halves.
    fn is_inside_character(&self, offset: u32) -> bool {
        let Some(before) = offset.checked_sub(1) else {
            return false;
        };
        let around = self.text.substring_data(before, 2).unwrap_or_default();
        around.chars().next().is_some_and(|c| c.len_utf16() == 2)
    }
}

/// The element's only child, a text. Parsers divide long texts into several nodes, and make none for an empty one.
fn sole_text(element: &Element) -> Text {
    let first = element.first_child().and_then(|node| node.dyn_into::<Text>().ok());
    match first {
        Some(text) if text.next_sibling().is_none() => text,
        _ => {
            let text = document().create_text_node(&element.text_content().unwrap_or_default());
            element.replace_children_with_node_1(&text);
            text
        }
    }
}

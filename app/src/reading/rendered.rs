//! The text as Markdown: an element for each block.

use web_sys::Element;

use super::{
    lines::{Lines, line_ends},
    renderer,
};
use crate::{
    markdown::{Block, escape},
    page::all_in,
};

/// Shows blocks in an element that holds nothing else.
pub(super) struct Rendered {
    element: Element,
    /// The keys of the blocks that are shown, and the lines in which they begin.
    keys: Vec<String>,
    lines: Vec<u32>,
    /// How many lines the text has.
    end: u32,
}

impl Rendered {
    /// Takes over an element, with the blocks that the server has put there.
    pub(super) fn mount(element: Element) -> Self {
        let blocks = all_in(&element, ":scope > [data-key]");
        let said = |name| blocks.iter().map(move |block| block.get_attribute(name).unwrap_or_default());
        let keys = said("data-key").collect();
        let lines = said("data-line").map(|line| line.parse().unwrap_or_default()).collect();
        Self { element, keys, lines, end: 0 }
    }

    /// What the server has rendered is this text. Returns whether it has, as far as there is something to see.
    pub(super) fn recognize(&mut self, text: &str) -> bool {
        self.end = line_ends(text) + 1;
        !self.keys.is_empty() || text.trim().is_empty()
    }

    /// Shows this text and no other. Blocks that look the same stay as they are, at the beginning and at the end; a
    /// selection in them stays, too. As long as the renderer is not loaded, the text stands there as it is.
    pub(super) fn show(&mut self, text: &str) {
        let blocks = renderer::render(text).unwrap_or_else(|| vec![as_it_is(text)]);
        let keys: Vec<String> = blocks.iter().map(Block::key).collect();
        let before = common(self.keys.iter(), keys.iter());
        let after = common(self.keys[before..].iter().rev(), keys[before..].iter().rev());
        let changed: String = blocks[before..blocks.len() - after].iter().map(Block::element).collect();
        self.replace(before, self.keys.len() - after - before, &changed);
        self.keys = keys;
        self.lines = blocks.into_iter().map(|block| block.line).collect();
        self.end = line_ends(text) + 1;
    }

    /// Has the browser lay out what is shown, as it would before it draws it. In a long paragraph this takes longer than all
    /// else, and whoever measures what a rendering costs has to count it.
    pub(super) fn lay_out(&self) {
        let _ = self.element.scroll_height();
    }

    /// Which lines are where.
    pub(super) fn lines(&self) -> Lines<'_> {
        Lines { pane: &self.element, starts: &self.lines, end: self.end }
    }

    /// Puts HTML in the place of some blocks.
    fn replace(&self, from: usize, count: usize, html: &str) {
        let children = self.element.children();
        for _ in 0..count {
            if let Some(child) = children.item(from as u32) {
                child.remove();
            }
        }
        if html.is_empty() {
            return;
        }
        match children.item(from as u32) {
            Some(next) => next.insert_adjacent_html("beforebegin", html),
            None => self.element.insert_adjacent_html("beforeend", html),
        }
        .expect("elements take HTML");
    }
}

fn as_it_is(text: &str) -> Block {
    let mut html = "<div class=\"as-it-is\">".to_owned();
    escape::push(&mut html, text);
    html.push_str("</div>");
    Block { line: 0, is_rtl: false, html }
}

fn common<'a>(one: impl Iterator<Item = &'a String>, other: impl Iterator<Item = &'a String>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use leptos_dom::helpers::document;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn elements(pane: &Element) -> Vec<Element> {
        let children = pane.children();
        (0..children.length()).filter_map(|index| children.item(index)).collect()
    }

    #[wasm_bindgen_test]
    fn blocks_that_look_the_same_stay() {
        let pane = document().create_element("div").unwrap();
        let mut rendered = Rendered::mount(pane.clone());
        rendered.show("# Title\n\nfirst\n\nsecond\n\nthird");
        let before = elements(&pane);
        assert_eq!(before.len(), 4);

        rendered.show("# Title\n\nfirst\n\nsecond, *changed*\n\nand one more\n\nthird");
        let after = elements(&pane);
        assert_eq!((&after[..2], &after[4..]), (&before[..2], &before[3..]));
        assert_eq!(after[2].text_content().unwrap().trim(), "second, changed");

        rendered.show("");
        assert_eq!(elements(&pane), []);
        rendered.show("again");
        assert_eq!(pane.text_content().unwrap().trim(), "again");
    }

    #[wasm_bindgen_test]
    fn what_the_server_has_rendered_is_known_by_its_keys() {
        let pane = document().create_element("div").unwrap();
        let blocks = crate::markdown::render("# Title\n\nwords");
        pane.set_inner_html(&blocks.iter().map(Block::element).collect::<String>());
        let before = elements(&pane);
        let mut rendered = Rendered::mount(pane.clone());
        rendered.show("# Title\n\nwords\n\nmore");
        assert_eq!(elements(&pane)[..2], before[..]);
    }
}

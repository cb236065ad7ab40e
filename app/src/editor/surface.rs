//! The editing surface, as the session knows it.

use std::rc::Rc;

use collab::{document::Selection, edit::TextEdit, id::ClientId, person::Color};
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::module::{Module, View, object};
use crate::{
    preferences::words,
    settings::{Setting, Settings},
};

/// What the person did at the surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// They edited the text, all at once, each edit after the one before it.
    Edited(Vec<TextEdit>),
    /// Their selection is here, or nowhere since they look at something else. Told not more than twenty times a second.
    Selected(Option<Selection>),
}

/// Where a person edits the text. It calls back with every [`Event`], never while it is itself being called.
pub(crate) struct Surface {
    view: View,
    _edited: Closure<dyn Fn(Array)>,
    _selected: Closure<dyn Fn(Option<u32>, Option<u32>)>,
}

/// The surface shows another text than the one that edits were made for.
#[derive(Debug)]
pub(crate) struct Misfit;

impl Surface {
    /// Makes one, in the place of what `parent` holds, which shows this text.
    pub(crate) fn mount(
        module: &Module,
        parent: &Element,
        text: &str,
        settings: Settings,
        tell: impl Fn(Event) + 'static,
    ) -> Self {
        let tell = Rc::new(tell);
        let edited = {
            let tell = tell.clone();
            Closure::<dyn Fn(Array)>::new(move |edits: Array| tell(Event::Edited(unflatten(&edits))))
        };
        let selected = Closure::<dyn Fn(Option<u32>, Option<u32>)>::new(move |anchor, head| {
            let selection = Option::zip(anchor, head).map(|(anchor, head)| Selection { anchor, head });
            tell(Event::Selected(selection));
        });
        let listener = object([("edited", edited.as_ref().clone()), ("selected", selected.as_ref().clone())]);
        let is_on = Setting::ALL.into_iter().filter(|setting| settings.has(*setting));
        let is_on = is_on.map(|setting| JsValue::from_str(setting.code())).collect();
        let view = module.mount(parent, text, &said(), &is_on, &listener);
        Self { view, _edited: edited, _selected: selected }
    }

    /// Shows what others did, as edits of the document, each after the one before it. The person's selection stays
    /// with the text that it was in.
    ///
    /// # Errors
    /// If the edits do not fit what is shown. Then nothing has changed.
    pub(crate) fn apply(&self, edits: &[TextEdit]) -> Result<(), Misfit> {
        if edits.is_empty() {
            return Ok(());
        }
        self.view.apply(&flatten(edits)).map_err(|_| Misfit)
    }

    /// Shows this text and no other, and changes no more than that takes.
    pub(crate) fn set_text(&self, text: &str) {
        let change = TextEdit::between(&self.view.text(), text, None);
        self.apply(change.as_slice()).expect("it was made from what is shown");
    }

    /// The line at the upper edge, counted from 0, with the part of it that is out of sight.
    pub(crate) fn top_line(&self) -> f64 {
        self.view.top_line()
    }

    /// Brings a line to the upper edge, as far as there is text below it.
    pub(crate) fn scroll_to(&self, line: f64) {
        self.view.scroll_to_line(line);
    }

    /// Whether the person may edit.
    pub(crate) fn set_read_only(&self, is_read_only: bool) {
        self.view.turn("readOnly", is_read_only);
    }

    /// The person wants it otherwise.
    pub(crate) fn change_settings(&self, from: Settings, to: Settings) {
        for setting in Setting::ALL.into_iter().filter(|setting| from.has(*setting) != to.has(*setting)) {
            self.view.turn(setting.code(), to.has(setting));
        }
    }

    /// Somebody else is here, under this name and in this colour.
    pub(crate) fn introduce(&self, client: ClientId, name: &str, color: Color) {
        let ink = if color.is_dark() { "#ffffff" } else { "#000000" };
        self.view.introduce(number(client), name, &color.to_string(), ink);
    }

    /// Somebody who was introduced is at this place, or looks at something else.
    pub(crate) fn point(&self, client: ClientId, place: Option<Selection>) {
        let (anchor, head) = place.map(|Selection { anchor, head }| (anchor, head)).unzip();
        self.view.point(number(client), anchor, head);
    }

    /// Somebody left.
    pub(crate) fn leave(&self, client: ClientId) {
        self.view.leave(number(client));
    }

    /// Brings the place where somebody is into view.
    pub(crate) fn reveal(&self, client: ClientId) {
        self.view.reveal(number(client));
    }

    /// Opens the panel for searching and replacing.
    pub(crate) fn search(&self) {
        self.view.search();
    }
}

/// Yjs's numbers of clients fit into those of JavaScript.
fn number(client: ClientId) -> f64 {
    client.get() as f64
}

/// What the surface says.
fn said() -> Object {
    let words = &words().surface;
    object([
        ("label", words.edit_label.into()),
        ("placeholder", words.edit_placeholder.into()),
        ("phrases", object(words.phrases.iter().map(|(english, said)| (*english, (*said).into()))).into()),
    ])
}

/// Three values for each edit, one edit after another.
fn flatten(edits: &[TextEdit]) -> Array {
    edits
        .iter()
        .flat_map(|edit| [edit.at.into(), edit.delete.into(), JsValue::from_str(&edit.insert)])
        .collect()
}

fn unflatten(edits: &Array) -> Vec<TextEdit> {
    let number = |index| edits.get(index).as_f64().unwrap_or_default() as u32;
    (0..edits.length() / 3)
        .map(|edit| TextEdit {
            at: number(edit * 3),
            delete: number(edit * 3 + 1),
            insert: edits.get(edit * 3 + 2).as_string().unwrap_or_default(),
        })
        .collect()
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn edits_cross_the_border_and_come_back() {
        let edits = [(0, 0, "😀\r\n"), (4_000_000_000, 7, ""), (3, 1, "\0\u{2028}")];
        let edits = edits.map(|(at, delete, insert)| TextEdit { at, delete, insert: insert.into() });
        assert_eq!(unflatten(&flatten(&edits)), edits);
        assert_eq!(unflatten(&flatten(&[])), []);
    }
}

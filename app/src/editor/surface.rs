//! The editing surface, as the session knows it.

use std::rc::Rc;

use collab::edit::TextEdit;
use js_sys::{Array, Object};
use leptos::web_sys::Element;
use wasm_bindgen::prelude::*;

use super::module::{Module, View, object};
use crate::preferences::words;

/// What the person did at the surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// They edited the text, all at once, each edit after the one before it.
    Edited(Vec<TextEdit>),
}

/// Where a person edits the text. It calls back with every [`Event`], never while it is itself being called.
pub(crate) struct Surface {
    view: View,
    _edited: Closure<dyn Fn(Array)>,
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
        tell: impl Fn(Event) + 'static,
    ) -> Self {
        let tell = Rc::new(tell);
        let edited =
            Closure::<dyn Fn(Array)>::new(move |edits: Array| tell(Event::Edited(unflatten(&edits))));
        let listener = object([("edited", edited.as_ref().clone())]);
        let settings = Array::of1(&"wrapping".into());
        let view = module.mount(parent, text, &said(), &settings, &listener);
        Self { view, _edited: edited }
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

    /// Whether the person may edit.
    pub(crate) fn set_read_only(&self, is_read_only: bool) {
        self.view.turn("readOnly", is_read_only);
    }
}

/// What the surface says.
fn said() -> Object {
    let words = &words().document;
    object([
        ("label", words.edit_label.into()),
        ("placeholder", words.edit_placeholder.into()),
        ("phrases", Object::new().into()),
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

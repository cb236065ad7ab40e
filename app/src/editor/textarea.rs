//! The editing surface that browsers bring along.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use collab::edit::TextEdit;
use leptos::{
    prelude::document,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{Event, HtmlTextAreaElement, InputEvent},
};

use super::{
    Surface,
    buffer::{Buffer, Settlement},
    selection::Selection,
};

/// More edits than these are shown by setting the whole text anew, which costs about as much as one of them.
const MANY: usize = 4;

/// A `<textarea>`.
pub(crate) struct Textarea(Rc<Inner>);

struct Inner {
    element: HtmlTextAreaElement,
    buffer: RefCell<Buffer>,
    /// Whether anything but the person has changed the value.
    was_written: Cell<bool>,
    on_edit: Box<dyn Fn(TextEdit)>,
}

impl Textarea {
    /// Takes over an element, for as long as the page lasts.
    pub(crate) fn mount(element: HtmlTextAreaElement, on_edit: impl Fn(TextEdit) + 'static) -> Self {
        let inner = Rc::new(Inner {
            element,
            buffer: RefCell::default(),
            was_written: Cell::new(false),
            on_edit: Box::new(on_edit),
        });
        inner.listen("beforeinput", Inner::refuse_broken_undo);
        inner.listen("input", |inner, _| inner.take_up());
        inner.listen("compositionstart", |inner, _| inner.buffer.borrow_mut().begin_composition());
        inner.listen("compositionend", |inner, _| inner.end_composition());
        // Should a browser forget to say that a composition is over, it is over now.
        inner.listen("blur", |inner, _| inner.end_composition());
        Self(inner)
    }
}

impl Surface for Textarea {
    fn set_text(&self, text: &str) {
        self.0.buffer.borrow_mut().reset(text);
        let change = TextEdit::between(&self.0.element.value(), &self.0.buffer.borrow().shown(), None);
        self.0.write(change.as_slice());
    }

    fn apply(&self, edits: &[TextEdit]) {
        let mut buffer = self.0.buffer.borrow_mut();
        let changes: Vec<TextEdit> = edits.iter().filter_map(|edit| buffer.merged(edit)).collect();
        drop(buffer);
        self.0.write(&changes);
    }

    fn set_read_only(&self, is_read_only: bool) {
        self.0.element.set_read_only(is_read_only);
    }
}

impl Inner {
    fn listen(self: &Rc<Self>, event: &str, handle: impl Fn(&Self, &Event) + 'static) {
        let inner = self.clone();
        let listener = Closure::<dyn Fn(Event)>::new(move |event| handle(&inner, &event));
        self.element
            .add_event_listener_with_callback(event, listener.as_ref().unchecked_ref())
            .expect("a function can listen");
        listener.forget();
    }

    /// Takes up what the person did. What a page shows before its replica lives is nobody's edit.
    fn take_up(&self) {
        if self.element.read_only() {
            return;
        }
        let caret = self.selection().end;
        let edit = self.buffer.borrow_mut().typed(&self.element.value(), caret);
        edit.into_iter().for_each(&self.on_edit);
    }

    fn end_composition(&self) {
        if self.element.read_only() {
            return;
        }
        let value = self.element.value();
        let Settlement { made, change, selection } =
            self.buffer.borrow_mut().end_composition(&value, self.selection());
        made.into_iter().for_each(&self.on_edit);
        if let Some(change) = change {
            self.write(&[change]);
            self.select(selection, "none");
        }
    }

    /// Browsers do not expect a script to write into a textarea: afterwards their undo does nothing, and their redo
    /// puts words in twice or in the wrong place (seen in Chromium 156). It works, and is left alone, until then.
    fn refuse_broken_undo(&self, event: &Event) {
        let kind = event.unchecked_ref::<InputEvent>().input_type();
        if self.was_written.get() && kind.starts_with("history") {
            event.prevent_default();
        }
    }

    /// Changes the value, each edit after the one before it. The place to which it is scrolled stays by itself, and
    /// is best left alone: asking for it costs a layout.
    fn write(&self, edits: &[TextEdit]) {
        if edits.is_empty() {
            return;
        }
        let before = self.selection();
        let direction = self.element.selection_direction().ok().flatten().unwrap_or_default();
        let after = edits.iter().fold(before, |selection, edit| selection.through(edit));
        self.was_written.set(true);
        if edits.len() > MANY {
            self.element.set_value(&self.buffer.borrow().shown());
            self.select(after, &direction);
        } else {
            edits.iter().for_each(|edit| self.replace(edit));
            // Browsers do as much for a caret, but not for what is selected.
            if before.start != before.end {
                self.select(after, &direction);
            }
        }
    }

    fn replace(&self, edit: &TextEdit) {
        self.element
            .set_range_text_with_start_and_end_and_mode(
                &edit.insert,
                edit.at,
                edit.at + edit.delete,
                "preserve",
            )
            .expect("its beginning is not after its end");
    }

    fn selection(&self) -> Selection {
        let offset = |offset: Result<Option<u32>, _>| offset.ok().flatten().unwrap_or_default();
        Selection { start: offset(self.element.selection_start()), end: offset(self.element.selection_end()) }
    }

    /// Selects, unless the person is elsewhere: Safari would bring them back here.
    fn select(&self, selection: Selection, direction: &str) {
        if document().active_element().as_ref() == Some(self.element.as_ref()) {
            self.element
                .set_selection_range_with_direction(selection.start, selection.end, direction)
                .expect("a textarea has a selection");
        }
    }
}

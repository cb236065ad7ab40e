//! The two places that show the text: where it is edited and where it is read.

use std::rc::Rc;

use collab::{edit::TextEdit, id::ClientId};
use web_sys::Element;

use super::scrolling;
use crate::{
    editor::{Event, Module, Surface},
    reading::Reading,
    settings::Settings,
};

/// What the page shows of the text. Until it is live, that is what the server put there.
pub(super) struct Panes {
    editing: Editing,
    reading: Reading,
    is_live: bool,
    is_read_only: bool,
    settings: Settings,
    tell: Rc<dyn Fn(Event)>,
}

enum Editing {
    /// Waits for its code, or for a text that is live.
    Closed(Element, Option<Module>),
    Open(Rc<Surface>),
}

impl Panes {
    /// Takes over both. `tell` hears what the person does.
    pub(super) fn new(editing: Element, reading: Reading, tell: impl Fn(Event) + 'static) -> Self {
        Self {
            editing: Editing::Closed(editing, None),
            reading,
            is_live: false,
            is_read_only: false,
            settings: Settings::default(),
            tell: Rc::new(tell),
        }
    }

    /// Whether what is shown is the replica's text.
    pub(super) fn is_live(&self) -> bool {
        self.is_live
    }

    /// The surface's code is here.
    pub(super) fn furnish(&mut self, module: Module, text: impl FnOnce() -> String) {
        if let Editing::Closed(_, slot) = &mut self.editing {
            *slot = Some(module);
        }
        if self.is_live {
            self.open(&text());
        }
    }

    /// From now on this text is shown, and edits of it. `was_in_page` says that it is the one that the server has rendered.
    pub(super) fn go_live(&mut self, text: &str, was_in_page: bool) {
        self.is_live = true;
        if was_in_page {
            self.reading.recognize(text);
        } else {
            self.reading.set_text(text);
        }
        self.open(text);
    }

    fn open(&mut self, text: &str) {
        if let Editing::Closed(parent, Some(module)) = &self.editing {
            let tell = self.tell.clone();
            let surface =
                Rc::new(Surface::mount(module, parent, text, self.settings, move |event| tell(event)));
            surface.set_read_only(self.is_read_only);
            scrolling::join(parent, surface.clone(), self.reading.clone());
            self.editing = Editing::Open(surface);
        }
    }

    /// Whether the person may edit, once there is something to edit.
    pub(super) fn set_read_only(&mut self, is_read_only: bool) {
        self.is_read_only = is_read_only;
        if let Some(surface) = self.surface() {
            surface.set_read_only(is_read_only);
        }
    }

    /// How the person wants the surface.
    pub(super) fn set_settings(&mut self, settings: Settings) {
        if let Some(surface) = self.surface() {
            surface.change_settings(self.settings, settings);
        }
        self.settings = settings;
    }

    /// Shows what others did, at once: a frame that is drawn later is latency that everybody sees. Where the edits do
    /// not fit, the text that they lead to is shown.
    pub(super) fn show(&self, edits: &[TextEdit], text: impl Fn() -> String) {
        if !self.is_live {
            return;
        }
        if self.surface().is_some_and(|surface| surface.apply(edits).is_err()) {
            self.surface().expect("it was there").set_text(&text());
        }
        self.read(edits, text);
    }

    /// Shows edits where the text is read.
    pub(super) fn read(&self, edits: &[TextEdit], text: impl Fn() -> String) {
        if edits.iter().any(|edit| self.reading.apply(edit).is_err()) {
            self.reading.set_text(&text());
        }
    }

    /// Brings the place where somebody is into view: on the surface, or where the text is only read, by the line.
    pub(super) fn reveal(&self, client: ClientId, line: impl FnOnce() -> Option<u32>) {
        if self.reading.is_alone() {
            line().into_iter().for_each(|line| self.reading.reveal(line));
        } else if let Some(surface) = self.surface() {
            surface.reveal(client);
        }
    }

    /// The surface, once it is there.
    pub(super) fn surface(&self) -> Option<&Surface> {
        match &self.editing {
            Editing::Open(surface) => Some(surface),
            Editing::Closed(..) => None,
        }
    }
}

//! The pane in which the text is read.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use collab::edit::TextEdit;
use leptos_dom::helpers::window_event_listener_untyped;
use reactive_graph::{
    traits::{Get, GetUntracked},
    wrappers::read::Signal,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::{
    pace::Pace,
    plain::{Plain, Unfit},
    rendered::Rendered,
    renderer,
};
use crate::{
    layout::{Layout, Mode, View},
    page::follow,
};

/// Shows the shared text as it is, at once, and where the layout wants it as Markdown, as soon as there is time.
#[derive(Clone)]
pub(crate) struct Reading(Rc<Inner>);

struct Inner {
    /// What both elements are in.
    place: Option<Element>,
    plain: Rc<RefCell<Plain>>,
    rendered: Rc<RefCell<Rendered>>,
    /// Whether the text is the document's. Before that the server's rendering stays.
    is_live: Cell<bool>,
    layout: Signal<Layout>,
    rendering: Pace,
    /// Whether the renderer is on its way.
    is_loading: Cell<bool>,
}

impl Reading {
    /// Takes over two elements: for the text as it is, and for the rendered one. What they show stays until
    /// [`Reading::set_text`].
    pub(crate) fn mount(plain: Element, rendered: Element, layout: Signal<Layout>) -> Self {
        let place = plain.parent_element();
        let plain = Rc::new(RefCell::new(Plain::mount(plain)));
        let rendered = Rc::new(RefCell::new(Rendered::mount(rendered)));
        let rendering = {
            let (plain, rendered) = (plain.clone(), rendered.clone());
            Pace::new(move || {
                let mut rendered = rendered.borrow_mut();
                rendered.show(&plain.borrow().text());
                rendered.lay_out();
            })
        };
        let (is_live, is_loading) = (Cell::new(false), Cell::new(false));
        let inner = Inner { place, plain, rendered, is_live, layout, rendering, is_loading };
        let reading = Self(Rc::new(inner));
        reading.follow_the_layout();
        reading.be_ready_to_print();
        reading
    }

    /// Shows this text and no other.
    pub(crate) fn set_text(&self, text: &str) {
        self.0.plain.borrow_mut().set_text(text);
        self.0.is_live.set(true);
        self.render(self.0.layout.get_untracked());
    }

    /// This is the text of which the server has rendered what is seen. So nothing of it is rendered before it changes.
    pub(crate) fn recognize(&self, text: &str) {
        self.0.plain.borrow_mut().set_text(text);
        self.0.is_live.set(true);
        let layout = self.0.layout.get_untracked();
        let is_there = self.0.rendered.borrow_mut().recognize(text);
        if layout.shows_markdown() && !is_there {
            self.render(layout);
        }
    }

    /// Shows an edit.
    ///
    /// # Errors
    /// If it does not fit. Then nothing has changed.
    pub(crate) fn apply(&self, edit: &TextEdit) -> Result<(), Unfit> {
        self.0.plain.borrow_mut().apply(edit)?;
        self.render(self.0.layout.get_untracked());
        Ok(())
    }

    /// The element in which everything happens that the person does here.
    pub(crate) fn place(&self) -> Option<Element> {
        self.0.place.clone()
    }

    /// The line at the upper edge, counted from 0, with the part of it that is out of sight; `None` where the text is
    /// not beside the surface.
    pub(crate) fn top_line(&self) -> Option<f64> {
        let layout = self.0.layout.get_untracked();
        (layout.mode == Mode::Split).then(|| match layout.view {
            View::Plain => self.0.plain.borrow().with_lines(|lines| lines.top()),
            View::Markdown => self.0.rendered.borrow().lines().top(),
        })
    }

    /// Brings a line to the upper edge.
    pub(crate) fn scroll_to(&self, line: f64) {
        let layout = self.0.layout.get_untracked();
        if layout.shows_markdown() {
            self.0.rendered.borrow().lines().scroll_to(line);
        } else if layout.mode == Mode::Split {
            self.0.plain.borrow().with_lines(|lines| lines.scroll_to(line));
        }
    }

    /// Whether the text is read only, with no surface beside it.
    pub(crate) fn is_alone(&self) -> bool {
        self.0.layout.get_untracked().mode == Mode::Read
    }

    /// Has a line seen.
    pub(crate) fn reveal(&self, line: u32) {
        match self.0.layout.get_untracked().view {
            View::Plain => self.0.plain.borrow().with_lines(|lines| lines.reveal(line)),
            View::Markdown => self.0.rendered.borrow().lines().reveal(line),
        }
    }

    /// What is not seen is not rendered. But it can be, since it may be printed at any time.
    fn render(&self, layout: Layout) {
        if !self.0.is_live.get() || layout.view != View::Markdown {
            return;
        }
        if renderer::is_here() {
            if layout.shows_markdown() {
                self.0.rendering.ask();
            }
        } else if !self.0.is_loading.replace(true) {
            spawn_local(self.clone().load_renderer());
        }
    }

    async fn load_renderer(self) {
        let is_here = renderer::load().await;
        self.0.is_loading.set(false);
        if is_here {
            self.render(self.0.layout.get_untracked());
        }
    }

    fn follow_the_layout(&self) {
        let reading = self.clone();
        let shown = Cell::new(self.0.layout.get_untracked());
        follow(move || {
            let layout = reading.0.layout.get();
            if shown.replace(layout) != layout {
                reading.render(layout);
            }
        });
    }

    /// What is printed is the text of now, even if nobody is reading it.
    fn be_ready_to_print(&self) {
        let reading = self.clone();
        let _ = window_event_listener_untyped("beforeprint", move |_| {
            if reading.0.is_live.get() && reading.0.layout.get_untracked().view == View::Markdown {
                reading.0.rendering.run();
            }
        });
    }
}

//! Two panes that show the same place of the text: where one is scrolled, the other follows.

use std::{cell::Cell, rc::Rc};

use leptos_dom::helpers::request_animation_frame;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{AddEventListenerOptions, Element};

use crate::{
    editor::Surface,
    preferences::{Preferences, Scrolling::Together},
    reading::Reading,
};

/// By these, a pane is taken into somebody's hands.
const HOLDS: [&str; 5] = ["wheel", "touchstart", "pointerdown", "keydown", "focusin"];

/// Invariant *one leads*: only the pane that the person has in hand is followed. What the other does when it follows,
/// or when the text in it grows, is followed by nobody, so that the panes cannot drive each other.
struct Scrolling {
    surface: Rc<Surface>,
    reading: Reading,
    leader: Cell<Pane>,
    /// Whether the next frame will bring them together.
    is_due: Cell<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pane {
    Editing,
    Reading,
}

/// From now on they scroll together, wherever both are seen and the person has not chosen otherwise.
pub(super) fn join(editing: &Element, surface: Rc<Surface>, reading: Reading) {
    let place = reading.place();
    let scrolling =
        Rc::new(Scrolling { surface, reading, leader: Cell::new(Pane::Editing), is_due: Cell::new(false) });
    for (element, pane) in [(Some(editing.clone()), Pane::Editing), (place, Pane::Reading)] {
        let Some(element) = element else { continue };
        for event in HOLDS {
            let scrolling = scrolling.clone();
            listen(&element, event, move || scrolling.leader.set(pane));
        }
        let scrolling = scrolling.clone();
        listen(&element, "scroll", move || scrolling.clone().scrolled(pane));
    }
}

impl Scrolling {
    fn scrolled(self: Rc<Self>, pane: Pane) {
        if self.leader.get() == pane
            && Preferences::here().scrolling == Together
            && !self.is_due.replace(true)
        {
            request_animation_frame(move || self.follow());
        }
    }

    fn follow(&self) {
        self.is_due.set(false);
        match self.leader.get() {
            Pane::Editing => self.reading.scroll_to(self.surface.top_line()),
            Pane::Reading => {
                self.reading.top_line().into_iter().for_each(|line| self.surface.scroll_to(line))
            }
        }
    }
}

/// Hears what happens in an element and all that is inside, for as long as the page lasts.
fn listen(element: &Element, event: &str, act: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(act);
    let options = AddEventListenerOptions::new();
    options.set_capture(true);
    options.set_passive(true);
    element
        .add_event_listener_with_callback_and_add_event_listener_options(
            event,
            listener.as_ref().unchecked_ref(),
            &options,
        )
        .expect("a function can listen");
    listener.forget();
}

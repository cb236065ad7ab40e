//! The page as the server has rendered it: its elements, and how they follow what changes.
//!
//! Nothing is rendered a second time. What changes is found and bound to signals, and all else needs no code in the
//! browser. What is passed in here is boxed, so that the same machine code serves every element.

mod entries;

use leptos_dom::helpers::document;
use reactive_graph::effect::Effect;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, EventTarget, HtmlElement, HtmlInputElement, HtmlTemplateElement};

pub(crate) use entries::Entries;

/// The element with this name.
pub(crate) fn named(name: &str) -> Option<Element> {
    document().get_element_by_id(name)
}

/// The first element that a selector of CSS selects.
pub(crate) fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// The first one inside another.
pub(crate) fn find_in(place: &Element, selector: &str) -> Option<Element> {
    place.query_selector(selector).ok().flatten()
}

/// All elements inside another that a selector selects, in their order.
pub(crate) fn all_in(place: &Element, selector: &str) -> Vec<Element> {
    let Ok(nodes) = place.query_selector_all(selector) else { return Vec::new() };
    (0..nodes.length()).filter_map(|index| nodes.item(index)?.dyn_into().ok()).collect()
}

/// A field, if it is one.
pub(crate) fn field(element: Option<Element>) -> Option<HtmlInputElement> {
    element?.dyn_into().ok()
}

/// A new element as in the `<template>` with this name.
pub(crate) fn made_from(template: &str) -> Option<Element> {
    let template: HtmlTemplateElement = named(template)?.dyn_into().ok()?;
    template.content().first_element_child()?.clone_node_with_deep(true).ok()?.dyn_into().ok()
}

/// Does something, and again whenever a signal has changed that it has read.
pub(crate) fn follow(act: impl Fn() + 'static) {
    fn effect(act: Box<dyn Fn()>) {
        Effect::new(act);
    }
    effect(Box::new(act));
}

/// Does something whenever this happens to a target, for as long as the page lasts.
pub(crate) fn on(target: &EventTarget, event: &str, act: impl FnMut(Event) + 'static) {
    fn listen(target: &EventTarget, event: &str, act: Box<dyn FnMut(Event)>) {
        let listener = Closure::wrap(act);
        // Functions can listen to whatever there is.
        let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        listener.forget();
    }
    listen(target, event, Box::new(act));
}

/// Does something whenever an element is clicked, if there is one.
pub(crate) fn on_click(element: Option<Element>, act: impl FnMut(Event) + 'static) {
    if let Some(element) = element {
        on(&element, "click", act);
    }
}

/// Puts a text into an element. One that is there already is not touched, so that it is not read aloud again.
pub(crate) fn put_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Gives an element an attribute, or takes it away.
pub(crate) fn put_attribute(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// Gives an element a custom property of CSS.
pub(crate) fn put_property(element: &Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.style().set_property(name, value);
    }
}

/// Has the text of an element follow.
pub(crate) fn show_text(element: Option<Element>, text: impl Fn() -> String + 'static) {
    if let Some(element) = element {
        follow(move || put_text(&element, &text()));
    }
}

/// Has an attribute of an element follow.
pub(crate) fn show_attribute(
    element: Option<Element>,
    name: &'static str,
    value: impl Fn() -> Option<&'static str> + 'static,
) {
    if let Some(element) = element {
        follow(move || put_attribute(&element, name, value()));
    }
}

/// Has an element be there only if it should.
pub(crate) fn show_if(element: Option<Element>, is_shown: impl Fn() -> bool + 'static) {
    show_attribute(element, "hidden", move || (!is_shown()).then_some(""));
}

//! The choice of what a document's page shows.
//!
//! The links lead to the same page with other panes in it. Here, the page changes and stays.

use leptos_dom::helpers::{location, window};
use reactive_graph::{
    signal::RwSignal,
    traits::{Get, GetUntracked},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, MouseEvent, UrlSearchParams};

use crate::{
    layout::{Layout, Mode, View},
    monitor,
    page::{all_in, follow, on, put_attribute},
};

/// What the address says; where it says nothing, as in `usual`.
pub(super) fn in_address(usual: Layout) -> Layout {
    let query = location().search().unwrap_or_default();
    let query = UrlSearchParams::new_with_str(&query).ok();
    Layout::of(|name| query.as_ref()?.get(name), usual)
}

pub(super) fn offer(desk: &Element, layout: RwSignal<Layout>, usual: Layout) {
    let modes = Mode::ALL.map(|mode| (Some(mode), None));
    let views = View::ALL.map(|view| (None, Some(view)));
    let choices = modes.into_iter().chain(views);
    for (link, (mode, view)) in all_in(desk, ".choice").into_iter().zip(choices) {
        let target = move |Layout { mode: shown, view: seen }: Layout| Layout {
            mode: mode.unwrap_or(shown),
            view: view.unwrap_or(seen),
        };
        on(&link, "click", move |click| {
            if is_plain(&click) {
                click.prevent_default();
                go(layout, target(layout.get_untracked()));
            }
        });
        follow(move || {
            let shown = layout.get();
            put_attribute(&link, "href", Some(&target(shown).query()));
            put_attribute(&link, "aria-current", (target(shown) == shown).then_some("true"));
        });
    }
    on(&window(), "popstate", move |_| monitor::show(layout, in_address(usual)));
}

fn go(layout: RwSignal<Layout>, target: Layout) {
    if target != layout.get_untracked() {
        let history = window().history();
        let _ = history
            .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&target.query())));
        monitor::show(layout, target);
    }
}

/// Other clicks ask the browser for another tab or window.
fn is_plain(click: &Event) -> bool {
    click.dyn_ref::<MouseEvent>().is_none_or(|click| {
        click.button() == 0 && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key())
    })
}

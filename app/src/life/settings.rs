//! What a person chooses for themselves. It holds at once and is remembered.

use collab::person::{Name, PALETTE};
use reactive_graph::traits::{Get, Update, With};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use crate::{
    controls::Controls,
    marks::SETTINGS,
    page::{all_in, field, find_in, follow, named, on},
    profile::Profile,
    settings::Setting,
};

pub(super) fn offer(controls: Controls) {
    let Some(menu) = named(SETTINGS) else { return };
    on(&menu, "submit", |submit| submit.prevent_default());
    name(&menu, controls);
    color(&menu, controls);
    switches(&menu, controls);
}

fn name(menu: &Element, controls: Controls) {
    let Some(field) = field(find_in(menu, "[autocomplete]")) else { return };
    on(&field, "change", move |event| {
        if let Some(name) = changed(&event).and_then(|field| Name::new(&field.value())) {
            change(controls, |me| me.name = name);
        }
    });
    follow(move || {
        let name = controls.profile.get().map(|me| me.name.as_str().to_owned());
        field.set_value(&name.unwrap_or_default());
    });
}

fn color(menu: &Element, controls: Controls) {
    let swatches = all_in(menu, "[type=radio]");
    for (swatch, color) in swatches.into_iter().zip(PALETTE) {
        // Whoever clicks on the colour that they have by chance has chosen it, too.
        on(&swatch, "click", move |_| change(controls, |me| me.choose(color)));
        let swatch: HtmlInputElement = swatch.unchecked_into();
        follow(move || {
            swatch.set_checked(controls.profile.with(|me| me.as_ref().is_some_and(|me| me.color == color)));
        });
    }
}

fn switches(menu: &Element, controls: Controls) {
    let switches = all_in(menu, "[type=checkbox]");
    for (switch, setting) in switches.into_iter().zip(Setting::ALL) {
        on(&switch, "change", move |event| {
            if let Some(switch) = changed(&event) {
                controls.settings.update(|settings| settings.turn(setting, switch.checked()));
            }
        });
        let switch: HtmlInputElement = switch.unchecked_into();
        follow(move || switch.set_checked(controls.settings.get().has(setting)));
    }
}

fn changed(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

fn change(controls: Controls, how: impl FnOnce(&mut Profile)) {
    controls.profile.update(|me| {
        if let Some(me) = me {
            how(me);
            me.remember();
        }
    });
}

//! The choice of colours, and of how panes are scrolled: it holds at once. That of the language leads to the page in
//! that language.

use crate::{
    marks::PREFERENCES,
    page::{all_in, named, on, put_attribute},
    preferences::{Preference, Scrolling, Theme},
};

pub(super) fn offer() {
    choice(Theme::choose);
    choice(Scrolling::choose);
}

/// `choose` takes the place of sending the form.
fn choice<T: Preference>(choose: fn(T)) {
    let Some(menu) = named(PREFERENCES) else { return };
    let buttons = all_in(&menu, &format!("[name={}]", T::NAME));
    for (index, button) in buttons.iter().enumerate() {
        let buttons = buttons.clone();
        on(button, "click", move |click| {
            click.prevent_default();
            choose(T::ALL[index]);
            for (other, button) in buttons.iter().enumerate() {
                put_attribute(button, "aria-pressed", Some(if other == index { "true" } else { "false" }));
            }
        });
    }
}

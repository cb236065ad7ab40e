//! What a person chooses for themselves: name, colour, and how the editing surface is.

use collab::person::{Color, Name, PALETTE};
use leptos::prelude::*;

use super::Icon;
use crate::{controls::Controls, preferences::words, profile::Profile, settings::Setting};

/// The menu, so that other buttons can open it, too.
pub(super) const MENU: &str = "settings";

const SLIDERS: &str = "M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5";

/// A button that opens a menu. What is chosen there holds at once and is remembered.
#[component]
pub(crate) fn Settings(controls: Controls) -> impl IntoView {
    let title = words().tools.settings;
    view! {
        <button class="tool" type="button" title=title aria-label=title popovertarget=MENU>
            <Icon path=SLIDERS />
        </button>
        <div id=MENU class="menu" popover="auto" role="dialog" aria-label=title>
            <form class="menu-form" on:submit=|submit| submit.prevent_default()>
                <NameChoice controls />
                <ColorChoice controls />
                <fieldset class="switches">
                    {Setting::ALL.into_iter().map(|setting| view! { <Switch setting controls /> }).collect_view()}
                </fieldset>
            </form>
        </div>
    }
    .into_any()
}

#[component]
fn NameChoice(controls: Controls) -> impl IntoView {
    let shown = move || controls.profile.get().map(|me| me.name.as_str().to_owned()).unwrap_or_default();
    let choose = move |written: String| {
        if let Some(name) = Name::new(&written) {
            change(controls, |me| me.name = name);
        }
    };
    view! {
        <label class="field">
            <span>{words().tools.name}</span>
            <input
                maxlength=Name::MAX_LEN.to_string()
                autocomplete="nickname"
                spellcheck="false"
                dir="auto"
                prop:value=shown
                on:change:target=move |event| choose(event.target().value())
            />
        </label>
    }
}

#[component]
fn ColorChoice(controls: Controls) -> impl IntoView {
    let words = &words().tools;
    let swatch = move |(color, name): (Color, &'static str)| {
        let is_chosen = move || controls.profile.with(|me| me.as_ref().is_some_and(|me| me.color == color));
        view! {
            <label class="swatch" title=name>
                <input
                    type="radio"
                    name="color"
                    class="visually-hidden"
                    aria-label=name
                    prop:checked=is_chosen
                    on:change=move |_| change(controls, |me| me.color = color)
                />
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <circle cx="12" cy="12" r="10" fill=color.to_string() />
                </svg>
            </label>
        }
    };
    view! {
        <fieldset class="swatches">
            <legend>{words.color}</legend>
            {PALETTE.into_iter().zip(words.colors).map(swatch).collect_view()}
        </fieldset>
    }
}

#[component]
fn Switch(setting: Setting, controls: Controls) -> impl IntoView {
    let words = &words().tools;
    let name = match setting {
        Setting::LineNumbers => words.line_numbers,
        Setting::Wrapping => words.wrapping,
        Setting::SpellCheck => words.spell_check,
    };
    view! {
        <label class="switch">
            <input
                type="checkbox"
                prop:checked=move || controls.settings.get().has(setting)
                on:change:target=move |event| turn(controls, setting, event.target().checked())
            />
            <span>{name}</span>
        </label>
    }
}

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody chooses on the server"))]
fn change(controls: Controls, how: impl FnOnce(&mut Profile)) {
    #[cfg(feature = "hydrate")]
    controls.profile.update(|me| {
        if let Some(me) = me {
            how(me);
            me.remember();
        }
    });
}

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody chooses on the server"))]
fn turn(controls: Controls, setting: Setting, is_on: bool) {
    #[cfg(feature = "hydrate")]
    controls.settings.update(|settings| settings.turn(setting, is_on));
}

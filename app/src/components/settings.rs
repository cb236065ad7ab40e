//! What a person chooses for themselves: name, colour, and how the editing surface is.

use collab::person::{Color, Name, PALETTE};
use leptos::prelude::*;

use super::Icon;
use crate::{marks::SETTINGS, preferences::words, settings::Setting};

const SLIDERS: &str = "M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5";

/// A button that opens a menu. Only the browser knows what was chosen before.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    let title = words().tools.settings;
    view! {
        <button class="tool" type="button" title=title aria-label=title popovertarget=SETTINGS>
            <Icon path=SLIDERS />
        </button>
        <div id=SETTINGS class="menu" popover="auto" role="dialog" aria-label=title>
            <form class="menu-form">
                <NameChoice />
                <ColorChoice />
                <fieldset class="switches">
                    {Setting::ALL.map(|setting| view! { <Switch setting /> })}
                </fieldset>
            </form>
        </div>
    }
    .into_any()
}

#[component]
fn NameChoice() -> impl IntoView {
    view! {
        <label class="field">
            <span>{words().tools.name}</span>
            <input
                maxlength=Name::MAX_LEN.to_string()
                autocomplete="nickname"
                spellcheck="false"
                dir="auto"
            />
        </label>
    }
}

#[component]
fn ColorChoice() -> impl IntoView {
    let words = &words().tools;
    let swatch = |(color, name): (Color, &'static str)| {
        view! {
            <label class="swatch" title=name>
                <input type="radio" name="color" class="visually-hidden" aria-label=name />
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
fn Switch(setting: Setting) -> impl IntoView {
    let words = &words().tools;
    let name = match setting {
        Setting::LineNumbers => words.line_numbers,
        Setting::Wrapping => words.wrapping,
        Setting::SpellCheck => words.spell_check,
    };
    view! {
        <label class="switch">
            <input type="checkbox" />
            <span>{name}</span>
        </label>
    }
}

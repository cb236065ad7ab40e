//! The choice of language and colours.

use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Location};

use crate::{
    marks::PREFERENCES,
    preferences::{self, Language, Preference, Preferences, Scrolling, Theme, words},
};

/// A button that opens a menu of preferences. It works without a script: the menu is a popover, and what is chosen is
/// sent by a form, after which the server leads back to the same page.
#[component]
pub(crate) fn PreferencesMenu() -> impl IntoView {
    let title = words().preferences.title;
    let back = address(&use_location());
    view! {
        <button class="menu-button" type="button" popovertarget=PREFERENCES aria-label=title title=title>
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <circle cx="12" cy="12" r="8.5" />
                <path d="M12 3.5a8.5 8.5 0 0 1 0 17z" />
            </svg>
        </button>
        <div id=PREFERENCES class="menu" popover="auto" role="dialog" aria-label=title>
            <form class="menu-form" action=preferences::PATH method="post">
                <input type="hidden" name="back" value=back />
                <LanguageChoice />
                <ThemeChoice />
                <ScrollingChoice />
            </form>
        </div>
    }
    .into_any()
}

/// The page's address within this server.
fn address(location: &Location) -> String {
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    if search.is_empty() { path } else { format!("{path}?{search}") }
}

/// The page comes again in the language that is chosen.
#[component]
fn LanguageChoice() -> impl IntoView {
    let chosen = Preferences::here().language;
    let options = Language::ALL.iter().map(|language| {
        let code = language.code();
        view! {
            <button
                class="option"
                name=Language::NAME
                value=code
                lang=code
                aria-pressed=(*language == chosen).to_string()
            >
                {language.name()}
            </button>
        }
    });
    view! {
        <fieldset class="options">
            <legend>{words().preferences.language}</legend>
            {options.collect_view()}
        </fieldset>
    }
}

/// The colours change at once where there is a script.
#[component]
fn ThemeChoice() -> impl IntoView {
    let words = &words().preferences;
    let name = |theme| match theme {
        Theme::System => words.system,
        Theme::Light => words.light,
        Theme::Dark => words.dark,
    };
    choice(words.theme, Preferences::here().theme, name)
}

/// So does this.
#[component]
fn ScrollingChoice() -> impl IntoView {
    let words = &words().preferences;
    let name = |scrolling| match scrolling {
        Scrolling::Together => words.together,
        Scrolling::Apart => words.apart,
    };
    choice(words.scrolling, Preferences::here().scrolling, name)
}

/// A button for each value.
fn choice<T: Preference + PartialEq>(
    legend: &'static str,
    chosen: T,
    name: impl Fn(T) -> &'static str,
) -> impl IntoView {
    let options = T::ALL.iter().map(|&value| {
        view! {
            <button
                class="option"
                name=T::NAME
                value=value.code()
                aria-pressed=(value == chosen).to_string()
            >
                {name(value)}
            </button>
        }
    });
    view! {
        <fieldset class="options">
            <legend>{legend}</legend>
            {options.collect_view()}
        </fieldset>
    }
}

//! The choice of language and colours.

use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::{hooks::use_location, location::Location};

use crate::preferences::{self, Language, Preference, Preferences, Scrolling, Theme, words};

const MENU: &str = "preferences";

/// A button that opens a menu of preferences. It works without a script: the menu is a popover, and what is chosen is
/// sent by a form, after which the server leads back to the same page.
#[component]
pub(crate) fn PreferencesMenu() -> impl IntoView {
    let title = words().preferences.title;
    let location = use_location();
    view! {
        <button class="menu-button" type="button" popovertarget=MENU aria-label=title title=title>
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <circle cx="12" cy="12" r="8.5" />
                <path d="M12 3.5a8.5 8.5 0 0 1 0 17z" />
            </svg>
        </button>
        <div id=MENU class="menu" popover="auto" role="dialog" aria-label=title>
            <form class="menu-form" action=preferences::PATH method="post">
                <input type="hidden" name="back" value=move || address(&location) />
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
    let (path, search) = (location.pathname.get(), location.search.get());
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
    choice(words.theme, Preferences::here().theme, name, show)
}

/// So does this.
#[component]
fn ScrollingChoice() -> impl IntoView {
    let words = &words().preferences;
    let name = |scrolling| match scrolling {
        Scrolling::Together => words.together,
        Scrolling::Apart => words.apart,
    };
    choice(words.scrolling, Preferences::here().scrolling, name, scroll)
}

/// A button for each value. With a script, `choose` takes the place of sending the form.
fn choice<T: Preference + PartialEq + Send + Sync>(
    legend: &'static str,
    here: T,
    name: impl Fn(T) -> &'static str,
    choose: fn(T),
) -> impl IntoView {
    let chosen = RwSignal::new(here);
    let options = T::ALL.iter().map(|&value| {
        view! {
            <button
                class="option"
                name=T::NAME
                value=value.code()
                aria-pressed=move || (value == chosen.get()).to_string()
                on:click=move |click: MouseEvent| {
                    click.prevent_default();
                    choose(value);
                    chosen.set(value);
                }
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

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody chooses on the server"))]
fn show(theme: Theme) {
    #[cfg(feature = "hydrate")]
    theme.choose();
}

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody chooses on the server"))]
fn scroll(scrolling: Scrolling) {
    #[cfg(feature = "hydrate")]
    scrolling.choose();
}

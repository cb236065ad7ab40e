//! The choice of language and colours.

use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::{hooks::use_location, location::Location};

use crate::preferences::{self, Language, Preference, Preferences, Theme, words};

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
            </form>
        </div>
    }
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
    let chosen = RwSignal::new(Preferences::here().theme);
    let options = Theme::ALL.iter().map(|&theme| {
        let name = match theme {
            Theme::System => words.system,
            Theme::Light => words.light,
            Theme::Dark => words.dark,
        };
        view! {
            <button
                class="option"
                name=Theme::NAME
                value=theme.code()
                aria-pressed=move || (theme == chosen.get()).to_string()
                on:click=move |click| choose(theme, chosen, &click)
            >
                {name}
            </button>
        }
    });
    view! {
        <fieldset class="options">
            <legend>{words.theme}</legend>
            {options.collect_view()}
        </fieldset>
    }
}

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody clicks on the server"))]
fn choose(theme: Theme, chosen: RwSignal<Theme>, click: &MouseEvent) {
    #[cfg(feature = "hydrate")]
    {
        click.prevent_default();
        theme.choose();
        chosen.set(theme);
    }
}

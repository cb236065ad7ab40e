//! The choice of what a document's page shows.

use leptos::prelude::*;

use crate::{
    layout::{Layout, Mode, View},
    preferences::words,
};

/// Links to the same page with other panes in it, and with the text shown in another way. With a script, the page
/// changes and stays.
#[component]
pub(crate) fn Modes(layout: Signal<Layout>) -> impl IntoView {
    let words = &words().document;
    let modes = Mode::ALL.map(|mode| {
        let name = match mode {
            Mode::Edit => words.edit,
            Mode::Split => words.split,
            Mode::Read => words.read,
        };
        let target = move |layout| Layout { mode, ..layout };
        view! { <Choice name layout target /> }
    });
    let views = View::ALL.map(|view| {
        let name = match view {
            View::Plain => words.plain,
            View::Markdown => words.markdown,
        };
        let target = move |layout| Layout { view, ..layout };
        view! { <Choice name layout target /> }
    });
    view! {
        <nav class="modes" aria-label=words.modes>
            <ul class="choices">{modes}</ul>
            <ul class="choices views">{views}</ul>
        </nav>
    }
    .into_any()
}

/// One link, which is marked where it leads to what is shown already. The router keeps the page where it is scrolled to.
#[component]
fn Choice(
    name: &'static str,
    layout: Signal<Layout>,
    target: impl Fn(Layout) -> Layout + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let address = move || target(layout.get()).query();
    let is_current = move || (target(layout.get()) == layout.get()).then_some("true");
    view! {
        <li>
            <a class="choice" href=address aria-current=is_current data-noscroll="">
                {name}
            </a>
        </li>
    }
}

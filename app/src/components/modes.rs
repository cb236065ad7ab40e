//! The choice of what a document's page shows.

use leptos::prelude::*;

use crate::{
    layout::{Layout, Mode, View},
    preferences::words,
};

/// Links to the same page with other panes in it, and with the text shown in another way.
#[component]
pub(crate) fn Modes(layout: Layout) -> impl IntoView {
    let words = &words().document;
    let modes = Mode::ALL.map(|mode| {
        let name = match mode {
            Mode::Edit => words.edit,
            Mode::Split => words.split,
            Mode::Read => words.read,
        };
        choice(name, layout, Layout { mode, ..layout })
    });
    let views = View::ALL.map(|view| {
        let name = match view {
            View::Plain => words.plain,
            View::Markdown => words.markdown,
        };
        choice(name, layout, Layout { view, ..layout })
    });
    view! {
        <nav class="modes" aria-label=words.modes>
            <ul class="choices">{modes}</ul>
            <ul class="choices views">{views}</ul>
        </nav>
    }
    .into_any()
}

/// One link, which is marked where it leads to what is shown already.
fn choice(name: &'static str, layout: Layout, target: Layout) -> impl IntoView {
    view! {
        <li>
            <a class="choice" href=target.query() aria-current=(target == layout).then_some("true")>
                {name}
            </a>
        </li>
    }
}

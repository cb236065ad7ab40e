//! The user interface: rendered on the server, then brought to life ("hydrated") in the browser.
//!
//! The feature `ssr` makes the half for the server, `hydrate` the half for the browser. What the server half needs
//! from its host is in [`ports`].

#![recursion_limit = "256"]

#[cfg(any(feature = "hydrate", test))]
mod backoff;
mod components;
#[cfg(any(feature = "hydrate", test))]
mod editor;
mod leaf;
mod monitor;
mod pages;
pub mod ports;
#[cfg(feature = "hydrate")]
mod session;

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{FlatRoutes, Route, Router},
};

use components::Mishap;
use pages::{DocumentPage, Home, NotFound, Spike};

/// A page with its ends ragged like the right margin of what is written, in the colours of ink and parchment.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Crect width='32' height='32' rx='7' fill='%237a2e1d'/%3E\
    %3Cpath d='M8 10h16M8 16h12M8 22h9' stroke='%23fbf7ef' stroke-width='3' stroke-linecap='round'/%3E%3C/svg%3E";

const DESCRIPTION: &str = "Scriptorium: a room where many people write one text together.";

/// The HTML around every page.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="description" content=DESCRIPTION />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href=ICON />
                <HashedStylesheet options=options.clone() />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// All pages.
///
/// Links between them are ordinary ones (`rel="external"`): each page comes from the server, complete, and a document's
/// session ends with its page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=StaticSegment("") view=Home ssr=SsrMode::Async />
                <Route path=StaticSegment("spike1") view=Spike ssr=SsrMode::Async />
                <Route
                    path=(StaticSegment("d"), ParamSegment("document"))
                    view=DocumentPage
                    ssr=SsrMode::Async
                />
            </FlatRoutes>
        </Router>
        <Mishap />
    }
}

/// Brings the page to life in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    components::watch_for_mishaps();
    leptos::mount::hydrate_body(App);
}

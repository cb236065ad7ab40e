//! What is around every page, and which page is where.

#![expect(unreachable_pub, reason = "the macro `component` makes items public")]

use leptos::{either::Either, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{FlatRoutes, Route, Router},
};

use crate::{
    components::Mishap,
    editor,
    marks::RENDERER,
    pages::{DocumentPage, Home, NotFound, Spike},
    ports::{Parts, StyleSheet},
    preferences::{Preference, Preferences, Theme},
    worker,
};

/// The HTML around every page.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let Preferences { language, theme, scrolling } = Preferences::here();
    view! {
        <!DOCTYPE html>
        <html lang=language.code() data-theme=theme.attribute() data-scrolling=scrolling.attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <Look theme />
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="icon" href="/favicon.ico" sizes="32x32" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {worker::is_wanted().then(|| view! { <meta name=worker::META content=worker::PATH /> })}
                <Style options=options.clone() />
                <script nonce=use_nonce()>{editor::LOADER}</script>
                <AutoReload options=options.clone() />
                <OtherParts />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// What the browser's own frame should look like, for a system in light and in dark colours.
#[component]
fn Look(theme: Theme) -> impl IntoView {
    let frame = |system: Theme| {
        let media = format!("(prefers-color-scheme: {})", system.code());
        leptos::html::meta().name("theme-color").content(theme.color(system)).attr("media", media)
    };
    view! {
        <meta name="color-scheme" content=theme.color_scheme() />
        {[Theme::Light, Theme::Dark].map(frame)}
    }
}

/// The style sheet. Most pages carry it along: a request of its own would hold up the first look at the text.
#[component]
fn Style(options: LeptosOptions) -> impl IntoView {
    match use_context::<StyleSheet>() {
        Some(StyleSheet(css)) => {
            Either::Left(view! { <style nonce=use_nonce() inner_html=css.to_string()></style> })
        }
        None => Either::Right(view! { <HashedStylesheet options /> }),
    }
}

/// The program's other files. What it asks for before it begins is named here, or the page would wait for one more answer: as
/// a script, since browsers look for those before they have read the page. For Markdown there is time: the server has rendered
/// the page.
#[component]
fn OtherParts() -> impl IntoView {
    let Parts { loader, markdown } = use_context().unwrap_or_default();
    view! {
        {loader.map(|address| view! { <script r#type="module" r#async=true src=address nonce=use_nonce()></script> })}
        {markdown.map(|address| view! { <meta name=RENDERER content=address /> })}
    }
}

/// All pages. Each comes from the server, complete, and a document's session ends with its page.
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

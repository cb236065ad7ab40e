//! What a page says of itself: to the browser, to search engines, and to whoever shows a link to it.

use leptos::prelude::*;
use leptos_meta::Title;

/// The product's name.
pub(crate) const PRODUCT: &str = "Scriptorium";

/// The page's title, and in the first HTML a description, also in the words of [Open Graph](https://ogp.me).
#[component]
#[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "nobody reads it again"))]
pub(crate) fn About(#[prop(into)] title: Signal<String>, #[prop(into)] description: String) -> impl IntoView {
    let full = move || match title.get() {
        title if title == PRODUCT => title,
        title => format!("{title} · {PRODUCT}"),
    };
    #[cfg(feature = "ssr")]
    let full = {
        describe(title.get_untracked(), description);
        // What leptos_meta gets for the title, it takes for HTML, at a time when there are no signals any more.
        crate::leaf::escape(&full())
    };
    view! { <Title text=full /> }
}

/// Puts the description into the page's head, where leptos_meta puts whatever is rendered of it. Browsers need no view of
/// it, so that it must leave no trace where they would look for one.
#[cfg(feature = "ssr")]
fn describe(title: String, description: String) {
    use leptos_meta::Meta;
    use leptos_router::hooks::use_location;

    use crate::ports::Origin;

    let common = view! {
        <Meta name="description" content=description.clone() />
        <Meta property="og:title" content=title />
        <Meta property="og:description" content=description />
        <Meta property="og:type" content="website" />
        <Meta property="og:site_name" content=PRODUCT />
    };
    let _ = common.to_html();
    if let Some(Origin(origin)) = use_context() {
        let address = format!("{origin}{}", use_location().pathname.get_untracked());
        let absolute = view! {
            <Meta property="og:url" content=address />
            <Meta property="og:image" content=format!("{origin}/icon-512.png") />
        };
        let _ = absolute.to_html();
    }
}

//! What a page says of itself: to the browser, to search engines, and to whoever shows a link to it.

use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_location;

use crate::{
    leaf,
    naming::{self, PRODUCT},
    ports::Origin,
};

/// The page's title, and a description, also in the words of [Open Graph](https://ogp.me).
#[component]
pub(crate) fn About(title: String, #[prop(into)] description: String) -> impl IntoView {
    // What leptos_meta gets for the title, it takes for HTML.
    let full = leaf::escape(&naming::of_page(&title));
    describe(title, description);
    view! { <Title text=full /> }
}

/// Puts the description into the page's head, where leptos_meta puts whatever is rendered of it. It has to be rendered while
/// the page's context is at hand.
fn describe(title: String, description: String) {
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

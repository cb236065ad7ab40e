//! All documents of the server, where it lists them.

use std::future::Future;

use collab::id::DocId;
use leptos::prelude::*;

/// The server renders the list, page by page, and browsers leave it as it is. Where it lists nothing, there is nothing.
#[component]
pub(crate) fn Everything(
    /// The page begins after this document.
    after: Option<DocId>,
) -> impl IntoView {
    let list = load(after);
    Suspend::new(async move {
        view! { <div class="everything" inner_html=list.await></div> }
    })
}

/// Asks the host for the documents.
fn load(after: Option<DocId>) -> impl Future<Output = String> + Send {
    use crate::{ports::Host, preferences::words};

    let words = words();
    let list = use_context().and_then(|Host(documents)| documents.list(after));
    async move {
        match list {
            Some(list) => first_html::section(list.await, words),
            None => String::new(),
        }
    }
}

mod first_html {
    use leptos::prelude::*;

    use crate::{
        naming,
        ports::{Absence, Entry, Listing},
        when::Ago,
        words::Words,
    };

    pub(super) fn section(list: Result<Listing, Absence>, words: &'static Words) -> String {
        let home = &words.home;
        let content = match list {
            Ok(Listing { entries, .. }) if entries.is_empty() => {
                view! { <p class="help">{home.none_here}</p> }.into_any()
            }
            Ok(Listing { entries, next }) => view! {
                <ul class="shelf-list">{entries.into_iter().map(|item| entry(item, words)).collect_view()}</ul>
                {next.map(|next| view! {
                    <p>
                        <a href=format!("/?after={next}") rel="external">
                            {home.more}
                        </a>
                    </p>
                })}
            }
            .into_any(),
            Err(_) => view! { <p class="help is-complaint">{words.notices.unreadable_help}</p> }.into_any(),
        };
        view! {
            <section class="shelf" aria-labelledby="everything">
                <div class="shelf-head">
                    <h2 id="everything">{home.everything}</h2>
                </div>
                {content}
            </section>
        }
        .to_html()
    }

    fn entry(Entry { id, title, updated }: Entry, words: &'static Words) -> impl IntoView {
        let title = naming::shown_in(&title, &id, words);
        let name = Some(id.to_string()).filter(|name| *name != title);
        view! {
            <li class="shelf-entry">
                <a class="shelf-link" href=format!("/d/{id}") rel="external">
                    <span class="shelf-title" dir="auto">
                        {title}
                    </span>
                    <span class="shelf-facts">
                        <span>{(words.front.ago)(Ago::since(updated))}</span>
                        <span class="shelf-address">{name}</span>
                    </span>
                </a>
            </li>
        }
    }
}

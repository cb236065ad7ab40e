//! Where one arrives.

use collab::id::DocId;
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

use super::{answer_with, sentence};
use crate::components::Masthead;

/// Leads to a document. The form needs no script: the browser asks for this page again, with the name, and is sent on.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let name = use_query_map().read_untracked().get("name");
    let id = name.as_ref().map(|name| name.trim().parse::<DocId>());
    match id {
        Some(Ok(id)) => Either::Left(view! { <Redirect path=format!("/d/{id}") /> }),
        Some(Err(error)) => {
            answer_with(400);
            Either::Right(landing(name.unwrap_or_default(), Some(sentence(&error))))
        }
        None => Either::Right(landing(String::new(), None)),
    }
}

fn landing(name: String, complaint: Option<String>) -> impl IntoView {
    let is_invalid = complaint.is_some().then_some("true");
    view! {
        <Title text="Scriptorium" />
        <Masthead />
        <main class="landing">
            <h1>"One text, many hands."</h1>
            <p class="lead">
                "Scriptorium is a room where people write a text together. Everybody sees every letter as it is typed, \
                and what the page calls saved is on the server’s disk."
            </p>
            <p>
                <a class="button" href="/spike1" rel="external">
                    "Open the shared document"
                </a>
            </p>
            <form class="open-form" action="/" method="get">
                <label for="name">"Or open one by its name"</label>
                <div class="open-row">
                    <input
                        id="name"
                        name="name"
                        value=name
                        maxlength=DocId::MAX_LEN.to_string()
                        required
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-describedby="name-help"
                        aria-invalid=is_invalid
                    />
                    <button class="button" type="submit">
                        "Open"
                    </button>
                </div>
                <p id="name-help" class="help">
                    {complaint.unwrap_or_else(|| "Letters, digits, and - . _ ~. A new name begins a new document.".to_owned())}
                </p>
            </form>
        </main>
    }
}

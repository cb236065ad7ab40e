//! Where one arrives.

use collab::id::DocId;
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

use super::answer_with;
use crate::{components::Masthead, preferences::words};

/// Leads to a document. The form needs no script: the browser asks for this page again, with the name, and is sent on.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let name = use_query_map().read_untracked().get("name");
    let id = name.as_ref().map(|name| name.trim().parse::<DocId>());
    match id {
        Some(Ok(id)) => Either::Left(view! { <Redirect path=format!("/d/{id}") /> }),
        Some(Err(error)) => {
            answer_with(400);
            Either::Right(landing(name.unwrap_or_default(), Some((words().bad_name)(&error))))
        }
        None => Either::Right(landing(String::new(), None)),
    }
}

fn landing(name: String, complaint: Option<String>) -> impl IntoView {
    let words = &words().home;
    let is_invalid = complaint.is_some().then_some("true");
    view! {
        <Title text="Scriptorium" />
        <Masthead />
        <main class="landing">
            <h1>{words.motto}</h1>
            <p class="lead">
                {words.lead}
            </p>
            <p>
                <a class="button" href="/spike1" rel="external">
                    {words.open_shared}
                </a>
            </p>
            <form class="open-form" action="/" method="get">
                <label for="name">{words.open_by_name}</label>
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
                        {words.open}
                    </button>
                </div>
                <p id="name-help" class="help">
                    {complaint.unwrap_or_else(|| words.name_help.to_owned())}
                </p>
            </form>
        </main>
    }
}

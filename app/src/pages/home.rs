//! Where one arrives.

use collab::id::DocId;
use leptos::{either::Either, prelude::*};
use leptos_router::{components::Redirect, hooks::use_query_map};

use super::answer_with;
use crate::{
    components::{About, Everything, Masthead, Recently, Upload},
    naming::PRODUCT,
    preferences::words,
    upload::{self, Complaint},
};

/// Leads to documents. The forms need no script: the browser asks for this page again, with the name, and is sent on.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let query = use_query_map().read_untracked().clone();
    let name = query.get("name");
    let id = name.as_ref().map(|name| name.trim().parse::<DocId>());
    match id {
        Some(Ok(id)) => Either::Left(view! { <Redirect path=format!("/d/{id}") /> }),
        Some(Err(error)) => {
            answer_with(400);
            Either::Right(landing(name.unwrap_or_default(), Some((words().bad_name)(&error)), None, None))
        }
        None => {
            let complaint = query.get_str(upload::PARAMETER).and_then(Complaint::of);
            if let Some(complaint) = complaint {
                answer_with(complaint.status());
            }
            let after = query.get_str("after").and_then(|name| name.parse().ok());
            Either::Right(landing(String::new(), None, complaint, after))
        }
    }
}

fn landing(
    name: String,
    bad_name: Option<String>,
    complaint: Option<Complaint>,
    after: Option<DocId>,
) -> impl IntoView {
    let words = &words().home;
    view! {
        <About title=PRODUCT.to_owned() description=crate::preferences::words().description />
        <Masthead />
        <main class="landing">
            <div class="welcome">
                <h1>{words.motto}</h1>
                <p class="lead">{words.lead}</p>
                <div class="beginnings">
                    <a class="button" href=upload::PATH rel="external nofollow">
                        {words.new_document}
                    </a>
                    <Upload complaint />
                </div>
                <OpenByName name complaint=bad_name />
                <p>
                    <a href="/spike1" rel="external">
                        {words.open_shared}
                    </a>
                </p>
            </div>
            <div class="shelves">
                <Recently />
                <Everything after />
            </div>
        </main>
    }
}

#[component]
fn OpenByName(name: String, complaint: Option<String>) -> impl IntoView {
    let words = &words().home;
    let is_invalid = complaint.is_some().then_some("true");
    view! {
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
                <button class="button is-quiet" type="submit">
                    {words.open}
                </button>
            </div>
            <p id="name-help" class="help">
                {complaint.unwrap_or_else(|| words.name_help.to_owned())}
            </p>
        </form>
    }
}

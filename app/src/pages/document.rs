//! One document: a place to write it, and one to read it.

use collab::id::DocId;
use leptos::{either::Either, html, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{bad_name::BadName, unreadable::UnreadablePage};
use crate::{
    components::{Badge, Masthead},
    editor,
    leaf::{self, Leaf},
    monitor::Monitor,
    preferences::words,
};

/// The document that the address names.
#[component]
pub(crate) fn DocumentPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("document").unwrap_or_default();
    open(&name)
}

/// The document that is always there.
#[component]
pub(crate) fn Spike() -> impl IntoView {
    open("spike1")
}

fn open(name: &str) -> impl IntoView + use<> {
    match name.parse() {
        Ok(id) => Either::Left(view! { <Opening id /> }),
        Err(error) => Either::Right(view! { <BadName error /> }),
    }
}

/// On the server this takes as long as reading the document does, and the page waits for it. In the browser it is
/// ready at once, so that hydration meets what the server has rendered.
#[component]
fn Opening(id: DocId) -> impl IntoView {
    let leaf = leaf::load(id.clone());
    Suspend::new(async move {
        match leaf.await {
            Ok(leaf) => Either::Left(view! { <Desk id leaf /> }),
            Err(_) => Either::Right(view! { <UnreadablePage /> }),
        }
    })
}

#[component]
fn Desk(id: DocId, leaf: Leaf) -> impl IntoView {
    let words = &words().document;
    let monitor = Monitor::new();
    let editing = NodeRef::<html::Div>::new();
    let reading = NodeRef::<html::Div>::new();
    start_session(id.clone(), editing, reading, monitor);
    view! {
        <Title text=format!("{id} · Scriptorium") />
        <link rel="modulepreload" href=editor::MODULE />
        <Masthead>
            <h1 class="document-name">{id.to_string()}</h1>
            <Badge monitor />
        </Masthead>
        <main class="desk">
            <section class="pane">
                <h2 class="pane-title">{words.edit}</h2>
                // Once the document is live, its surface takes the place of what is inside.
                <div class="surface" node_ref=editing>
                    <div
                        class="sheet"
                        role="textbox"
                        aria-label=words.edit_label
                        aria-multiline="true"
                        aria-readonly="true"
                        tabindex="0"
                        inner_html=leaf.text.clone()
                    ></div>
                </div>
            </section>
            <section class="pane">
                <h2 class="pane-title">{words.read}</h2>
                <div
                    class="sheet"
                    role="region"
                    aria-label=words.read_label
                    data-empty=words.empty
                    tabindex="0"
                    data-testid="synced-text"
                    node_ref=reading
                    inner_html=leaf.text
                ></div>
            </section>
        </main>
        <script type="application/octet-stream" id=leaf::STATE inner_html=leaf.state></script>
    }
}

/// Effects run in the browser only, when the page is hydrated.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "the server has no sessions"))]
fn start_session(id: DocId, editing: NodeRef<html::Div>, reading: NodeRef<html::Div>, monitor: Monitor) {
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let (Some(editing), Some(reading)) = (editing.get(), reading.get()) {
            crate::session::start(&id, editing.into(), &reading, monitor);
        }
    });
}

//! One document: a place to write it, and one to read it.

use collab::id::DocId;
use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{bad_name::BadName, deleted::DeletedPage, unreadable::UnreadablePage};
use crate::{
    components::{
        About, Badge, Deleted, DocumentMenu, Full, Herald, Masthead, Modes, Refused, Roster, TitleField,
        Tools,
    },
    editor,
    layout::{Layout, Mode, View},
    leaf::{self, Leaf},
    link,
    marks::STATE,
    naming,
    ports::Absence,
    preferences::words,
    words::Words,
};

/// The document that the address names.
#[component]
pub(crate) fn DocumentPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("document").unwrap_or_default();
    open(&name, View::Markdown)
}

/// The document that is always there.
#[component]
pub(crate) fn Spike() -> impl IntoView {
    open("spike1", View::Plain)
}

/// `usual` is what is shown where the address says nothing.
fn open(name: &str, usual: View) -> impl IntoView + use<> {
    match name.parse() {
        Ok(id) => Either::Left(view! { <Opening id usual /> }),
        Err(error) => Either::Right(view! { <BadName error /> }),
    }
}

/// This takes as long as reading the document does, and the page waits for it.
#[component]
fn Opening(id: DocId, usual: View) -> impl IntoView {
    let query = use_query_map().read_untracked().clone();
    let layout = Layout::of(|name| query.get(name), Layout { mode: Mode::Split, view: usual });
    let leaf = leaf::load(id.clone(), layout);
    Suspend::new(async move {
        match leaf.await {
            Ok(leaf) => EitherOf3::A(view! { <Desk id leaf layout usual /> }),
            Err(Absence::Deleted(deletion)) => EitherOf3::B(view! { <DeletedPage id deletion /> }),
            Err(Absence::Unreadable) => EitherOf3::C(view! { <UnreadablePage /> }),
        }
    })
}

#[component]
fn Desk(id: DocId, leaf: Leaf, layout: Layout, usual: View) -> impl IntoView {
    let shown = naming::shown(&leaf.title, &id);
    let (name, linked, named, filed) = (id.to_string(), id.to_string(), id.clone(), id.clone());
    let title = shown.clone();
    view! {
        <About title=shown description=leaf.summary />
        {layout.mode.edits().then(|| view! { <SurfaceCode /> })}
        <Masthead>
            <TitleField id=named title=leaf.title />
            <Roster />
            <Badge />
            <DocumentMenu id=filed title=title />
        </Masthead>
        <Herald />
        <main
            class="desk"
            data-document=name
            data-usual=usual.code()
            data-mode=layout.mode.code()
            data-view=layout.view.code()
        >
            <div class="desk-head">
                <Modes layout />
                <Tools />
            </div>
            <Panes editing=leaf.editing plain=leaf.plain rendered=leaf.rendered />
        </main>
        <Link document=linked />
        <Refused />
        <Full />
        <Deleted id />
        <script type="application/octet-stream" id=STATE inner_html=leaf.state></script>
    }
    .into_any()
}

/// The surface's code, which runs as soon as it is there: while the program is on its way, there is time for that.
#[component]
fn SurfaceCode() -> impl IntoView {
    view! { <script r#type="module" r#async=true src=editor::MODULE nonce=use_nonce()></script> }
}

/// Opens the document's link: while the program is on its way, there is time for that, but not before the text is seen.
#[component]
fn Link(document: String) -> impl IntoView {
    view! { <script data-document=document nonce=use_nonce()>{link::OPENER}</script> }
}

/// The places where the text is edited and read, with what it looks like there, as HTML.
#[component]
fn Panes(editing: String, plain: String, rendered: String) -> impl IntoView {
    let Words { document: words, surface, .. } = words();
    view! {
        <section class="pane pane-edit">
            <h2 class="pane-title">{words.edit}</h2>
            // Once the document is live, its surface takes the place of what is inside.
            <div class="surface">
                <div
                    class="sheet"
                    role="textbox"
                    aria-label=surface.edit_label
                    aria-multiline="true"
                    aria-readonly="true"
                    tabindex="0"
                    inner_html=editing
                ></div>
            </div>
        </section>
        <section class="pane pane-read">
            <h2 class="pane-title">{words.read}</h2>
            <div
                class="sheet plain"
                role="region"
                aria-label=words.read_label
                data-empty=words.empty
                tabindex="0"
                data-testid="synced-text"
                inner_html=plain
            ></div>
            <div
                class="sheet rendered"
                role="region"
                aria-label=words.rendered_label
                data-empty=words.empty
                tabindex="0"
                data-testid="rendered-text"
                inner_html=rendered
            ></div>
        </section>
    }
    .into_any()
}

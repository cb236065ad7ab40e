//! One document: a place to write it, and one to read it.

use collab::id::DocId;
use leptos::{
    either::{Either, EitherOf3},
    html,
    prelude::*,
};
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{bad_name::BadName, deleted::DeletedPage, unreadable::UnreadablePage};
use crate::{
    components::{
        About, Badge, Deleted, DocumentMenu, Full, Herald, Masthead, Modes, Refused, Roster, TitleField,
        Tools,
    },
    controls::Controls,
    editor,
    layout::{Layout, Mode, View},
    leaf::{self, Leaf},
    monitor::Monitor,
    naming,
    ports::Absence,
    preferences::words,
};

/// The document that the address names.
#[component]
pub(crate) fn DocumentPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("document").unwrap_or_default();
    open(&name, Layout { mode: Mode::Split, view: View::Markdown })
}

/// The document that is always there.
#[component]
pub(crate) fn Spike() -> impl IntoView {
    open("spike1", Layout { mode: Mode::Split, view: View::Plain })
}

fn open(name: &str, usual: Layout) -> impl IntoView + use<> {
    let query = use_query_map();
    let layout = Signal::derive(move || Layout::of(&query.read(), usual));
    match name.parse() {
        Ok(id) => Either::Left(view! { <Opening id layout /> }),
        Err(error) => Either::Right(view! { <BadName error /> }),
    }
}

/// On the server this takes as long as reading the document does, and the page waits for it. In the browser it is
/// ready at once, so that hydration meets what the server has rendered.
#[component]
fn Opening(id: DocId, layout: Signal<Layout>) -> impl IntoView {
    let leaf = leaf::load(id.clone(), layout.get_untracked());
    Suspend::new(async move {
        match leaf.await {
            Ok(leaf) => EitherOf3::A(view! { <Desk id leaf layout /> }),
            Err(Absence::Deleted(deletion)) => EitherOf3::B(view! { <DeletedPage id deletion /> }),
            Err(Absence::Unreadable) => EitherOf3::C(view! { <UnreadablePage /> }),
        }
    })
}

#[component]
fn Desk(id: DocId, leaf: Leaf, layout: Signal<Layout>) -> impl IntoView {
    let words = &words().document;
    let monitor = Monitor::new(leaf.title);
    let places = Places::default();
    let controls = Controls::new();
    start_session(id.clone(), places, layout, monitor, controls);
    remember(id.clone(), monitor);
    let title = {
        let id = id.clone();
        Signal::derive(move || naming::shown(&monitor.title.get(), &id))
    };
    let (named, filed, refused) = (id.clone(), id.clone(), id.clone());
    view! {
        <About title description=leaf.summary />
        {layout.get_untracked().mode.edits().then(|| view! { <link rel="modulepreload" href=editor::MODULE /> })}
        <Masthead>
            <TitleField id=named monitor controls />
            <Roster monitor controls />
            <Badge monitor />
            <DocumentMenu id=filed monitor />
        </Masthead>
        <Herald monitor />
        <main
            class="desk"
            data-mode=move || layout.get().mode.code()
            data-view=move || layout.get().view.code()
        >
            <div class="desk-head">
                <Modes layout />
                <Tools controls />
            </div>
            <section class="pane pane-edit">
                <h2 class="pane-title">{words.edit}</h2>
                // Once the document is live, its surface takes the place of what is inside.
                <div class="surface" node_ref=places.editing>
                    <div
                        class="sheet"
                        role="textbox"
                        aria-label=words.edit_label
                        aria-multiline="true"
                        aria-readonly="true"
                        tabindex="0"
                        inner_html=leaf.editing
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
                    node_ref=places.plain
                    inner_html=leaf.plain
                ></div>
                <div
                    class="sheet rendered"
                    role="region"
                    aria-label=words.rendered_label
                    data-empty=words.empty
                    tabindex="0"
                    data-testid="rendered-text"
                    node_ref=places.rendered
                    inner_html=leaf.rendered
                ></div>
            </section>
        </main>
        <Refused id=refused monitor />
        <Full monitor />
        <Deleted id monitor />
        <script type="application/octet-stream" id=leaf::STATE inner_html=leaf.state></script>
    }
    .into_any()
}

/// The elements that show the text.
#[derive(Clone, Copy, Default)]
struct Places {
    editing: NodeRef<html::Div>,
    plain: NodeRef<html::Div>,
    rendered: NodeRef<html::Div>,
}

/// Effects run in the browser only, when the page is hydrated.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "the server has no sessions"))]
fn start_session(id: DocId, places: Places, layout: Signal<Layout>, monitor: Monitor, controls: Controls) {
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let (Some(editing), Some(plain), Some(rendered)) =
            (places.editing.get(), places.plain.get(), places.rendered.get())
        {
            let reading = crate::reading::Reading::mount(plain.into(), rendered.into(), layout);
            controls.recall();
            crate::session::start(&id, editing.into(), reading, layout, monitor, controls);
        }
    });
}

/// From now on this browser's front page leads here, under the title that the document has when the page is left.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "the server remembers nothing"))]
fn remember(id: DocId, monitor: Monitor) {
    #[cfg(feature = "hydrate")]
    {
        use crate::recents::Recents;

        for event in ["pagehide", "visibilitychange"] {
            let id = id.clone();
            let note = move |_| Recents::note_title(&id, &monitor.title.get_untracked());
            let listener = window_event_listener_untyped(event, note);
            on_cleanup(move || listener.remove());
        }
        Effect::new(move || Recents::note(&id, &monitor.title.get_untracked()));
    }
}

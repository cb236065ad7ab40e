//! A document's page.

use collab::id::DocId;
use leptos_dom::helpers::{document, location, window};
use reactive_graph::{
    signal::RwSignal,
    traits::{Get, GetUntracked},
};
use web_sys::{Element, EventTarget};

use super::{badge, deleted, document_menu, herald, modes, refused, roster, settings, title_field, tools};
use crate::{
    controls::Controls,
    layout::{Layout, Mode, View},
    marks::FULL,
    monitor::Monitor,
    page::{field, find, follow, named, on, put_attribute, show_if},
    reading::Reading,
    recents::Recents,
    session,
};

/// Opens the document that the page holds. Without its state the server has put something else there.
pub(super) fn open(desk: &Element) {
    let attribute = |name| desk.get_attribute(name).unwrap_or_default();
    let view = View::of(&attribute("data-usual")).unwrap_or(View::Markdown);
    let usual = Layout { mode: Mode::Split, view };
    let Ok(id) = attribute("data-document").parse::<DocId>() else { return };
    let layout = RwSignal::new(modes::in_address(usual));
    let monitor = Monitor::new(title_field::written());
    let controls = Controls::new();
    start_session(&id, layout, monitor, controls);
    arrange(desk.clone(), layout);
    remember(id.clone(), monitor);
    modes::offer(desk, layout, usual);
    tools::offer(controls);
    settings::offer(controls);
    roster::show(monitor, controls);
    badge::show(monitor);
    herald::speak(monitor);
    show_if(named(FULL), move || monitor.is_full.get());
    deleted::offer(monitor);
    refused::offer(id.clone(), monitor);
    document_menu::offer(id.clone(), monitor);
    title_field::offer(id, monitor, controls);
}

fn start_session(id: &DocId, layout: RwSignal<Layout>, monitor: Monitor, controls: Controls) {
    if let (Some(editing), Some(plain), Some(rendered)) =
        (find(".surface"), find(".plain"), find(".rendered"))
    {
        let reading = Reading::mount(plain, rendered, layout.into());
        controls.recall();
        session::start(id, editing, reading, layout.into(), monitor, controls);
    }
}

/// Shows the panes that the layout has. Whoever chooses how the page looks comes back to them.
fn arrange(desk: Element, layout: RwSignal<Layout>) {
    let back = field(find("[name=back]"));
    follow(move || {
        let Layout { mode, view } = layout.get();
        put_attribute(&desk, "data-mode", Some(mode.code()));
        put_attribute(&desk, "data-view", Some(view.code()));
        if let Some(back) = &back {
            let location = location();
            let parts = [location.pathname(), location.search()];
            back.set_value(&parts.map(Result::unwrap_or_default).concat());
        }
    });
}

/// From now on this browser's front page leads here, under the title that the document has when the page is left.
fn remember(id: DocId, monitor: Monitor) {
    Recents::note(&id, &monitor.title.get_untracked());
    let leaving: [(EventTarget, &str); 2] =
        [(window().into(), "pagehide"), (document().into(), "visibilitychange")];
    for (target, event) in leaving {
        let id = id.clone();
        on(&target, event, move |_| Recents::note_title(&id, &monitor.title.get_untracked()));
    }
}

//! Who is here, and whether everything is saved.

use reactive_graph::traits::{Get, With};

use crate::{
    monitor::Monitor,
    page::{find, show_attribute, show_text},
    preferences::words,
};

pub(super) fn show(monitor: Monitor) {
    let words = &words().badge;
    show_text(find(".badge-people"), move || monitor.people.get().map(words.people).unwrap_or_default());
    let link = find(".badge-connection");
    show_text(link.clone(), move || monitor.connection.with(words.connection));
    show_attribute(link, "data-kind", move || Some(monitor.connection.with(|link| link.kind())));
}

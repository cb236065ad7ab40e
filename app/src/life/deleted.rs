//! What a person can still do with a document that somebody has deleted meanwhile. The text stays on the page, so that
//! it can be taken along.

use reactive_graph::traits::With;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use crate::{
    clipboard,
    marks::DELETED,
    monitor::{Connection, Monitor},
    page::{find, find_in, named, on, put_text, show_if},
    preferences::words,
};

pub(super) fn offer(monitor: Monitor) {
    let Some(notice) = named(DELETED) else { return };
    if let Some(button) = find_in(&notice, "[type=button]") {
        let label = button.clone();
        on(&button, "click", move |_| spawn_local(copy_text(label.clone())));
    }
    show_if(Some(notice), move || {
        monitor
            .connection
            .with(|connection| matches!(connection, Connection::Refused(refusal) if refusal.is_deletion()))
    });
}

/// The pane for plain reading holds the text, also while another one is seen.
async fn copy_text(label: Element) {
    let words = &words().copying;
    let text = find(".plain").and_then(|pane| pane.text_content()).unwrap_or_default();
    let is_copied = clipboard::copy(&text).await;
    put_text(&label, if is_copied { words.done } else { words.failed });
}

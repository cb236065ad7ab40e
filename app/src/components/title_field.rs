//! What the document is called, for everybody to change.

use collab::{id::DocId, title};
use leptos::{ev, html, prelude::*};

use crate::{
    controls::{Controls, Wish},
    leaf,
    monitor::{Connection, Monitor},
    naming,
    preferences::words,
};

/// The title, changed in its place: it holds when the field is left or Enter is pressed, Escape takes it back, and an
/// empty one leaves it to the text's first line. Until the page is alive it can only be read.
#[component]
pub(crate) fn TitleField(id: DocId, monitor: Monitor, controls: Controls) -> impl IntoView {
    let stand_in = naming::stand_in(&id, words());
    let words = &words().title;
    let field = NodeRef::new();
    let is_touched = StoredValue::new(false);
    let is_dead = move || {
        controls.profile.with(Option::is_none)
            || monitor.connection.with(|connection| matches!(connection, Connection::Refused(_)))
    };
    let written = monitor.title.get_untracked();
    follow(field, monitor, is_touched);
    view! {
        <h1 class="visually-hidden">{move || naming::shown(&monitor.title.get(), &id)}</h1>
        <input
            id=leaf::TITLE
            class="title-field"
            aria-label=words.label
            title=words.label
            value=written
            placeholder=stand_in
            maxlength=title::MAX_LEN.to_string()
            readonly=is_dead
            autocomplete="off"
            dir="auto"
            enterkeyhint="done"
            node_ref=field
            on:input=move |_| is_touched.set_value(true)
            on:keydown=move |key| press(&key, field, monitor, is_touched)
            on:change:target=move |event| {
                let written = event.target().value();
                is_touched.set_value(false);
                if written != monitor.title.get_untracked() {
                    controls.wish.set(Some(Wish::Rename(written)));
                }
                restore(field, monitor);
            }
        />
    }
    .into_any()
}

type Field = NodeRef<html::Input>;

/// Shows what the others make of the title, except while the person is at it.
fn follow(field: Field, monitor: Monitor, is_touched: StoredValue<bool>) {
    Effect::new(move || {
        let title = monitor.title.get();
        if let Some(field) = field.get_untracked().filter(|_| !is_touched.get_value()) {
            field.set_value(&title);
        }
    });
}

/// Shows the title that holds.
fn restore(field: Field, monitor: Monitor) {
    if let Some(field) = field.get_untracked() {
        field.set_value(&monitor.title.get_untracked());
    }
}

/// Keys of a composition belong to it.
fn press(key: &ev::KeyboardEvent, field: Field, monitor: Monitor, is_touched: StoredValue<bool>) {
    let leave = || {
        if let Some(field) = field.get_untracked() {
            let _ = field.blur();
        }
    };
    match key.key().as_str() {
        _ if key.is_composing() => {}
        "Enter" => leave(),
        "Escape" => {
            is_touched.set_value(false);
            restore(field, monitor);
            leave();
        }
        _ => {}
    }
}

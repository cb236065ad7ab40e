//! A text file becomes a new document.

use leptos::{html, prelude::*};

use crate::{preferences::words, upload};

/// A form that needs no script. With one, the file is sent as soon as it is chosen, or dropped anywhere on the page.
#[component]
pub(crate) fn Upload(
    /// Why the last file was not taken.
    complaint: Option<upload::Complaint>,
) -> impl IntoView {
    let words = &words().home;
    let complaint = RwSignal::new(complaint);
    let (form, file) = (NodeRef::new(), NodeRef::new());
    let said = move || match complaint.get() {
        Some(complaint) => (words.not_taken)(complaint),
        None => words.file_help.to_owned(),
    };
    take_drops(form, file, complaint);
    view! {
        <form
            class="upload"
            action=upload::PATH
            method="post"
            enctype="multipart/form-data"
            // Whoever goes back to this page has sent the file already.
            autocomplete="off"
            data-drop=words.drop_here
            node_ref=form
        >
            <div class="upload-row">
                <label class="button is-quiet">
                    <span>{words.open_file}</span>
                    <input
                        type="file"
                        name=upload::FIELD
                        accept="text/*,.txt,.md,.markdown"
                        required
                        node_ref=file
                        aria-describedby="upload-help"
                        on:change=move |_| send(form, file, complaint)
                    />
                </label>
                <button class="button is-quiet upload-send" type="submit">
                    {words.send_file}
                </button>
            </div>
            <p
                id="upload-help"
                class="help"
                class:is-complaint=move || complaint.with(Option::is_some)
                role="status"
            >
                {said}
            </p>
        </form>
    }
    .into_any()
}

type Complaint = RwSignal<Option<upload::Complaint>>;

/// Sends what was chosen. A file that is too large is not even tried: the server would hang up in the middle of it, and
/// could not say why.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody chooses on the server"))]
fn send(form: NodeRef<html::Form>, file: NodeRef<html::Input>, complaint: Complaint) {
    #[cfg(feature = "hydrate")]
    if let (Some(form), Some(file)) = (form.get_untracked(), file.get_untracked()) {
        let files = file.files();
        let is_too_large =
            files.and_then(|files| files.get(0)).is_some_and(|file| file.size() > upload::MOST_BYTES as f64);
        complaint.set(is_too_large.then_some(upload::Complaint::TooLarge));
        if is_too_large {
            file.set_value("");
        } else {
            // Only what the form itself refuses, such as nothing, is not sent.
            let _ = form.request_submit();
        }
    }
}

/// From now on the whole page takes files, and one that was chosen before.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nothing is dropped on the server"))]
fn take_drops(form: NodeRef<html::Form>, file: NodeRef<html::Input>, complaint: Complaint) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::ev;

        // It may have been chosen before the page was alive.
        Effect::new(move || {
            let chosen = file.get().and_then(|file| file.files());
            if chosen.is_some_and(|files| files.length() > 0) {
                send(form, file, complaint);
            }
        });
        let over = window_event_listener(ev::dragover, |event| {
            if brings_files(&event) {
                event.prevent_default();
                mark(true);
            }
        });
        // Nobody says that a drag has ended elsewhere, but that it has left the page.
        let left = window_event_listener(ev::dragleave, |event| {
            if event.related_target().is_none() {
                mark(false);
            }
        });
        let dropped = window_event_listener(ev::drop, move |event| {
            mark(false);
            if !brings_files(&event) {
                return;
            }
            event.prevent_default();
            let files = event.data_transfer().and_then(|data| data.files());
            match files {
                Some(files) if files.length() == 1 => {
                    if let Some(file) = file.get_untracked() {
                        file.set_files(Some(&files));
                    }
                    send(form, file, complaint);
                }
                _ => complaint.set(Some(upload::Complaint::NotOne)),
            }
        });
        on_cleanup(move || [over, left, dropped].into_iter().for_each(|listener| listener.remove()));
    }
}

#[cfg(feature = "hydrate")]
fn brings_files(event: &leptos::web_sys::DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Shows where a file that is held over the page would go.
#[cfg(feature = "hydrate")]
fn mark(is_over: bool) {
    if let Some(body) = document().body() {
        let _ = body.class_list().toggle_with_force("takes-file", is_over);
    }
}

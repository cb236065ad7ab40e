//! A text file becomes a new document: it is sent as soon as it is chosen, or dropped anywhere on the page.

use leptos_dom::helpers::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, HtmlFormElement, HtmlInputElement};

use crate::{
    page::{field, find, named, on, put_text},
    preferences::words,
    upload::{Complaint, MOST_BYTES},
};

/// The form that sends a file.
#[derive(Clone)]
struct Upload {
    form: HtmlFormElement,
    file: HtmlInputElement,
}

pub(super) fn offer() {
    let form = find(".upload").and_then(|form| form.dyn_into().ok());
    let (Some(form), Some(file)) = (form, field(find(".upload [type=file]"))) else { return };
    let upload = Upload { form, file };
    on(&upload.file, "change", {
        let upload = upload.clone();
        move |_| upload.send()
    });
    // It may have been chosen before the page was alive.
    if upload.file.files().is_some_and(|files| files.length() > 0) {
        upload.send();
    }
    take_drops(upload);
}

impl Upload {
    /// Sends what was chosen. A file that is too large is not even tried: the server would hang up in the middle of it,
    /// and could not say why.
    fn send(&self) {
        let files = self.file.files();
        let is_too_large =
            files.and_then(|files| files.get(0)).is_some_and(|file| file.size() > MOST_BYTES as f64);
        complain(is_too_large.then_some(Complaint::TooLarge));
        if is_too_large {
            self.file.set_value("");
        } else {
            // Only what the form itself refuses, such as nothing, is not sent.
            let _ = self.form.request_submit();
        }
    }

    fn take(&self, event: &DragEvent) {
        let files = event.data_transfer().and_then(|data| data.files());
        match files {
            Some(files) if files.length() == 1 => {
                self.file.set_files(Some(&files));
                self.send();
            }
            _ => complain(Some(Complaint::NotOne)),
        }
    }
}

fn complain(complaint: Option<Complaint>) {
    let words = &words().front;
    let said = complaint.map_or(words.file_help.to_owned(), words.not_taken);
    if let Some(help) = named("upload-help") {
        put_text(&help, &said);
        let _ = help.class_list().toggle_with_force("is-complaint", complaint.is_some());
    }
}

/// From now on the whole page takes files.
fn take_drops(upload: Upload) {
    on(&window(), "dragover", |event| {
        if brings_files(event.unchecked_ref()) {
            event.prevent_default();
            mark(true);
        }
    });
    // Nobody says that a drag has ended elsewhere, but that it has left the page.
    on(&window(), "dragleave", |event| {
        if event.unchecked_ref::<DragEvent>().related_target().is_none() {
            mark(false);
        }
    });
    on(&window(), "drop", move |event| {
        mark(false);
        let drop: &DragEvent = event.unchecked_ref();
        if brings_files(drop) {
            drop.prevent_default();
            upload.take(drop);
        }
    });
}

fn brings_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Shows where a file that is held over the page would go.
fn mark(is_over: bool) {
    if let Some(body) = document().body() {
        let _ = body.class_list().toggle_with_force("takes-file", is_over);
    }
}

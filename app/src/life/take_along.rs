//! What a person takes along from a page whose document does not take the text, or is no more: all of it stays on the page.

use js_sys::Array;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DataTransfer, Element, File, HtmlInputElement};

use crate::{
    clipboard,
    page::{field, find, find_in, on, on_click, put_text},
    preferences::words,
    upload::MOST_BYTES,
};

/// What the file is called that becomes a new document. Nobody sees that name.
const FILE_NAME: &str = "text.md";

/// Brings the ways out to life that a notice has.
pub(super) fn offer(notice: &Element) {
    let copy = find_in(notice, ".take-along > button");
    on_click(copy.clone(), move |_| copy_text(copy.clone()));
    let form = find_in(notice, ".take-along > form");
    let parts = form.and_then(|form| {
        Some((form.clone(), field(find_in(&form, "[type=file]"))?, find_in(&form, "button")?))
    });
    let Some((form, file, button)) = parts else { return };
    on(&form, "submit", move |event| {
        let text = text();
        if text.len() > MOST_BYTES {
            event.prevent_default();
            put_text(&button, &(words().copying.too_large)(MOST_BYTES >> 20));
        } else {
            put_file(&file, &text);
        }
    });
}

/// The pane for plain reading holds the text, also while another one is seen.
fn text() -> String {
    find(".plain").and_then(|pane| pane.text_content()).unwrap_or_default()
}

fn copy_text(button: Option<Element>) {
    spawn_local(async move {
        let words = &words().copying;
        let is_copied = clipboard::copy(&text()).await;
        if let Some(button) = button {
            put_text(&button, if is_copied { words.done } else { words.failed });
        }
    });
}

/// Chooses a text as though it were a file: a form changes the ends of lines of what it sends otherwise.
fn put_file(field: &HtmlInputElement, text: &str) {
    let file = File::new_with_str_sequence(&Array::of1(&text.into()), FILE_NAME);
    if let (Ok(file), Ok(chosen)) = (file, DataTransfer::new()) {
        let _ = chosen.items().add_with_file(&file);
        field.set_files(chosen.files().as_ref());
    }
}

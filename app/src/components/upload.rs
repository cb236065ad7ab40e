//! A text file becomes a new document.

use leptos::prelude::*;

use crate::{preferences::words, upload, words::Words};

/// A form that needs no script.
#[component]
pub(crate) fn Upload(
    /// Why the last file was not taken.
    complaint: Option<upload::Complaint>,
) -> impl IntoView {
    let Words { front, home: words, .. } = words();
    let said = complaint.map_or(front.file_help.to_owned(), front.not_taken);
    view! {
        <form
            class="upload"
            action=upload::PATH
            method="post"
            enctype="multipart/form-data"
            // Whoever goes back to this page has sent the file already.
            autocomplete="off"
            data-drop=words.drop_here
        >
            <div class="upload-row">
                <label class="button is-quiet">
                    <span>{words.open_file}</span>
                    <input
                        type="file"
                        name=upload::FIELD
                        accept="text/*,.txt,.md,.markdown"
                        required
                        aria-describedby="upload-help"
                    />
                </label>
                <button class="button is-quiet upload-send" type="submit">
                    {words.send_file}
                </button>
            </div>
            <p
                id="upload-help"
                class="help"
                class:is-complaint=complaint.is_some()
                role="status"
            >
                {said}
            </p>
        </form>
    }
    .into_any()
}

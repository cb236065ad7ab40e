//! What the browser keeps for this page between visits. Some browsers keep nothing, and forget everything.

use leptos_dom::helpers::window;
use web_sys::Storage;

/// What is kept under a key.
pub(crate) fn item(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a value under a key, in place of what was there.
pub(crate) fn keep(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full storage forgets it.
        let _ = storage.set_item(key, value);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

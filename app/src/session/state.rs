//! The state that came with the page.

use leptos_dom::helpers::{document, window};

use crate::marks::STATE;

/// As an update.
pub(super) fn in_page() -> Option<Vec<u8>> {
    let base64 = document().get_element_by_id(STATE)?.text_content()?;
    let bytes = window().atob(&base64).ok()?;
    // What comes back has one character for each byte.
    Some(bytes.chars().map(|byte| byte as u8).collect())
}

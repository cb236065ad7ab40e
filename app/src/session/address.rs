//! Where a document's link leads, and who comes that way.

use collab::id::DocId;
use leptos_dom::helpers::{location, window};

/// The key under which the browser keeps the author's name.
const AUTHOR: &str = "scriptorium.author";

/// Where the document's link leads: back to the host that sent the page.
pub(super) fn of(id: &DocId) -> String {
    let location = location();
    let is_secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let scheme = if is_secure { "wss" } else { "ws" };
    format!("{scheme}://{}/ws/{id}?author={}", location.host().unwrap_or_default(), author())
}

/// By which name the server keeps this browser's updates: random, and the same for all documents and visits. Where
/// a browser keeps nothing, there is none.
fn author() -> String {
    let Ok(Some(storage)) = window().local_storage() else {
        return String::new();
    };
    if let Ok(Some(author)) = storage.get_item(AUTHOR)
        && author.len() == 32
    {
        return author;
    }
    let author: String = (0..4).map(|_| format!("{:08x}", random())).collect();
    // A full storage forgets it, and the next visit has another.
    let _ = storage.set_item(AUTHOR, &author);
    author
}

pub(super) fn random() -> u32 {
    let mut bytes = [0; 4];
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
        .expect("every browser has random numbers");
    u32::from_le_bytes(bytes)
}

//! By which number a page's replica is known.

use collab::id::ClientId;
use leptos_dom::helpers::window;

/// A new one, at random, as two pages must never have the same (Yjs).
pub(super) fn random() -> ClientId {
    let mut bytes = [0; 4];
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
        .expect("every browser has random numbers");
    ClientId::new(u32::from_le_bytes(bytes))
}

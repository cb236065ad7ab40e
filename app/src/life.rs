//! Brings what the server has rendered to life: each module here what the one of the same name in `components` or
//! `pages` has rendered.

mod badge;
mod deleted;
mod document;
mod document_menu;
mod herald;
mod home;
mod modes;
mod preferences;
mod recently;
mod refused;
mod roster;
mod settings;
mod take_along;
mod title_field;
mod tools;
mod upload;

use any_spawner::Executor;
use reactive_graph::owner::Owner;

use crate::{mishap, page::find};

/// Brings the page to life. Pages that are no more than a message have nothing but the choice of how they look.
pub(crate) fn begin() {
    mishap::watch();
    // Somebody who runs effects, and an owner for all signals, for as long as the page lasts.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.set();
    std::mem::forget(owner);
    preferences::offer();
    if let Some(desk) = find(".desk") {
        document::open(&desk);
    } else if find(".landing").is_some() {
        home::open();
    }
}

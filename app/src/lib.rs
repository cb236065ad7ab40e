//! The user interface: rendered on the server, then brought to life in the browser, which renders nothing again.
//!
//! The feature `ssr` makes the half for the server, `hydrate` the half for the browser. What the server half needs
//! from its host is in [`ports`].

#![recursion_limit = "256"]

#[cfg(any(feature = "hydrate", test))]
mod backlog;
#[cfg(any(feature = "hydrate", test))]
mod backoff;
#[cfg(all(test, target_arch = "wasm32"))]
mod chance;
#[cfg(feature = "hydrate")]
mod clipboard;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "hydrate")]
mod controls;
mod editor;
#[cfg(feature = "ssr")]
pub mod export;
pub mod forms;
mod layout;
#[cfg(feature = "ssr")]
mod leaf;
#[cfg(feature = "hydrate")]
mod life;
mod link;
mod markdown;
mod marks;
#[cfg(feature = "hydrate")]
mod mishap;
mod monitor;
mod naming;
#[cfg(feature = "hydrate")]
mod page;
#[cfg(feature = "ssr")]
mod pages;
pub mod ports;
pub mod preferences;
#[cfg(feature = "hydrate")]
mod profile;
#[cfg(any(feature = "hydrate", test))]
mod pulse;
#[cfg(any(feature = "hydrate", feature = "ssr", test))]
mod reading;
#[cfg(any(feature = "hydrate", test))]
mod recents;
#[cfg(feature = "hydrate")]
mod session;
mod settings;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "hydrate")]
mod storage;
#[cfg(any(feature = "ssr", test))]
mod summary;
pub mod upload;
mod when;
mod words;
pub mod worker;

#[cfg(feature = "ssr")]
pub use shell::{App, shell};

/// Brings the page to life in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    life::begin();
}

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

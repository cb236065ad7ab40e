//! Where a person edits the text.

#[cfg(feature = "hydrate")]
mod module;
#[cfg(feature = "hydrate")]
mod surface;

#[cfg(feature = "hydrate")]
pub(crate) use self::{
    module::Module,
    surface::{Event, Surface},
};

/// Where the surface's code is. Pages in which nobody writes never ask for it.
pub(crate) const MODULE: &str = env!("SURFACE");

/// The page's own way to load a module when it is needed, which WebAssembly does not have. In a file of its own it would
/// be one more that a page waits for.
#[cfg(feature = "ssr")]
pub(crate) const LOADER: &str = "window.loadModule = (address) => import(address);";

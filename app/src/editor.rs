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

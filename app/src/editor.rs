//! Where a person edits the text, and where it is read. With [`session`](crate::session), the only place that touches
//! the page's elements.

#[cfg(feature = "hydrate")]
mod module;
#[cfg(feature = "hydrate")]
pub(crate) mod reading;
#[cfg(feature = "hydrate")]
mod surface;

#[cfg(feature = "hydrate")]
pub(crate) use self::{
    module::Module,
    surface::{Event, Surface},
};

/// Where the surface's code is. Pages in which nobody writes never ask for it.
pub(crate) const MODULE: &str = env!("SURFACE");

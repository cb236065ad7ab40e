//! How a person wants to have the editing surface.

#[cfg(feature = "hydrate")]
mod chosen;

#[cfg(feature = "hydrate")]
pub(crate) use chosen::Settings;

/// What can be on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// Numbers beside the lines.
    LineNumbers,
    /// Lines that are too long go on below.
    Wrapping,
    /// The browser marks words that it does not know.
    SpellCheck,
}

impl Setting {
    /// All there are, in the order in which they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::LineNumbers, Self::Wrapping, Self::SpellCheck];

    /// As the surface calls it.
    #[cfg(feature = "hydrate")]
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::LineNumbers => "lineNumbers",
            Self::Wrapping => "wrapping",
            Self::SpellCheck => "spellCheck",
        }
    }
}

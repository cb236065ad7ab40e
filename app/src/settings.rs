//! How a person wants to have the editing surface.

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

/// What is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings([bool; Setting::ALL.len()]);

impl Default for Settings {
    fn default() -> Self {
        Self(Setting::ALL.map(|setting| setting != Setting::LineNumbers))
    }
}

impl Settings {
    /// Whether this one is on.
    pub(crate) fn has(self, setting: Setting) -> bool {
        self.0[setting as usize]
    }
}

#[cfg(feature = "hydrate")]
mod remembered {
    use super::{Setting, Settings};
    use crate::storage;

    impl Settings {
        /// Those of the last visit.
        pub(crate) fn recall() -> Self {
            let usual = Self::default();
            Self(Setting::ALL.map(|setting| match storage::item(&key(setting)).as_deref() {
                Some("on") => true,
                Some("off") => false,
                _ => usual.has(setting),
            }))
        }

        /// Turns one on or off, for the next visits as well.
        pub(crate) fn turn(&mut self, setting: Setting, is_on: bool) {
            self.0[setting as usize] = is_on;
            storage::keep(&key(setting), if is_on { "on" } else { "off" });
        }
    }

    fn key(setting: Setting) -> String {
        format!("scriptorium.{}", setting.code())
    }
}

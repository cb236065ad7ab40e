//! What a person has chosen.

use super::Setting;
use crate::storage;

/// What is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings([bool; Setting::ALL.len()]);

impl Default for Settings {
    fn default() -> Self {
        Self(Setting::ALL.map(|setting| setting != Setting::LineNumbers))
    }
}

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

    /// Whether this one is on.
    pub(crate) fn has(self, setting: Setting) -> bool {
        self.0[setting as usize]
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

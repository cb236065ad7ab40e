//! What pages are made of.

#![expect(unreachable_pub, reason = "the macro `component` makes items public")]

mod badge;
mod full;
mod herald;
mod icon;
mod masthead;
mod mishap;
mod modes;
mod notice;
mod preferences;
mod refused;
mod roster;
mod settings;
mod tools;

pub(crate) use badge::Badge;
pub(crate) use full::Full;
pub(crate) use herald::Herald;
use icon::Icon;
pub(crate) use masthead::Masthead;
pub(crate) use mishap::Mishap;
#[cfg(feature = "hydrate")]
pub(crate) use mishap::{show_mishap, watch_for_mishaps};
pub(crate) use modes::Modes;
pub(crate) use notice::Notice;
pub(crate) use preferences::PreferencesMenu;
pub(crate) use refused::Refused;
pub(crate) use roster::Roster;
use settings::Settings;
pub(crate) use tools::Tools;

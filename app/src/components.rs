//! What pages are made of.

#![expect(unreachable_pub, reason = "the macro `component` makes items public")]

mod about;
mod badge;
mod delete;
mod deleted;
mod document_menu;
mod everything;
mod full;
mod herald;
mod icon;
mod masthead;
mod mishap;
mod modes;
mod notice;
mod preferences;
mod recently;
mod refused;
mod restore;
mod roster;
mod settings;
mod take_along;
mod title_field;
mod tools;
mod upload;

pub(crate) use about::About;
pub(crate) use badge::Badge;
pub(crate) use deleted::Deleted;
pub(crate) use document_menu::DocumentMenu;
pub(crate) use everything::Everything;
pub(crate) use full::Full;
pub(crate) use herald::Herald;
use icon::Icon;
pub(crate) use masthead::Masthead;
pub(crate) use mishap::Mishap;
pub(crate) use modes::Modes;
pub(crate) use notice::Notice;
pub(crate) use preferences::PreferencesMenu;
pub(crate) use recently::Recently;
pub(crate) use refused::Refused;
pub(crate) use restore::Restore;
pub(crate) use roster::Roster;
use settings::Settings;
use take_along::TakeAlong;
pub(crate) use title_field::TitleField;
pub(crate) use tools::Tools;
pub(crate) use upload::Upload;

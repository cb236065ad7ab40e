//! What a page asks of its session: the other direction of [`monitor`](crate::monitor).

use collab::id::ClientId;
use reactive_graph::{signal::RwSignal, traits::Set};

use crate::{profile::Profile, settings::Settings};

/// Something to be done once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Show where somebody is.
    Reveal(ClientId),
    /// Search the text.
    Search,
    /// Call the document this; where it is empty, as its text begins.
    Rename(String),
}

/// The signals through which a page reaches its session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Controls {
    /// Who the person is; `None` until the browser has told.
    pub(crate) profile: RwSignal<Option<Profile>>,
    /// How they want the surface.
    pub(crate) settings: RwSignal<Settings>,
    /// What they asked for last.
    pub(crate) wish: RwSignal<Option<Wish>>,
}

impl Controls {
    /// As every page has them before the browser tells what it remembers.
    pub(crate) fn new() -> Self {
        Self {
            profile: RwSignal::new(None),
            settings: RwSignal::new(Settings::default()),
            wish: RwSignal::new(None),
        }
    }

    /// Asks the browser what it remembers.
    pub(crate) fn recall(self) {
        self.profile.set(Some(Profile::recall()));
        self.settings.set(Settings::recall());
    }
}

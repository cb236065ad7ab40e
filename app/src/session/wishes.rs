//! Has the session do what the page's controls ask for.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;

use super::{Session, on_session};
use crate::{
    controls::{Controls, Wish},
    profile::Profile,
    settings::Settings,
};

/// Obeys the controls from now on.
pub(super) fn obey(session: &Rc<RefCell<Session>>, controls: Controls) {
    let introduce = on_session(Rc::downgrade(session), |session, profile: Option<Profile>| {
        let effects = profile.map(|profile| session.people.introduce(profile, &mut session.replica));
        session.carry_out(effects.unwrap_or_default());
    });
    let furnish = on_session(Rc::downgrade(session), |session, settings: Settings| {
        session.panes.set_settings(settings);
    });
    let grant = on_session(Rc::downgrade(session), |session, wish: Option<Wish>| {
        if let (Some(wish), Some(surface)) = (wish, session.panes.surface()) {
            match wish {
                Wish::Reveal(client) => surface.reveal(client),
                Wish::Search => surface.search(),
            }
        }
    });
    Effect::new(move || introduce(controls.profile.get()));
    Effect::new(move || furnish(controls.settings.get()));
    Effect::new(move || grant(controls.wish.get()));
}

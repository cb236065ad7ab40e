//! Has the session do what the page's controls ask for.

use std::{cell::RefCell, rc::Rc};

use reactive_graph::traits::Get;

use super::{Session, on_session, people};
use crate::{
    controls::{Controls, Wish},
    editor::Surface,
    page::follow,
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
    let grant = on_session(Rc::downgrade(session), |session, wish: Option<Wish>| match wish {
        Some(Wish::Reveal(client)) => {
            session.panes.reveal(client, || people::line_of(client, &session.replica));
        }
        Some(Wish::Rename(title)) => session.rename(&title),
        Some(Wish::Search) => session.panes.surface().into_iter().for_each(Surface::search),
        None => {}
    });
    follow(move || introduce(controls.profile.get()));
    follow(move || furnish(controls.settings.get()));
    follow(move || grant(controls.wish.get()));
}

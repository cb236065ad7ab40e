//! One document in one page: its replica, its link and the two places that show it meet here, and only here.

mod clock;
mod hearing;
mod identity;
mod keeping;
mod panes;
mod people;
mod rehearsal;
mod report;
mod scrolling;
mod siblings;
mod socket;
mod state;
mod store;
mod wishes;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use collab::{
    edit::TextEdit,
    id::DocId,
    replica::{self, Replica},
};
use leptos_dom::helpers::{
    TimeoutHandle, queue_microtask, set_interval, set_timeout, window, window_event_listener_untyped,
};
use reactive_graph::{traits::Get, wrappers::read::Signal};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{BeforeUnloadEvent, Element};

use crate::{
    backlog::Backlog,
    controls::Controls,
    editor::{self, Module},
    layout::Layout,
    mishap,
    monitor::{self, Cause, Monitor, Refusal},
    page::{follow, on},
    preferences::words,
    profile::Profile,
    pulse::{Pulse, Verdict},
    reading::Reading,
    worker,
};
pub(crate) use keeping::begin_afresh;
use keeping::fold;
use panes::Panes;
use people::People;
use siblings::Siblings;
use socket::Wire;
use store::{News, Store};

const TICK: Duration = Duration::from_millis(500);

/// What keeps a page's document together.
///
/// Invariant *the document is never written from the page*: text goes from the document to the page, and from the
/// page only as edits that a person made. So nothing is ever doubled, whatever a page shows when it is loaded.
struct Session {
    me: Weak<RefCell<Session>>,
    id: DocId,
    replica: Replica,
    panes: Panes,
    people: People,
    monitor: Monitor,
    wire: Option<Wire>,
    pulse: Pulse,
    backlog: Backlog,
    siblings: Siblings,
    store: Store,
    /// When the store was last folded, or tried to be.
    folded: u64,
    /// What the store does not have yet. It gets that before any edit that may build on it.
    unkept: News,
    /// When it last got something, or would have.
    kept: u64,
    /// Whether a link has been tried, and lost or not reached.
    was_offline: bool,
    /// Why, and since when.
    cause: (Cause, u64),
    /// Why the server does not want this page.
    refusal: Option<Refusal>,
    settling: Option<TimeoutHandle>,
}

/// Starts the session of a page. It lasts as long as the page.
pub(crate) fn start(
    id: &DocId,
    editing: Element,
    reading: Reading,
    layout: Signal<Layout>,
    monitor: Monitor,
    controls: Controls,
) {
    let now = clock::now();
    let people = People::new(Profile::recall(), monitor);
    let session = Rc::new_cyclic(|me: &Weak<RefCell<Session>>| {
        let report = on_session(me.clone(), |session: &mut Session, ()| session.report());
        RefCell::new(Session {
            me: me.clone(),
            id: id.clone(),
            replica: Replica::new(identity::random(), &people.presence(), now),
            panes: Panes::new(editing, reading, on_session(me.clone(), Session::heed)),
            people,
            monitor,
            wire: None,
            pulse: Pulse::new(now),
            backlog: Backlog::default(),
            siblings: Siblings::join(id, on_session(me.clone(), Session::overhear)),
            store: Store::new(id, move || report(())),
            folded: now,
            unkept: News::default(),
            kept: now,
            was_offline: false,
            cause: (Cause::NoWay, now),
            refusal: None,
            settling: None,
        })
    });
    session.borrow_mut().restore();
    wishes::obey(&session, controls);
    furnish_when_needed(session.clone(), layout);
    session.borrow_mut().greet();
    fold(&session);
    let tick = session.clone();
    set_interval(move || Session::tick(&tick), TICK);
    for event in ["online", "offline", "visibilitychange"] {
        let doubt = on_session(Rc::downgrade(&session), |session: &mut Session, ()| session.doubt());
        let _ = window_event_listener_untyped(event, move |_| doubt(()));
    }
    warn_before_leaving(session.clone());
    worker::employ();
    spawn_local(socket::keep(move |event| session.borrow_mut().follow(event)));
}

/// Whoever only reads never loads the surface's code.
fn furnish_when_needed(session: Rc<RefCell<Session>>, layout: Signal<Layout>) {
    let is_asked = Cell::new(false);
    follow(move || {
        if layout.get().mode.edits() && !is_asked.replace(true) {
            spawn_local(load_surface(session.clone()));
        }
    });
}

async fn load_surface(session: Rc<RefCell<Session>>) {
    match Module::load().await {
        Ok(module) => {
            session.borrow_mut().furnish(module);
            set_timeout(rehearsal::rehearse, Duration::ZERO);
        }
        Err(error) => mishap::show(&error),
    }
}

/// What calls `act` with the session, if there still is one. A call that comes while the session is at work waits
/// until it is done.
fn on_session<T: 'static>(
    session: Weak<RefCell<Session>>,
    act: impl Fn(&mut Session, T) + Copy + 'static,
) -> impl Fn(T) + Clone {
    move |argument| {
        let Some(session) = session.upgrade() else {
            return;
        };
        if let Ok(mut session) = session.try_borrow_mut() {
            return act(&mut session, argument);
        }
        let later = session.clone();
        spawn_local(async move { act(&mut later.borrow_mut(), argument) });
    }
}

/// Only if something would be lost: what the browser has kept is sent when the document is next open.
fn warn_before_leaving(session: Rc<RefCell<Session>>) {
    let leaving = words().surface.leaving;
    on(&window(), "beforeunload", move |event| {
        let session = session.borrow();
        if session.replica.has_unsaved_edits() && !session.store.has_all() {
            event.prevent_default();
            event.unchecked_ref::<BeforeUnloadEvent>().set_return_value(leaving);
        }
    });
}

impl Session {
    /// Takes over the state that came with the page. Without one, the person waits until the server has sent it.
    fn restore(&mut self) {
        if state::in_page().is_some_and(|state| self.replica.restore(&state).is_ok()) {
            self.go_live(true);
        }
    }

    fn go_live(&mut self, was_in_page: bool) {
        self.panes.go_live(&self.replica.text(), was_in_page);
        self.people.gather(&self.replica, &self.panes);
    }

    fn furnish(&mut self, module: Module) {
        self.panes.furnish(module, || self.replica.text());
        self.people.gather(&self.replica, &self.panes);
    }

    fn greet(&mut self) {
        let greeting = self.replica.greet();
        self.carry_out(vec![greeting]);
    }

    /// The person did something at the surface.
    fn heed(&mut self, event: editor::Event) {
        match event {
            editor::Event::Edited(edits) if !self.replica.would_fit(&edits) => self.turn_down(),
            editor::Event::Edited(edits) => {
                monitor::show(self.monitor.is_full, false);
                let effects = self.replica.edit(&edits, clock::now());
                // First of all, what others wait for.
                self.carry_out(effects);
                self.panes.read(&edits, || self.replica.text());
            }
            editor::Event::Selected(place) => {
                let effects = self.people.go(place, &mut self.replica);
                self.carry_out(effects);
            }
        }
    }

    /// The server would not take it. So it is not part of the document, and not shown for longer than it takes to say so.
    fn turn_down(&mut self) {
        monitor::show(self.monitor.is_full, true);
        let revert = on_session(self.me.clone(), |session: &mut Session, ()| {
            if let Some(surface) = session.panes.surface() {
                surface.set_text(&session.replica.text());
            }
        });
        // The surface is yet to come to an end of what it does.
        queue_microtask(move || revert(()));
    }

    /// The person calls the document otherwise.
    fn rename(&mut self, title: &str) {
        let takes_space = TextEdit { at: 0, delete: 0, insert: title.to_owned() };
        if !self.replica.would_fit(&[takes_space]) {
            return monitor::show(self.monitor.is_full, true);
        }
        let effects = self.replica.set_title(title, clock::now());
        self.carry_out(effects);
    }

    fn tick(session: &Rc<RefCell<Self>>) {
        let is_fold_due = {
            let session = &mut *session.borrow_mut();
            let now = clock::now();
            if session.backlog.is_due(now) {
                session.catch_up();
            }
            let effects = session.replica.tick(now);
            session.carry_out(effects);
            session.people.tell(&session.replica);
            session.keep_in_time(now);
            session.check_link(now);
            session.is_fold_due()
        };
        if is_fold_due {
            fold(session);
        }
    }

    fn check_link(&mut self, now: u64) {
        if self.wire.is_none() {
            return;
        }
        match self.pulse.check(now, self.is_in_step()) {
            Verdict::Fine => {}
            Verdict::Ask => self.ask_for_a_sign(now),
            Verdict::Gone => self.wire = None,
        }
    }

    /// The network or the person has come or gone, so that the link may be dead, and the page be left.
    fn doubt(&mut self) {
        self.catch_up();
        self.keep();
        let now = clock::now();
        if self.wire.is_some() {
            self.pulse.ask(now);
            self.ask_for_a_sign(now);
        }
    }

    fn ask_for_a_sign(&mut self, now: u64) {
        let effects = self.replica.ask_for_a_sign(now);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<replica::Effect>) {
        let mut edits = Vec::new();
        for effect in effects {
            match effect {
                replica::Effect::Edit(edit) => edits.push(edit),
                replica::Effect::Send(frame) => self.send(&frame),
                replica::Effect::Keep(update, pending) => self.unkept.updates.push((update, pending)),
                replica::Effect::Release(ids) => self.unkept.released.extend(ids),
                replica::Effect::Tell(words) => {
                    self.keep_updates();
                    self.siblings.tell(&words);
                }
            }
        }
        self.panes.show(&edits, || self.replica.text());
        self.people.follow(&mut self.replica, &self.panes);
        self.report();
    }

    fn send(&mut self, frame: &[u8]) {
        if let Some(wire) = &self.wire {
            wire.send(frame);
            self.pulse.sends(frame.len());
        }
    }
}

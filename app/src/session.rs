//! One document in one page: its replica, its link and the two places that show it meet here, and only here.

mod clock;
mod panes;
mod socket;

use std::{
    cell::{Cell, RefCell},
    ops::ControlFlow,
    rc::{Rc, Weak},
    time::Duration,
};

use collab::{
    Bytes,
    id::{ClientId, DocId},
    replica::{self, Replica, ReplicaError, Status},
};
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local, web_sys::Element};

use crate::{
    components,
    editor::{self, Module},
    layout::Layout,
    leaf,
    monitor::{self, Connection, Monitor, Refusal},
    preferences::words,
    reading::Reading,
};
use panes::Panes;
use socket::{Event, Wire};

const TICK: Duration = Duration::from_secs(1);
/// A server answers at once; one that has not answered after this time, in milliseconds, is gone, even if the
/// browser has not noticed.
const ANSWER_WITHIN: u64 = 10_000;
/// "Saved" is shown when it has been true for this time, so that the word does not flicker while somebody types.
const SETTLE: Duration = Duration::from_millis(250);
/// What is said of this person: no more than that somebody is here.
const PRESENCE: &str = "{}";
/// The key under which the browser keeps the author's name.
const AUTHOR: &str = "scriptorium.author";

/// What keeps a page's document together.
///
/// Invariant *the document is never written from the page*: text goes from the document to the page, and from the
/// page only as edits that a person made. So nothing is ever doubled, whatever a page shows when it is loaded.
struct Session {
    me: Weak<RefCell<Session>>,
    replica: Replica,
    panes: Panes,
    monitor: Monitor,
    wire: Option<Wire>,
    /// Whether a link has been tried, and lost or not reached.
    was_offline: bool,
    /// Why the server does not want this page.
    refusal: Option<Refusal>,
    /// Since when the server owes an answer.
    asked: Option<u64>,
    settling: Option<TimeoutHandle>,
}

/// Starts the session of a page. It lasts as long as the page.
pub(crate) fn start(
    id: &DocId,
    editing: Element,
    reading: Reading,
    layout: Signal<Layout>,
    monitor: Monitor,
) {
    let session = Rc::new_cyclic(|me: &Weak<RefCell<Session>>| {
        RefCell::new(Session {
            me: me.clone(),
            replica: Replica::new(ClientId::new(random()), PRESENCE, clock::now()),
            panes: Panes::new(editing, reading, on_session(me.clone(), Session::heed)),
            monitor,
            wire: None,
            was_offline: false,
            refusal: None,
            asked: None,
            settling: None,
        })
    });
    session.borrow_mut().restore();
    furnish_when_needed(session.clone(), layout);
    let tick = on_session(Rc::downgrade(&session), |session, ()| session.tick());
    set_interval(move || tick(()), TICK);
    warn_before_leaving(session.clone());
    spawn_local(socket::keep(address(id), move |event| session.borrow_mut().follow(event)));
}

/// Whoever only reads never loads the surface's code.
fn furnish_when_needed(session: Rc<RefCell<Session>>, layout: Signal<Layout>) {
    let is_asked = Cell::new(false);
    Effect::new(move || {
        if layout.get().mode.edits() && !is_asked.replace(true) {
            spawn_local(load_surface(session.clone()));
        }
    });
}

async fn load_surface(session: Rc<RefCell<Session>>) {
    match Module::load().await {
        Ok(module) => session.borrow_mut().furnish(module),
        Err(error) => components::show_mishap(&error),
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

/// Where the document's link leads: back to the host that sent the page.
fn address(id: &DocId) -> String {
    let location = location();
    let is_secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let scheme = if is_secure { "wss" } else { "ws" };
    format!("{scheme}://{}/ws/{id}?author={}", location.host().unwrap_or_default(), author())
}

/// By which name the server keeps this browser's updates: random, and the same for all documents and visits. Where
/// a browser keeps nothing, there is none.
fn author() -> String {
    let Ok(Some(storage)) = window().local_storage() else {
        return String::new();
    };
    if let Ok(Some(author)) = storage.get_item(AUTHOR)
        && author.len() == 32
    {
        return author;
    }
    let author: String = (0..4).map(|_| format!("{:08x}", random())).collect();
    // A full storage forgets it, and the next visit has another.
    let _ = storage.set_item(AUTHOR, &author);
    author
}

fn random() -> u32 {
    let mut bytes = [0; 4];
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
        .expect("every browser has random numbers");
    u32::from_le_bytes(bytes)
}

fn warn_before_leaving(session: Rc<RefCell<Session>>) {
    let leaving = words().document.leaving;
    let _ = window_event_listener(ev::beforeunload, move |event| {
        if session.borrow().replica.has_unsaved_edits() {
            event.prevent_default();
            event.set_return_value(leaving);
        }
    });
}

impl Session {
    /// Takes over the state that came with the page. Without one, the person waits until the server has sent it.
    fn restore(&mut self) {
        if leaf::state().is_some_and(|state| self.replica.restore(&state).is_ok()) {
            self.go_live();
        }
    }

    fn go_live(&mut self) {
        self.panes.go_live(&self.replica.text());
    }

    fn furnish(&mut self, module: Module) {
        self.panes.furnish(module, || self.replica.text());
    }

    fn follow(&mut self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Up(wire) => {
                self.wire = Some(wire);
                let effects = self.replica.connected(clock::now());
                self.carry_out(effects);
            }
            Event::Frame(frame) => self.receive(&frame),
            Event::Down => self.disconnect(),
            Event::Refused(refusal) => {
                self.refuse(refusal);
                self.disconnect();
            }
        }
        match self.refusal {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    fn receive(&mut self, frame: &Bytes) {
        self.asked = None;
        match self.replica.receive(frame, clock::now()) {
            Ok(effects) => self.carry_out(effects),
            Err(ReplicaError::Denied(reason)) => self.refuse(Refusal { code: None, reason }),
            // The next link begins afresh.
            Err(_) => self.wire = None,
        }
        let is_in_step = !matches!(self.replica.status(), Status::Offline { .. } | Status::Syncing);
        if !self.panes.is_live() && is_in_step && self.refusal.is_none() {
            self.go_live();
        }
    }

    fn disconnect(&mut self) {
        self.wire = None;
        self.asked = None;
        self.was_offline = true;
        self.replica.disconnected();
        self.report();
    }

    /// Nothing that is typed from now on could be kept.
    fn refuse(&mut self, refusal: Refusal) {
        self.refusal = Some(refusal);
        self.panes.set_read_only(true);
        self.report();
    }

    /// The person did something at the surface.
    fn heed(&mut self, event: editor::Event) {
        match event {
            editor::Event::Edited(edits) => {
                let effects = self.replica.edit(&edits, clock::now());
                // First of all, what others wait for.
                self.carry_out(effects);
                self.panes.read(&edits, || self.replica.text());
            }
        }
    }

    fn tick(&mut self) {
        let now = clock::now();
        if self.asked.is_some_and(|asked| now >= asked + ANSWER_WITHIN) {
            self.wire = None;
            return;
        }
        let effects = self.replica.tick(now);
        if !effects.is_empty() {
            // The server sends everybody's presence to everybody, this page included.
            self.asked.get_or_insert(now);
        }
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<replica::Effect>) {
        let mut edits = Vec::new();
        for effect in effects {
            match (effect, &self.wire) {
                (replica::Effect::Edit(edit), _) => edits.push(edit),
                (replica::Effect::Send(frame), Some(wire)) => wire.send(&frame),
                (replica::Effect::Send(_), None) => {}
                // Nothing is kept in the browser, and its tabs know nothing of each other.
                (replica::Effect::Keep(..) | replica::Effect::Release(_) | replica::Effect::Tell(_), _) => {}
            }
        }
        self.panes.show(&edits, || self.replica.text());
        self.report();
    }

    /// Tells the page how things are.
    fn report(&mut self) {
        let connection = self.connection();
        if let Some(settling) = self.settling.take() {
            settling.clear();
        }
        let was_saving = self.monitor.connection.with_untracked(|shown| *shown == Connection::Saving);
        if connection == Connection::Saved && was_saving {
            let settle = on_session(self.me.clone(), |session, connection| {
                monitor::show(session.monitor.connection, connection);
            });
            self.settling = set_timeout_with_handle(move || settle(Connection::Saved), SETTLE).ok();
        } else {
            monitor::show(self.monitor.connection, connection);
        }
        let people = self.wire.as_ref().map(|_| self.replica.people());
        monitor::show(self.monitor.people, people);
    }

    fn connection(&self) -> Connection {
        if let Some(refusal) = &self.refusal {
            return Connection::Refused(refusal.clone());
        }
        match self.replica.status() {
            Status::Offline { .. } if !self.was_offline => Connection::Connecting,
            Status::Offline { waiting, since } => {
                let minutes = since.map_or(0, |since| clock::now().saturating_sub(since) / 60_000);
                Connection::Offline { waiting, minutes }
            }
            Status::Syncing => Connection::Connecting,
            Status::Saving => Connection::Saving,
            Status::NotSaving(reason) => Connection::NotSaving(reason.to_string()),
            Status::Saved => Connection::Saved,
        }
    }
}

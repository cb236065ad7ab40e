//! The WebSocket: kept up for as long as the page lasts.

use std::{
    cell::RefCell,
    convert::Infallible,
    future::poll_fn,
    ops::ControlFlow,
    pin::{Pin, pin},
    rc::Rc,
    time::Duration,
};

use collab::Bytes;
use futures::{
    FutureExt, Sink, StreamExt,
    channel::oneshot,
    future::{Either, select},
};
use gloo_net::websocket::{Message, State, WebSocketError, events::CloseEvent, futures::WebSocket};
use leptos_dom::helpers::{document, set_timeout, window_event_listener_untyped};
use web_sys::{VisibilityState, WebSocket as Handle};

use super::clock;
use crate::{backoff::Backoff, link, monitor::Refusal};

/// A link that is not up after this time will not be.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// A link that held for this time, in milliseconds, ends a row of failures.
const STABLE_AFTER: u64 = 5_000;
/// With these codes the server says that it will not change its mind.
const PERMANENT: std::ops::RangeInclusive<u16> = 4400..=4499;
/// With this code it says that a frame is too large. The same frame would be sent again.
const TOO_LARGE: u16 = 1009;

/// What happens to the link.
pub(super) enum Event {
    /// It came up.
    Up(Wire),
    /// A frame arrived.
    Frame(Bytes),
    /// It is lost, and will be tried again. The server may have closed it, with this code.
    Down(Option<u16>),
    /// The server refused it for good.
    Refused(Refusal),
}

/// The near end of a link. To let go of it is to hang up, without waiting for a server that may not answer any more.
pub(super) struct Wire {
    socket: Handle,
    _hold: oneshot::Sender<Infallible>,
}

impl Wire {
    /// Sends a frame. What is sent too late is lost, as with a link that breaks a moment later: the next one begins
    /// by telling the server what it lacks.
    pub(super) fn send(&self, frame: &[u8]) {
        // Browsers complain of it in the console otherwise.
        if self.socket.ready_state() == Handle::OPEN {
            let _ = self.socket.send_with_u8_array(frame);
        }
    }
}

/// Keeps a link, and tells what happens to it, until it is told to break off.
pub(super) async fn keep(tell: impl Fn(Event) -> ControlFlow<()>) {
    let alarm = Alarm::new();
    let mut backoff = Backoff::default();
    loop {
        let began = clock::now();
        if tell(attend(&tell).await).is_break() {
            return;
        }
        if clock::now() >= began + STABLE_AFTER {
            backoff.reset();
        }
        alarm.wait(backoff.next(js_sys::Math::random())).await;
    }
}

/// Opens one link, follows it to its end and returns that.
async fn attend(tell: &impl Fn(Event) -> ControlFlow<()>) -> Event {
    let Ok(handle) = link::open() else {
        return Event::Down(None);
    };
    let Ok(mut socket) = WebSocket::try_from(handle.clone()) else {
        return Event::Down(None);
    };
    let opening = poll_fn(|context| Pin::new(&mut socket).poll_ready(context));
    let is_late = matches!(select(opening, pin!(timer(CONNECT_WITHIN))).await, Either::Right(_));
    if is_late {
        return Event::Down(None);
    }
    if !matches!(socket.state(), State::Open) {
        return Event::Down(None);
    }
    let (_hold, mut let_go) = oneshot::channel();
    let mut verdict = tell(Event::Up(Wire { socket: handle, _hold }));
    while verdict.is_continue() {
        match select(socket.next(), &mut let_go).await {
            Either::Left((Some(Ok(Message::Bytes(frame))), _)) => verdict = tell(Event::Frame(frame.into())),
            // The reason follows.
            Either::Left((Some(Err(WebSocketError::ConnectionError) | Ok(Message::Text(_))), _)) => {}
            Either::Left((Some(Err(WebSocketError::ConnectionClose(close))), _)) => return end(close),
            Either::Left(_) | Either::Right(_) => break,
        }
    }
    Event::Down(None)
}

fn end(close: CloseEvent) -> Event {
    if PERMANENT.contains(&close.code) || close.code == TOO_LARGE {
        Event::Refused(Refusal { code: Some(close.code), reason: close.reason })
    } else {
        Event::Down(Some(close.code))
    }
}

/// Waits, but not when waiting makes no sense any more: when the network is back, or the person.
struct Alarm(Rc<RefCell<Option<oneshot::Sender<()>>>>);

impl Alarm {
    fn new() -> Self {
        let sleeper = Rc::new(RefCell::new(None::<oneshot::Sender<()>>));
        let ring = {
            let sleeper = sleeper.clone();
            move || {
                let _ = sleeper.take().map(|sleeper| sleeper.send(()));
            }
        };
        let ring_if_visible = {
            let ring = ring.clone();
            move || {
                if document().visibility_state() == VisibilityState::Visible {
                    ring();
                }
            }
        };
        let _ = window_event_listener_untyped("online", move |_| ring());
        let _ = window_event_listener_untyped("visibilitychange", move |_| ring_if_visible());
        Self(sleeper)
    }

    async fn wait(&self, duration: Duration) {
        let (sleeper, woken) = oneshot::channel();
        self.0.replace(Some(sleeper));
        select(woken, pin!(timer(duration))).await;
    }
}

async fn timer(duration: Duration) {
    let (sender, passed) = oneshot::channel::<()>();
    set_timeout(
        move || {
            let _ = sender.send(());
        },
        duration,
    );
    passed.map(drop).await;
}

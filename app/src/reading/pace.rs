//! When something is done that takes time and may wait.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use js_sys::Reflect;
use leptos_dom::helpers::{set_timeout, window};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::IdleRequestOptions;

/// The shortest time between two runs. Up to here people take what they see for immediate (Nielsen, Usability Engineering,
/// 1993), and of what somebody types, several letters come in one go.
const SHORTEST: Duration = Duration::from_millis(100);
/// A run is followed by a pause of so many times its own duration, so that a long text costs no more than a short one.
const REST: u32 = 15;
/// A browser that has no idle moment for this time, in milliseconds, makes one.
const PATIENCE: u32 = 250;

/// Does one thing again and again, when it is asked to, but never in the way of somebody who types: it waits until the
/// browser has nothing else to do, and rests in proportion to its work.
#[derive(Clone)]
pub(super) struct Pace(Rc<Inner>);

struct Inner {
    work: Box<dyn Fn()>,
    is_asked: Cell<bool>,
    pause: RefCell<Duration>,
}

impl Pace {
    pub(super) fn new(work: impl Fn() + 'static) -> Self {
        // The first time, there is nothing to rest from.
        let (is_asked, pause) = (Cell::new(false), RefCell::new(Duration::ZERO));
        Self(Rc::new(Inner { work: Box::new(work), is_asked, pause }))
    }

    /// Has it done soon. Asking twice before that is asking once.
    pub(super) fn ask(&self) {
        if self.0.is_asked.replace(true) {
            return;
        }
        let pace = self.clone();
        let pause = *self.0.pause.borrow();
        set_timeout(move || when_idle(move || pace.run()), pause);
    }

    /// Has it done at once.
    pub(super) fn run(&self) {
        self.0.is_asked.set(false);
        let began = now();
        (self.0.work)();
        let took = Duration::from_micros(((now() - began) * 1_000.0) as u64);
        self.0.pause.replace(SHORTEST.max(took * REST));
    }
}

/// Safari has no such moment; there a timer has to do.
fn when_idle(act: impl FnOnce() + 'static) {
    if !Reflect::has(&window(), &"requestIdleCallback".into()).unwrap_or(false) {
        return act();
    }
    let options = IdleRequestOptions::new();
    options.set_timeout(PATIENCE);
    let act = Closure::once_into_js(act);
    window()
        .request_idle_callback_with_options(act.unchecked_ref(), &options)
        .expect("a function can be called back");
}

/// In milliseconds.
fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

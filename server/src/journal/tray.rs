//! Where orders wait for the thread that writes.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::Order;

/// How long an order may wait that nobody waits for. To bring one to the disk costs the processor as much as to send it to
/// fifty people, however much goes with it.
const LEISURE: Duration = Duration::from_millis(500);
/// Once so many records wait, nobody has leisure: whoever asks would have to wait for all of them.
const ENOUGH: usize = 256;

/// Orders, in order.
///
/// Invariant *nobody who asks waits at leisure*: an order that somebody waits for is due at once, and whatever stands
/// before it with it.
#[derive(Default)]
pub(super) struct Tray {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    orders: VecDeque<Order>,
    records: usize,
    /// When the orders are to be taken.
    due: Option<Instant>,
    is_closed: bool,
}

/// The end of a tray that orders are put into. Once the last is dropped, nothing more comes.
pub(super) struct Slot(Arc<Tray>);

impl Slot {
    pub(super) fn of(tray: &Arc<Tray>) -> Self {
        Self(tray.clone())
    }

    /// Puts in an order that may wait for a while.
    pub(super) fn put(&self, order: Order) {
        self.0.put(order, Instant::now() + LEISURE);
    }

    /// Puts in an order that somebody waits for.
    pub(super) fn put_urgent(&self, order: Order) {
        self.0.put(order, Instant::now());
    }

    /// Somebody waits for what was put in before.
    pub(super) fn hurry(&self) {
        let mut state = self.0.state();
        if !state.orders.is_empty() {
            self.0.set_due(&mut state, Instant::now());
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Tray {
    fn put(&self, order: Order, due: Instant) {
        let mut state = self.state();
        assert!(!state.is_closed, "nobody orders after the end");
        state.records += order.records();
        state.orders.push_back(order);
        let due = if state.records >= ENOUGH { Instant::now() } else { due };
        self.set_due(&mut state, due);
    }

    /// Wakes the thread only if it would otherwise sleep too long.
    fn set_due(&self, state: &mut State, due: Instant) {
        if state.due.is_none_or(|before| due < before) {
            state.due = Some(due);
            self.changed.notify_one();
        }
    }

    /// Waits until orders are due, and takes them, unless they hold more than so many records, and whatever waits with them.
    /// Nothing comes once nothing can be put in any more.
    pub(super) fn take(&self, most: usize) -> Option<Vec<Order>> {
        let mut state = self.state();
        while !state.is_closed {
            let pause = state.due.map(|due| due.saturating_duration_since(Instant::now()));
            state = match pause {
                Some(Duration::ZERO) => break,
                Some(pause) => {
                    let woken = self.changed.wait_timeout(state, pause);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
        (!state.orders.is_empty()).then(|| state.take(most))
    }

    /// Takes whatever waits.
    pub(super) fn take_all(&self) -> Vec<Order> {
        self.state().take(usize::MAX)
    }

    /// Nothing can be put in any more.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_one();
    }

    /// Whether nothing can be put in any more.
    pub(super) fn is_closed(&self) -> bool {
        self.state().is_closed
    }

    /// The state is whole at every moment.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, most: usize) -> Vec<Order> {
        let mut taken = Vec::new();
        let mut records = 0;
        while records < most
            && let Some(order) = self.orders.pop_front()
        {
            records += order.records();
            taken.push(order);
        }
        self.records -= records;
        if self.orders.is_empty() {
            self.due = None;
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use collab::id::Seq;
    use tokio::sync::watch;

    use super::*;
    use crate::{
        journal::Progress,
        storage::{Group, Record},
    };

    const LONG: Duration = Duration::from_secs(3600);

    fn append(records: usize) -> Order {
        let record = Record { seq: Seq(1), at: 0, author: "".into(), update: Bytes::from_static(&[0, 0]) };
        let group = Group { document: "room".parse().unwrap(), records: vec![record; records] };
        let (room, _) = watch::channel(Progress { durable: Seq(0), trouble: None });
        Order::Append(group, room.into(), Instant::now())
    }

    impl Tray {
        fn is_due(&self) -> bool {
            self.state().due.is_some_and(|due| due <= Instant::now())
        }
    }

    #[test]
    fn nobody_who_asks_waits_at_leisure() {
        let tray = Tray::default();
        tray.put(append(1), Instant::now() + LONG);
        assert!(!tray.is_due());
        tray.put(append(1), Instant::now());
        tray.put(append(1), Instant::now() + LONG);
        assert_eq!(tray.take(10).unwrap().len(), 3, "they are written together, and in order");
        assert!(!tray.is_due());
    }

    #[test]
    fn whoever_asks_later_makes_what_waits_due() {
        let tray = Arc::new(Tray::default());
        let slot = Slot::of(&tray);
        slot.hurry();
        tray.put(append(1), Instant::now() + LONG);
        assert!(!tray.is_due(), "nobody has asked since");
        slot.hurry();
        assert_eq!(tray.take(10).unwrap().len(), 1);
    }

    #[test]
    fn too_much_does_not_wait() {
        let tray = Tray::default();
        tray.put(append(ENOUGH - 1), Instant::now() + LONG);
        assert!(!tray.is_due());
        tray.put(append(1), Instant::now() + LONG);
        assert_eq!(tray.take(1).unwrap().len(), 1);
        assert!(tray.is_due(), "what is left is still due");
    }

    #[test]
    fn the_end_waits_for_nothing() {
        let tray = Arc::new(Tray::default());
        let slot = Slot::of(&tray);
        tray.put(append(1), Instant::now() + LONG);
        drop(slot);
        assert_eq!(tray.take(10).unwrap().len(), 1);
        assert!(tray.take(10).is_none());
    }
}

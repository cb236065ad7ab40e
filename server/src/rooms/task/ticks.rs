//! What a room does of itself, some time after there was reason to.

use std::{future, time::Duration};

use collab::room::Room;
use tokio::time::{self, Instant};

/// How long what people do in the text waits to be told in one frame: a few frames of a screen.
const PRESENCES: Duration = Duration::from_millis(50);
/// How long it waits for each session, where there are many: what each of them does is told to all of them, so that the
/// server's work would grow with the square of their number.
const PRESENCES_EACH: Duration = Duration::from_micros(200);
/// How long those who are asked in a dispute have until they are asked again.
const DISPUTES: Duration = Duration::from_secs(1);

/// When what is due.
#[derive(Default)]
pub(super) struct Ticks {
    presences: Option<Instant>,
    disputes: Option<Instant>,
}

/// What is due now.
#[derive(Clone, Copy)]
pub(super) enum Tick {
    /// To tell what people do.
    Presences,
    /// To ask who wrote something.
    Disputes,
}

impl Ticks {
    /// Waits for what is due next. May be given up at any time.
    pub(super) async fn next(&mut self, room: &Room, sessions: usize) -> Tick {
        let each = PRESENCES_EACH * u32::try_from(sessions).unwrap_or(u32::MAX);
        keep(&mut self.presences, room.has_presences(), PRESENCES.max(each));
        keep(&mut self.disputes, room.has_disputes(), DISPUTES);
        let all = [(self.presences, Tick::Presences), (self.disputes, Tick::Disputes)];
        let due = all.into_iter().filter_map(|(at, tick)| Some((at?, tick)));
        let Some((at, tick)) = due.min_by_key(|(at, _)| *at) else {
            return future::pending().await;
        };
        time::sleep_until(at).await;
        match tick {
            Tick::Presences => self.presences = None,
            Tick::Disputes => self.disputes = None,
        }
        tick
    }
}

/// Something is due so long after there came to be reason for it, and not if there is none any more.
fn keep(due: &mut Option<Instant>, has_reason: bool, after: Duration) {
    *due = has_reason.then(|| due.unwrap_or_else(|| Instant::now() + after));
}

//! Whether the other side of a link is still there.
//!
//! A connection may be dead without anybody being told: a laptop that has changed its network, a router that has
//! forgotten it. A browser cannot see the server's pings, so that after some silence the page asks for a sign itself.

/// After so much silence a sign is asked for, in milliseconds.
const ASK_AFTER: u64 = 4_000;
/// A server answers at once. One that has not after this time is gone, even if the browser has not noticed.
const ANSWER_WITHIN: u64 = 4_000;
/// While the two sides tell each other what they know, an answer may be a whole document, and long on its way.
const SYNC_WITHIN: u64 = 30_000;
/// What is sent before the question holds the answer up: so many bytes for each millisecond, on a slow network.
const SLOWEST: u64 = 16;
/// Time that passes so much faster than expected has not passed for this page: its timers are slowed down while it is
/// hidden, and stand still while the machine sleeps. What has arrived meanwhile may not have been read yet.
const LATE_AFTER: u64 = 2_500;

/// Watches one link. All times are in milliseconds of one clock.
#[derive(Debug)]
pub(crate) struct Pulse {
    heard: u64,
    checked: u64,
    asked: Option<u64>,
    /// How many bytes were sent since something was heard.
    sent: u64,
}

/// What to do about a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing.
    Fine,
    /// Ask for a sign.
    Ask,
    /// Hang up.
    Gone,
}

impl Pulse {
    /// Of a link that came up at this moment.
    pub(crate) fn new(now: u64) -> Self {
        Self { heard: now, checked: now, asked: None, sent: 0 }
    }

    /// Something arrived.
    pub(crate) fn hears(&mut self, now: u64) {
        self.heard = now;
        self.asked = None;
        self.sent = 0;
    }

    /// So many bytes were sent.
    pub(crate) fn sends(&mut self, bytes: usize) {
        self.sent += bytes as u64;
    }

    /// To be called twice a second. `is_in_step` says whether the two sides have told each other what they know.
    pub(crate) fn check(&mut self, now: u64, is_in_step: bool) -> Verdict {
        let is_late = now >= self.checked + LATE_AFTER;
        self.checked = now;
        let patience = if is_in_step { ANSWER_WITHIN } else { SYNC_WITHIN } + self.sent / SLOWEST;
        match self.asked {
            _ if is_late => self.ask(now),
            Some(asked) if now >= asked + patience => Verdict::Gone,
            None if now >= self.heard + ASK_AFTER => self.ask(now),
            _ => Verdict::Fine,
        }
    }

    /// There is reason to doubt: asks at once.
    pub(crate) fn ask(&mut self, now: u64) -> Verdict {
        self.asked = Some(now);
        Verdict::Ask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks twice a second, up to and including `until`, and returns when which verdict but "fine" was given.
    fn watch(pulse: &mut Pulse, from: u64, until: u64, is_in_step: bool) -> Vec<(u64, Verdict)> {
        let times = (from..=until).step_by(500).skip(1);
        let verdicts = times.map(|now| (now, pulse.check(now, is_in_step)));
        verdicts.filter(|(_, verdict)| *verdict != Verdict::Fine).collect()
    }

    #[test]
    fn a_silent_link_is_given_up_within_ten_seconds() {
        let mut pulse = Pulse::new(0);
        let verdicts = watch(&mut pulse, 0, 8_000, true);
        assert_eq!(verdicts, [(4_000, Verdict::Ask), (8_000, Verdict::Gone)]);
    }

    #[test]
    fn whatever_arrives_is_a_sign() {
        let mut pulse = Pulse::new(0);
        assert_eq!(watch(&mut pulse, 0, 7_500, true), [(4_000, Verdict::Ask)]);
        pulse.hears(7_500);
        assert_eq!(watch(&mut pulse, 7_500, 15_000, true), [(11_500, Verdict::Ask)]);
    }

    #[test]
    fn what_is_sent_may_take_its_time() {
        let mut pulse = Pulse::new(0);
        pulse.sends(1_600_000);
        assert_eq!(watch(&mut pulse, 0, 100_000, true), [(4_000, Verdict::Ask)]);
        let mut pulse = Pulse::new(0);
        assert_eq!(watch(&mut pulse, 0, 30_000, false), [(4_000, Verdict::Ask)]);
        assert_eq!(watch(&mut pulse, 30_000, 34_000, false), [(34_000, Verdict::Gone)]);
    }

    #[test]
    fn a_page_that_slept_asks_before_it_judges() {
        let mut pulse = Pulse::new(0);
        assert_eq!(pulse.check(60_000, true), Verdict::Ask);
        assert_eq!(pulse.check(120_000, true), Verdict::Ask);
        assert_eq!(watch(&mut pulse, 120_000, 124_000, true), [(124_000, Verdict::Gone)]);
    }
}

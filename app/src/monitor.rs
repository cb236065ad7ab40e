//! What a page says of its session.

use leptos::prelude::*;

/// The state of the link to the server, and of what the person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "on the server there is no link yet"))]
pub(crate) enum Connection {
    /// The page has not heard from the server yet, or is being told what it missed.
    Connecting,
    /// Edits are on their way to the disk.
    Saving,
    /// The server has everything, on disk.
    Saved,
    /// The others see the edits, but the server cannot write them to its disk, for this reason.
    NotSaving(String),
    /// There is no link; the page goes on trying.
    Offline {
        /// How many edits the server has not confirmed.
        waiting: u64,
        /// For how many whole minutes the oldest of them has waited.
        minutes: u64,
    },
    /// The server does not want this page, for this reason. It does not try again.
    Refused(String),
}

impl Connection {
    /// In words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Connecting => "Connecting…".to_owned(),
            Self::Saving => "Saving…".to_owned(),
            Self::Saved => "Saved".to_owned(),
            Self::NotSaving(reason) => format!("Not saving: {reason}"),
            Self::Offline { waiting: 0, .. } => "Offline".to_owned(),
            Self::Offline { waiting, minutes } => {
                let changes = if *waiting == 1 { "change" } else { "changes" };
                // No seconds: what changes all the time is read aloud all the time.
                let age = if *minutes == 0 { String::new() } else { format!(" for {minutes} min") };
                format!("Offline: {waiting} {changes} waiting{age}")
            }
            Self::Refused(reason) if reason.is_empty() => "Refused by the server".to_owned(),
            Self::Refused(reason) => format!("Refused: {reason}"),
        }
    }

    /// In one word, for the style sheet.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Saving => "saving",
            Self::Saved => "saved",
            Self::NotSaving(_) => "not-saving",
            Self::Offline { .. } => "offline",
            Self::Refused(_) => "refused",
        }
    }
}

/// The signals through which a session reaches the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Monitor {
    /// How the link is.
    pub(crate) connection: RwSignal<Connection>,
    /// How many people are here, this one included; `None` while nobody can know.
    pub(crate) people: RwSignal<Option<usize>>,
}

impl Monitor {
    /// For a session that is yet to start.
    pub(crate) fn new() -> Self {
        Self { connection: RwSignal::new(Connection::Connecting), people: RwSignal::new(None) }
    }

    /// In words; empty while nobody can know.
    pub(crate) fn people_in_words(self) -> String {
        match self.people.get() {
            None => String::new(),
            Some(1) => "1 person here".to_owned(),
            Some(people) => format!("{people} people here"),
        }
    }
}

/// Shows a value where it is not shown already: pages look at what has changed after every keystroke.
#[cfg(feature = "hydrate")]
pub(crate) fn show<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|shown| *shown != value) {
        signal.set(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_properly() {
        let offline = |waiting, minutes| Connection::Offline { waiting, minutes }.words();
        assert_eq!(offline(0, 3), "Offline");
        assert_eq!(offline(1, 0), "Offline: 1 change waiting");
        assert_eq!(offline(2, 3), "Offline: 2 changes waiting for 3 min");
        assert_eq!(Connection::Refused("no room".to_owned()).words(), "Refused: no room");
    }
}

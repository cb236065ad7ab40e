//! What a page says of its session.

#[cfg(feature = "hydrate")]
use collab::{id::ClientId, person::Color};
#[cfg(feature = "hydrate")]
use reactive_graph::{
    signal::RwSignal,
    traits::{Set, WithUntracked},
};

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
        waiting: usize,
        /// For how many whole minutes the oldest of them has waited.
        minutes: u64,
        /// Why there is no link.
        cause: Cause,
        /// Whether the browser keeps them when the page is closed.
        is_kept: bool,
    },
    /// The server does not want this page. It does not try again.
    Refused(Refusal),
}

impl Connection {
    /// Whether the page and the server have told each other what they know.
    #[cfg(feature = "hydrate")]
    pub(crate) fn is_in_step(&self) -> bool {
        matches!(self, Self::Saving | Self::Saved | Self::NotSaving(_))
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

/// Why a link that is tried again was lost, as far as the server has said so (see `docs/protocol.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "on the server there is no link"))]
pub(crate) enum Cause {
    /// Nobody has said anything: there is no way to the server.
    #[default]
    NoWay,
    /// The server is being started again.
    Restart,
    /// The server has no room, or the page was too slow in reading.
    Busy,
    /// The document's room in the server has failed.
    RoomFailed,
    /// The server cannot read the document.
    Unreadable,
}

impl From<Option<u16>> for Cause {
    fn from(code: Option<u16>) -> Self {
        match code {
            Some(1012) => Self::Restart,
            Some(1013) => Self::Busy,
            Some(1011) => Self::RoomFailed,
            Some(4500) => Self::Unreadable,
            _ => Self::NoWay,
        }
    }
}

/// Why the server does not want a page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "the server refuses none of its own"))]
pub(crate) struct Refusal {
    /// The WebSocket's close code, if it was closed with one.
    pub(crate) code: Option<u16>,
    /// The server's reason, in English; it may be empty.
    pub(crate) reason: String,
}

#[cfg(feature = "hydrate")]
impl Refusal {
    /// Whether somebody has deleted the document.
    pub(crate) fn is_deletion(&self) -> bool {
        self.code == Some(4410)
    }
}

/// The signals through which a session reaches the page.
#[cfg(feature = "hydrate")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Monitor {
    /// How the link is.
    pub(crate) connection: RwSignal<Connection>,
    /// How many people are here, this one included; `None` while nobody can know.
    pub(crate) people: RwSignal<Option<usize>>,
    /// Everybody else who is here.
    pub(crate) roster: RwSignal<Vec<Someone>>,
    /// Who has come and gone, as a sentence.
    pub(crate) news: RwSignal<String>,
    /// Whether the person has just tried to add more than the document may hold.
    pub(crate) is_full: RwSignal<bool>,
    /// What the document is called. Empty where nobody has given it a title and its text has no words.
    pub(crate) title: RwSignal<String>,
}

/// Somebody else who is here.
#[cfg(feature = "hydrate")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Someone {
    /// Their replica.
    pub(crate) client: ClientId,
    /// What they are called.
    pub(crate) name: String,
    /// Their colour.
    pub(crate) color: Color,
    /// Whether they look at the text.
    pub(crate) is_in_text: bool,
}

#[cfg(feature = "hydrate")]
impl Monitor {
    /// For a session that is yet to start, of a document that is called this.
    pub(crate) fn new(title: String) -> Self {
        Self {
            connection: RwSignal::new(Connection::Connecting),
            people: RwSignal::new(None),
            roster: RwSignal::new(Vec::new()),
            news: RwSignal::new(String::new()),
            is_full: RwSignal::new(false),
            title: RwSignal::new(title),
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

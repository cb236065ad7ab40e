//! All rooms: each document that somebody has open is owned by one task, and this registry finds it.

mod archive;
mod deletion;
mod log;
mod mailbox;
mod sight;
mod task;
mod watchdog;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use app::ports::{Absence, Entry, Listing};
use collab::{
    id::{DocId, Seq, SessionId},
    room::Limits,
};
use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    time,
};
use tokio_util::task::TaskTracker;

use self::{
    archive::{Archive, Missing},
    mailbox::{Mail, Mailbox},
    watchdog::Pulse,
};
pub use self::{
    deletion::{DeleteError, UndeleteError},
    log::{fold, write_checkpoint},
    mailbox::{RoomGone, Seat},
    sight::Sight,
};
use crate::{
    journal::{Backlog, Writer},
    metrics::Metrics,
    socket::outbox::Outbox,
    storage::Storage,
};

/// How long somebody who wants to know how it was waits for the disk.
const FLUSH: Duration = Duration::from_secs(5);

/// When rooms go to rest, how long their logs may grow, and how many of them and of their people there may be.
#[derive(Debug, Clone)]
pub struct RoomSettings {
    /// How many rooms may be open at the same time.
    pub most: usize,
    /// How many sessions a room has at the most.
    pub sessions: usize,
    /// What one session may put into a room.
    pub limits: Limits,
    /// How many bytes of what clients sent may wait for a room. Whose frame does not fit waits, too.
    pub mailbox: usize,
    /// How many bytes may wait for the disk. Whoever sends more waits, too.
    pub backlog: usize,
    /// How long a room may take over one batch before it is given up.
    pub patience: Duration,
    /// How long a room stays in memory after the last session has left.
    pub retire_after: Duration,
    /// A checkpoint is written after so many updates.
    pub checkpoint_updates: u64,
    /// A checkpoint is written after so many bytes of updates.
    pub checkpoint_bytes: u64,
    /// How long updates are kept that a checkpoint includes; for ever where there is no limit.
    pub keep_updates: Option<Duration>,
    /// How long a deletion can be undone at least.
    pub keep_deleted: Duration,
}

impl Default for RoomSettings {
    fn default() -> Self {
        Self {
            most: 10_000,
            sessions: 2_000,
            limits: Limits::default(),
            mailbox: 64 * 1024 * 1024,
            backlog: 256 * 1024 * 1024,
            patience: Duration::from_secs(10),
            retire_after: Duration::from_secs(60),
            checkpoint_updates: 1_000,
            checkpoint_bytes: 256 * 1024,
            keep_updates: None,
            keep_deleted: Duration::from_secs(7 * 24 * 60 * 60),
        }
    }
}

/// How long edits have the disk to themselves after a checkpoint was written.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_millis(5);

/// For how long checkpoints are written when the server ends. Without one, a document is read more slowly, and no worse.
const LAST_CHECKPOINTS: Duration = Duration::from_secs(3);

/// Finds the room of a document, and opens it if need be.
#[derive(Clone)]
pub struct Rooms(Arc<Shared>);

struct Shared {
    archive: Archive,
    /// Whose turn it is to write a checkpoint.
    clerk: Semaphore,
    /// When the server began to end.
    ending: OnceLock<Instant>,
    backlog: Arc<Backlog>,
    settings: RoomSettings,
    metrics: Arc<Metrics>,
    tasks: TaskTracker,
    /// How many sessions there have been.
    sessions: AtomicU64,
    registry: Mutex<Registry>,
    /// See [`Pulse`].
    is_wary: Arc<AtomicBool>,
}

/// Invariant *opened once*: a document has at most one room, for a room is in the registry from before it loads
/// until after its last write is on disk.
struct Registry {
    open: HashMap<DocId, Mailbox>,
    /// Gone once the server shuts down: no room opens any more.
    writer: Option<Writer>,
}

/// Why a room did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The stored document cannot be read. It must not be taken for an empty one.
    #[error("the document cannot be read at the moment")]
    Unreadable,
    /// Somebody has deleted it.
    #[error("the document was deleted")]
    Deleted,
    /// The room has all the sessions that it may have.
    #[error("too many people are here; try again later")]
    RoomFull,
    /// The server has all the rooms that it may have.
    #[error("too many documents are open; try again later")]
    TooManyRooms,
    /// The server is about to end.
    #[error("the server is restarting")]
    ShuttingDown,
}

impl Rooms {
    /// No room is open yet.
    ///
    /// # Errors
    /// If the operating system refuses the watchdog its thread.
    pub fn new(
        storage: Arc<dyn Storage>,
        writer: Writer,
        settings: RoomSettings,
        metrics: Arc<Metrics>,
    ) -> std::io::Result<Self> {
        let backlog = writer.backlog().clone();
        let registry = Mutex::new(Registry { open: HashMap::new(), writer: Some(writer) });
        let patience = settings.patience;
        let is_wary = Arc::default();
        let (archive, tasks) = (Archive::new(storage), TaskTracker::new());
        let shared = Arc::new(Shared {
            archive,
            clerk: Semaphore::new(1),
            ending: OnceLock::new(),
            backlog,
            settings,
            metrics,
            tasks,
            sessions: AtomicU64::new(0),
            registry,
            is_wary,
        });
        watchdog::start(Arc::downgrade(&shared), patience)?;
        Ok(Self(shared))
    }

    /// Seats a session in a document's room. What the room has to say goes into `outbox`.
    ///
    /// # Errors
    /// If the document cannot be read or was deleted, there are too many already, or the server is shutting down.
    pub async fn join(
        &self,
        document: &DocId,
        session: SessionId,
        author: &str,
        outbox: &Arc<Outbox>,
    ) -> Result<Seat, OpenError> {
        loop {
            let mailbox = self.find_or_open(document)?;
            let (done, answer) = oneshot::channel();
            let join = Mail::Join { session, outbox: outbox.clone(), author: author.into(), done };
            // A room that retires while the letter is on its way drops it unanswered. The next round finds another.
            if let Ok(answer) = mailbox.ask(join, answer).await {
                return answer.map(|()| Seat::new(session, mailbox, self.0.backlog.clone()));
            }
        }
    }

    /// Looks at a document: a live room answers, else its log is folded without opening a room, so that a crawler
    /// wakes nothing.
    ///
    /// # Errors
    /// If the stored document cannot be read, or was deleted.
    pub async fn look(&self, document: &DocId) -> Result<Sight, Absence> {
        let mailbox = self.0.registry().open.get(document).cloned();
        if let Some(mailbox) = mailbox {
            let (sight, answer) = oneshot::channel();
            if let Ok(sight) = mailbox.ask(Mail::Look(sight), answer).await {
                return Ok(sight);
            }
        }
        let looked = self.0.archive.look(document).await;
        let (sight, has_tail) = looked.map_err(|missing| self.absence(document, missing))?;
        // Large documents take long to put together: once is enough. While another one is written, the next look will do.
        if has_tail && self.0.clerk.available_permits() > 0 {
            let (rooms, document) = (self.clone(), document.clone());
            self.0.tasks.spawn(async move { rooms.0.write_checkpoint(document).await });
        }
        Ok(sight)
    }

    /// Looks at a document that somebody has just written to. That it was deleted right after takes nothing away from what
    /// they did.
    ///
    /// # Errors
    /// If the stored document cannot be read.
    pub async fn look_after(&self, document: &DocId) -> Result<Sight, Absence> {
        match self.look(document).await {
            Err(Absence::Deleted(_)) => {
                let seen = self.0.archive.look_at_remains(document).await;
                seen.map_err(|missing| self.absence(document, missing))
            }
            seen => seen,
        }
    }

    /// A document as it was at some place of its log; `None` where that is not known.
    ///
    /// # Errors
    /// As [`Rooms::look`].
    pub async fn recall(&self, document: &DocId, seq: Seq) -> Result<Option<Sight>, Absence> {
        let recall = || self.0.archive.recall(document, seq);
        let mut recalled = recall().await;
        if let Ok(None) = recalled {
            // It may be on its way to the disk.
            let writer = self.0.registry().writer.clone();
            if let Some(writer) = writer {
                let _ = time::timeout(FLUSH, writer.flush()).await;
                recalled = recall().await;
            }
        }
        recalled.map_err(|missing| self.absence(document, missing))
    }

    /// Some of the documents that are stored, by name.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn list(&self, after: Option<&DocId>, most: usize) -> Result<Listing, Absence> {
        let (names, has_more) = self.0.archive.names(after.cloned(), most).await.map_err(|error| {
            tracing::error!(%error, "the documents cannot be listed");
            Absence::Unreadable
        })?;
        let next = names.last().filter(|_| has_more).cloned();
        let mut entries = Vec::with_capacity(names.len());
        for id in names {
            match self.look(&id).await {
                Ok(sight) => entries.push(Entry { id, title: sight.glimpse.title, updated: sight.updated }),
                Err(Absence::Unreadable) => entries.push(Entry { id, title: String::new(), updated: 0 }),
                Err(Absence::Deleted(_)) => {}
            }
        }
        Ok(Listing { entries, next })
    }

    /// A number for a session that nobody has had.
    #[must_use]
    pub fn new_session(&self) -> SessionId {
        SessionId(self.0.sessions.fetch_add(1, Ordering::Relaxed))
    }

    fn absence(&self, document: &DocId, missing: Missing) -> Absence {
        match missing {
            Missing::Deleted(at) => Absence::Deleted(self.deletion(at)),
            Missing::Unreadable(error) => {
                tracing::error!(%document, %error, "a document cannot be read");
                Absence::Unreadable
            }
        }
    }

    /// Lets no room open any more and waits until all that are open have ended, with everything on disk. Their
    /// sessions must be ended by someone else.
    pub async fn shut_down(&self) {
        self.0.ending.get_or_init(Instant::now);
        {
            let mut registry = self.0.registry();
            registry.writer = None;
            registry.open.clear();
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    fn find_or_open(&self, document: &DocId) -> Result<Mailbox, OpenError> {
        let mut registry = self.0.registry();
        let Some(writer) = &registry.writer else {
            return Err(OpenError::ShuttingDown);
        };
        let last = registry.open.get(document);
        if let Some(mailbox) = last.filter(|mailbox| !mailbox.is_closed()) {
            return Ok(mailbox.clone());
        }
        // A room that ended well is not in the registry any more.
        let has_failed = last.is_some();
        if !has_failed && registry.open.len() >= self.0.settings.most {
            return Err(OpenError::TooManyRooms);
        }
        let pulse = Arc::new(Pulse::new(self.0.is_wary.clone()));
        let (mailbox, letters) = Mailbox::new(self.0.settings.mailbox, pulse.clone());
        let room =
            task::run(self.clone(), document.clone(), writer.clone(), letters, pulse.clone(), has_failed);
        self.0.tasks.spawn(async move {
            tokio::select! {
                // A panic has been logged, and closes the mailbox.
                _ = tokio::spawn(room) => {}
                // Whoever waits for all rooms to end need not wait for one that never will.
                () = pulse.ended() => {}
            }
        });
        registry.open.insert(document.clone(), mailbox.clone());
        Ok(mailbox)
    }

    /// Takes a room out of the registry, unless letters wait for it.
    fn retire(&self, document: &DocId, mailbox: &mut mpsc::Receiver<Mail>) -> bool {
        let mut registry = self.0.registry();
        if !mailbox.is_empty() {
            return false;
        }
        registry.open.remove(document);
        mailbox.close();
        true
    }
}

impl Shared {
    /// Writes a checkpoint of a document, when it is its turn: edits go to the disk by the same way, and must not wait
    /// behind the checkpoints of many documents that grow at the same pace.
    async fn write_checkpoint(&self, document: DocId) {
        let _turn = self.clerk.acquire().await.expect("the semaphore is never closed");
        if self.ending.get().is_some_and(|since| since.elapsed() > LAST_CHECKPOINTS) {
            return;
        }
        let (storage, keep) = (self.archive.storage().clone(), self.settings.keep_updates);
        let writing = tokio::task::spawn_blocking(move || {
            if let Err(error) = write_checkpoint(&*storage, &document, keep) {
                // Nothing is lost: the log is whole, and the next checkpoint is tried in its time.
                tracing::warn!(%document, %error, "a checkpoint could not be written");
            }
        });
        // A panic has been logged.
        let _ = writing.await;
        if self.ending.get().is_none() {
            time::sleep(BETWEEN_CHECKPOINTS).await;
        }
    }

    /// Every critical section is a few map operations that cannot panic half-way.
    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

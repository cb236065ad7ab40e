//! All rooms: each document that somebody has open is owned by one task, and this registry finds it.

mod task;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use app::ports::{Glimpse, Unreadable};
use collab::{
    document::Document,
    frame::Message,
    id::{ClientId, DocId, SessionId},
};
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;

use crate::{
    clock,
    journal::Writer,
    socket::outbox::Outbox,
    storage::{Checkpoint, Log, Storage, StorageError},
};

/// How many letters a room's mailbox holds. A session whose room is busy waits; nobody else does.
const MAILBOX: usize = 1024;

/// When rooms go to rest, and how long their logs may grow.
#[derive(Debug, Clone)]
pub struct RoomSettings {
    /// How long a room stays in memory after the last session has left.
    pub retire_after: Duration,
    /// A checkpoint is written after so many updates.
    pub checkpoint_updates: u64,
    /// A checkpoint is written after so many bytes of updates.
    pub checkpoint_bytes: u64,
    /// How long updates are kept that a checkpoint includes; for ever where there is no limit.
    pub keep_updates: Option<Duration>,
}

impl Default for RoomSettings {
    fn default() -> Self {
        Self {
            retire_after: Duration::from_secs(60),
            checkpoint_updates: 1_000,
            checkpoint_bytes: 256 * 1024,
            keep_updates: None,
        }
    }
}

/// Finds the room of a document, and opens it if need be.
#[derive(Clone)]
pub struct Rooms(Arc<Shared>);

struct Shared {
    storage: Arc<dyn Storage>,
    settings: RoomSettings,
    tasks: TaskTracker,
    registry: Mutex<Registry>,
}

/// Invariant *opened once*: a document has at most one room, for a room is in the registry from before it loads
/// until after its last write is on disk.
struct Registry {
    open: HashMap<DocId, mpsc::Sender<Mail>>,
    /// Gone once the server shuts down: no room opens any more.
    writer: Option<Writer>,
}

/// What a room's task is told.
#[derive(Debug)]
enum Mail {
    Join {
        session: SessionId,
        outbox: Arc<Outbox>,
        author: String,
        done: oneshot::Sender<Result<(), OpenError>>,
    },
    Messages(SessionId, Vec<Message>),
    Drained(SessionId),
    Leave(SessionId),
    Peek(oneshot::Sender<Glimpse>),
}

/// Why a room did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The stored document cannot be read. It must not be taken for an empty one.
    #[error("the document cannot be read at the moment")]
    Unreadable,
    /// The server is about to end.
    #[error("the server is restarting")]
    ShuttingDown,
}

/// A session's place in a room.
#[derive(Debug)]
pub struct Seat {
    session: SessionId,
    mailbox: mpsc::Sender<Mail>,
}

/// The room is gone, because it failed.
#[derive(Debug)]
pub struct RoomGone;

impl Rooms {
    /// No room is open yet.
    #[must_use]
    pub fn new(storage: Arc<dyn Storage>, writer: Writer, settings: RoomSettings) -> Self {
        let registry = Mutex::new(Registry { open: HashMap::new(), writer: Some(writer) });
        Self(Arc::new(Shared { storage, settings, tasks: TaskTracker::new(), registry }))
    }

    /// Seats a session in a document's room. What the room has to say goes into `outbox`.
    ///
    /// # Errors
    /// If the document cannot be read, or the server is shutting down.
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
            let join = Mail::Join { session, outbox: outbox.clone(), author: author.to_owned(), done };
            // A room that retires while the letter is on its way drops it unanswered. The next round finds another.
            if mailbox.send(join).await.is_ok()
                && let Ok(answer) = answer.await
            {
                return answer.map(|()| Seat { session, mailbox });
            }
        }
    }

    /// Looks at a document: a live room answers, else its log is folded without opening a room, so that a crawler
    /// wakes nothing.
    ///
    /// # Errors
    /// If the stored document cannot be read.
    pub async fn peek(&self, document: &DocId) -> Result<Glimpse, Unreadable> {
        let mailbox = self.registry().open.get(document).cloned();
        if let Some(mailbox) = mailbox {
            let (glimpse, answer) = oneshot::channel();
            if mailbox.send(Mail::Peek(glimpse)).await.is_ok()
                && let Ok(glimpse) = answer.await
            {
                return Ok(glimpse);
            }
        }
        let storage = self.0.storage.clone();
        let name = document.clone();
        let folded = tokio::task::spawn_blocking(move || Ok(glimpse(&fold(&name, &storage.load(&name)?)?)));
        folded.await.unwrap_or_else(|panic| Err(unavailable(panic))).map_err(|error| {
            tracing::error!(%document, %error, "a document cannot be read");
            Unreadable
        })
    }

    /// Lets no room open any more and waits until all that are open have ended, with everything on disk. Their
    /// sessions must be ended by someone else.
    pub async fn shut_down(&self) {
        {
            let mut registry = self.registry();
            registry.writer = None;
            registry.open.clear();
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    fn find_or_open(&self, document: &DocId) -> Result<mpsc::Sender<Mail>, OpenError> {
        let mut registry = self.registry();
        let Some(writer) = &registry.writer else {
            return Err(OpenError::ShuttingDown);
        };
        if let Some(mailbox) = registry.open.get(document).filter(|mailbox| !mailbox.is_closed()) {
            return Ok(mailbox.clone());
        }
        let (mailbox, letters) = mpsc::channel(MAILBOX);
        let room = task::run(self.clone(), document.clone(), writer.clone(), letters);
        self.0.tasks.spawn(room);
        registry.open.insert(document.clone(), mailbox.clone());
        Ok(mailbox)
    }

    /// Takes a room out of the registry, unless letters wait for it.
    fn retire(&self, document: &DocId, mailbox: &mut mpsc::Receiver<Mail>) -> bool {
        let mut registry = self.registry();
        if !mailbox.is_empty() {
            return false;
        }
        registry.open.remove(document);
        mailbox.close();
        true
    }

    /// Every critical section is a few map operations that cannot panic half-way.
    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.0.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Passes on a frame's messages. Waits while the room is busy.
    ///
    /// # Errors
    /// If the room is gone.
    pub async fn send(&self, messages: Vec<Message>) -> Result<(), RoomGone> {
        self.mailbox.send(Mail::Messages(self.session, messages)).await.map_err(|_| RoomGone)
    }

    /// Says that frames were lost, and that there is space for more now.
    pub async fn drained(&self) {
        // A room that is gone needs no telling.
        let _ = self.mailbox.send(Mail::Drained(self.session)).await;
    }

    /// Gives the seat up.
    pub async fn leave(&self) {
        // A room that is gone has no seats.
        let _ = self.mailbox.send(Mail::Leave(self.session)).await;
    }
}

/// Rebuilds a document from its log.
///
/// # Errors
/// [`StorageError::Corrupt`] if a record cannot be merged.
pub fn fold(id: &DocId, log: &Log) -> Result<Document, StorageError> {
    let mut document = Document::new(ClientId::SERVER);
    let checkpoint = log.checkpoint.iter().map(|checkpoint| &*checkpoint.state);
    let updates = checkpoint.chain(log.tail.iter().map(|record| &*record.update));
    let merged = document.merge(updates);
    match merged.outcomes.into_iter().find_map(|outcome| outcome.error) {
        // A gap was there when the record was accepted, too: what could be merged then is merged now.
        None | Some(collab::document::MergeError::Gap) => Ok(document),
        Some(error) => Err(StorageError::Corrupt { what: id.to_string(), why: error.to_string() }),
    }
}

/// Writes a checkpoint at the end of a document's log, from the log itself, so that it includes only what is surely
/// on disk. Then removes the updates that are older than `keep`. Returns how many were removed.
///
/// # Errors
/// If the log cannot be read, or the checkpoint not written. The log is as it was then.
pub fn write_checkpoint(
    storage: &dyn Storage,
    id: &DocId,
    keep: Option<Duration>,
) -> Result<u64, StorageError> {
    let log = storage.load(id)?;
    if !log.tail.is_empty() {
        let state = fold(id, &log)?.snapshot().into();
        storage.checkpoint(id, &Checkpoint { upto: log.last(), state })?;
    }
    let Some(keep) = keep else { return Ok(0) };
    let keep = u64::try_from(keep.as_millis()).unwrap_or(u64::MAX);
    storage.trim(id, clock::now().saturating_sub(keep))
}

fn glimpse(document: &Document) -> Glimpse {
    Glimpse { text: document.text(), state: document.snapshot() }
}

fn unavailable(error: impl std::fmt::Display) -> StorageError {
    StorageError::Unavailable(error.to_string())
}

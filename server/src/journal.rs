//! What brings updates to the disk. Each room has a [`Journal`]; all of them share one [`Writer`], the only thread
//! that appends to the store.
//!
//! The writer takes whatever waits and commits it at once: the longer the disk takes, the larger the groups. It
//! never waits in order to make a group larger.

use std::{
    mem,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use collab::id::{DocId, Seq};
use tokio::sync::{oneshot, watch};

use crate::{
    metrics::Metrics,
    storage::{Group, Record, Storage, StorageError},
};

/// The most records that go to disk in one commit.
const MAX_RECORDS: usize = 20_000;
/// The first pause after a failed write; each further one is twice as long, up to [`MAX_PAUSE`].
const MIN_PAUSE: Duration = Duration::from_millis(100);
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// How far a document's log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Everything up to here is on disk.
    pub durable: Seq,
    /// Why nothing is being saved at the moment.
    pub trouble: Option<Trouble>,
}

/// Why writing fails, in the kinds that a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no room left.
    DiskFull,
    /// Anything else that may pass.
    DiskFailing,
    /// The stored log is not the one that the room has loaded. That does not pass.
    Damaged,
}

impl Trouble {
    /// For the people in the room.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::DiskFull => "the server's disk is full",
            Self::DiskFailing => "the server cannot write to its disk",
            Self::Damaged => "the stored document is damaged",
        }
    }
}

/// The thread that writes.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Order>,
    metrics: Arc<Metrics>,
}

/// One room's way to the disk.
pub struct Journal {
    document: DocId,
    writer: Writer,
    progress: Arc<watch::Sender<Progress>>,
    watched: watch::Receiver<Progress>,
}

/// What the thread is asked for.
enum Order {
    Append(Group, Arc<watch::Sender<Progress>>),
    /// To tell when everything that was ordered before has been written.
    Flush(oneshot::Sender<()>),
}

/// What goes to disk in one commit, and who waits for it.
#[derive(Default)]
struct Batch {
    /// A document's groups stay in the order in which its room handed them over.
    groups: Vec<Group>,
    /// Whom to tell of each group.
    rooms: Vec<Arc<watch::Sender<Progress>>>,
    flushes: Vec<oneshot::Sender<()>>,
}

impl Batch {
    fn add(&mut self, order: Order) {
        match order {
            Order::Append(group, room) => {
                self.groups.push(group);
                self.rooms.push(room);
            }
            Order::Flush(done) => self.flushes.push(done),
        }
    }

    fn records(&self) -> usize {
        self.groups.iter().map(|group| group.records.len()).sum()
    }

    fn append_to(&self, storage: &dyn Storage, metrics: &Metrics) -> Result<(), StorageError> {
        if self.groups.is_empty() {
            return Ok(());
        }
        let began = Instant::now();
        let appended = storage.append(&self.groups);
        metrics.commit(self.records(), began.elapsed(), appended.is_ok());
        appended
    }

    /// A document whose stored log is damaged must not keep the others from being saved. Returns whether it was one.
    fn set_apart(&mut self, document: &str, error: &StorageError, metrics: &Metrics) -> bool {
        let all = mem::take(&mut self.groups).into_iter().zip(mem::take(&mut self.rooms));
        let (damaged, rest): (Vec<_>, Vec<_>) =
            all.partition(|(group, _)| group.document.as_str() == document);
        (self.groups, self.rooms) = rest.into_iter().unzip();
        if !damaged.is_empty() {
            tracing::error!(%error, "changes cannot be saved");
        }
        for (group, room) in &damaged {
            metrics.dealt_with(group.records.len());
            tell_trouble(room, error);
        }
        !damaged.is_empty()
    }

    fn tell_trouble(&self, error: &StorageError) {
        self.rooms.iter().for_each(|room| tell_trouble(room, error));
    }

    fn tell_durable(&self) {
        for (group, room) in self.groups.iter().zip(&self.rooms) {
            let Some(durable) = group.records.last().map(|record| record.seq) else { continue };
            room.send_replace(Progress { durable, trouble: None });
        }
    }
}

fn tell_trouble(room: &watch::Sender<Progress>, error: &StorageError) {
    let trouble = match error {
        StorageError::Full => Trouble::DiskFull,
        StorageError::Corrupt { .. } => Trouble::Damaged,
        _ => Trouble::DiskFailing,
    };
    room.send_if_modified(|progress| progress.trouble.replace(trouble) != Some(trouble));
}

impl Writer {
    /// Starts the thread. It ends, with everything written, when the writer and all its journals are dropped.
    ///
    /// # Errors
    /// If the operating system refuses another thread.
    pub fn start(
        storage: Arc<dyn Storage>,
        metrics: Arc<Metrics>,
    ) -> std::io::Result<(Self, thread::JoinHandle<()>)> {
        let (queue, orders) = mpsc::channel();
        let counting = metrics.clone();
        let write = move || write_all(&*storage, &orders, &counting);
        let thread = thread::Builder::new().name("journal".into()).spawn(write)?;
        Ok((Self { queue, metrics }, thread))
    }

    /// The journal of a document whose log ends at `last`.
    #[must_use]
    pub fn journal(&self, document: DocId, last: Seq) -> Journal {
        let (progress, watched) = watch::channel(Progress { durable: last, trouble: None });
        Journal { document, writer: self.clone(), progress: Arc::new(progress), watched }
    }

    /// Waits until all that was handed over before is on disk, by whichever journal.
    pub async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        self.order(Order::Flush(done));
        // Without an answer the thread has given up, and has said so.
        let _ = flushed.await;
    }

    fn order(&self, order: Order) {
        self.queue.send(order).expect("the thread lasts as long as anybody can order");
    }
}

impl Journal {
    /// Hands records over. Returns at once; [`Journal::progress`] tells when they are on disk.
    pub fn append(&self, records: Vec<Record>) {
        self.writer.metrics.handed_over(records.len());
        let group = Group { document: self.document.clone(), records };
        self.writer.order(Order::Append(group, self.progress.clone()));
    }

    /// Waits until all that was handed over before is on disk.
    pub async fn flush(&self) {
        self.writer.flush().await;
    }

    /// Waits until there is progress that this method has not returned before.
    pub async fn progress(&mut self) -> Progress {
        self.watched.changed().await.expect("the journal holds the sending side itself");
        self.watched.borrow_and_update().clone()
    }
}

fn write_all(storage: &dyn Storage, orders: &mpsc::Receiver<Order>, metrics: &Metrics) {
    while let Ok(first) = orders.recv() {
        let mut batch = Batch::default();
        batch.add(first);
        take_waiting(orders, &mut batch);
        write_until_done(storage, orders, &mut batch, metrics);
        metrics.dealt_with(batch.records());
        // Whoever has stopped waiting needs no answer.
        for done in batch.flushes {
            let _ = done.send(());
        }
    }
}

/// Writes a batch, and whatever joins it while the disk refuses. Gives up only when nobody is left to be told.
fn write_until_done(
    storage: &dyn Storage,
    orders: &mpsc::Receiver<Order>,
    batch: &mut Batch,
    metrics: &Metrics,
) {
    let mut pause = MIN_PAUSE;
    let mut result = batch.append_to(storage, metrics);
    while let Err(error) = result {
        if let StorageError::Corrupt { what, .. } = &error
            && batch.set_apart(what, &error, metrics)
        {
            result = batch.append_to(storage, metrics);
            continue;
        }
        tracing::error!(%error, documents = batch.groups.len(), "changes cannot be saved; trying again");
        batch.tell_trouble(&error);
        let has_listeners = wait(orders, batch, pause);
        batch.tell_trouble(&error);
        pause = (pause * 2).min(MAX_PAUSE);
        result = storage.recover().and_then(|()| batch.append_to(storage, metrics));
        if result.is_err() && !has_listeners {
            tracing::error!("the last changes could not be saved before the end");
            return;
        }
    }
    batch.tell_durable();
}

fn take_waiting(orders: &mpsc::Receiver<Order>, batch: &mut Batch) {
    let mut records = batch.records();
    while records < MAX_RECORDS {
        let Ok(order) = orders.try_recv() else { return };
        if let Order::Append(group, _) = &order {
            records += group.records.len();
        }
        batch.add(order);
    }
}

/// Lets time go by, during which others may join the batch. Returns whether anybody is left who could.
fn wait(orders: &mpsc::Receiver<Order>, batch: &mut Batch, pause: Duration) -> bool {
    let end = Instant::now() + pause;
    loop {
        match orders.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(order) => batch.add(order),
            Err(mpsc::RecvTimeoutError::Timeout) => return true,
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                thread::sleep(end.saturating_duration_since(Instant::now()));
                return false;
            }
        }
    }
}

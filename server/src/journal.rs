//! What brings updates to the disk. Each room has a [`Journal`]; all of them share one [`Writer`], the only thread
//! that appends to the store.
//!
//! The writer takes whatever waits and commits it at once: the longer the disk takes, the larger the groups. After a while
//! in which nothing came, it never waits in order to make a group larger; otherwise there is a little time between two
//! commits, because each costs the same, whatever is in it.

mod backlog;

use std::{
    mem,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use collab::id::{DocId, Seq};
use tokio::sync::{oneshot, watch};

pub use self::backlog::Backlog;
use crate::{
    metrics::Metrics,
    storage::{Group, Record, Storage, StorageError},
};

/// The most records that go to disk in one commit.
const MAX_RECORDS: usize = 20_000;
/// The first pause after a failed write; each further one is twice as long, up to [`MAX_PAUSE`].
const MIN_PAUSE: Duration = Duration::from_millis(100);
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// From the beginning of one commit to that of the next. A sync costs as much of the processor as dozens of updates.
const REST: Duration = Duration::from_millis(2);

/// What a record counts for beside its update, in bytes.
const KEEPING: usize = 128;

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
    /// The document was deleted, past its room. That does not pass either.
    Deleted,
}

impl Trouble {
    /// For the people in the room.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::DiskFull => "the server's disk is full",
            Self::DiskFailing => "the server cannot write to its disk",
            Self::Damaged => "the stored document is damaged",
            Self::Deleted => "the document was deleted",
        }
    }
}

/// The thread that writes.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Order>,
    backlog: Arc<Backlog>,
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
    Append(Group, Arc<watch::Sender<Progress>>, Instant),
    /// To tell when everything that was ordered before has been written.
    Flush(oneshot::Sender<()>),
    /// To write what was ordered before, and nothing after it.
    End,
}

/// What goes to disk in one commit, and who waits for it.
#[derive(Default)]
struct Batch {
    /// A document's groups stay in the order in which its room handed them over.
    groups: Vec<Group>,
    /// Whom to tell of each group.
    rooms: Vec<Arc<watch::Sender<Progress>>>,
    flushes: Vec<oneshot::Sender<()>>,
    is_last: bool,
    /// When the first of the groups was handed over.
    since: Option<Instant>,
}

impl Batch {
    fn add(&mut self, order: Order) {
        match order {
            Order::Append(group, room, at) => {
                self.since.get_or_insert(at);
                self.groups.push(group);
                self.rooms.push(room);
            }
            Order::Flush(done) => self.flushes.push(done),
            Order::End => self.is_last = true,
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

    /// A document that nothing can be written to must not keep the others from being saved. Returns whether it was one.
    fn set_apart(&mut self, document: &str, error: &StorageError, desk: &Desk) -> bool {
        let all = mem::take(&mut self.groups).into_iter().zip(mem::take(&mut self.rooms));
        let (damaged, rest): (Vec<_>, Vec<_>) =
            all.partition(|(group, _)| group.document.as_str() == document);
        (self.groups, self.rooms) = rest.into_iter().unzip();
        if !damaged.is_empty() {
            tracing::error!(%error, "changes cannot be saved");
        }
        for (group, room) in &damaged {
            desk.dealt_with(&group.records);
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
        StorageError::Deleted(_) => Trouble::Deleted,
        _ => Trouble::DiskFailing,
    };
    room.send_if_modified(|progress| progress.trouble.replace(trouble) != Some(trouble));
}

impl Writer {
    /// Starts the thread. It ends, with everything written, after [`Writer::end`], or when the writer and all its journals
    /// are dropped. Once `backlog` bytes wait for the disk, [`Backlog::has_space`] does, too.
    ///
    /// # Errors
    /// If the operating system refuses another thread.
    pub fn start(
        storage: Arc<dyn Storage>,
        backlog: usize,
        metrics: Arc<Metrics>,
    ) -> std::io::Result<(Self, thread::JoinHandle<()>)> {
        let (queue, orders) = mpsc::channel();
        let backlog = Arc::new(Backlog::new(backlog));
        let desk = Desk { storage, orders, backlog: backlog.clone(), metrics: metrics.clone() };
        let thread = thread::Builder::new().name("journal".into()).spawn(move || desk.write_all())?;
        Ok((Self { queue, backlog, metrics }, thread))
    }

    /// What waits for the disk.
    #[must_use]
    pub fn backlog(&self) -> &Arc<Backlog> {
        &self.backlog
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

    /// Lets the thread end once all that was handed over before is on disk. Rooms that have ended hand over nothing more,
    /// nor do those that were given up, although what hangs there keeps its journal.
    pub fn end(&self) {
        self.order(Order::End);
    }

    fn order(&self, order: Order) {
        self.queue.send(order).expect("nobody orders after the end");
    }
}

/// How much memory records take that wait.
fn weight(records: &[Record]) -> usize {
    records.iter().map(|record| record.update.len() + KEEPING).sum()
}

impl Journal {
    /// Hands records over. Returns at once; [`Journal::progress`] tells when they are on disk.
    pub fn append(&self, records: Vec<Record>) {
        self.writer.metrics.handed_over(records.len());
        self.writer.backlog.add(weight(&records));
        let group = Group { document: self.document.clone(), records };
        self.writer.order(Order::Append(group, self.progress.clone(), Instant::now()));
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

/// What the thread works with.
struct Desk {
    storage: Arc<dyn Storage>,
    orders: mpsc::Receiver<Order>,
    backlog: Arc<Backlog>,
    metrics: Arc<Metrics>,
}

impl Desk {
    fn write_all(&self) {
        let mut rested = Instant::now();
        while let Ok(first) = self.orders.recv() {
            thread::sleep(rested.saturating_duration_since(Instant::now()));
            rested = Instant::now() + REST;
            let mut batch = Batch::default();
            batch.add(first);
            self.take_waiting(&mut batch);
            self.write_until_done(&mut batch);
            batch.groups.iter().for_each(|group| self.dealt_with(&group.records));
            // Whoever has stopped waiting needs no answer.
            for done in batch.flushes {
                let _ = done.send(());
            }
            if batch.is_last {
                return;
            }
        }
    }

    /// Writes a batch, and whatever joins it while the disk refuses. Gives up only when nobody is left to be told.
    fn write_until_done(&self, batch: &mut Batch) {
        let mut pause = MIN_PAUSE;
        let mut result = batch.append_to(&*self.storage, &self.metrics);
        while let Err(error) = result {
            if let Some(document) = error.document()
                && batch.set_apart(document, &error, self)
            {
                result = batch.append_to(&*self.storage, &self.metrics);
                continue;
            }
            tracing::error!(%error, documents = batch.groups.len(), "changes cannot be saved; trying again");
            batch.tell_trouble(&error);
            let has_listeners = self.wait(batch, pause);
            batch.tell_trouble(&error);
            pause = (pause * 2).min(MAX_PAUSE);
            result = self.storage.recover().and_then(|()| batch.append_to(&*self.storage, &self.metrics));
            if result.is_err() && !has_listeners {
                tracing::error!("the last changes could not be saved before the end");
                return;
            }
        }
        batch.tell_durable();
        batch.since.iter().for_each(|since| self.metrics.lag(since.elapsed()));
    }

    fn take_waiting(&self, batch: &mut Batch) {
        let mut records = batch.records();
        while records < MAX_RECORDS {
            let Ok(order) = self.orders.try_recv() else { return };
            if let Order::Append(group, ..) = &order {
                records += group.records.len();
            }
            batch.add(order);
        }
    }

    /// Lets time go by, during which others may join the batch. Returns whether anybody is left who could.
    fn wait(&self, batch: &mut Batch, pause: Duration) -> bool {
        let end = Instant::now() + pause;
        loop {
            match self.orders.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(order) => batch.add(order),
                Err(mpsc::RecvTimeoutError::Timeout) => return true,
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    thread::sleep(end.saturating_duration_since(Instant::now()));
                    return false;
                }
            }
        }
    }

    /// These do not wait any more.
    fn dealt_with(&self, records: &[Record]) {
        self.metrics.dealt_with(records.len());
        self.backlog.take(weight(records));
    }
}

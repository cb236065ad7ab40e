//! What brings updates to the disk. Each room has a [`Journal`]; all of them share one [`Writer`], the only thread
//! that appends to the store.
//!
//! The writer takes whatever waits and commits it at once: the longer the disk takes, the larger the groups. It
//! never waits in order to make a group larger.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use collab::id::{DocId, Seq};
use tokio::sync::watch;

use crate::storage::{Group, Record, Storage, StorageError};

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
    queue: mpsc::Sender<Job>,
}

/// One room's way to the disk.
pub struct Journal {
    document: DocId,
    writer: Writer,
    progress: Arc<watch::Sender<Progress>>,
    watched: watch::Receiver<Progress>,
}

struct Job {
    group: Group,
    progress: Arc<watch::Sender<Progress>>,
}

impl Writer {
    /// Starts the thread. It ends, with everything written, when the writer and all its journals are dropped.
    ///
    /// # Errors
    /// If the operating system refuses another thread.
    pub fn start(storage: Arc<dyn Storage>) -> std::io::Result<(Self, thread::JoinHandle<()>)> {
        let (queue, jobs) = mpsc::channel();
        let thread =
            thread::Builder::new().name("journal".into()).spawn(move || write_all(&*storage, &jobs))?;
        Ok((Self { queue }, thread))
    }

    /// The journal of a document whose log ends at `last`.
    #[must_use]
    pub fn journal(&self, document: DocId, last: Seq) -> Journal {
        let (progress, watched) = watch::channel(Progress { durable: last, trouble: None });
        Journal { document, writer: self.clone(), progress: Arc::new(progress), watched }
    }
}

impl Journal {
    /// Hands records over. Returns at once; [`Journal::progress`] tells when they are on disk.
    pub fn append(&self, records: Vec<Record>) {
        let group = Group { document: self.document.clone(), records };
        let job = Job { group, progress: self.progress.clone() };
        self.writer.queue.send(job).expect("the writer lives as long as any journal");
    }

    /// Waits until there is progress that this method has not returned before.
    pub async fn progress(&mut self) -> Progress {
        self.watched.changed().await.expect("the journal holds the sending side itself");
        self.watched.borrow_and_update().clone()
    }
}

fn write_all(storage: &dyn Storage, jobs: &mpsc::Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        take_waiting(jobs, &mut batch);
        write_until_done(storage, jobs, &mut batch);
    }
}

/// Writes a batch, and whatever joins it while the disk refuses. Gives up only when nobody is left to be told.
fn write_until_done(storage: &dyn Storage, jobs: &mpsc::Receiver<Job>, batch: &mut Vec<Job>) {
    let mut pause = MIN_PAUSE;
    let mut result = append(storage, batch);
    while let Err(error) = result {
        if let StorageError::Corrupt { what, .. } = &error
            && set_apart(batch, what, &error)
        {
            result = append(storage, batch);
            continue;
        }
        tracing::error!(%error, documents = batch.len(), "changes cannot be saved; trying again");
        tell_trouble(batch, &error);
        let has_listeners = wait(jobs, batch, pause);
        tell_trouble(batch, &error);
        pause = (pause * 2).min(MAX_PAUSE);
        result = storage.recover().and_then(|()| append(storage, batch));
        if result.is_err() && !has_listeners {
            tracing::error!("the last changes could not be saved before the end");
            return;
        }
    }
    for job in batch {
        let Some(durable) = job.group.records.last().map(|record| record.seq) else { continue };
        job.progress.send_replace(Progress { durable, trouble: None });
    }
}

/// A document whose stored log is damaged must not keep the others from being saved. Returns whether it was one.
fn set_apart(batch: &mut Vec<Job>, document: &str, error: &StorageError) -> bool {
    let damaged: Vec<_> = batch.extract_if(.., |job| job.group.document.as_str() == document).collect();
    if !damaged.is_empty() {
        tracing::error!(%error, "changes cannot be saved");
        tell_trouble(&damaged, error);
    }
    !damaged.is_empty()
}

fn append(storage: &dyn Storage, batch: &[Job]) -> Result<(), StorageError> {
    // A document's jobs stay in the order in which its room handed them over.
    let groups: Vec<_> = batch.iter().map(|job| job.group.clone()).collect();
    storage.append(&groups)
}

fn take_waiting(jobs: &mpsc::Receiver<Job>, batch: &mut Vec<Job>) {
    let mut records: usize = batch.iter().map(|job| job.group.records.len()).sum();
    while records < MAX_RECORDS {
        let Ok(job) = jobs.try_recv() else { return };
        records += job.group.records.len();
        batch.push(job);
    }
}

/// Lets time go by, during which others may join the batch. Returns whether anybody is left who could.
fn wait(jobs: &mpsc::Receiver<Job>, batch: &mut Vec<Job>, pause: Duration) -> bool {
    let end = std::time::Instant::now() + pause;
    loop {
        match jobs.recv_timeout(end.saturating_duration_since(std::time::Instant::now())) {
            Ok(job) => batch.push(job),
            Err(mpsc::RecvTimeoutError::Timeout) => return true,
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                thread::sleep(end.saturating_duration_since(std::time::Instant::now()));
                return false;
            }
        }
    }
}

fn tell_trouble(batch: &[Job], error: &StorageError) {
    let trouble = match error {
        StorageError::Full => Trouble::DiskFull,
        StorageError::Corrupt { .. } => Trouble::Damaged,
        _ => Trouble::DiskFailing,
    };
    for job in batch {
        job.progress.send_if_modified(|progress| progress.trouble.replace(trouble) != Some(trouble));
    }
}

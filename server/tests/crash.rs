//! Kills the real program at random moments while people write, and looks at what is on its disk.
//!
//! `CRASH_CYCLES=1000 cargo test -p server --test crash` does it a thousand times; `CRASH_SEED` repeats a run's
//! choices (not its timing).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use collab::{
    edit::{TextEdit, utf16_len},
    id::{ClientId, DocId},
    replica::{Effect, Replica},
};
use fastrand::Rng;
use futures::{SinkExt, StreamExt};
use rusqlite::Connection;
use server::{
    rooms::fold,
    storage::{
        StorageError,
        sqlite::{Reader, Sqlite},
    },
};
use support::program::Program;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_tungstenite::{connect_async, tungstenite};

const DOCUMENTS: usize = 3;
const WRITERS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_saved_is_lost_when_the_server_is_killed() {
    let cycles: u32 = std::env::var("CRASH_CYCLES").map_or(25, |cycles| cycles.parse().unwrap());
    let (seed, mut chance) = seeded();
    let directory = tempfile::tempdir().unwrap();
    let mut writers = Writer::all(&mut chance);
    let mut untrimmed = 0;
    for cycle in 0..cycles {
        let server = Program::start(directory.path(), &SETTINGS);
        let is_last = cycle + 1 == cycles;
        let killed_after = Duration::from_micros(chance.u64(20_000..300_000));
        let writing = start_all(writers, server.port, killed_after);
        if is_last {
            // This time nobody is disturbed: everything must come together in the end.
            writers = join(writing).await;
            assert!(server.end().0.success(), "the server ends with 0");
        } else {
            sleep(killed_after).await;
            server.kill();
            writers = join(writing).await;
        }
        let when = format!("after cycle {cycle} of seed {seed}");
        check(directory.path(), &writers, &when);
        untrimmed += u32::from(is_untrimmed(directory.path()));
        tear(directory.path(), &mut chance, &when);
    }
    let edits: u64 = writers.iter().map(|writer| writer.saved).sum();
    println!("{cycles} cycles, {edits} edits, all of them there");
    println!("killed between a checkpoint and the removal of what it includes: {untrimmed} times");
    assert!(edits > u64::from(cycles), "something was written");
    let texts: Vec<_> = writers.iter().map(|writer| writer.replica.text()).collect();
    for (number, text) in texts.iter().enumerate() {
        assert_eq!(*text, texts[number % DOCUMENTS], "replicas of one document are equal in the end");
    }
}

/// Whoever writes to the store holds its lock, and so does this test while it looks: when it sees a checkpoint whose
/// records are still there, the server cannot remove them any more before it is killed.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_when_the_server_is_killed_between_a_checkpoint_and_the_trimming() {
    let (seed, mut chance) = seeded();
    let directory = tempfile::tempdir().unwrap();
    let mut writers = Writer::all(&mut chance);
    for cycle in 0..5 {
        let server = Program::start(directory.path(), &SETTINGS);
        let writing = start_all(writers, server.port, PATIENCE);
        let lock = Connection::open(directory.path().join("scriptorium.db")).unwrap();
        lock.busy_timeout(PATIENCE).unwrap();
        let end = Instant::now() + PATIENCE;
        loop {
            lock.execute_batch("BEGIN IMMEDIATE").unwrap();
            if is_untrimmed(directory.path()) {
                break;
            }
            lock.execute_batch("ROLLBACK").unwrap();
            assert!(Instant::now() < end, "a checkpoint comes before the trimming, of seed {seed}");
            sleep(Duration::from_micros(chance.u64(..2_000))).await;
        }
        server.kill();
        drop(lock);
        writers = join(writing).await;
        assert!(is_untrimmed(directory.path()));
        check(directory.path(), &writers, &format!("after cycle {cycle} of seed {seed}"));
    }
}

/// Checkpoints, and the removal of what they include, happen all the time.
const SETTINGS: [&str; 6] = ["--checkpoint-updates", "20", "--keep-updates", "0", "--retire-after", "0"];

fn seeded() -> (u64, Rng) {
    let seed = std::env::var("CRASH_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("CRASH_SEED={seed}");
    (seed, Rng::with_seed(seed))
}

fn start_all(writers: Vec<Writer>, port: u16, writing: Duration) -> Vec<JoinHandle<Writer>> {
    writers.into_iter().map(|writer| tokio::spawn(writer.write(port, writing))).collect()
}

async fn join(tasks: Vec<JoinHandle<Writer>>) -> Vec<Writer> {
    let mut writers = Vec::new();
    for task in tasks {
        writers.push(task.await.unwrap());
    }
    writers
}

/// Every line whose writing was acknowledged is on the disk, once; every line whose removal was, is not.
fn check(data: &Path, writers: &[Writer], when: &str) {
    let store = Reader::open(data).unwrap();
    assert_eq!(store.check().unwrap(), [], "{when}");
    for writer in writers {
        let text = fold(&writer.document, &store.load(&writer.document).unwrap()).unwrap().text();
        let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
        let saved = usize::try_from(writer.saved).unwrap();
        for done in &writer.history[..saved] {
            match done {
                Done::Wrote(line) => expected.insert(line, 1),
                Done::Removed(line) => expected.insert(line, 0),
            };
        }
        // What was on its way may have arrived or not.
        for Done::Wrote(line) | Done::Removed(line) in &writer.history[saved..] {
            expected.remove(&**line);
        }
        for (line, times) in expected {
            assert_eq!(text.matches(line).count(), times, "{line:?} in {} {when}", writer.document);
        }
    }
}

/// Whether the server was killed after a checkpoint, and before what it includes was removed.
fn is_untrimmed(data: &Path) -> bool {
    let store = Reader::open(data).unwrap();
    store.documents().unwrap().iter().any(|document| {
        let checkpoint = store.load(document).unwrap().checkpoint;
        let first = store.records(document).unwrap().first().map(|record| record.seq);
        checkpoint.is_some_and(|checkpoint| first.is_some_and(|first| first <= checkpoint.upto))
    })
}

/// A copy that lost its last bytes holds each document up to some moment, or is known to be damaged.
fn tear(data: &Path, chance: &mut Rng, when: &str) {
    let whole = Reader::open(data).unwrap();
    let copy = tempfile::tempdir().unwrap();
    for (name, most) in [("scriptorium.db", 1), ("scriptorium.db-wal", 40_000)] {
        let Ok(mut bytes) = fs::read(data.join(name)) else { continue };
        let cut = chance.usize(..most);
        bytes.truncate(bytes.len().saturating_sub(cut));
        fs::write(copy.path().join(name), bytes).unwrap();
    }
    let torn = match Sqlite::open(copy.path()) {
        Ok(torn) => torn,
        Err(StorageError::Corrupt { .. }) => return,
        Err(error) => panic!("{error} {when}"),
    };
    for document in torn.reader().documents().unwrap() {
        let (before, after) = (torn.reader().load(&document).unwrap(), whole.load(&document).unwrap());
        assert!(before.last() <= after.last(), "{when}");
        let mut text = fold(&document, &before).unwrap();
        let rest = whole.records(&document).unwrap();
        let rest = rest.iter().filter(|record| record.seq > before.last()).map(|record| &*record.update);
        let is_kept =
            before.last() >= after.checkpoint.as_ref().map_or_else(Default::default, |all| all.upto);
        if is_kept {
            text.merge(rest);
            assert_eq!(text.text(), fold(&document, &after).unwrap().text(), "{when}");
        }
    }
    assert_eq!(torn.check().unwrap(), [], "{when}");
}

/// Somebody who writes lines into a document and removes some of them again, in a tab that outlives the server.
struct Writer {
    document: DocId,
    name: usize,
    replica: Replica,
    chance: Rng,
    started: Instant,
    history: Vec<Done>,
    /// How many of them the server has acknowledged.
    saved: u64,
}

#[derive(Debug, Clone)]
enum Done {
    Wrote(String),
    Removed(String),
}

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

impl Writer {
    fn all(chance: &mut Rng) -> Vec<Self> {
        (0..DOCUMENTS * WRITERS).map(|number| Self::new(number, chance.fork())).collect()
    }

    fn new(number: usize, mut chance: Rng) -> Self {
        let replica = Replica::new(ClientId::new(chance.u32(1..)), "{}", 0);
        let document = format!("document-{}", number % DOCUMENTS).parse().unwrap();
        let (started, history) = (Instant::now(), Vec::new());
        Self { document, name: number, replica, chance, started, history, saved: 0 }
    }

    /// Writes for a while, then waits until everything is saved, or until the server is gone.
    async fn write(mut self, port: u16, writing: Duration) -> Self {
        let url = format!("ws://127.0.0.1:{port}/ws/{}", self.document);
        let end = Instant::now() + writing;
        if let Ok((mut socket, _)) = connect_async(url).await {
            let opening = self.replica.connected(self.now());
            let _ = self.converse(&mut socket, opening, end).await;
            self.replica.disconnected();
        }
        self
    }

    /// Ends with an error when the server is gone.
    async fn converse(
        &mut self,
        socket: &mut Socket,
        opening: Vec<Effect>,
        end: Instant,
    ) -> Result<(), tungstenite::Error> {
        send(socket, opening).await?;
        let mut is_quiet = false;
        while Instant::now() < end || !is_quiet {
            let pause = Duration::from_micros(self.chance.u64(200..5_000));
            match timeout(pause, socket.next()).await {
                Ok(Some(frame)) => self.receive(socket, frame?).await?,
                Ok(None) => return Err(tungstenite::Error::ConnectionClosed),
                Err(_) if Instant::now() < end => {
                    let effects = self.act();
                    send(socket, effects).await?;
                }
                // A writer whose work is saved still waits for what the other one of its document may write.
                Err(_) => is_quiet = !self.replica.has_unsaved_edits() && Instant::now() > end + SETTLE,
            }
            assert!(Instant::now() < end + PATIENCE, "the server answers");
        }
        Ok(())
    }

    async fn receive(
        &mut self,
        socket: &mut Socket,
        frame: tungstenite::Message,
    ) -> Result<(), tungstenite::Error> {
        let tungstenite::Message::Binary(frame) = frame else { return Ok(()) };
        let mut effects = Vec::new();
        self.replica.receive(&frame, self.now(), &mut effects).unwrap();
        // Edits are numbered from 1, and what a page would show as saved is what it no longer waits for.
        let first_unsaved = self.replica.pending().map(|pending| pending.id.number).min();
        self.saved = first_unsaved.map_or(self.history.len() as u64, |first| first - 1);
        send(socket, effects).await
    }

    /// Writes a line before a random one, or removes one of its own.
    fn act(&mut self) -> Vec<Effect> {
        let text = self.replica.text();
        let own: Vec<&str> =
            text.lines().filter(|line| line.starts_with(&format!("[{}.", self.name))).collect();
        let (edit, done) = if own.len() > 20 || (!own.is_empty() && self.chance.u8(..4) == 0) {
            let line = format!("{}\n", own[self.chance.usize(..own.len())]);
            let at = text.find(&line).unwrap();
            let at = utf16_len(&text[..at]);
            (TextEdit { at, delete: utf16_len(&line), insert: String::new() }, Done::Removed(line))
        } else {
            let starts: Vec<_> =
                std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
            let at = utf16_len(&text[..starts[self.chance.usize(..starts.len())]]);
            let line = format!("[{}.{}] 😀 é\n", self.name, self.history.len());
            (TextEdit { at, delete: 0, insert: line.clone() }, Done::Wrote(line))
        };
        self.history.push(done);
        self.replica.edit(&[edit], self.now())
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap()
    }
}

/// How long the writers of one document give each other to see the last edits.
const SETTLE: Duration = Duration::from_secs(1);

async fn send(socket: &mut Socket, effects: Vec<Effect>) -> Result<(), tungstenite::Error> {
    for effect in effects {
        if let Effect::Send(frame) = effect {
            socket.send(tungstenite::Message::Binary(frame)).await?;
        }
    }
    Ok(())
}

//! The loop that owns a room. Nothing else in the process touches its document, so the order of this loop is the
//! order of history.

mod batch;
mod deletion;
mod rescue;
mod ticks;

use std::{
    collections::HashMap,
    future, iter, mem,
    ops::ControlFlow,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use collab::{
    id::{DocId, SessionId},
    room::{Effect, Entry, Refusal, Room},
};
use tokio::{
    sync::mpsc,
    time::{self, Instant},
};
use tracing::Instrument;

use self::{
    batch::{Batch, batch_of},
    rescue::Authors,
    ticks::{Tick, Ticks},
};
use super::{
    OpenError, Rooms, Sight,
    archive::{Built, Missing},
    mailbox::Mail,
    watchdog::Pulse,
};
use crate::{
    clock,
    journal::{Journal, Progress, Writer},
    socket::outbox::{CloseReason, Outbox},
    storage::Record,
};

/// How many letters are merged in one step at the most.
const BATCH: usize = 256;

/// Runs a document's room until nobody has been there for a while, or until every mailbox sender is dropped. If the
/// document's last room has failed, what it still had on the way to the disk comes first.
pub(super) async fn run(
    rooms: Rooms,
    document: DocId,
    writer: Writer,
    mailbox: mpsc::Receiver<Mail>,
    pulse: Arc<Pulse>,
    has_failed: bool,
) {
    let span = tracing::info_span!("room", %document);
    async move {
        let _counted = rooms.0.metrics.room();
        let mut mailbox = mailbox;
        if has_failed {
            writer.flush().await;
        }
        match rooms.0.archive.build(&document).await {
            Ok(Built { document: content, last, updated }) => {
                let journal = writer.journal(document.clone(), last);
                let room = Room::new(content, last, rooms.0.settings.limits);
                RoomTask::new(rooms, document, room, updated, journal, mailbox, pulse).serve().await;
            }
            Err(Missing::Deleted(_)) => {
                turn_away(&rooms, &document, &mut mailbox, Vec::new(), OpenError::Deleted);
            }
            Err(Missing::Unreadable(error)) => {
                tracing::error!(%error, "the document cannot be opened");
                turn_away(&rooms, &document, &mut mailbox, Vec::new(), OpenError::Unreadable);
            }
        }
    }
    .instrument(span)
    .await;
}

/// There is no room any more, or there never was: it leaves nothing behind. Whoever waits is told why, those whose
/// `letters` are out of the mailbox already first; the next one who comes tries again.
fn turn_away(
    rooms: &Rooms,
    document: &DocId,
    mailbox: &mut mpsc::Receiver<Mail>,
    letters: Vec<Mail>,
    reason: OpenError,
) {
    rooms.0.registry().open.remove(document);
    mailbox.close();
    for mail in letters.into_iter().chain(iter::from_fn(|| mailbox.try_recv().ok())) {
        // Whoever has stopped waiting needs no answer.
        match mail {
            Mail::Join { done, .. } => drop(done.send(Err(reason))),
            Mail::Delete(done) => drop(done.send(Err(reason.into()))),
            Mail::Messages(..) | Mail::Drained(_) | Mail::Leave(_) | Mail::Look(_) => {}
        }
    }
}

struct RoomTask {
    rooms: Rooms,
    document: DocId,
    room: Room,
    journal: Journal,
    mailbox: mpsc::Receiver<Mail>,
    pulse: Arc<Pulse>,
    sessions: HashMap<SessionId, Session>,
    /// When the last update arrived.
    updated: u64,
    since_checkpoint: Growth,
    ticks: Ticks,
    /// Whether the document has broken before. From then on letters are taken one by one, so that whoever breaks it
    /// again is known.
    is_wary: bool,
}

struct Session {
    outbox: Arc<Outbox>,
    author: Arc<str>,
}

/// How much the log has grown since the last checkpoint.
#[derive(Default)]
struct Growth {
    updates: u64,
    bytes: u64,
}

/// Everything that wakes the loop.
enum Event {
    Mail(Vec<Mail>),
    Progress(Progress),
    Tick(Tick),
    Abandoned,
    /// Every sender is gone: the server shuts down.
    Closed,
}

/// Lets other tasks go first. Unlike Tokio's own, this leaves the task where any thread can find it: a room must not wait for
/// another that hangs.
async fn give_way() {
    let mut has_given_way = false;
    future::poll_fn(|context| {
        if mem::replace(&mut has_given_way, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl RoomTask {
    fn new(
        rooms: Rooms,
        document: DocId,
        room: Room,
        updated: u64,
        journal: Journal,
        mailbox: mpsc::Receiver<Mail>,
        pulse: Arc<Pulse>,
    ) -> Self {
        Self {
            rooms,
            document,
            room,
            journal,
            mailbox,
            pulse,
            sessions: HashMap::new(),
            updated,
            since_checkpoint: Growth::default(),
            ticks: Ticks::default(),
            is_wary: false,
        }
    }

    async fn serve(mut self) {
        loop {
            match self.next().await {
                Event::Mail(mut letters) => {
                    self.gather(&mut letters).await;
                    if self.take(letters).await.is_break() {
                        return;
                    }
                }
                Event::Progress(progress) => self.progress(progress),
                Event::Tick(tick) => {
                    let effects = match tick {
                        Tick::Presences => self.room.take_presences(),
                        Tick::Disputes => self.room.press(),
                    };
                    self.perform(effects);
                }
                Event::Abandoned => {
                    if self.rooms.retire(&self.document, &mut self.mailbox) {
                        return self.rest();
                    }
                }
                Event::Closed => return self.finish().await,
            }
        }
    }

    async fn next(&mut self) -> Event {
        let may_retire = self.room.is_empty() && self.room.is_durable();
        // To hear of every commit costs as much as to take a key.
        let listens = self.room.is_empty() || self.room.awaits_disk() || self.is_checkpoint_due();
        let mut letters = Vec::new();
        tokio::select! {
            count = self.mailbox.recv_many(&mut letters, BATCH) => {
                if count == 0 { Event::Closed } else { Event::Mail(letters) }
            }
            progress = self.journal.progress(), if listens => Event::Progress(progress),
            tick = self.ticks.next(&self.room, self.sessions.len()) => Event::Tick(tick),
            () = time::sleep(self.rooms.0.settings.retire_after), if may_retire => Event::Abandoned,
        }
    }

    /// Where several letters have come at the same time, lets everybody else who is ready hand in theirs, too: what is
    /// merged together is sent together. Nobody is waited for.
    async fn gather(&mut self, letters: &mut Vec<Mail>) {
        if letters.len() == 1 {
            return;
        }
        give_way().await;
        while letters.len() < BATCH
            && let Ok(letter) = self.mailbox.try_recv()
        {
            letters.push(letter);
        }
    }

    async fn take(&mut self, mut letters: Vec<Mail>) -> ControlFlow<()> {
        while !letters.is_empty() {
            let at_once = if self.is_wary { 1 } else { batch_of(&letters, self.room.document().size()) };
            let began = Instant::now();
            let mut batch = self.sort(letters.drain(..at_once));
            let deletion = batch.deletion.take();
            self.step(batch).await?;
            self.rooms.0.metrics.batch(at_once, began.elapsed());
            if let Some(done) = deletion {
                self.delete(done, &mut letters).await?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Whoever wrote pays for the time that it took, each for as much as it has written.
    fn charge(&self, writers: &[SessionId], took: Duration) {
        let each = took.div_f64(writers.len().max(1) as f64);
        let paying = writers.iter().filter_map(|writer| self.sessions.get(writer));
        paying.for_each(|session| session.outbox.charge(each));
    }

    /// Hands everything that has arrived to the room at once, and does what it asks for. Ends if the room was given
    /// up, or cannot be saved from what has broken it.
    async fn step(&mut self, batch: Batch) -> ControlFlow<()> {
        let Batch { inputs, looks, left, authors, writers, deletion: _, _postage } = batch;
        let (room, updated) = (&mut self.room, self.updated);
        let began = Instant::now();
        // What a panic leaves behind is replaced as a whole.
        let work = AssertUnwindSafe(|| {
            let effects = room.step(inputs);
            (effects, (!looks.is_empty()).then(|| Sight::of(room.document(), room.last(), updated)))
        });
        let Some(stepped) = self.pulse.watch(|| panic::catch_unwind(work)) else {
            return ControlFlow::Break(());
        };
        // What is sent because of it is no fault of theirs: the same key is sent to as many as are here.
        self.charge(&writers, began.elapsed());
        let mut is_whole = stepped.is_ok();
        let mut authors = authors;
        if let Ok((effects, seen)) = stepped {
            if let Some(Effect::Rebuild { session }) = effects.last() {
                (is_whole, authors) = (false, Authors::One(*session));
            }
            self.perform(effects);
            // Whoever has stopped waiting needs no answer.
            looks.into_iter().zip(seen.into_iter().cycle()).for_each(|(look, seen)| drop(look.send(seen)));
        }
        left.iter().for_each(|session| drop(self.sessions.remove(session)));
        if is_whole { ControlFlow::Continue(()) } else { self.rescue(authors).await }
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Append(entries) => self.append(entries),
                Effect::Send { to, frame } => {
                    let is_lost =
                        self.sessions.get(&to).is_some_and(|session| session.outbox.push(frame).is_err());
                    if is_lost {
                        tracing::debug!(session = %to, "fell behind");
                        self.rooms.0.metrics.queue_dropped();
                        self.room.fell_behind(to);
                    }
                }
                Effect::Show { to, frame } => {
                    if let Some(session) = self.sessions.get(&to) {
                        session.outbox.offer(frame);
                    }
                }
                Effect::Refuse { session, reason } => self.refuse(session, &reason),
                // The step that asked for it is followed by the rescue.
                Effect::Rebuild { .. } => {}
            }
        }
    }

    fn append(&mut self, entries: Vec<Entry>) {
        let at = clock::now();
        self.updated = at;
        let records: Vec<_> = entries.into_iter().map(|entry| self.record(entry, at)).collect();
        self.since_checkpoint.updates += records.len() as u64;
        self.since_checkpoint.bytes += records.iter().map(|record| record.update.len() as u64).sum::<u64>();
        self.journal.append(records);
    }

    fn record(&self, entry: Entry, at: u64) -> Record {
        let author =
            self.sessions.get(&entry.session).map(|session| session.author.clone()).unwrap_or_default();
        // A copy, because the update is a piece of a frame that may be much larger, and may wait for long.
        Record { seq: entry.seq, at, author, update: Bytes::copy_from_slice(&entry.update) }
    }

    fn refuse(&mut self, session: SessionId, reason: &Refusal) {
        // The session itself says so in the log, once.
        tracing::debug!(%session, %reason, "a session is refused");
        self.rooms.0.metrics.session_refused(reason.kind());
        if let Some(refused) = self.sessions.remove(&session) {
            refused.outbox.close(CloseReason::refused(reason));
        }
    }

    fn progress(&mut self, progress: Progress) {
        let effects = match progress.trouble {
            Some(trouble) => self.room.troubled(trouble.in_words()),
            None => self.room.durable(progress.durable),
        };
        self.perform(effects);
        if self.is_checkpoint_due() && self.room.is_durable() {
            self.since_checkpoint = Growth::default();
            self.write_checkpoint();
        }
    }

    fn is_checkpoint_due(&self) -> bool {
        let settings = &self.rooms.0.settings;
        self.since_checkpoint.updates >= settings.checkpoint_updates
            || self.since_checkpoint.bytes >= settings.checkpoint_bytes
    }

    /// The room is gone. With a checkpoint, the next one opens sooner, and pages need none.
    fn rest(&self) {
        if self.since_checkpoint.updates > 0 {
            self.write_checkpoint();
        }
    }

    /// Off the loop's path.
    fn write_checkpoint(&self) {
        let (rooms, document) = (self.rooms.clone(), self.document.clone());
        self.rooms.0.tasks.spawn(async move { rooms.0.write_checkpoint(document).await });
    }

    /// The sessions are gone. What they wrote is brought to disk before the room ends.
    async fn finish(mut self) {
        while !self.room.is_durable() {
            let progress = self.journal.progress().await;
            let _ = self.room.durable(progress.durable);
        }
        self.rest();
    }
}

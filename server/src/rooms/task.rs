//! The loop that owns a room. Nothing else in the process touches its document, so the order of this loop is the
//! order of history.

use std::{collections::HashMap, sync::Arc};

use collab::{
    id::{DocId, SessionId},
    room::{Effect, Entry, Input, Refusal, Room},
};
use tokio::{sync::mpsc, time};
use tracing::Instrument;

use super::{Mail, OpenError, Rooms, fold, glimpse, unavailable, write_checkpoint};
use crate::{
    clock,
    journal::{Journal, Progress, Writer},
    socket::outbox::{CloseReason, Outbox},
    storage::{Record, StorageError},
};

/// How many letters are merged in one step at the most.
const BATCH: usize = 256;

/// Runs a document's room until nobody has been there for a while, or until every mailbox sender is dropped.
pub(super) async fn run(rooms: Rooms, document: DocId, writer: Writer, mailbox: mpsc::Receiver<Mail>) {
    let span = tracing::info_span!("room", %document);
    async move {
        let mut mailbox = mailbox;
        match open(&rooms, &document, &writer).await {
            Ok((room, journal)) => RoomTask::new(rooms, document, room, journal, mailbox).serve().await,
            Err(error) => {
                tracing::error!(%error, "the document cannot be opened");
                turn_away(&rooms, &document, &mut mailbox);
            }
        }
    }
    .instrument(span)
    .await;
}

async fn open(rooms: &Rooms, document: &DocId, writer: &Writer) -> Result<(Room, Journal), StorageError> {
    let storage = rooms.0.storage.clone();
    let name = document.clone();
    let loaded = tokio::task::spawn_blocking(move || {
        let log = storage.load(&name)?;
        Ok((fold(&name, &log)?, log.last()))
    });
    let (content, last) = loaded.await.unwrap_or_else(|panic| Err(unavailable(panic)))?;
    Ok((Room::new(content, last), writer.journal(document.clone(), last)))
}

/// A load that failed leaves nothing behind: whoever waits is told, and the next one who comes tries again.
fn turn_away(rooms: &Rooms, document: &DocId, mailbox: &mut mpsc::Receiver<Mail>) {
    rooms.registry().open.remove(document);
    mailbox.close();
    while let Ok(mail) = mailbox.try_recv() {
        if let Mail::Join { done, .. } = mail {
            // Whoever has stopped waiting needs no answer.
            let _ = done.send(Err(OpenError::Unreadable));
        }
    }
}

struct RoomTask {
    rooms: Rooms,
    document: DocId,
    room: Room,
    journal: Journal,
    mailbox: mpsc::Receiver<Mail>,
    sessions: HashMap<SessionId, Session>,
    since_checkpoint: Growth,
}

struct Session {
    outbox: Arc<Outbox>,
    author: String,
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
    Abandoned,
    /// Every sender is gone: the server shuts down.
    Closed,
}

impl RoomTask {
    fn new(
        rooms: Rooms,
        document: DocId,
        room: Room,
        journal: Journal,
        mailbox: mpsc::Receiver<Mail>,
    ) -> Self {
        let since_checkpoint = Growth::default();
        Self { rooms, document, room, journal, mailbox, sessions: HashMap::new(), since_checkpoint }
    }

    async fn serve(mut self) {
        loop {
            match self.next().await {
                Event::Mail(letters) => self.step(letters),
                Event::Progress(progress) => self.progress(progress),
                Event::Abandoned => {
                    if self.rooms.retire(&self.document, &mut self.mailbox) {
                        return;
                    }
                }
                Event::Closed => return self.finish().await,
            }
        }
    }

    async fn next(&mut self) -> Event {
        let may_retire = self.room.is_empty() && self.room.is_durable();
        let mut letters = Vec::new();
        tokio::select! {
            count = self.mailbox.recv_many(&mut letters, BATCH) => {
                if count == 0 { Event::Closed } else { Event::Mail(letters) }
            }
            progress = self.journal.progress() => Event::Progress(progress),
            () = time::sleep(self.rooms.0.settings.retire_after), if may_retire => Event::Abandoned,
        }
    }

    /// Hands everything that has arrived to the room at once, and does what it asks for.
    fn step(&mut self, letters: Vec<Mail>) {
        let mut peeks = Vec::new();
        let mut inputs = Vec::with_capacity(letters.len());
        for letter in letters {
            match letter {
                Mail::Join { session, outbox, author, done } => {
                    self.sessions.insert(session, Session { outbox, author });
                    inputs.push((session, Input::Join));
                    // A session that has stopped waiting leaves in its own time.
                    let _ = done.send(Ok(()));
                }
                Mail::Messages(session, messages) => inputs.push((session, Input::Messages(messages))),
                Mail::Drained(session) => inputs.push((session, Input::Drained)),
                Mail::Leave(session) => inputs.push((session, Input::Leave)),
                Mail::Peek(answer) => peeks.push(answer),
            }
        }
        let left: Vec<_> = inputs
            .iter()
            .filter(|(_, input)| matches!(input, Input::Leave))
            .map(|(session, _)| *session)
            .collect();
        let effects = self.room.step(inputs);
        self.perform(effects);
        left.iter().for_each(|session| drop(self.sessions.remove(session)));
        for answer in peeks {
            // Whoever has stopped waiting needs no answer.
            let _ = answer.send(glimpse(self.room.document()));
        }
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
                        self.room.fell_behind(to);
                    }
                }
                Effect::Refuse { session, reason } => self.refuse(session, &reason),
            }
        }
    }

    fn append(&mut self, entries: Vec<Entry>) {
        let at = clock::now();
        let records: Vec<_> = entries.into_iter().map(|entry| self.record(entry, at)).collect();
        self.since_checkpoint.updates += records.len() as u64;
        self.since_checkpoint.bytes += records.iter().map(|record| record.update.len() as u64).sum::<u64>();
        self.journal.append(records);
    }

    fn record(&self, entry: Entry, at: u64) -> Record {
        let author =
            self.sessions.get(&entry.session).map(|session| session.author.clone()).unwrap_or_default();
        Record { seq: entry.seq, at, author, update: entry.update }
    }

    fn refuse(&mut self, session: SessionId, reason: &Refusal) {
        tracing::info!(%session, %reason, "a session is ended");
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
        let settings = &self.rooms.0.settings;
        let is_long = self.since_checkpoint.updates >= settings.checkpoint_updates
            || self.since_checkpoint.bytes >= settings.checkpoint_bytes;
        if is_long && self.room.is_durable() {
            self.since_checkpoint = Growth::default();
            self.write_checkpoint();
        }
    }

    /// Off the loop's path.
    fn write_checkpoint(&self) {
        let storage = self.rooms.0.storage.clone();
        let keep = self.rooms.0.settings.keep_updates;
        let document = self.document.clone();
        self.rooms.0.tasks.spawn_blocking(move || {
            if let Err(error) = write_checkpoint(&*storage, &document, keep) {
                // Nothing is lost: the log is whole, and the next checkpoint is tried in its time.
                tracing::warn!(%document, %error, "a checkpoint could not be written");
            }
        });
    }

    /// The sessions are gone. What they wrote is brought to disk before the room ends.
    async fn finish(mut self) {
        while !self.room.is_durable() {
            let progress = self.journal.progress().await;
            let _ = self.room.durable(progress.durable);
        }
    }
}

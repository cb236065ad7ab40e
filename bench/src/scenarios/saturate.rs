//! In each of some rooms everybody writes, as fast as the others get to read it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Args;
use collab::frame::Message;
use tokio::{sync::Notify, task::JoinSet, time};

use super::{
    open_rooms,
    reading::{Reading, Sent},
};
use crate::{
    Error,
    client::{Client, Heard},
    latencies::Latencies,
    outcome::Outcome,
    process::Process,
    progress,
    target::Target,
};
use bench::typist::Typist;

/// What to do, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Saturate {
    /// In how many documents
    #[arg(long, default_value_t = 1)]
    rooms: u32,
    /// How many write in each
    #[arg(long, default_value_t = 10)]
    writers: u32,
    /// How many keys of one writer may be on their way to somebody
    #[arg(long, default_value_t = 64)]
    window: u64,
    /// For how long is measured, in seconds
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// For how long the same is done before it is measured, in seconds
    #[arg(long, default_value_t = 1)]
    warm_up: u64,
}

/// What everybody in the run counts up.
#[derive(Default)]
struct Counts {
    keys: AtomicU64,
    frames: AtomicU64,
    has_ended: AtomicBool,
}

/// One writer, as the others in the room see it.
struct Writer {
    sent: Arc<Sent>,
    /// How many of its keys each person in the room has seen.
    seen: Box<[AtomicU64]>,
    wake: Notify,
}

type Room = Arc<[Writer]>;

impl Writer {
    /// How many keys everybody else has seen.
    fn seen_by_all_but(&self, me: usize) -> u64 {
        let others = self.seen.iter().enumerate().filter(|(other, _)| *other != me);
        others.map(|(_, seen)| seen.load(Ordering::Relaxed)).min().unwrap_or(0)
    }
}

impl Saturate {
    pub(crate) async fn run(self, target: &Target) -> Result<Outcome, Error> {
        let rooms = open_rooms(target, self.rooms, self.writers).await?;
        let counts = Arc::new(Counts::default());
        let mut sessions = JoinSet::new();
        for clients in rooms {
            let room = self.room();
            for (me, client) in clients.into_iter().enumerate() {
                sessions.spawn(write(client, me, room.clone(), self.window, counts.clone()));
            }
        }
        let figures = self.measure(&counts, Process::of(target)).await?;
        counts.has_ended.store(true, Ordering::Relaxed);
        let mut latencies = Latencies::default();
        while let Some(ended) = sessions.join_next().await {
            latencies.merge(&ended?.map_err(|error| format!("a session failed: {error}"))?);
        }
        Ok(self.report(target, figures, &latencies))
    }

    fn room(&self) -> Room {
        let start = Instant::now();
        let writer = |_| Writer {
            sent: Arc::new(Sent::new(start, u32::try_from(2 * self.window).unwrap_or(u32::MAX))),
            seen: (0..self.writers).map(|_| AtomicU64::new(0)).collect(),
            wake: Notify::new(),
        };
        (0..self.writers).map(writer).collect()
    }

    /// How many keys and frames arrived while it was measured, and for how long the server worked.
    async fn measure(
        &self,
        counts: &Counts,
        process: Process,
    ) -> Result<(f64, f64, Option<Duration>), Error> {
        time::sleep(Duration::from_secs(self.warm_up)).await;
        let look = || -> Result<_, Error> {
            let [keys, frames] = [&counts.keys, &counts.frames].map(|count| count.load(Ordering::Relaxed));
            Ok((keys, frames, process.time()?))
        };
        let before = look()?;
        for left in (0..self.seconds).rev() {
            progress::say(&format!("{} keys delivered, {left} s to go", counts.keys.load(Ordering::Relaxed)));
            time::sleep(Duration::from_secs(1)).await;
        }
        progress::done();
        let after = look()?;
        let cpu = after.2.zip(before.2).map(|(after, before)| after.saturating_sub(before));
        Ok(((after.0 - before.0) as f64, (after.1 - before.1) as f64, cpu))
    }

    fn report(
        &self,
        target: &Target,
        (keys, frames, cpu): (f64, f64, Option<Duration>),
        latencies: &Latencies,
    ) -> Outcome {
        Outcome::new(target, "saturate")
            .setting("rooms", self.rooms)
            .setting("writers", self.writers)
            .setting("window", self.window)
            .number("deliveries_per_second", keys / self.seconds as f64)
            .number_if("deliveries_per_cpu_second", cpu.map(|cpu| keys / cpu.as_secs_f64()))
            .number("keys_per_frame", keys / frames)
            .latencies(latencies)
    }
}

async fn write(
    mut client: Client,
    me: usize,
    room: Room,
    window: u64,
    counts: Arc<Counts>,
) -> Result<Latencies, Error> {
    let mut typist = Typist::new(name(me));
    let mut reading =
        Reading::of((0..).zip(&*room).map(|(other, writer)| (name(other).into(), writer.sent.clone())));
    let mut latencies = Latencies::default();
    let mut sent = 0;
    let mut look = time::interval(Duration::from_millis(100));
    while !counts.has_ended.load(Ordering::Relaxed) {
        let may_send = sent < room[me].seen_by_all_but(me) + window;
        tokio::select! {
            biased;
            heard = client.next() => if let Heard::Update(update) | Heard::Step2(update) = heard? {
                counts.frames.fetch_add(1, Ordering::Relaxed);
                reading.read(&update, |writer, sent, keys| {
                    let writer = writer as usize - 1;
                    if writer != me {
                        counts.keys.fetch_add(keys.end - keys.start, Ordering::Relaxed);
                        latencies.add(sent.age(keys.end - 1));
                        room[writer].seen[me].store(keys.end, Ordering::Relaxed);
                        room[writer].wake.notify_one();
                    }
                })?;
            },
            () = std::future::ready(()), if may_send => {
                room[me].sent.note(sent);
                client.send(&Message::Update(typist.key().into())).await?;
                sent += 1;
            }
            () = room[me].wake.notified(), if !may_send => {}
            _ = look.tick() => {}
        }
    }
    Ok(latencies)
}

/// The client number of a writer.
fn name(writer: usize) -> u32 {
    u32::try_from(writer + 1).expect("a room is small")
}

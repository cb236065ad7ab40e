//! In each of some rooms somebody types at a steady pace, and others look on.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Args;
use collab::frame::Message;
use tokio::{task::JoinSet, time};

use super::{
    open_rooms,
    reading::{Reading, Sent},
};
use crate::{
    Error,
    client::{Client, Heard},
    latencies::Latencies,
    outcome::Outcome,
    presence::Walker,
    process::Process,
    progress,
    target::Target,
};
use bench::typist::Typist;

/// How long readers wait for what has not arrived when the writing ends.
const GRACE: Duration = Duration::from_secs(2);
/// The writer of each room.
const WRITER: u32 = 1;

/// What to do, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct FanOut {
    /// In how many documents
    #[arg(long, default_value_t = 1)]
    rooms: u32,
    /// How many look on in each
    #[arg(long, default_value_t = 1)]
    observers: u32,
    /// How many keys each writer types in a second
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// How often everybody says in a second where they are
    #[arg(long, default_value_t = 0.0)]
    presence: f64,
    /// For how long is measured, in seconds
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// For how long the same is done before it is measured, in seconds
    #[arg(long, default_value_t = 1)]
    warm_up: u64,
}

/// When what happens.
#[derive(Debug, Clone, Copy)]
struct Times {
    start: Instant,
    /// From here on it counts.
    counted: Instant,
    end: Instant,
}

/// What all sessions know of the run.
struct Run {
    plan: FanOut,
    times: Times,
    delivered: AtomicU64,
    presence_bytes: AtomicU64,
}

/// What a session has to tell.
#[derive(Default)]
struct Seen {
    sent: u64,
    latencies: Latencies,
}

impl FanOut {
    pub(crate) async fn run(self, target: &Target) -> Result<Outcome, Error> {
        let rooms = open_rooms(target, self.rooms, self.observers + 1).await?;
        let start = Instant::now();
        let counted = start + Duration::from_secs(self.warm_up);
        let times = Times { start, counted, end: counted + Duration::from_secs(self.seconds) };
        let (delivered, presence_bytes) = (AtomicU64::new(0), AtomicU64::new(0));
        let run = Arc::new(Run { plan: self.clone(), times, delivered, presence_bytes });
        let mut sessions = JoinSet::new();
        for (room, clients) in (0..).zip(rooms) {
            let sent = Arc::new(Sent::new(start, self.keys()));
            let mut clients = clients.into_iter();
            let writer = clients.next().ok_or("nobody writes")?;
            sessions.spawn(write(run.clone(), writer, sent.clone(), room));
            for (number, client) in (1..).zip(clients) {
                let walker = Walker::new(u64::from(WRITER) + u64::from(number));
                sessions.spawn(observe(run.clone(), client, sent.clone(), walker, room + number));
            }
        }
        let took = measure(&run, Process::of(target)).await?;
        self.report(target, &run, took, sessions).await
    }

    /// How many keys one writer types in all.
    fn keys(&self) -> u32 {
        ((self.warm_up + self.seconds + 1) as f64 * self.rate) as u32 + 1
    }

    async fn report(
        &self,
        target: &Target,
        run: &Run,
        (cpu, memory): (Option<Duration>, Option<f64>),
        mut sessions: JoinSet<Result<Seen, Error>>,
    ) -> Result<Outcome, Error> {
        let mut all = Seen::default();
        while let Some(seen) = sessions.join_next().await {
            let seen = seen?.map_err(|error| format!("a session failed: {error}"))?;
            all.sent += seen.sent;
            all.latencies.merge(&seen.latencies);
        }
        let expected = all.sent * u64::from(self.observers);
        let micros = |cpu: Duration| cpu.as_secs_f64() * 1e6 / all.latencies.count() as f64;
        let bytes = run.presence_bytes.load(Ordering::Relaxed) as f64;
        Ok(Outcome::new(target, "fan-out")
            .setting("rooms", self.rooms)
            .setting("observers", self.observers)
            .setting("rate", self.rate)
            .setting("presence", self.presence)
            .number("delivered", all.latencies.count() as f64)
            .number("lost", expected as f64 - all.latencies.count() as f64)
            .latencies(&all.latencies)
            .number_if("cpu_us_per_delivery", cpu.map(micros).filter(|_| self.rate > 0.0))
            .number_if("cpu_percent", cpu.map(|cpu| cpu.as_secs_f64() * 100.0 / self.seconds as f64))
            .number_if("memory_bytes", memory)
            .number("presence_bytes_per_second", bytes / self.seconds as f64))
    }
}

/// Looks at the server's process while it works. Returns how long it worked, and how much memory it has in the end.
async fn measure(run: &Run, process: Process) -> Result<(Option<Duration>, Option<f64>), Error> {
    time::sleep_until(run.times.counted.into()).await;
    let before = process.time()?;
    while Instant::now() < run.times.end {
        let left = run.times.end.saturating_duration_since(Instant::now());
        progress::say(&format!(
            "{} delivered, {} s to go",
            run.delivered.load(Ordering::Relaxed),
            left.as_secs()
        ));
        time::sleep(left.min(Duration::from_secs(1))).await;
    }
    progress::done();
    let after = process.time()?;
    Ok((after.zip(before).map(|(after, before)| after.saturating_sub(before)), process.memory()?))
}

/// The moments at which something is done so many times a second, none if it is never done. Different people begin at
/// different moments of the same period.
fn clock(times: Times, rate: f64, number: u32) -> time::Interval {
    let period = if rate > 0.0 { Duration::from_secs_f64(1.0 / rate) } else { Duration::from_secs(1 << 30) };
    let offset = if rate > 0.0 { (f64::from(number) * 0.618_034).fract() } else { 1.0 };
    time::interval_at((times.start + period.mul_f64(offset)).into(), period)
}

async fn write(run: Arc<Run>, mut client: Client, sent: Arc<Sent>, room: u32) -> Result<Seen, Error> {
    let mut typist = Typist::new(WRITER);
    let mut walker = Walker::new(WRITER.into());
    let mut seen = Seen::default();
    let mut keys = clock(run.times, run.plan.rate, room);
    let mut steps = clock(run.times, run.plan.presence, room);
    let end = time::sleep_until((run.times.end + GRACE).into());
    tokio::pin!(end);
    for clock in 0.. {
        loop {
            tokio::select! {
                _ = keys.tick() => break,
                _ = steps.tick() => client.send(&walker.step()).await?,
                heard = client.next() => drop(heard?),
                () = &mut end => return Ok(seen),
            }
        }
        if Instant::now() >= run.times.end {
            continue;
        }
        seen.sent += u64::from(Instant::now() >= run.times.counted);
        sent.note(clock);
        client.send(&Message::Update(typist.key().into())).await?;
    }
    Ok(seen)
}

async fn observe(
    run: Arc<Run>,
    mut client: Client,
    sent: Arc<Sent>,
    mut walker: Walker,
    number: u32,
) -> Result<Seen, Error> {
    let mut reading = Reading::of([(WRITER.into(), sent)]);
    let mut seen = Seen::default();
    let mut steps = clock(run.times, run.plan.presence, number);
    let end = time::sleep_until((run.times.end + GRACE).into());
    tokio::pin!(end);
    loop {
        let heard = tokio::select! {
            heard = client.next() => heard?,
            _ = steps.tick() => {
                client.send(&walker.step()).await?;
                continue;
            }
            () = &mut end => return Ok(seen),
        };
        match heard {
            Heard::Update(update) | Heard::Step2(update) => {
                reading.read(&update, |_, sent, keys| run.count(sent, keys, &mut seen.latencies))?;
            }
            Heard::Presences(bytes) if (run.times.counted..run.times.end).contains(&Instant::now()) => {
                run.presence_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}

impl Run {
    /// Takes down how long these keys took, of those that count.
    fn count(&self, sent: &Sent, keys: Range<u64>, latencies: &mut Latencies) {
        let now = Instant::now();
        for age in keys.map(|clock| sent.age(clock)) {
            if now - age >= self.times.counted {
                latencies.add(age);
                self.delivered.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

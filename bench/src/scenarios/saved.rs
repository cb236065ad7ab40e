//! How many updates a second are acknowledged as saved, and how soon. Only our own servers can be asked for that.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use clap::Args;
use collab::frame::Message;
use tokio::{task::JoinSet, time};

use super::open_rooms;
use crate::{
    Error,
    client::{Client, Heard},
    latencies::Latencies,
    outcome::Outcome,
    process::Process,
    target::Target,
};
use bench::typist::Typist;

/// What to do, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Saved {
    /// How many documents are written at the same time
    #[arg(long, default_value_t = 50)]
    rooms: u32,
    /// How many people write each of them
    #[arg(long, default_value_t = 4)]
    writers: u32,
    /// For how long, in seconds
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How many updates all of them together send each second; as many as the server takes if it is not given
    #[arg(long)]
    rate: Option<f64>,
    /// How many updates of one writer may be unacknowledged
    #[arg(long, default_value_t = 64)]
    window: usize,
}

impl Saved {
    pub(crate) async fn run(self, target: &Target) -> Result<Outcome, Error> {
        let rooms = open_rooms(target, self.rooms, self.writers).await?;
        let process = Process::of(target);
        let (before, started) = (process.time()?, Instant::now());
        let mut writers = JoinSet::new();
        for (number, client) in (1..).zip(rooms.into_iter().flatten()) {
            writers.spawn(write(self.clone(), client, number));
        }
        let mut total = Latencies::default();
        while let Some(writer) = writers.join_next().await {
            total.merge(&writer?.map_err(|error| format!("a writer failed: {error}"))?);
        }
        let (seconds, updates) = (started.elapsed().as_secs_f64(), total.count() as f64);
        let cpu = process.time()?.zip(before).map(|(after, before)| after.saturating_sub(before));
        Ok(Outcome::new(target, "saved")
            .setting("rooms", self.rooms)
            .setting("writers", self.writers)
            .setting("rate", self.rate)
            .number("saved_per_second", updates / seconds)
            .latencies(&total)
            .number_if("cpu_us_per_update", cpu.map(|cpu| cpu.as_secs_f64() * 1e6 / updates)))
    }

    /// The time between two updates of one writer.
    fn pause(&self) -> Duration {
        let writers = f64::from(self.rooms * self.writers);
        self.rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(writers / rate))
    }
}

async fn write(plan: Saved, mut client: Client, number: u32) -> Result<Latencies, Error> {
    let mut typist = Typist::new(number);
    let mut waiting = VecDeque::new();
    let mut sent = 0;
    let mut latencies = Latencies::default();
    let end = time::Instant::now() + Duration::from_secs(plan.seconds);
    // All writers begin at different moments of the same period.
    let share = f64::from(number) / f64::from(plan.rooms * plan.writers);
    let first = time::Instant::now() + plan.pause().mul_f64(share);
    let mut clock = time::interval_at(first, plan.pause().max(Duration::from_nanos(1)));
    while time::Instant::now() < end || !waiting.is_empty() {
        let may_send = waiting.len() < plan.window && time::Instant::now() < end;
        tokio::select! {
            heard = client.next() => if let Heard::Saved(number) = heard? {
                while let Some((_, at)) = waiting.pop_front_if(|(sent, _): &mut (u64, Instant)| *sent <= number) {
                    latencies.add(at.elapsed());
                }
            },
            _ = clock.tick(), if may_send => {
                sent += 1;
                waiting.push_back((sent, Instant::now()));
                let key = Message::Update(typist.key().into());
                client.send_raw(&Message::frame(&[key, Message::SavedQuery(sent)])).await?;
            }
        }
    }
    Ok(latencies)
}

//! How many updates a second are acknowledged as saved, and how soon.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant},
};

use clap::Args;
use collab::frame::Message;
use futures::{SinkExt, StreamExt};
use tokio::{task::JoinSet, time};
use tokio_tungstenite::tungstenite;

use crate::{
    connection::{Error, Socket, join},
    percentiles::Percentiles,
    typist::Typist,
};

/// What to do, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Saved {
    /// Where the server listens; only this machine is allowed
    #[arg(long, default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// How many documents are written at the same time
    #[arg(long, default_value_t = 50)]
    documents: u32,
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
    pub(crate) async fn run(self) -> Result<(), Error> {
        let mut writers = JoinSet::new();
        let run = std::process::id();
        for number in 0..self.documents * self.writers {
            let name = format!("bench-{run}-{}", number % self.documents);
            writers.spawn(write(self.clone(), name, number + 1));
        }
        let started = Instant::now();
        let mut total = Percentiles::default();
        while let Some(writer) = writers.join_next().await {
            total.merge(writer?.map_err(|error| format!("a writer failed: {error}"))?);
        }
        let seconds = started.elapsed().as_secs_f64();
        let (count, rate) = (total.count(), total.count() as f64 / seconds);
        println!(
            "{} documents, {} writers each: {count} updates saved in {seconds:.1} s",
            self.documents, self.writers
        );
        println!("{rate:.0} updates/s saved; from sending to \"saved\": {total}");
        Ok(())
    }

    /// The time between two updates of one writer.
    fn pause(&self) -> Duration {
        let writers = f64::from(self.documents * self.writers);
        self.rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(writers / rate))
    }
}

async fn write(plan: Saved, document: String, client: u32) -> Result<Percentiles, Error> {
    let mut socket = join(plan.address, &document).await?;
    let mut typist = Typist::new(client);
    let mut waiting = VecDeque::new();
    let mut sent = 0;
    let mut latencies = Percentiles::default();
    let end = time::Instant::now() + Duration::from_secs(plan.seconds);
    // All writers begin at different moments of the same period.
    let first = time::Instant::now()
        + plan.pause().mul_f64(f64::from(client) / f64::from(plan.documents * plan.writers));
    let mut clock = time::interval_at(first, plan.pause().max(Duration::from_nanos(1)));
    while time::Instant::now() < end || !waiting.is_empty() {
        let may_send = waiting.len() < plan.window && time::Instant::now() < end;
        tokio::select! {
            frame = socket.next() => match frame {
                Some(frame) => note(&frame?, &mut waiting, &mut latencies),
                None => return Err("the server hung up".into()),
            },
            _ = clock.tick(), if may_send => {
                sent += 1;
                waiting.push_back((sent, Instant::now()));
                key(&mut socket, &mut typist, sent).await?;
            }
        }
    }
    Ok(latencies)
}

async fn key(socket: &mut Socket, typist: &mut Typist, number: u64) -> Result<(), tungstenite::Error> {
    let frame = Message::frame(&[Message::Update(typist.key().into()), Message::SavedQuery(number)]);
    socket.send(tungstenite::Message::Binary(frame)).await
}

/// Looks only for acknowledgements; what the others write is read and forgotten.
fn note(frame: &tungstenite::Message, waiting: &mut VecDeque<(u64, Instant)>, latencies: &mut Percentiles) {
    let tungstenite::Message::Binary(frame) = frame else { return };
    if frame.first() != Some(&100) {
        return;
    }
    for message in Message::decode_frame(frame).unwrap_or_default() {
        let Message::Saved(number) = message else { continue };
        while let Some((_, at)) = waiting.pop_front_if(|(sent, _)| *sent <= number) {
            latencies.add(at.elapsed());
        }
    }
}

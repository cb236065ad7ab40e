//! How long a key takes to somebody else in the room, on one server or on several in turns.

use std::{
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
pub(crate) struct Keys {
    /// Where the servers listen, one after another; only this machine is allowed
    #[arg(long, default_value = "127.0.0.1:8080", num_args = 1..)]
    address: Vec<SocketAddr>,
    /// How many documents are written at the same time, each by one person for another
    #[arg(long, default_value_t = 50)]
    documents: u32,
    /// The time between two keys of one person, in milliseconds
    #[arg(long, default_value_t = 50)]
    pause: u64,
    /// For how long a server is measured before it is the next one's turn, in seconds
    #[arg(long, default_value_t = 2)]
    seconds: u64,
    /// How often it is each server's turn
    #[arg(long, default_value_t = 5)]
    rounds: u32,
}

impl Keys {
    pub(crate) async fn run(self) -> Result<(), Error> {
        let mut totals = vec![Percentiles::default(); self.address.len()];
        for round in 0..self.rounds {
            for (&address, total) in self.address.iter().zip(&mut totals) {
                total.merge(self.turn(address, round).await?);
            }
        }
        let first = totals[0].at(99.0);
        for (address, total) in self.address.iter().zip(&totals) {
            let ratio = total.at(99.0).as_secs_f64() / first.as_secs_f64();
            println!("{address}: {} keys, {total}, p99 {ratio:.2} times that of the first", total.count());
        }
        Ok(())
    }

    async fn turn(&self, address: SocketAddr, round: u32) -> Result<Percentiles, Error> {
        let mut pairs = JoinSet::new();
        for number in 0..self.documents {
            let name = format!("bench-{}-{round}-{number}", std::process::id());
            let offset =
                Duration::from_millis(self.pause).mul_f64(f64::from(number) / f64::from(self.documents));
            pairs.spawn(pair(self.clone(), address, name, offset));
        }
        let mut total = Percentiles::default();
        while let Some(pair) = pairs.join_next().await {
            total.merge(pair?.map_err(|error| format!("a pair failed: {error}"))?);
        }
        Ok(total)
    }
}

/// One person types, the other one looks.
async fn pair(
    plan: Keys,
    address: SocketAddr,
    document: String,
    offset: Duration,
) -> Result<Percentiles, Error> {
    let mut writer = join(address, &document).await?;
    let mut reader = join(address, &document).await?;
    let mut typist = Typist::new(1);
    let mut latencies = Percentiles::default();
    let mut clock = time::interval(Duration::from_millis(plan.pause));
    time::sleep(offset).await;
    let end = Instant::now() + Duration::from_secs(plan.seconds);
    while Instant::now() < end {
        clock.tick().await;
        let update = Message::Update(typist.key().into());
        let sent = Instant::now();
        writer.send(tungstenite::Message::Binary(Message::frame(&[update]))).await?;
        see_update(&mut reader).await?;
        latencies.add(sent.elapsed());
    }
    Ok(latencies)
}

async fn see_update(reader: &mut Socket) -> Result<(), Error> {
    while let Some(frame) = reader.next().await {
        // A sync message that carries an update.
        if matches!(frame?, tungstenite::Message::Binary(frame) if frame.starts_with(&[0, 2])) {
            return Ok(());
        }
    }
    Err("the server hung up".into())
}

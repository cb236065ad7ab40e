//! Everybody in a document is cut off, and comes back at once.

use std::time::{Duration, Instant};

use clap::Args;
use collab::{document::EMPTY_STATE_VECTOR, frame::Message};
use tokio::{task::JoinSet, time};

use super::open_all;
use crate::{
    Error,
    client::{Client, Heard},
    latencies::Latencies,
    outcome::Outcome,
    process::Process,
    target::Target,
};
use bench::typist::{pasted, state_vector};

const WRITER: u32 = 1;
const SETTLE: Duration = Duration::from_secs(1);

/// Who is cut off.
#[derive(Debug, Clone, Args)]
pub(crate) struct Storm {
    /// How many sessions
    #[arg(long, default_value_t = 500)]
    sessions: u32,
    /// How many bytes of text the document holds
    #[arg(long, default_value_t = 20_000)]
    text: usize,
    /// How often they are cut off
    #[arg(long, default_value_t = 3)]
    rounds: u32,
}

impl Storm {
    pub(crate) async fn run(self, target: &Target) -> Result<Outcome, Error> {
        let document = target.new_document(0);
        let mut writer = Client::join(target, &document).await?;
        writer.send(&Message::Update(pasted(WRITER, self.text).into())).await?;
        // What everybody knows who has the whole text.
        let known = state_vector(WRITER, self.text);
        tokio::spawn(async move { while !matches!(writer.next().await, Err(_) | Ok(Heard::Saved(_))) {} });
        let join = |_| Client::join(target, &document);
        let mut clients = open_all(0..self.sessions, join).await?;
        let process = Process::of(target);
        let (mut each, mut all) = (Latencies::default(), Latencies::default());
        let before = process.time()?;
        for _ in 0..self.rounds {
            time::sleep(SETTLE).await;
            drop(clients);
            let began = Instant::now();
            let come = come_back(target, &document, self.sessions, &known).await?;
            all.add(began.elapsed());
            come.iter().for_each(|(_, took)| each.add(*took));
            clients = come.into_iter().map(|(client, _)| client).collect();
        }
        let cpu = process.time()?.zip(before).map(|(after, before)| after.saturating_sub(before));
        Ok(Outcome::new(target, "storm")
            .setting("sessions", self.sessions)
            .number("all_ms", all.at(50.0))
            .latencies(&each)
            .number_if("cpu_ms", cpu.map(|cpu| cpu.as_secs_f64() * 1000.0 / f64::from(self.rounds))))
    }
}

async fn come_back(
    target: &Target,
    document: &str,
    sessions: u32,
    known: &[u8],
) -> Result<Vec<(Client, Duration)>, Error> {
    let mut coming = JoinSet::new();
    for _ in 0..sessions {
        let (target, document, known) = (target.clone(), document.to_owned(), known.to_owned());
        coming.spawn(async move {
            let began = Instant::now();
            let (client, lacked) = Client::join_knowing(&target, &document, &known).await?;
            debug_assert!(known == EMPTY_STATE_VECTOR || lacked.len() < 100);
            Ok::<_, Error>((client, began.elapsed()))
        });
    }
    coming.join_all().await.into_iter().collect()
}

//! Many open a large document at once.

use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use collab::{document::EMPTY_STATE_VECTOR, frame::Message, guard};
use tokio::{task::JoinSet, time};

use crate::{
    Error,
    client::{Client, Heard},
    latencies::Latencies,
    outcome::Outcome,
    process::Process,
    progress,
    target::Target,
};
use bench::typist::{Scatter, Typist, pasted};

/// How many keys are sent at once while the document is made.
const CHUNK: u32 = 100;
/// How many bytes are pasted.
const PASTED: usize = 1_000_000;
/// Who makes the document, who types on, and who comes after.
const MAKER: u32 = 1;
const TYPIST: u32 = 2;
/// For how long nothing happens before somebody comes.
const SETTLE: Duration = Duration::from_millis(500);

/// What kind of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Single keys, each at another place
    Keys,
    /// A text of 1 MB that was pasted
    Pasted,
}

/// What to open, and how many do it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Join {
    /// What the document is made of
    #[arg(long, value_enum, default_value = "keys")]
    made_of: Kind,
    /// How many keys were typed in it
    #[arg(long, default_value_t = 200_000)]
    keys: u32,
    /// How many come at once, one round after another
    #[arg(long, num_args = 1.., default_values_t = [1, 50, 150])]
    joiners: Vec<u32>,
    /// How often each of the rounds is repeated
    #[arg(long, default_value_t = 3)]
    rounds: u32,
}

/// What came of one round.
struct Round {
    each: Vec<Duration>,
    all: Duration,
    cpu: Option<Duration>,
    growth: Option<f64>,
    peak: Option<f64>,
    bytes: usize,
}

impl Join {
    pub(crate) async fn run(self, target: &Target) -> Result<Vec<Outcome>, Error> {
        let document = target.new_document(0);
        let mut typist = (Client::join(target, &document).await?, Typist::new(TYPIST));
        self.make(target, &document).await?;
        let mut outcomes = Vec::new();
        for &joiners in &self.joiners {
            let mut rounds = Vec::new();
            for round in 0..self.rounds {
                progress::say(&format!("{joiners} at once, round {}", round + 1));
                // Somebody writes between any two rounds, so that nothing that was encoded before is of any use.
                typist.0.send(&Message::Update(typist.1.key().into())).await?;
                rest(&mut typist.0).await?;
                rounds.push(come(target, &document, joiners).await?);
            }
            progress::done();
            outcomes.push(self.report(target, joiners, rounds));
        }
        Ok(outcomes)
    }

    /// Writes the document, and waits until whoever comes gets all of it.
    async fn make(&self, target: &Target, document: &str) -> Result<(), Error> {
        let mut maker = Client::join(target, document).await?;
        let units = match self.made_of {
            Kind::Pasted => {
                maker.send(&Message::Update(pasted(MAKER, PASTED).into())).await?;
                PASTED as u64
            }
            Kind::Keys => {
                let mut scatter = Scatter::new(MAKER);
                for written in (0..self.keys).step_by(CHUNK as usize) {
                    progress::say(&format!("{written} of {} keys typed", self.keys));
                    maker.send(&Message::Update(scatter.keys(CHUNK).into())).await?;
                }
                u64::from(self.keys.next_multiple_of(CHUNK))
            }
        };
        loop {
            let (_, update) = Client::join_knowing(target, document, &EMPTY_STATE_VECTOR).await?;
            let made = guard::inspect_update(&update)?.authors.into_iter();
            let made = made.filter(|author| author.client.get() == u64::from(MAKER)).map(|author| author.end);
            if made.max() == Some(units) {
                return Ok(());
            }
            time::sleep(SETTLE).await;
        }
    }

    fn report(&self, target: &Target, joiners: u32, rounds: Vec<Round>) -> Outcome {
        let bytes = rounds[0].bytes as f64;
        let copies = |growth: f64| growth / bytes / f64::from(joiners);
        let each: Latencies = rounds.iter().flat_map(|round| round.each.iter().copied()).collect();
        let made_of = self.made_of.to_possible_value().map(|value| value.get_name().to_owned());
        Outcome::new(target, "join")
            .setting("made_of", made_of.unwrap_or_default())
            .setting("joiners", joiners)
            .number("document_bytes", bytes)
            .number("all_ms", median(rounds.iter().map(|round| round.all.as_secs_f64() * 1000.0)))
            .latencies(&each)
            .number_if("cpu_ms", median_if(&rounds, |round| Some(round.cpu?.as_secs_f64() * 1000.0)))
            .number_if("growth_bytes", median_if(&rounds, |round| round.growth))
            .number_if("peak_bytes", median_if(&rounds, |round| round.peak))
            .number_if("copies_per_joiner", median_if(&rounds, |round| round.growth.map(copies)))
    }
}

/// Reads what arrives until nothing happens for a while.
async fn rest(client: &mut Client) -> Result<(), Error> {
    let end = time::Instant::now() + SETTLE;
    while let Ok(heard) = time::timeout_at(end, client.next()).await {
        if let Heard::Other = heard? {
            continue;
        }
    }
    Ok(())
}

/// So many come at once. Each is done when it has the whole document.
async fn come(target: &Target, document: &str, joiners: u32) -> Result<Round, Error> {
    let process = Process::of(target);
    process.forget_peak()?;
    let (memory, time) = (process.memory()?, process.time()?);
    let began = Instant::now();
    let mut coming = JoinSet::new();
    for _ in 0..joiners {
        let (target, document) = (target.clone(), document.to_owned());
        coming.spawn(async move {
            let began = Instant::now();
            let (client, update) = Client::join_knowing(&target, &document, &EMPTY_STATE_VECTOR).await?;
            Ok::<_, Error>((client, update.len(), began.elapsed()))
        });
    }
    let come = coming.join_all().await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let all = began.elapsed();
    let cpu = process.time()?.zip(time).map(|(after, before)| after.saturating_sub(before));
    let peak = process.peak()?;
    let growth = peak.zip(memory).map(|(peak, before)| peak - before);
    let bytes = come.iter().map(|(_, bytes, _)| *bytes).max().unwrap_or(0);
    Ok(Round { each: come.iter().map(|(_, _, took)| *took).collect(), all, cpu, growth, peak, bytes })
}

fn median_if(rounds: &[Round], figure: impl Fn(&Round) -> Option<f64>) -> Option<f64> {
    let figures: Option<Vec<_>> = rounds.iter().map(figure).collect();
    figures.map(|figures| median(figures.into_iter()))
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<_> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

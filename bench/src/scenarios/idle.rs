//! Sessions are open, and nothing happens: what each of them, and each open document, takes of the server's memory.

use std::time::Duration;

use clap::Args;
use collab::frame::Message;
use tokio::time;

use super::open_all;
use crate::{Error, client::Client, outcome::Outcome, process::Process, progress, target::Target};
use bench::typist::pasted;

/// What to open.
#[derive(Debug, Clone, Args)]
pub(crate) struct Idle {
    /// How many sessions
    #[arg(long, default_value_t = 1000)]
    sessions: u32,
    /// In how many documents
    #[arg(long, default_value_t = 1)]
    documents: u32,
    /// How many bytes of text each document holds
    #[arg(long, default_value_t = 1000)]
    text: usize,
    /// For how long nothing happens before the memory is read, in seconds
    #[arg(long, default_value_t = 5)]
    settle: u64,
}

impl Idle {
    pub(crate) async fn run(self, target: &Target) -> Result<Outcome, Error> {
        let process = Process::of(target);
        let before = process.memory()?;
        let open = |number| self.open(target, number);
        let mut clients = open_all(0..self.documents, open).await?;
        clients.extend(open_all(self.documents..self.sessions, open).await?);
        progress::say("nothing happens");
        time::sleep(Duration::from_secs(self.settle)).await;
        progress::done();
        let (after, cpu) = (process.memory()?, process.time()?);
        time::sleep(Duration::from_secs(self.settle)).await;
        let cpu = process.time()?.zip(cpu).map(|(after, before)| after.saturating_sub(before));
        let each = |(after, before): (f64, f64)| (after - before) / clients.len() as f64;
        Ok(Outcome::new(target, "idle")
            .setting("sessions", self.sessions)
            .setting("documents", self.documents)
            .number_if("before_bytes", before)
            .number_if("after_bytes", after)
            .number_if("bytes_per_session", after.zip(before).map(each))
            .number_if("cpu_percent", cpu.map(|cpu| cpu.as_secs_f64() * 100.0 / self.settle as f64)))
    }

    /// The first in each document writes its text.
    async fn open(&self, target: &Target, number: u32) -> Result<Client, Error> {
        let document = target.new_document(number % self.documents);
        let mut client = Client::join(target, &document).await?;
        if number < self.documents {
            client.send(&Message::Update(pasted(1, self.text).into())).await?;
        }
        Ok(client)
    }
}

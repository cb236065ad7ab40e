//! How much memory a session costs that does nothing.

use std::{fs, net::SocketAddr, time::Duration};

use clap::Args;
use futures::{StreamExt, stream};
use tokio::time;

use crate::connection::{Error, Socket, join};

/// How many are opened at the same time.
const AT_ONCE: usize = 50;
/// For how long nothing happens before the memory is read.
const SETTLE: Duration = Duration::from_secs(2);

/// What to open, and where.
#[derive(Debug, Clone, Args)]
pub(crate) struct Idle {
    /// Where the server listens; only this machine is allowed
    #[arg(long, default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// The server's process
    #[arg(long)]
    pid: u32,
    /// How many sessions to open
    #[arg(long, default_value_t = 1000)]
    sessions: u32,
    /// In how many documents
    #[arg(long, default_value_t = 1)]
    documents: u32,
}

impl Idle {
    pub(crate) async fn run(self) -> Result<(), Error> {
        let before = self.resident()?;
        let open = |number| self.clone().open(number);
        let opened: Vec<_> =
            stream::iter(0..self.sessions).map(open).buffer_unordered(AT_ONCE).collect().await;
        let sockets = opened.into_iter().collect::<Result<Vec<Socket>, Error>>()?;
        time::sleep(SETTLE).await;
        let after = self.resident()?;
        let each = (after.saturating_sub(before)) as f64 / sockets.len() as f64;
        println!(
            "{} sessions in {} documents: {} KiB before, {} KiB with them, {each:.1} KiB each",
            sockets.len(),
            self.documents,
            before,
            after
        );
        Ok(())
    }

    async fn open(self, number: u32) -> Result<Socket, Error> {
        join(self.address, &format!("idle-{}-{}", std::process::id(), number % self.documents)).await
    }

    /// The memory that the server's process has in use, in KiB.
    fn resident(&self) -> Result<u64, Error> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("there is no VmRSS")?;
        Ok(line.trim_end_matches("kB").trim().parse()?)
    }
}

//! Which server is measured.

use clap::Args;
use tokio::net;
use tokio_tungstenite::tungstenite::http::Uri;

use crate::{Error, dialect::Dialect};

/// A server, and how to reach it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Target {
    /// What to call it in the results
    #[arg(long, global = true, default_value = "scriptorium")]
    pub(crate) name: String,
    /// Where its documents are; `{document}` stands for a document's name
    #[arg(long, global = true, default_value = "ws://127.0.0.1:8080/ws/{document}")]
    pub(crate) url: String,
    /// How it is spoken to
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) dialect: Dialect,
    /// The server's process, whose memory and processor time are read
    #[arg(long, global = true)]
    pub(crate) pid: Option<u32>,
    /// Measure a server that is not on this machine: what is done to it here would be an attack elsewhere
    #[arg(long, global = true)]
    anywhere: bool,
}

impl Target {
    /// Makes sure that only a server on this machine is measured, unless another one is wanted.
    pub(crate) async fn check(&self) -> Result<(), Error> {
        let authority = self.authority("any")?;
        let is_elsewhere = |address: std::net::SocketAddr| !address.ip().is_loopback();
        if !self.anywhere && net::lookup_host(&authority).await?.any(is_elsewhere) {
            return Err(
                format!("{authority} is not on this machine; --anywhere measures it all the same").into()
            );
        }
        Ok(())
    }

    /// Where a document is.
    pub(crate) fn url(&self, document: &str) -> String {
        self.url.replace("{document}", document)
    }

    /// The server's host and port.
    pub(crate) fn authority(&self, document: &str) -> Result<String, Error> {
        let uri: Uri = self.url(document).parse()?;
        let host = uri.host().ok_or("the address has no host")?;
        Ok(format!("{host}:{}", uri.port_u16().unwrap_or(80)))
    }

    /// A name that no document has yet.
    pub(crate) fn new_document(&self, number: u32) -> String {
        format!("bench-{}-{number}", std::process::id())
    }
}

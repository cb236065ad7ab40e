//! The HTTP interface, on real sockets.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod deletion;
mod documentation;
mod documents;
mod downloads;
mod edits;
mod refusals;
mod state;
#[path = "../support/mod.rs"]
mod support;
mod text;

use std::sync::Arc;

use server::storage::{StorageError, sqlite::Sqlite};
use support::{PATIENCE, Server, config, http::Answer, memory};
use tempfile::TempDir;
use tokio::time::timeout;

/// A server on which no test asks too often.
async fn server() -> Server {
    let mut config = config();
    config.api.requests = 100_000;
    Server::with(config, memory()).await
}

/// The same, on a disk.
async fn server_on_disk(directory: &TempDir) -> Server {
    let mut config = config();
    config.api.requests = 100_000;
    Server::with(config, Arc::new(open(directory).await)).await
}

/// Opens a store, as soon as a server that has stopped has let go of it.
async fn open(directory: &TempDir) -> Sqlite {
    let opening = async {
        loop {
            match Sqlite::open(directory.path()) {
                Err(StorageError::InUse(_)) => tokio::task::yield_now().await,
                opened => return opened.unwrap(),
            }
        }
    };
    timeout(PATIENCE, opening).await.expect("the last server lets go")
}

impl Server {
    async fn text_of(&self, document: &str) -> String {
        self.get(&format!("/api/documents/{document}/text")).await.text().to_owned()
    }

    /// Puts a text in the place of the version that this tag names, or of whatever there is.
    async fn put(&self, document: &str, tag: Option<&str>, text: &str) -> Answer {
        let headers: Vec<_> = tag.map(|tag| ("if-match", tag)).into_iter().collect();
        self.request("PUT", &format!("/api/documents/{document}/text"), &headers, text.as_bytes()).await
    }

    async fn append(&self, document: &str, text: &str) -> Answer {
        let edits = format!("{{\"edits\":[{{\"insert\":{}}}]}}", serde_json::Value::from(text));
        self.json("POST", &format!("/api/documents/{document}/edits"), &edits).await
    }

    async fn delete(&self, document: &str) -> Answer {
        self.request("DELETE", &format!("/api/documents/{document}"), &[], b"").await
    }

    async fn restore(&self, document: &str) -> Answer {
        self.request("POST", &format!("/api/documents/{document}/restore"), &[], b"").await
    }
}

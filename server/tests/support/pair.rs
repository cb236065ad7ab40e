//! Two people whom nothing should disturb.

use std::time::{Duration, Instant};

use collab::{document::Document, edit::TextEdit, frame::Message, id::ClientId};

use super::{Client, Server};

/// Two people in a document: one writes, the other one reads.
pub struct Pair {
    name: &'static str,
    writer: Client,
    written: Document,
    pub reader: Client,
    read: Document,
    words: u32,
}

impl Pair {
    pub async fn enter(server: &Server, name: &'static str) -> Self {
        let (writer, _) = server.join(name).await;
        let (reader, _) = server.join(name).await;
        let written = Document::new(ClientId::new(3_000_000_001));
        Self { name, writer, written, reader, read: Document::new(ClientId::SERVER), words: 0 }
    }

    /// Returns after how long the reader has read what the writer wrote.
    pub async fn write(&mut self) -> Duration {
        self.words += 1;
        let word = format!("<{}>", self.words);
        let edit = TextEdit { at: u32::MAX, delete: 0, insert: word.clone() };
        let update = self.written.edit(&edit).unwrap();
        let sent = Instant::now();
        self.writer.send(&[Message::Update(update.into())]).await;
        while !self.read.text().contains(&word) {
            let update = self.reader.expect_content().await;
            let outcomes = self.read.merge([&*update]).outcomes;
            assert_eq!(outcomes[0].error, None, "no gap is ever sent");
        }
        sent.elapsed()
    }

    /// Whoever comes now reads what those read who were here all the time.
    pub async fn ends_well(self, server: &Server) {
        let (_, text) = server.join(self.name).await;
        assert_eq!(text, self.read.text());
    }
}

//! The document: offsets as browsers count them, updates that are whole, and edits that tell the truth.
#![allow(clippy::unwrap_used, reason = "a test that fails should panic")]

mod support {
    pub(crate) mod chance;
    pub(crate) mod edits;
    pub(crate) mod stock;
}

mod the_document {
    mod cursors;
    mod foreign;
    mod histories;
    mod merging;
    mod offsets;
    mod pieces;
    mod titles;
    mod typing;
}

use collab::{document::Document, id::ClientId};
use support::{edits::edit, stock::Stock};

fn document(client: u32) -> Document {
    Document::new(ClientId::new(client))
}

fn with_text(client: u32, text: &str) -> Document {
    let mut document = document(client);
    document.edit(&edit(0, 0, text));
    document
}

/// Whether another implementation, given the snapshot, lacks nothing.
fn is_whole(document: &Document) -> bool {
    let stock = Stock::new(99);
    stock.merge(&document.snapshot());
    stock.is_whole() && stock.text() == document.text().replace('\u{fffc}', "")
}

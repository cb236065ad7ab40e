//! A client that is not ours: yrs alone, without any of this crate's care.

use yrs::{
    Doc, GetString, OffsetKind, Options, ReadTxn, TextRef, Transact, Update, block::ClientID,
    updates::decoder::Decode,
};

use collab::document::TEXT;

pub(crate) struct Stock {
    pub(crate) doc: Doc,
    pub(crate) text: TextRef,
}

impl Stock {
    pub(crate) fn new(client: u64) -> Self {
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_guid_and_client_id("".into(), ClientID::new(client))
        });
        let text = doc.get_or_insert_text(TEXT);
        Self { doc, text }
    }

    /// Takes an update as it is. What waits for others, it keeps.
    pub(crate) fn merge(&self, update: &[u8]) {
        let update = Update::decode_v1(update).expect("an update that can be read");
        let merged = self.doc.transact_mut().apply_update(update);
        merged.expect("an update that can be merged");
    }

    /// Whether nothing waits for others.
    pub(crate) fn is_whole(&self) -> bool {
        !self.doc.transact().has_missing_updates()
    }

    pub(crate) fn text(&self) -> String {
        self.text.get_string(&self.doc.transact())
    }
}

//! How much space is left in the document.

use super::Replica;
use crate::edit::TextEdit;

/// How many bytes an edit takes at the most, beside its text.
const AROUND: usize = 64;

impl Replica {
    /// Whether the server will take edits that are made at once. If it would not, it ends the session, so ask before,
    /// and do not let the person make them. Deletions always fit, and so does everything until the server has said
    /// how large the document may be. Takes no time unless the document is almost full.
    pub fn would_fit(&mut self, edits: &[TextEdit]) -> bool {
        let Some(limit) = self.limit else { return true };
        let more: usize = edits.iter().map(|edit| edit.insert.len() + AROUND).sum();
        edits.iter().all(|edit| edit.insert.is_empty())
            || self.document.size() + more <= limit
            || self.document.measure() + more <= limit
    }

    /// How full the document is, in percent of what the server takes; `None` until it has said how much that is. From
    /// 80 on the person should be warned.
    pub fn fullness(&mut self) -> Option<usize> {
        let limit = self.limit?;
        let percent = |bytes: usize| (bytes.saturating_mul(100) / limit.max(1)).min(100);
        // What was typed since the last time takes less than it seems, but to measure that takes a while.
        let is_worth_measuring = percent(self.document.size()) >= 80 && self.document.since() > limit / 50;
        let bytes = if is_worth_measuring { self.document.measure() } else { self.document.size() };
        Some(percent(bytes))
    }
}

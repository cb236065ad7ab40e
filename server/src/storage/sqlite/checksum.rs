//! Finds rows that are not what was written.

use collab::id::{DocId, Seq};
use crc32fast::Hasher;

/// Computes the checksums of one document's rows.
///
/// They cover all that a row says and whose it is: a row that was altered is found, and so is one that is whole
/// but in another's place. They are CRC-32, kept as signed numbers because those take fewer bytes on disk.
pub(super) struct Checksum(Hasher);

impl Checksum {
    pub(super) fn of(document: &DocId) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(document.as_str().as_bytes());
        Self(hasher)
    }

    pub(super) fn record(&self, seq: Seq, at: u64, author: &str, update: &[u8]) -> i32 {
        let mut hasher = self.0.clone();
        // One buffer for the numbers: short calls cost more than the bytes in them. The length keeps the end of
        // the author's name apart from the beginning of the update.
        let mut head = [0; 24];
        head[..8].copy_from_slice(&seq.0.to_le_bytes());
        head[8..16].copy_from_slice(&at.to_le_bytes());
        head[16..].copy_from_slice(&(author.len() as u64).to_le_bytes());
        hasher.update(&head);
        hasher.update(author.as_bytes());
        hasher.update(update);
        hasher.finalize().cast_signed()
    }

    /// Until format 2 there was no text, until format 3 no title, and the rows of then are as they were.
    pub(super) fn checkpoint(&self, upto: Seq, state: &[u8], text: Option<&str>, title: Option<&str>) -> i32 {
        let mut hasher = self.0.clone();
        hasher.update(&upto.0.to_le_bytes());
        hasher.update(state);
        for text in [text, title].into_iter().flatten() {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use collab::id::DocIdError;

    use super::*;

    /// Computed with another program. These must never change: every stored row has one.
    #[test]
    fn checksums_are_part_of_the_format() -> Result<(), DocIdError> {
        let checksum = Checksum::of(&"book".parse()?);
        let record = checksum.record(Seq(7), 1_790_000_000_000, "Zoë", &[1, 2, 3]);
        assert_eq!(record.cast_unsigned(), 0xc2b7_4fab);
        assert_eq!(checksum.checkpoint(Seq(7), &[1, 2, 3], None, None).cast_unsigned(), 0x14a7_47ab);
        Ok(())
    }
}

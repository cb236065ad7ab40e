//! Random texts and edits for tests, the same for the same seed.

use collab::edit::{TextEdit, byte_offset, utf16_len};

pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit` (xorshift).
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as u32 % limit
    }

    /// Up to `most` characters, few different ones, so that edits meet each other and newlines meet carriage returns.
    pub(super) fn text(&mut self, most: u32) -> String {
        let len = self.below(most + 1);
        (0..len).map(|_| ['a', 'b', '\r', '\n', '\r', '\n', '😀'][self.below(7) as usize]).collect()
    }

    /// An edit that cuts no character.
    pub(super) fn edit(&mut self, text: &str, may_insert_cr: bool) -> TextEdit {
        let ends = [self.below(utf16_len(text) + 1), self.below(utf16_len(text) + 1)];
        let [from, to] = ends.map(|end| utf16_len(&text[..byte_offset(text, end)]));
        let insert = self.text(3);
        TextEdit {
            at: from.min(to),
            delete: from.abs_diff(to),
            insert: if may_insert_cr { insert } else { insert.replace('\r', "") },
        }
    }
}

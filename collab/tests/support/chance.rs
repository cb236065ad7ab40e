//! Chance that a printed seed brings back, and what people do by it.

use collab::edit::{TextEdit, utf16_len};

/// What people type: letters, a line end of two units, a tab, accents, right-to-left letters, characters of two
/// units, one that is made of several.
const PIECES: [&str; 10] = ["a", "bc", "\r\n", "\n", "\t", "e\u{301}", "שלום", "😀", "𝄞", "👩\u{200d}👧"];

/// SplitMix64.
pub(crate) struct Chance(u64);

impl Chance {
    /// A number from 0 to `end`, `end` excluded.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// An insertion, a deletion or both, anywhere in `text`, the middle of characters and past the end included.
    pub(crate) fn edit(&mut self, text: &str) -> TextEdit {
        let at = self.below(utf16_len(text) as usize + 2) as u32;
        let delete = if self.one_in(2) { self.below(6) as u32 } else { 0 };
        let piece = PIECES[self.below(PIECES.len())];
        let insert = if delete > 0 && self.one_in(2) { "" } else { piece };
        TextEdit { at, delete, insert: insert.to_owned() }
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Runs a test for many seeds: `usually` so many, `COLLAB_SEEDS` if that is set, or `COLLAB_SEED` alone. The seed of
/// a run that fails is printed.
pub(crate) fn for_each_seed(usually: u64, test: impl Fn(&mut Chance)) {
    let seeds = match number("COLLAB_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("COLLAB_SEEDS").unwrap_or(usually),
    };
    for seed in seeds {
        let _named = Named(seed);
        test(&mut Chance(seed));
    }
}

/// A number that the environment sets.
pub(crate) fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().expect("a number"))
}

/// Names the seed if a test panics while it is held.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("replay it with COLLAB_SEED={}", self.0);
        }
    }
}

//! Chance, for tests: numbers that a seed brings back.

/// Marsaglia's xorshift.
pub(crate) struct Chance(u32);

impl Chance {
    /// The same seed leads to the same numbers. It is not 0.
    pub(crate) fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9))
    }

    /// A number from 0 to `limit`, without that.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        ((u64::from(self.0) * u64::from(limit)) >> 32) as u32
    }
}

//! What somebody does who wants to break things.

use collab::Bytes;

use super::chance::Chance;

/// Bytes that are changed, left out, doubled, or taken from elsewhere.
pub(crate) fn mutate(bytes: &[u8], other: &[u8], chance: &mut Chance) -> Bytes {
    let mut bytes = bytes.to_vec();
    for _ in 0..=chance.below(3) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(6) {
            0 => bytes.insert(at, chance.below(256) as u8),
            1 => bytes.truncate(at),
            2 => bytes.splice(at..at, other.iter().copied().take(chance.below(8))).for_each(drop),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte =
                        if chance.one_in(2) { chance.below(256) as u8 } else { *byte ^ 1 << chance.below(8) };
                }
            }
        }
    }
    bytes.into()
}

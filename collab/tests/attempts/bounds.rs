//! No bytes make their reader take much more memory than they take themselves.

use allocation_counter::measure;
use collab::{Bytes, document::Document, frame::Message, guard, id::ClientId, presence::decode_presences};

use crate::support::chance::{Chance, for_each_seed};

const SEEDS: u64 = 3000;

/// The most memory that reading a byte may take, and what reading anything may take.
const FACTOR: u64 = 64;
const AT_LEAST: u64 = 4096;

/// Bytes of all kinds: noise, small numbers, repetitions, and numbers that claim much.
fn bytes(chance: &mut Chance) -> Vec<u8> {
    let len = 1 + chance.below(400);
    let unit: Vec<u8> = (0..1 + chance.below(12)).map(|_| chance.below(256) as u8).collect();
    let kind = chance.below(4);
    let mut bytes: Vec<u8> = (0..len)
        .map(|at| match kind {
            0 => chance.below(256) as u8,
            1 => chance.below(12) as u8,
            2 => unit[at % unit.len()],
            _ => [0xff, 0x7f, 1, 0][chance.below(4)],
        })
        .collect();
    if chance.one_in(2) {
        // A header that is well formed makes readers go on.
        bytes.splice(0..0, [1, 1 + chance.below(127) as u8, 5, 0]);
    }
    bytes
}

fn assert_bounded(what: &str, bytes: &[u8], read: impl FnOnce()) {
    let taken = measure(read).bytes_max;
    let most = AT_LEAST + FACTOR * bytes.len() as u64;
    assert!(taken <= most, "{what} takes {taken} bytes for {}: {bytes:?}", bytes.len());
}

#[test]
fn nothing_allocates_more_than_a_small_multiple_of_what_it_reads() {
    for_each_seed(SEEDS, |chance| {
        let bytes = bytes(chance);
        let frame = Bytes::copy_from_slice(&bytes);
        assert_bounded("a frame", &bytes, || drop(Message::decode_frame(&frame)));
        assert_bounded("an update", &bytes, || drop(guard::inspect_update(&bytes)));
        assert_bounded("a state vector", &bytes, || _ = guard::check_state_vector(&bytes));
        assert_bounded("an awareness", &bytes, || _ = guard::check_awareness(&bytes));
        assert_bounded("presences", &bytes, || drop(decode_presences(&bytes)));
        let mut document = Document::new(ClientId::SERVER);
        assert_bounded("a document", &bytes, || drop(document.merge([&bytes[..]])));
        assert_bounded("an answer", &bytes, || drop(document.diff_since(&bytes)));
    });
}

//! How long a replica takes over one key in a large text, its own and another person's.
//!
//! `cargo run --release -p collab --example large`

use std::time::{Duration, Instant};

use collab::{document::Document, edit::TextEdit, id::ClientId};
use yrs::{Doc, OffsetKind, Options, ReadTxn, StateVector, Text, Transact, block::ClientID, types::Delta};

/// Keys measured for each row.
const KEYS: usize = 200;

fn main() {
    println!("{:<44}{:>10}{:>10}{:>10}", "", "p50", "p95", "max");
    let line = "The quick brown fox jumps over the lazy dog, and then it does so again.\n";
    let pasted = |bytes: usize| document(1, &line.repeat(bytes / line.len()));
    measure("1 MB pasted", &pasted(1_000_000));
    measure("200,000 single characters at random places", &fragmented(200_000));
    measure("10 MB pasted", &pasted(10_000_000));
}

/// A document that holds `text`, encoded.
fn document(client: u32, text: &str) -> Vec<u8> {
    let mut document = Document::new(ClientId::new(client));
    document.edit(&TextEdit { at: 0, delete: 0, insert: text.to_owned() });
    document.snapshot().to_vec()
}

/// A document of so many single characters, each typed at a random place, encoded. The places of a thousand at a
/// time are sorted, so that one pass suffices for all of them.
fn fragmented(characters: u32) -> Vec<u8> {
    let doc = Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_guid_and_client_id("".into(), ClientID::new(1))
    });
    let text = doc.get_or_insert_text("text");
    let mut chance = Chance(7);
    let batch = 1000;
    for start in (0..characters).step_by(batch) {
        let mut places: Vec<_> = (0..batch).map(|_| chance.below(start + 1)).collect();
        places.sort_unstable();
        let mut reached = 0;
        let delta = places.into_iter().flat_map(|place| {
            let retain = place - std::mem::replace(&mut reached, place);
            [Delta::Retain(retain, None), Delta::Inserted("x", None)]
        });
        text.apply_delta(&mut doc.transact_mut(), delta.collect::<Vec<_>>());
    }
    let txn = doc.transact();
    txn.encode_diff_v1(&StateVector::default())
}

fn measure(name: &str, state: &[u8]) {
    let open = || {
        let mut document = Document::new(ClientId::new(2));
        document.track_edits();
        let begun = Instant::now();
        document.merge([state]);
        (document, begun.elapsed())
    };
    let (mut here, opened) = open();
    println!("{name}: {} bytes, opened in {opened:.1?}", state.len());
    let mut there = Document::new(ClientId::new(3));
    there.merge([state]);
    let mut chance = Chance(11);
    let len = here.text().len() as u32;
    for (row, is_random) in [("typed in one place", false), ("typed at random places", true)] {
        let mut own = Vec::new();
        let mut remote = Vec::new();
        for key in 0..KEYS as u32 {
            let at = if is_random { chance.below(len) } else { len / 2 + key };
            let edit = TextEdit { at, delete: 0, insert: "y".to_owned() };
            let update = there.edit(&edit).expect("something was written");
            remote.push(time(|| drop(here.merge([&*update]))));
            own.push(time(|| drop(here.edit(&edit))));
        }
        print_row(&format!("  {row}, here"), own);
        print_row(&format!("  {row}, elsewhere"), remote);
    }
}

fn time(act: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    act();
    begun.elapsed()
}

fn print_row(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| format!("{:.2?}", times[(times.len() - 1) * percent / 100]);
    println!("{name:<44}{:>10}{:>10}{:>10}", at(50), at(95), at(100));
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::from(end)) as u32
    }
}

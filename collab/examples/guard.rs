//! How fast the structural check reads updates of several kinds.
//!
//! `cargo run --release -p collab --example guard`

use std::{hint::black_box, time::Instant};

use collab::{document::Document, edit::TextEdit, guard::inspect_update, id::ClientId};

/// How many bytes are read for each row.
const BYTES: usize = 1 << 30;

const LINE: &str = "The quick brown fox jumps over the lazy dog – “and then”, it says, it does so again.\n";

fn main() {
    let mut typist = Document::new(ClientId::new(3_000_000_001));
    let key = (0..1000).filter_map(|at| typist.edit(&insert(at, "x"))).next_back().unwrap_or_default();
    measure("one key", &key);
    measure("a line that was pasted", &pasted(LINE));
    measure("10 KB that were pasted", &pasted(&LINE.repeat(110)));
    measure("1 MB that was pasted", &pasted(&LINE.repeat(11_000)));
    measure("a text of 100 KB, typed by four people", &typed(100_000, 60));
    measure("the same, corrected everywhere", &typed(100_000, 6));
}

fn insert(at: u32, text: &str) -> TextEdit {
    TextEdit { at, delete: 0, insert: text.to_owned() }
}

fn pasted(text: &str) -> Vec<u8> {
    Document::new(ClientId::new(3_000_000_001)).edit(&insert(0, text)).unwrap_or_default()
}

/// All of a text of so many letters, which four people wrote in runs of so many, each anywhere.
fn typed(letters: u32, run: u32) -> Vec<u8> {
    let mut people = [1, 2, 3, 4].map(|client| Document::new(ClientId::new(3_000_000_000 + client)));
    let mut all = Document::new(ClientId::SERVER);
    let mut place = 7_u64;
    for turn in 0..letters / run {
        place = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let author = &mut people[(turn % 4) as usize];
        let length = author.len();
        let at = (place >> 33) as u32 % (length + 1);
        let text: String = LINE.chars().cycle().skip(turn as usize % 80).take(run as usize).collect();
        if let Some(update) = author.edit(&insert(at, &text)) {
            all.merge([&*update]);
        }
    }
    all.snapshot().to_vec()
}

fn measure(what: &str, update: &[u8]) {
    let rounds = (BYTES / update.len()).clamp(1, 20_000_000);
    let begun = Instant::now();
    for _ in 0..rounds {
        let contents = inspect_update(black_box(update));
        assert!(black_box(contents).is_ok(), "the guard lets it pass");
    }
    let seconds = begun.elapsed().as_secs_f64();
    let (rate, each) = ((rounds * update.len()) as f64 / seconds / 1e9, seconds / rounds as f64 * 1e9);
    println!("{what:<44} {:>9} bytes {rate:>7.2} GB/s {each:>12.0} ns each", update.len());
}

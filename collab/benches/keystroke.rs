//! What a key costs in the browser, less the editing surface: one's own, with the answer that it is saved, and another
//! person's. Words of eight keys are typed here and there.
//!
//! `cargo bench --profile wasm-release -p collab --target wasm32-unknown-unknown --bench keystroke`

#![cfg(target_arch = "wasm32")]

use std::time::Duration;

use bytes::Bytes;
use collab::{
    document::Document,
    edit::TextEdit,
    frame::Message,
    id::ClientId,
    replica::{Effect, Replica},
};
use wasm_bindgen_test::{Criterion, Instant, wasm_bindgen_bench, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const AUTHOR: u32 = 1;
const HERE: u32 = 2;
const THERE: u32 = 3;
const LINE: &str = "Some words in a line, as people write.\n";
const WORD: u32 = 8;
const ROUND: usize = 400;
const TEXTS: [(&str, u32); 2] = [("text of 20 KB", 20_000), ("text of 1 MB", 1_000_000)];

#[wasm_bindgen_bench]
fn own_key(c: &mut Criterion) {
    measure(c, "one's own key", write);
}

#[wasm_bindgen_bench]
fn other_persons_key(c: &mut Criterion) {
    measure(c, "another person's key", read);
}

/// How long so many keys take in a document of that state.
type Round = fn(state: &[u8], keys: u64) -> Duration;

fn measure(c: &mut Criterion, what: &str, round: Round) {
    for (name, len) in TEXTS {
        let state = text_of(len);
        c.bench_function(&format!("{what}, {name}"), |bencher| {
            bencher.iter_custom(|count| in_rounds(count, |keys| round(&state, keys)));
        });
    }
}

/// The document would become another one if all keys were typed into the same.
fn in_rounds(count: u64, round: impl Fn(u64) -> Duration) -> Duration {
    let rounds = (0..count).step_by(ROUND);
    rounds.map(|typed| round((count - typed).min(ROUND as u64))).sum()
}

fn write(state: &[u8], keys: u64) -> Duration {
    let mut replica = page(state);
    let keys: Vec<_> = typing(&replica, keys).map(|key| [key]).collect();
    let began = Instant::now();
    for key in &keys {
        let effects = replica.edit(key, 0);
        hear(&mut replica, &answer(&effects));
    }
    began.elapsed()
}

fn read(state: &[u8], keys: u64) -> Duration {
    let mut replica = page(state);
    let mut there = Document::new(ClientId::new(THERE));
    drop(there.merge([state]));
    let updates = typing(&replica, keys).filter_map(|key| there.edit(&key));
    let frames: Vec<_> = updates.map(|update| Message::frame(&[Message::Update(update.into())])).collect();
    let began = Instant::now();
    frames.iter().for_each(|frame| hear(&mut replica, frame));
    began.elapsed()
}

/// Somebody pasted so many bytes.
fn text_of(len: u32) -> Bytes {
    let mut author = Document::new(ClientId::new(AUTHOR));
    drop(author.edit(&TextEdit { at: 0, delete: 0, insert: LINE.repeat(len as usize / LINE.len()) }));
    author.snapshot()
}

/// A page that has the document, and so has the server.
fn page(state: &[u8]) -> Replica {
    let mut replica = Replica::new(ClientId::new(HERE), "{}", 0);
    drop(replica.connected(0));
    let state = Bytes::copy_from_slice(state);
    let mut known = Document::new(ClientId::SERVER);
    drop(known.merge([&*state]));
    hear(
        &mut replica,
        &Message::frame(&[Message::Step2(state), Message::Step1(known.state_vector().into())]),
    );
    replica
}

fn hear(replica: &mut Replica, frame: &Bytes) {
    replica.receive(frame, 0, &mut Vec::new()).expect("a frame of ours");
}

/// The server has saved what it was asked about.
fn answer(effects: &[Effect]) -> Bytes {
    let sent = effects.iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Message::decode_frame(frame).ok(),
        _ => None,
    });
    let asked = sent.flatten().find_map(|message| match message {
        Message::SavedQuery(number) => Some(number),
        _ => None,
    });
    Message::frame(&[Message::Saved(asked.expect("each edit comes with the question"))])
}

/// So many keys in the text that this page shows. The same in every run.
fn typing(replica: &Replica, count: u64) -> impl Iterator<Item = TextEdit> {
    let len = u32::try_from(replica.text().len()).expect("a short text");
    let words = (1_u32..).map(move |word| word.wrapping_mul(2_654_435_761) % len);
    let keys = words.flat_map(|start| start..start + WORD);
    keys.take(count as usize).map(|at| TextEdit { at, delete: 0, insert: "y".to_owned() })
}

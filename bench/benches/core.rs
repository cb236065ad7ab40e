//! The hot path without sockets and disks: `cargo bench -p bench`. Nothing here passes or fails.

use bench::typist::{Scatter, Typist, pasted};
use bytes::Bytes;
use collab::{
    document::{Document, EMPTY_STATE_VECTOR},
    edit::TextEdit,
    frame::Message,
    guard,
    id::{ClientId, Seq, SessionId},
    replica::Replica,
    room::{Effect, Input, Limits, Room},
};
use divan::{Bencher, black_box};

/// How many keys the old document holds.
const KEYS: u32 = 200_000;
const WRITER: SessionId = SessionId(1);

fn main() {
    divan::main();
}

/// A document of single keys at different places.
fn old_document() -> Document {
    let mut scatter = Scatter::new(1);
    let mut document = Document::new(ClientId::SERVER);
    (0..KEYS / 1000).for_each(|_| drop(document.merge([&*scatter.keys(1000)])));
    document
}

/// A room in which so many people are, all of them up to date.
fn room_of(people: u64, document: Document) -> Room {
    let mut room = Room::new(document, Seq::default(), Limits::default());
    let joins = (1..=people).flat_map(|session| {
        let step_1 = Message::Step1(Bytes::from_static(&EMPTY_STATE_VECTOR));
        [Input::Join, Input::Messages(vec![step_1])].map(|input| (SessionId(session), input))
    });
    drop(room.step(joins));
    room
}

fn say(message: Message) -> Input {
    Input::Messages(vec![message])
}

/// What a person types who knows their way: words at one place, then at another, and now and then something is taken back.
/// The same in every run.
fn typing(keys: usize, mut length: u32) -> Vec<TextEdit> {
    let mut chance = fastrand::Rng::with_seed(1);
    let mut at = length / 2;
    let mut edits = Vec::with_capacity(keys);
    for _ in 0..keys {
        match chance.u32(..100) {
            0..2 => at = chance.u32(..=length),
            2..10 if at > 0 => {
                (at, length) = (at - 1, length - 1);
                edits.push(TextEdit { at, delete: 1, insert: String::new() });
                continue;
            }
            _ => {}
        }
        edits.push(TextEdit { at, delete: 0, insert: chance.alphabetic().to_string() });
        (at, length) = (at + 1, length + 1);
    }
    edits
}

/// How the file that holds the room's loop came to be, key by key: see `bench/trace`.
fn history() -> Vec<TextEdit> {
    let pieces = include_str!("../traces/task.jsonl").lines();
    let pieces = pieces.map(|piece| serde_json::from_str::<(u32, u32, String)>(piece).expect("a trace"));
    pieces.flat_map(|(at, deleted, typed)| keys(at, deleted, &typed)).collect()
}

/// So many characters are taken back, the last first, and others typed in their place.
fn keys(at: u32, deleted: u32, typed: &str) -> Vec<TextEdit> {
    let taken_back = (0..deleted).rev();
    let taken_back = taken_back.map(|behind| TextEdit { at: at + behind, delete: 1, insert: String::new() });
    let typed = typed.chars().scan(at, |next, letter| {
        let at = *next;
        *next += letter.len_utf16() as u32;
        Some(TextEdit { at, delete: 0, insert: letter.into() })
    });
    taken_back.chain(typed).collect()
}

#[divan::bench(args = [1, 100, 10_000])]
fn guard_reads_keys(bencher: Bencher, keys: u32) {
    let update = Scatter::new(1).keys(keys);
    bencher
        .counter(divan::counter::ItemsCount::new(keys))
        .bench(|| guard::inspect_update(black_box(&update)));
}

#[divan::bench]
fn frame_is_decoded(bencher: Bencher) {
    let frame = Message::frame(&[Message::Update(Typist::new(1).key().into()), Message::SavedQuery(1)]);
    bencher.bench(|| Message::decode_frame(black_box(&frame)));
}

/// Keys of one writer, in batches, in a room of three.
#[divan::bench(args = [1, 16, 256])]
fn room_takes_a_batch(bencher: Bencher, keys: usize) {
    let mut room = room_of(3, Document::new(ClientId::SERVER));
    let mut typist = Typist::new(1);
    bencher
        .counter(divan::counter::ItemsCount::new(keys))
        .with_inputs(|| {
            let keys = (0..keys).map(|_| (WRITER, say(Message::Update(typist.key().into()))));
            keys.collect::<Vec<_>>()
        })
        .bench_local_values(|batch| room.step(batch));
}

/// One key, in rooms of different sizes.
#[divan::bench(args = [2, 50, 200, 1500])]
fn room_of_many_takes_a_key(bencher: Bencher, people: u64) {
    let mut room = room_of(people, Document::new(ClientId::SERVER));
    let mut typist = Typist::new(1);
    bencher
        .with_inputs(|| [(WRITER, say(Message::Update(typist.key().into())))])
        .bench_local_values(|key| room.step(key));
}

/// What a person types in the middle of a text of 20 KB or 1 MB, key by key, on the server.
#[divan::bench(args = [20_000, 1_000_000])]
fn room_takes_typing(bencher: Bencher, length: usize) {
    let mut author = Document::new(ClientId::new(7));
    let text = pasted(7, length);
    author.merge([&*text]);
    let edits = typing(2000, u32::try_from(length).expect("short"));
    let updates = edits.iter().filter_map(|edit| author.edit(edit)).map(Bytes::from);
    let mut keys = updates.collect::<Vec<_>>().into_iter();
    let mut document = Document::new(ClientId::SERVER);
    document.merge([&*text]);
    let mut room = room_of(3, document);
    bencher
        .with_inputs(|| [(WRITER, say(Message::Update(keys.next().expect("there are enough"))))])
        .bench_local_values(|key| room.step(key));
}

/// Keys one after another in the midst of what their author has typed key by key, on the server.
#[divan::bench(sample_count = 200)]
fn room_takes_keys_in_an_old_document(bencher: Bencher) {
    let state = old_document().snapshot();
    let mut author = Document::new(ClientId::new(1));
    author.merge([&*state]);
    let keys = (0..300).map(|key| TextEdit { at: KEYS / 2 + key, delete: 0, insert: "x".to_owned() });
    let updates: Vec<Bytes> = keys.filter_map(|key| author.edit(&key)).map(Bytes::from).collect();
    let mut updates = updates.into_iter();
    let mut room = room_of(3, old_document());
    bencher
        .with_inputs(|| [(WRITER, say(Message::Update(updates.next().expect("there are enough"))))])
        .bench_local_values(|key| room.step(key));
}

/// What a person types, in the page.
#[divan::bench(args = [20_000, 1_000_000])]
fn replica_makes_typing(bencher: Bencher, length: usize) {
    let mut replica = Replica::new(ClientId::new(7), "{}", 0);
    let prose = TextEdit { at: 0, delete: 0, insert: "Some words in a line. ".repeat(length / 22 + 1) };
    drop(replica.edit(&[prose], 0));
    let mut edits = typing(2000, u32::try_from(length).expect("short")).into_iter();
    bencher
        .with_inputs(|| [edits.next().expect("there are enough")])
        .bench_local_values(|edit| replica.edit(&edit, 0));
}

/// A file's history, key by key, on the server.
#[divan::bench(sample_count = 10)]
fn room_takes_a_history(bencher: Bencher) {
    let mut author = Document::new(ClientId::new(7));
    let updates: Vec<Bytes> =
        history().iter().filter_map(|edit| author.edit(edit)).map(Bytes::from).collect();
    bencher
        .counter(divan::counter::ItemsCount::new(updates.len()))
        .with_inputs(|| room_of(3, Document::new(ClientId::SERVER)))
        .bench_local_values(|mut room| {
            updates
                .iter()
                .for_each(|update| drop(room.step([(WRITER, say(Message::Update(update.clone())))])));
            room
        });
}

/// The same, in the page.
#[divan::bench(sample_count = 10)]
fn replica_makes_a_history(bencher: Bencher) {
    let edits = history();
    bencher
        .counter(divan::counter::ItemsCount::new(edits.len()))
        .with_inputs(|| Replica::new(ClientId::new(7), "{}", 0))
        .bench_local_values(|mut replica| {
            edits.iter().for_each(|edit| drop(replica.edit(std::slice::from_ref(edit), 0)));
            replica
        });
}

#[divan::bench(sample_count = 20)]
fn old_document_is_encoded(bencher: Bencher) {
    let mut document = old_document();
    let mut typist = Typist::new(2);
    bencher.bench_local(|| {
        // What was encoded before the last change is of no use.
        drop(document.merge([&*typist.key()]));
        document.snapshot()
    });
}

#[divan::bench(sample_count = 20)]
fn old_document_is_read(bencher: Bencher) {
    let state = old_document().snapshot();
    bencher.bench_local(|| {
        let mut document = Document::new(ClientId::SERVER);
        drop(document.merge([&*state]));
        document
    });
}

/// Somebody joins an old document after somebody else did.
#[divan::bench]
fn room_answers_the_next_one(bencher: Bencher) {
    let mut room = room_of(2, old_document());
    let mut next = 2;
    bencher.bench_local(|| {
        next += 1;
        let ask = say(Message::Step1(Bytes::from_static(&EMPTY_STATE_VECTOR)));
        let effects: Vec<Effect> = room.step([(SessionId(next), Input::Join), (SessionId(next), ask)]);
        effects
    });
}

//! The structural check against what yrs and Yjs really write, and against damaged copies of that.

use collab::guard::{GuardError, check_awareness, check_state_vector, check_update};
use collab::wire::put_bytes;
use std::collections::HashMap;
use yrs::block::ClientID;
use yrs::sync::awareness::{AwarenessUpdate, AwarenessUpdateEntry};
use yrs::types::Attrs;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Any, Array, ArrayPrelim, ArrayRef, Doc, Map, MapPrelim, MapRef, OffsetKind, Options, ReadTxn,
    StateVector, Text, TextPrelim, TextRef, Transact, TransactionMut, Update, XmlElementPrelim, XmlFragment,
    XmlFragmentRef, XmlTextPrelim,
};

/// Updates that Yjs wrote, by `fixtures/generate.mjs`.
const YJS: &str = include_str!("fixtures/yjs-updates.hex");

/// Xorshift from a constant seed. Maps still encode in any order, so what fails prints its bytes.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn yjs_updates() -> Vec<Vec<u8>> {
    let byte = |pair: &[u8]| {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).expect("a hexadecimal digit") as u8;
        digit(0) << 4 | digit(1)
    };
    YJS.lines().map(|line| line.as_bytes().chunks(2).map(byte).collect()).collect()
}

/// The types that the random histories edit.
struct Replica {
    doc: Doc,
    text: TextRef,
    list: ArrayRef,
    map: MapRef,
    xml: XmlFragmentRef,
}

impl Replica {
    fn new(client: u64, skip_gc: bool) -> Self {
        let options = Options {
            offset_kind: OffsetKind::Utf16,
            skip_gc,
            ..Options::with_client_id(ClientID::new(client))
        };
        let doc = Doc::with_options(options);
        Self {
            text: doc.get_or_insert_text("content"),
            list: doc.get_or_insert_array("list"),
            map: doc.get_or_insert_map("map"),
            xml: doc.get_or_insert_xml_fragment("xml"),
            doc,
        }
    }

    /// Makes a few random edits in one transaction and returns its update.
    fn edit(&self, random: &mut Random) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        for _ in 0..=random.below(3) {
            match random.below(6) {
                0..3 => self.edit_text(&mut txn, random),
                3 => self.edit_list(&mut txn, random),
                4 => self.edit_map(&mut txn, random),
                _ => self.edit_xml(&mut txn, random),
            }
        }
        txn.commit();
        txn.encode_update_v1()
    }

    fn edit_text(&self, txn: &mut TransactionMut, random: &mut Random) {
        let len = self.text.len(txn);
        let at = random.below(len as usize + 1) as u32;
        let some = (len - at).min(1 + random.below(6) as u32);
        let attrs = Attrs::from([("bold".into(), value(random, 2)), ("ключ".into(), Any::Null)]);
        match random.below(6) {
            0 if some > 0 => self.text.remove_range(txn, at, some),
            1 if some > 0 => self.text.format(txn, at, some, attrs),
            2 => self.text.insert_with_attributes(txn, at, random.pick(&WORDS), attrs),
            3 => drop(self.text.insert_embed(txn, at, value(random, 3))),
            4 => drop(self.text.insert_embed(txn, at, MapPrelim::from([("width", 1)]))),
            _ => self.text.insert(txn, at, random.pick(&WORDS)),
        }
    }

    fn edit_list(&self, txn: &mut TransactionMut, random: &mut Random) {
        let len = self.list.len(txn);
        let at = random.below(len as usize + 1) as u32;
        match random.below(4) {
            0 if at < len => self.list.remove(txn, at),
            1 => drop(self.list.insert(txn, at, TextPrelim::new("nested"))),
            2 => drop(self.list.insert(txn, at, ArrayPrelim::from([1, 2]))),
            _ => self.list.insert_range(txn, at, vec![value(random, 3), value(random, 1)]),
        }
    }

    fn edit_map(&self, txn: &mut TransactionMut, random: &mut Random) {
        let key = *random.pick(&["title", "k", "", "ключ"]);
        match random.below(4) {
            0 => drop(self.map.remove(txn, key)),
            1 => drop(self.map.insert(txn, key, MapPrelim::from([("inner", "value")]))),
            _ => drop(self.map.insert(txn, key, value(random, 4))),
        }
    }

    fn edit_xml(&self, txn: &mut TransactionMut, random: &mut Random) {
        let len = self.xml.len(txn);
        let at = random.below(len as usize + 1) as u32;
        match random.below(3) {
            0 if at < len => self.xml.remove_range(txn, at, 1),
            1 => drop(self.xml.insert(txn, at, XmlTextPrelim::new("some text"))),
            _ => drop(self.xml.insert(txn, at, XmlElementPrelim::empty("div"))),
        }
    }

    fn apply(&self, update: &[u8]) {
        let update = Update::decode_v1(update).expect("a decodable update");
        self.doc.transact_mut().apply_update(update).expect("an applicable update");
    }
}

const WORDS: [&str; 7] =
    ["a", "text ", "Größe", "日本", "😀", "\n", "a longer piece of text that was pasted"];

/// A value of any kind that yrs writes.
fn value(random: &mut Random, depth: usize) -> Any {
    match random.below(if depth == 0 { 9 } else { 12 }) {
        0 => Any::Null,
        1 => Any::Undefined,
        2 => Any::Bool(true),
        3 => Any::from((random.0 as i64) >> random.below(64)),
        4 => Any::from(*random.pick(&[0.1, 1e300, -1e-300, f64::NAN, f64::NEG_INFINITY])),
        5 => Any::from(0.5),
        6 => Any::from(*random.pick(&WORDS)),
        7 => Any::from("\"\\\u{1}"),
        8 => Any::from(vec![0_u8, 255]),
        9 | 10 => Any::from((0..random.below(3)).map(|_| value(random, depth - 1)).collect::<Vec<_>>()),
        _ => {
            let entry = |i: usize| (format!("key {i}"), value(random, depth - 1));
            Any::from((0..2).map(entry).collect::<HashMap<_, _>>())
        }
    }
}

/// Everything that replicas write while they edit at random and exchange what they have in random order.
fn yrs_updates(random: &mut Random, rounds: usize) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for _ in 0..rounds {
        let ids = [random.0 >> 11, u64::from(u32::MAX), 5];
        let replicas = ids.map(|id| Replica::new(id, random.below(4) == 0));
        let mut updates = Vec::new();
        for _ in 0..10 {
            let author = random.pick(&replicas);
            updates.push(author.edit(random));
            let reader = random.pick(&replicas);
            let known = reader.doc.transact().state_vector();
            let missing = author.doc.transact().encode_diff_v1(&known);
            reader.apply(&missing);
            out.push(missing);
        }
        let some: Vec<_> = updates.iter().filter(|_| random.below(3) > 0).collect();
        let known = replicas[0].doc.transact().state_vector().encode_v1();
        let merged = yrs::merge_updates_v1(&updates).expect("mergeable updates");
        out.push(yrs::merge_updates_v1(&some).expect("mergeable updates"));
        out.push(yrs::diff_updates_v1(&merged, &known).expect("a diff"));
        out.push(replicas[1].doc.transact().encode_state_as_update_v1(&StateVector::default()));
        out.push(merged);
        out.append(&mut updates);
    }
    out
}

/// Damages `bytes` in one to three places.
fn damage(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        let end = (at + 1 + random.below(8)).min(bytes.len());
        let from = random.below(other.len());
        let some = other[from..].iter().take(1 + random.below(8)).copied();
        let odd =
            *random.pick(&[0, 1, 2, 5, 10, 0x1f, 0x3f, 0x7f, 0x80, 0x88, 0xc4, 0xff, b'[', b'"', 117, 118]);
        match random.below(7) {
            _ if at == end => bytes.push(odd),
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = odd,
            2 => bytes.insert(at, odd),
            3 => drop(bytes.splice(at..end, some)),
            4 => drop(bytes.splice(at..at, some)),
            5 => drop(bytes.drain(at..end)),
            _ => bytes[at] = bytes[at].wrapping_add(1),
        }
    }
}

/// Damages each of `samples` in turn and returns the copies that `check` accepts.
fn accepted(
    samples: &[Vec<u8>],
    seed: u64,
    times: usize,
    check: fn(&[u8]) -> Result<(), GuardError>,
) -> impl Iterator<Item = Vec<u8>> {
    let mut random = Random(seed);
    let damaged = samples.iter().cycle().take(times).map(move |sample| {
        let (mut bytes, other) = (sample.clone(), random.pick(samples));
        damage(&mut random, &mut bytes, other);
        bytes
    });
    damaged.filter(move |bytes| check(bytes).is_ok())
}

#[test]
fn what_yjs_writes_passes() {
    for (line, update) in yjs_updates().iter().enumerate() {
        assert_eq!(check_update(update), Ok(()), "line {}", line + 1);
        assert!(Update::decode_v1(update).is_ok(), "line {}", line + 1);
    }
}

#[test]
fn what_yrs_writes_passes() {
    for update in yrs_updates(&mut Random(0x9e37_79b9), 200) {
        assert_eq!(check_update(&update), Ok(()), "{update:?}");
    }
}

#[test]
fn no_part_of_an_update_passes() {
    for update in yjs_updates() {
        for len in 0..update.len() {
            assert!(check_update(&update[..len]).is_err(), "{len} bytes of {update:?}");
        }
    }
}

/// What yrs has decoded it must also have understood, so that what it writes again passes as well.
#[test]
fn whatever_passes_yrs_decodes() {
    let mut random = Random(0x51ed_270b);
    let mut samples = yjs_updates();
    samples.append(&mut yrs_updates(&mut random, 40));
    let mut count = 0;
    for update in accepted(&samples, random.0, 240_000, check_update) {
        let again = Update::decode_v1(&update).map(|update| update.encode_v1());
        assert!(again.is_ok_and(|again| check_update(&again).is_ok()), "{update:?}");
        count += 1;
    }
    assert!(count > 10_000, "only {count} of the damaged updates passed");
}

/// Serving a state vector must not panic either, whatever it claims to know.
#[test]
fn whatever_state_vector_passes_yrs_serves() {
    let mut random = Random(0x2545_f491);
    let replica = Replica::new(77, true);
    for update in yrs_updates(&mut random, 1) {
        replica.apply(&update);
    }
    let txn = replica.doc.transact();
    let samples = [txn.state_vector().encode_v1()];
    assert_eq!(check_state_vector(&samples[0]), Ok(()));
    for bytes in accepted(&samples, random.0, 20_000, check_state_vector) {
        let known = StateVector::decode_v1(&bytes).expect("a decodable state vector");
        txn.encode_diff_v1(&known);
    }
}

#[test]
fn whatever_awareness_passes_yrs_decodes() {
    let entry = |json: &str| AwarenessUpdateEntry { clock: 3, json: json.into() };
    let states = [r#"{"user":{"name":"Zoë \ud83d\ude00","color":"red"},"cursor":[1,-2.5e3]}"#, "null", "{}"];
    let ids = [5, u64::from(u32::MAX), 1 << 50].map(ClientID::new);
    let clients = ids.into_iter().zip(states.map(entry)).collect();
    let samples = [AwarenessUpdate { clients }.encode_v1()];
    assert_eq!(check_awareness(&samples[0]), Ok(()));
    for bytes in accepted(&samples, 0x6c07_8965, 50_000, check_awareness) {
        let update = AwarenessUpdate::decode_v1(&bytes).expect("a decodable awareness update");
        for entry in update.clients.values() {
            assert!(Any::from_json(&entry.json).is_ok(), "{}", entry.json);
        }
    }
}

/// The check and the parser of yrs agree about JSON in both directions.
#[test]
fn json_passes_exactly_if_yrs_parses_it() {
    let samples = [
        r#"{"a":[1,-2.5e-3,true,false,null,{}],"key":{"b":"\ud83d\ude00\n\\ é😀"},"":[]}"#,
        r#" [ "x" , 12345678901234567890 , 9223372036854775807, 0.5 ] "#,
        r#"["\u0041",[[[]]],1E+5,-0]"#,
    ];
    let mut random = Random(0x9908_b0df);
    for text in samples.iter().cycle().take(100_000) {
        let mut json = text.as_bytes().to_vec();
        damage(&mut random, &mut json, samples[0].as_bytes());
        let mut update = vec![1, 1, 5, 0, 5, 1, 1, b't'];
        put_bytes(&mut update, &json);
        update.push(0);
        let parses = std::str::from_utf8(&json).is_ok_and(|json| Any::from_json(json).is_ok());
        assert_eq!(check_update(&update).is_ok(), parses, "{}", String::from_utf8_lossy(&json));
    }
}

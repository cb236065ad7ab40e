//! What other editors write into the text: formats, embedded objects, halves of characters.

use std::collections::HashMap;

use collab::{document::Document, edit::utf16_len, id::ClientId};
use yrs::{Any, ArrayPrelim, ReadTxn, StateVector, Text, Transact, types::Attrs};

use crate::{
    document,
    support::{
        chance::{Chance, for_each_seed},
        edits::edit,
        stock::Stock,
    },
};

const SEEDS: u64 = 30;
const STEPS: usize = 50;

/// All that another implementation has, as an update.
fn everything(stock: &Stock) -> Vec<u8> {
    stock.doc.transact().encode_diff_v1(&StateVector::default())
}

#[test]
fn an_embedded_object_counts_and_shows_as_one_unit() {
    let stock = Stock::new(5);
    stock.text.insert(&mut stock.doc.transact_mut(), 0, "ab");
    let picture = Any::from(HashMap::from([("src".to_owned(), Any::from("x.png"))]));
    stock.text.insert_embed(&mut stock.doc.transact_mut(), 1, picture);
    let mut document = document(1);
    document.track_edits();
    let merged = document.merge([&*everything(&stock)]);
    assert_eq!(merged.edits, [edit(0, 0, "a\u{fffc}b")]);
    assert_eq!(document.text(), "a\u{fffc}b");
    document.edit(&edit(2, 0, "|"));
    assert_eq!(document.text(), "a\u{fffc}|b");
    document.edit(&edit(1, 1, ""));
    assert_eq!(document.text(), "a|b");
}

#[test]
fn formatting_is_not_shown_but_does_not_shift_offsets() {
    let stock = Stock::new(5);
    stock.text.insert(&mut stock.doc.transact_mut(), 0, "abcdef");
    let bold = Attrs::from([("bold".into(), true.into())]);
    stock.text.format(&mut stock.doc.transact_mut(), 1, 3, bold);
    let mut document = document(1);
    document.merge([&*everything(&stock)]);
    document.edit(&edit(2, 3, "-"));
    assert_eq!(document.text(), "ab-f");
}

/// What edits alone show of updates: what the document holds, after each of them.
fn shown_of(updates: &[&[u8]]) -> String {
    let mut document = document(1);
    document.track_edits();
    let mut shown = String::new();
    for update in updates {
        let merged = document.merge([*update]);
        assert_eq!(merged.outcomes[0].error, None);
        merged.edits.iter().for_each(|edit| edit.apply_to(&mut shown));
        assert_eq!(shown, document.text());
    }
    shown
}

/// Found by the fuzzer: a letter at the beginning that is said to stand before half a character elsewhere.
#[test]
fn a_character_that_is_cut_elsewhere_is_told() {
    let updates: [&[u8]; 4] = [
        "\x01\x01\x07\x00\x04\x01\x04text\x06a😀b\x00".as_bytes(),
        b"\x01\x01\x05\x00\x44\x07\x02\x01x\x00",
        // Whoever goes on typing there cuts nothing any more.
        b"\x01\x01\x05\x01\xc4\x05\x00\x07\x02\x01y\x00",
        b"\x01\x01\x05\x02\xc4\x05\x01\x07\x02\x01z\x00",
    ];
    assert_eq!(shown_of(&updates), "xyza\u{fffd}\u{fffd}b");
}

/// Found by the fuzzer: a letter at the end of all that is said to stand behind half a character elsewhere.
#[test]
fn a_character_that_is_cut_far_from_the_end_is_told() {
    let updates: [&[u8]; 2] =
        ["\x01\x01\x07\x00\x04\x01\x04text\x06a😀b\x00".as_bytes(), b"\x01\x01\x09\x00\x84\x07\x01\x01x\x00"];
    assert_eq!(shown_of(&updates), "a\u{fffd}\u{fffd}bx");
}

/// What a rich-text editor does to the text: it also formats, embeds, and cuts characters in two.
fn enrich(stock: &Stock, chance: &mut Chance) {
    let mut txn = stock.doc.transact_mut();
    let len = stock.text.len(&txn);
    let at = chance.below(len as usize + 1) as u32;
    let some = chance.below(4).min((len - at) as usize) as u32;
    match chance.below(8) {
        0 => stock.text.remove_range(&mut txn, at, some),
        1 | 2 => {
            let value = if chance.one_in(2) { Any::Null } else { true.into() };
            stock.text.format(&mut txn, at, some, Attrs::from([("b".into(), value)]));
        }
        3 => {
            let picture = HashMap::from([("src".to_owned(), Any::from("x.png"))]);
            stock.text.insert_embed(&mut txn, at, Any::from(picture));
        }
        4 => {
            stock.text.insert_embed(&mut txn, at, ArrayPrelim::from(["nested", "array"]));
        }
        _ => {
            let piece = chance.edit("").insert;
            stock.text.insert(&mut txn, at, &piece);
        }
    }
}

#[test]
fn what_rich_text_editors_write_is_told_truly_too() {
    for_each_seed(SEEDS, |chance| {
        let stocks = [Stock::new(1), Stock::new(2)];
        let mut document = Document::new(ClientId::new(3));
        document.track_edits();
        let mut mirror = String::new();
        for _ in 0..STEPS {
            let stock = &stocks[chance.below(2)];
            enrich(stock, chance);
            if let Some(update) = document.edit(&chance.edit(&mirror)) {
                stock.merge(&update);
                mirror = document.text();
            }
            let merged = document.merge([&*everything(stock)]);
            assert_eq!(merged.outcomes[0].error, None);
            merged.edits.iter().for_each(|edit| edit.apply_to(&mut mirror));
            assert_eq!(mirror, document.text());
            stock.merge(&document.snapshot());
            assert_eq!(utf16_len(&mirror), stock.text.len(&stock.doc.transact()));
        }
    });
}

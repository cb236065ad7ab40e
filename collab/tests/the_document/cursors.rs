//! Places in the text that outlive what others write around them.

use collab::{
    document::{Cursor, Selection},
    edit::{Bias, utf16_len},
};

use crate::{
    document,
    support::{chance::for_each_seed, edits::edit},
    with_text,
};

fn at(anchor: u32, head: u32) -> Selection {
    Selection { anchor, head }
}

fn parse(json: &str) -> Result<Cursor, serde_json::Error> {
    serde_json::from_str(json)
}

#[test]
fn a_cursor_is_found_where_it_was_made() {
    for text in ["", "a", "a😀b\r\n"] {
        let document = with_text(1, text);
        let len = text.encode_utf16().count() as u32;
        for offset in 0..=len {
            let cursor = document.cursor(at(offset, len));
            let json = serde_json::to_string(&cursor).unwrap();
            assert_eq!(document.selection(&parse(&json).unwrap()), Some(at(offset, len)), "{text:?} {json}");
        }
        assert_eq!(document.selection(&document.cursor(at(99, u32::MAX))), Some(at(len, len)));
    }
}

#[test]
fn a_cursor_stays_with_what_stands_behind_it() {
    let mut anna = with_text(1, "one two");
    let cursor = anna.cursor(at(4, 7));
    let mut bert = document(2);
    assert_eq!(bert.selection(&cursor), None, "what it stands at is not known yet");
    bert.merge([&*anna.snapshot()]);
    assert_eq!(bert.selection(&cursor), Some(at(4, 7)));

    bert.edit(&edit(4, 0, "and "));
    bert.edit(&edit(0, 2, ""));
    bert.edit(&edit(9, 0, "!"));
    assert_eq!(bert.text(), "e and two!");
    assert_eq!(bert.selection(&cursor), Some(at(6, 10)));

    bert.edit(&edit(5, 5, ""));
    assert_eq!(bert.selection(&cursor), Some(at(5, 5)), "it was deleted, and so is the text around it");
    anna.merge([&*bert.snapshot()]);
    assert_eq!(anna.selection(&cursor), Some(at(5, 5)));
}

/// What Yjs 13.6 makes of `Y.createRelativePositionFromTypeIndex`, through `JSON.stringify`.
#[test]
fn cursors_of_stock_clients_are_understood() {
    let document = with_text(7, "hello");
    let inside = r#"{"type":null,"tname":"text","item":{"client":7,"clock":2},"assoc":0}"#;
    let end = r#"{"type":null,"tname":"text","item":null,"assoc":0}"#;
    let before = r#"{"type":null,"tname":"text","item":{"client":7,"clock":2},"assoc":-1}"#;
    for (place, offset) in [(inside, 2), (end, 5), (before, 3)] {
        let cursor = parse(&format!(r#"{{"anchor":{place},"head":{place}}}"#)).unwrap();
        assert_eq!(document.selection(&cursor), Some(at(offset, offset)), "{place}");
    }
    // And this is what they are given: where a field is missing, y-codemirror breaks down.
    let given = serde_json::to_string(&document.cursor(at(2, 5))).unwrap();
    assert_eq!(given, format!(r#"{{"anchor":{inside},"head":{end}}}"#));
}

#[test]
fn cursors_that_lead_nowhere_are_nowhere() {
    let document = with_text(7, "hello");
    let nowhere = [
        r#"{"tname":"other"}"#,
        r#"{"type":{"client":7,"clock":0}}"#,
        r#"{"item":{"client":8,"clock":0}}"#,
        r#"{"item":{"client":7,"clock":5}}"#,
        r#"{"item":{"client":7,"clock":4294967295},"assoc":-1}"#,
    ];
    for place in nowhere {
        let cursor = parse(&format!(r#"{{"anchor":{place},"head":{place}}}"#)).unwrap();
        assert_eq!(document.selection(&cursor), None, "{place}");
    }
    for wrong in ["{}", "7", r#"{"anchor":{"item":7},"head":null}"#, r#"{"anchor":{"assoc":0},"head":{}}"#] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}

/// The surface moves the others' carets by itself while edits come in, and this is where it puts them.
#[test]
fn cursors_move_as_offsets_that_belong_to_what_stands_behind() {
    for_each_seed(300, |chance| {
        let mut text = "some words, and more of them".to_owned();
        let mut document = with_text(1, &text);
        let mut offset = chance.below(text.len()) as u32;
        let cursor = document.cursor(at(offset, offset));
        for _ in 0..20 {
            let place = chance.below(text.len() + 1) as u32;
            let delete = (chance.below(4) as u32).min(utf16_len(&text) - place);
            // Once the character behind it is gone, a place is nobody's but the document's to know.
            if place <= offset && offset < place + delete {
                continue;
            }
            let change = edit(place, delete, ["", "a", "bc"][chance.below(3)]);
            document.edit(&change);
            change.apply_to(&mut text);
            offset = change.map(offset, Bias::After);
            assert_eq!(document.selection(&cursor), Some(at(offset, offset)), "{change:?} in {text:?}");
        }
    });
}

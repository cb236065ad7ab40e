//! What a document is called.

use collab::{
    Bytes,
    document::{Document, META, TITLE},
};
use yrs::{Any, Map, Out, ReadTxn, StateVector, Transact};

use super::super::{document, is_whole, with_text};
use crate::support::{
    chance::{Chance, for_each_seed},
    edits::edit,
    stock::Stock,
};

#[test]
fn a_document_is_called_as_its_text_begins_unless_somebody_gives_it_a_title() {
    let mut anna = with_text(1, "\n# Plan\nfor today");
    assert_eq!((anna.title(), anna.given_title()), ("Plan".to_owned(), None));
    anna.set_title("  Our\nplan ").unwrap();
    assert_eq!((anna.title(), anna.given_title()), ("Our plan".to_owned(), Some("Our plan".to_owned())));
    assert_eq!(anna.text(), "\n# Plan\nfor today");
    assert_eq!(anna.set_title("Our plan"), None, "it is called so already");
    anna.set_title(" ").unwrap();
    assert_eq!((anna.title(), anna.given_title()), ("Plan".to_owned(), None));
    assert_eq!(anna.set_title(""), None, "nothing is left to take away");
    assert!(is_whole(&anna));
}

#[test]
fn a_title_is_where_any_yjs_client_finds_it() {
    let mut anna = document(1);
    let given = anna.set_title("Plan").unwrap();
    let stock = Stock::new(2);
    stock.merge(&given);
    let meta = stock.doc.get_or_insert_map(META);
    assert_eq!(meta.get(&stock.doc.transact(), TITLE), Some(Out::Any(Any::from("Plan"))));

    let mut txn = stock.doc.transact_mut();
    meta.insert(&mut txn, TITLE, "Theirs");
    let theirs = txn.encode_update_v1();
    drop(txn);
    let merged = anna.merge([&*theirs]);
    assert!(merged.outcomes[0].is_new && merged.update.is_some());
    assert_eq!(anna.title(), "Theirs");
}

#[test]
fn what_is_no_string_is_no_title() {
    let stock = Stock::new(2);
    let meta = stock.doc.get_or_insert_map(META);
    for value in [Any::from(7), Any::Null, Any::from("\u{202e} \n"), Any::from(vec![Any::from("x")])] {
        meta.insert(&mut stock.doc.transact_mut(), TITLE, value);
        let mut anna = with_text(1, "first line");
        anna.merge([&*everything(&stock)]);
        assert_eq!((anna.title(), anna.given_title()), ("first line".to_owned(), None));
    }
}

fn everything(stock: &Stock) -> Vec<u8> {
    stock.doc.transact().encode_diff_v1(&StateVector::default())
}

#[test]
fn whoever_types_goes_on_after_giving_a_title() {
    let mut anna = document(1);
    anna.track_edits();
    anna.edit(&edit(0, 0, "ab"));
    anna.edit(&edit(2, 0, "c"));
    anna.set_title("Title");
    anna.edit(&edit(3, 0, "d")).expect("the letter is not lost");
    anna.edit(&edit(4, 0, "e")).expect("the letter is not lost");
    assert_eq!((&*anna.text(), &*anna.title()), ("abcde", "Title"));
    assert!(is_whole(&anna));
}

#[test]
fn a_title_is_no_edit_of_the_text() {
    let mut anna = with_text(1, "text 😀");
    let mut bert = document(2);
    bert.merge([&*anna.snapshot()]);
    bert.track_edits();
    for title in ["One", "Two", ""] {
        let update = anna.set_title(title).unwrap();
        let merged = bert.merge([&*update]);
        assert_eq!(merged.edits, []);
        assert!(merged.update.is_some(), "but something to be told");
        assert_eq!(bert.given_title(), anna.given_title());
    }
}

#[test]
fn titles_come_to_be_as_in_yjs() {
    let histories = include_str!("../fixtures/yjs-titles.txt");
    for history in histories.lines() {
        let (updates, title) = parse(history);
        let mut document = document(9);
        for update in &updates {
            assert_eq!(document.merge([&**update]).outcomes[0].error, None, "{history}");
        }
        assert_eq!(document.given_title(), title, "{history}");
        assert!(is_whole(&document));
    }
    assert_eq!(histories.lines().count(), 120);
}

fn parse(history: &str) -> (Vec<Bytes>, Option<String>) {
    let (updates, title) = history.split_once('\t').unwrap();
    let title: serde_json::Value = serde_json::from_str(title).unwrap();
    (updates.split_whitespace().map(unhex).collect(), title.as_str().map(str::to_owned))
}

fn unhex(digits: &str) -> Bytes {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// Several people write and give titles, and hear of each other late.
#[test]
fn all_come_to_call_it_the_same() {
    for_each_seed(200, |chance| {
        let mut documents: Vec<Document> = (1..=3).map(document).collect();
        documents.iter_mut().for_each(Document::track_edits);
        for step in 0..40 {
            let author = chance.below(3);
            if chance.one_in(2) {
                act(&mut documents[author], step, chance);
            } else {
                meet(&mut documents, author, chance.below(3));
            }
        }
        for pair in [(0, 1), (0, 2), (1, 0), (2, 0)] {
            meet(&mut documents, pair.0, pair.1);
        }
        let told = |document: &Document| (document.title(), document.text());
        assert!(documents.iter().all(|document| told(document) == told(&documents[0]) && is_whole(document)));
    });
}

fn act(document: &mut Document, step: usize, chance: &mut Chance) {
    match chance.below(4) {
        0 => drop(document.set_title(&format!("title {step}"))),
        1 => drop(document.set_title("")),
        _ => drop(document.edit(&chance.edit(&document.text()))),
    }
}

fn meet(documents: &mut [Document], reader: usize, author: usize) {
    let news = documents[author].diff_since(&documents[reader].state_vector()).unwrap();
    let merged = documents[reader].merge([&*news]);
    assert_eq!(merged.outcomes[0].error, None);
}

//! What becomes of updates: merged, known already, waiting for others, or no updates at all.

use crate::{document, is_whole, support::edits::edit, with_text};
use collab::{
    document::{Document, EMPTY_UPDATE, MergeError, Merged, Outcome},
    id::ClientId,
};

/// Client 7 writes "a" into an empty document.
const A: &[u8] = b"\x01\x01\x07\x00\x04\x01\x04text\x01a\x00";

fn merge(document: &mut Document, update: &[u8]) -> Merged {
    let merged = document.merge([update]);
    assert!(is_whole(document));
    merged
}

fn changed() -> Outcome {
    Outcome { is_new: true, error: None }
}

fn gap(is_new: bool) -> Outcome {
    Outcome { is_new, error: Some(MergeError::Gap) }
}

#[test]
fn an_update_is_these_bytes() {
    let mut document = document(7);
    assert_eq!(document.edit(&edit(0, 0, "a")).unwrap(), A);
    assert_eq!(document.snapshot(), A);
    assert_eq!(document.state_vector(), [1, 7, 1]);
    assert_eq!(document.edit(&edit(0, 1, "")).unwrap(), [0, 1, 7, 1, 0, 1]);
}

/// However often a client is named, as each of its edits that wait does.
#[test]
fn an_overlap_is_as_long_as_it_should_be() {
    let (mut anna, mut bert) = (document(7), document(8));
    merge(&mut bert, &anna.edit(&edit(0, 0, "0123456789")).unwrap());
    anna.edit(&edit(10, 0, "new")).unwrap();
    let known = bert.state_vector();
    for (overlap, clock) in [(0, 10), (2, 8), (99, 0)] {
        let named = |times| std::iter::repeat_n(ClientId::new(7), times);
        let sent = anna.diff_overlapping(&known, named(3), overlap).unwrap();
        assert_eq!(sent, anna.diff_overlapping(&known, named(1), overlap).unwrap());
        assert_eq!(sent, anna.history([(ClientId::new(7), clock)]));
    }
}

#[test]
fn what_is_known_already_is_not_new() {
    let mut document = document(1);
    let first = merge(&mut document, A);
    assert_eq!(first.outcomes, [changed()]);
    assert_eq!(first.update.as_deref(), Some(A));
    let again = merge(&mut document, A);
    assert_eq!(again.outcomes, [Outcome::default()]);
    assert_eq!(again.update, None);
    let nothing = merge(&mut document, &EMPTY_UPDATE);
    assert_eq!(nothing.outcomes, [Outcome::default()]);
    assert_eq!(nothing.update, None);
}

#[test]
fn a_deletion_is_new_once() {
    let mut anna = with_text(1, "abc");
    let mut bert = document(2);
    merge(&mut bert, &anna.snapshot());
    let deletion = anna.edit(&edit(1, 1, "")).unwrap();
    assert_eq!(merge(&mut bert, &deletion).outcomes, [changed()]);
    assert_eq!(merge(&mut bert, &deletion).outcomes, [Outcome::default()]);
    assert_eq!(bert.text(), "ac");
}

#[test]
fn a_batch_comes_to_one_update_that_holds_only_what_is_new() {
    let mut anna = document(1);
    let updates: Vec<_> = ["a", "b", "c"].map(|letter| anna.edit(&edit(9, 0, letter)).unwrap()).into();
    let mut bert = document(2);
    bert.merge([&*updates[0]]);
    let merged = bert.merge(updates.iter().map(|update| &**update));
    assert_eq!(merged.outcomes, [Outcome::default(), changed(), changed()]);
    let mut carl = document(3);
    carl.merge([&*updates[0]]);
    merge(&mut carl, &merged.update.unwrap());
    assert_eq!(carl.text(), "abc");
}

#[test]
fn an_update_whose_author_wrote_before_it_is_a_gap() {
    let mut anna = document(1);
    let first = anna.edit(&edit(0, 0, "first ")).unwrap();
    let second = anna.edit(&edit(6, 0, "second")).unwrap();
    let mut bert = document(2);
    let merged = merge(&mut bert, &second);
    assert_eq!(merged.outcomes, [gap(false)]);
    assert_eq!(merged.update, None);
    assert_eq!(*bert.snapshot(), EMPTY_UPDATE);
    // It was not kept: the first alone does not bring it back.
    merge(&mut bert, &first);
    assert_eq!(bert.text(), "first ");
    assert_eq!(merge(&mut bert, &second).outcomes, [changed()]);
    assert_eq!(bert.text(), "first second");
}

#[test]
fn an_update_that_builds_on_what_another_wrote_is_a_gap() {
    let anna = with_text(1, "one three");
    let mut bert = document(2);
    bert.merge([&*anna.snapshot()]);
    let from_bert = bert.edit(&edit(4, 0, "two ")).unwrap();
    let mut carl = document(3);
    let merged = merge(&mut carl, &from_bert);
    assert_eq!(merged.outcomes, [gap(false)]);
    assert_eq!((merged.update, carl.text()), (None, String::new()));
    let merged = carl.merge([&*anna.snapshot(), &*from_bert]);
    assert_eq!(merged.outcomes, [changed(), changed()]);
    assert_eq!(carl.text(), "one two three");
}

#[test]
fn a_deletion_of_what_is_not_here_is_a_gap() {
    let mut anna = with_text(1, "abc");
    let deletion = anna.edit(&edit(0, 2, "")).unwrap();
    let mut bert = with_text(2, "mine");
    let merged = merge(&mut bert, &deletion);
    assert_eq!(merged.outcomes, [gap(false)]);
    assert_eq!(merged.update, None);
    merge(&mut bert, &anna.snapshot());
    assert!(["cmine", "minec"].contains(&&*bert.text()), "{}", bert.text());
}

#[test]
fn what_builds_on_nothing_that_is_missing_stays() {
    let anna = with_text(1, "base ");
    let mut bert = document(2);
    bert.merge([&*anna.snapshot()]);
    bert.edit(&edit(5, 0, "bert"));
    let carl = with_text(3, "carl");
    bert.merge([&*carl.snapshot()]);
    let without_anna = bert.diff_since(&anna.state_vector()).unwrap();
    let mut dora = document(4);
    dora.track_edits();
    let merged = merge(&mut dora, &without_anna);
    assert_eq!(merged.outcomes, [gap(true)]);
    assert_eq!(merged.edits, [edit(0, 0, "carl")]);
    assert_eq!(dora.text(), "carl");
    let mut emil = document(5);
    assert_eq!(merge(&mut emil, &merged.update.unwrap()).outcomes, [changed()]);
    assert_eq!(emil.text(), "carl");
}

#[test]
fn changes_that_are_far_apart_are_told_one_by_one() {
    let mut anna = with_text(1, "one 😀 two 😀 three");
    let mut bert = document(2);
    bert.merge([&*anna.snapshot()]);
    bert.track_edits();
    let known = anna.state_vector();
    anna.edit(&edit(19, 0, "!"));
    anna.edit(&edit(7, 3, "2"));
    anna.edit(&edit(0, 3, ""));
    let merged = merge(&mut bert, &anna.diff_since(&known).unwrap());
    assert_eq!(merged.edits, [edit(0, 3, ""), edit(4, 3, "2"), edit(14, 0, "!")]);
    assert_eq!(bert.text(), " 😀 2 😀 three!");
}

#[test]
fn a_hole_inside_an_update_is_a_gap() {
    // Client 7 wrote "a", one unit that was left out (10 1, a skip), and "c".
    let with_hole = b"\x01\x03\x07\x00\x04\x01\x04text\x01a\x0a\x01\x04\x01\x04text\x01c\x00";
    for known in [&EMPTY_UPDATE[..], A] {
        let mut document = document(1);
        document.merge([known]);
        let before = document.text();
        let merged = merge(&mut document, with_hole);
        assert_eq!(merged.outcomes[0].error, Some(MergeError::Gap));
        assert_eq!(merged.outcomes[0].is_new, merged.update.is_some());
        assert_eq!(merged.update.is_some(), document.text() != before);
    }
}

#[test]
fn bytes_that_are_no_update_change_nothing() {
    let mut document = with_text(1, "abc");
    let before = document.snapshot();
    for bytes in [&b""[..], b"\x01", b"\xff\xff\xff\xff\xff", &A[..A.len() - 2], b"\x00\x01"] {
        let merged = merge(&mut document, bytes);
        let error = merged.outcomes[0].error.as_ref();
        assert!(matches!(error, Some(MergeError::Malformed(_))), "{bytes:?}: {error:?}");
        assert_eq!((merged.outcomes[0].is_new, merged.update), (false, None));
        assert_eq!(document.snapshot(), before);
    }
    assert!(document.diff_since(b"\x05").is_err());
    assert!(document.diff_since(b"").is_err());
}

#[test]
fn one_bad_update_does_not_spoil_a_batch() {
    let mut document = document(1);
    let merged = document.merge([&b"\x01"[..], A, &[0, 1, 9, 1, 0, 1]]);
    assert!(matches!(merged.outcomes[0].error, Some(MergeError::Malformed(_))));
    assert_eq!(merged.outcomes[1..], [changed(), gap(false)]);
    assert_eq!(merged.update.as_deref(), Some(A));
    assert!(is_whole(&document));
}

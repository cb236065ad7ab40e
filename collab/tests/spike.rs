//! What the spike was for: one text in two documents, kept alike by updates alone.
#![allow(clippy::unwrap_used, reason = "a test that fails should panic")]

mod support {
    pub(crate) mod edits;
}

use collab::{document::Document, id::ClientId};
use support::edits::edit;

#[test]
fn a_document_holds_a_text() {
    let mut document = Document::new(ClientId::new(1));
    assert_eq!(document.text(), "");
    document.edit(&edit(0, 0, "Hello, world"));
    document.edit(&edit(7, 5, "you"));
    assert_eq!(document.text(), "Hello, you");
}

#[test]
fn two_documents_become_alike_by_updates() {
    let mut anna = Document::new(ClientId::new(1));
    let mut bert = Document::new(ClientId::new(2));
    let from_anna = anna.edit(&edit(0, 0, "one")).unwrap();
    let from_bert = bert.edit(&edit(0, 0, "two")).unwrap();
    bert.merge([&*from_anna]);
    anna.merge([&*from_bert]);
    assert_eq!(anna.text(), bert.text());
    assert!(["onetwo", "twoone"].contains(&&*anna.text()));
}

#[test]
fn an_observer_is_told_what_others_changed() {
    let mut anna = Document::new(ClientId::new(1));
    let mut bert = Document::new(ClientId::new(2));
    bert.track_edits();
    let hello = anna.edit(&edit(0, 0, "Hello")).unwrap();
    assert_eq!(bert.merge([&*hello]).edits, [edit(0, 0, "Hello")]);
    let mark = anna.edit(&edit(3, 2, "p!")).unwrap();
    assert_eq!(bert.merge([&*mark]).edits, [edit(3, 2, "p!")]);
    assert_eq!(bert.text(), "Help!");
}

#[test]
fn an_observer_is_not_told_what_was_written_here() {
    let mut anna = Document::new(ClientId::new(1));
    anna.track_edits();
    anna.edit(&edit(0, 0, "mine"));
    assert_eq!(anna.merge([&[0, 0][..]]).edits, []);
}

#[test]
fn a_new_client_is_given_the_whole_state() {
    let mut anna = Document::new(ClientId::new(1));
    anna.edit(&edit(0, 0, "Everything that was written"));
    anna.edit(&edit(0, 10, "All"));
    let mut newcomer = Document::new(ClientId::new(2));
    newcomer.merge([&*anna.snapshot()]);
    assert_eq!(newcomer.text(), "All that was written");
    assert_eq!(newcomer.state_vector(), anna.state_vector());
}

#[test]
fn the_difference_since_a_state_vector_holds_only_what_is_missing() {
    let mut anna = Document::new(ClientId::new(1));
    let mut bert = Document::new(ClientId::new(2));
    anna.edit(&edit(0, 0, &"a long beginning, ".repeat(50)));
    bert.merge([&*anna.snapshot()]);
    anna.edit(&edit(0, 0, "News: "));
    let difference = anna.diff_since(&bert.state_vector()).unwrap();
    assert!(difference.len() < 40, "{} bytes", difference.len());
    bert.merge([&*difference]);
    assert_eq!(bert.text(), anna.text());
    assert_eq!(*anna.diff_since(&bert.state_vector()).unwrap(), [0, 0]);
}

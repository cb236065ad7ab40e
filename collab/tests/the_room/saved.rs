//! Saved means saved: what a room says of its disk, and when.

use crate::support::{sessions::*, words::*};
use collab::{Bytes, frame::Message, id::Seq};

#[test]
fn the_question_what_is_saved_is_answered_when_it_is_on_disk() {
    let mut room = room_with(&[ANNA, BERT]);
    let effects = room.step([says(ANNA, [Message::SavedQuery(5)])]);
    assert_eq!(heard_by(ANNA, &effects), [Message::Saved(5)]);
    let mut anna = Writer::new(7);
    let (a, b) = (update(&anna.writes("a")), update(&anna.writes("b")));
    room.step([says(ANNA, [a, Message::SavedQuery(6)]), says(BERT, [Message::SavedQuery(1)])]);
    room.step([says(ANNA, [b, Message::SavedQuery(7), Message::SavedQuery(8)])]);
    assert!(!room.is_durable());
    let effects = room.durable(Seq(1));
    assert_eq!(heard_by(ANNA, &effects), [Message::Saved(6)]);
    assert_eq!(heard_by(BERT, &effects), [Message::Saved(1)]);
    assert_eq!(room.durable(Seq(1)), []);
    let effects = room.durable(Seq(2));
    assert_eq!(heard_by(ANNA, &effects), [Message::Saved(8)]);
    assert_eq!(effects.len(), 1);
    assert!(room.is_durable());
}

#[test]
fn several_answers_that_fall_due_at_once_are_one() {
    let mut room = room_with(&[ANNA]);
    let mut anna = Writer::new(7);
    for number in 1..=3 {
        let message = update(&anna.writes("a"));
        room.step([says(ANNA, [message, Message::SavedQuery(number)])]);
    }
    assert_eq!(heard_by(ANNA, &room.durable(Seq(3))), [Message::Saved(3)]);
}

#[test]
fn what_is_missing_is_not_saved() {
    let mut room = room_with(&[ANNA]);
    let mut anna = Writer::new(7);
    anna.writes("lost ");
    let late = anna.writes("late");
    let effects = room.step([says(ANNA, [update(&late), Message::SavedQuery(2)])]);
    assert_eq!(heard_by(ANNA, &effects), [knows_nothing()]);
    let answer = step_2(&anna.0.snapshot());
    assert_eq!(heard_by(ANNA, &room.step([says(ANNA, [answer, Message::SavedQuery(2)])])), []);
    assert_eq!(heard_by(ANNA, &room.durable(Seq(1))), [Message::Saved(2)]);
}

#[test]
fn while_nothing_can_be_saved_those_who_wait_are_told_why() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    let a = update(&anna.writes("a"));
    room.step([says(ANNA, [a, Message::SavedQuery(1)])]);
    let reason = || Message::NotSaving(Bytes::from_static(b"the disk is full"));
    let effects = room.troubled("the disk is full");
    assert_eq!(heard_by(ANNA, &effects), [reason()]);
    assert_eq!(effects.len(), 1);
    let effects = room.step([says(BERT, [Message::SavedQuery(1)])]);
    assert_eq!(heard_by(BERT, &effects), [reason()]);
    let effects = room.durable(Seq(1));
    assert_eq!(heard_by(ANNA, &effects), [Message::Saved(1)]);
    assert_eq!(heard_by(BERT, &effects), [Message::Saved(1)]);
    let b = update(&anna.writes("b"));
    let effects = room.step([says(ANNA, [b, Message::SavedQuery(2)])]);
    assert_eq!(heard_by(ANNA, &effects), []);
}

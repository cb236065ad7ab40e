//! Who is here, as the room tells it.

use crate::support::{sessions::*, words::*};
use collab::{
    frame::Message,
    id::SessionId,
    room::{Effect, Input},
};

/// Another socket of Anna's.
const ANNA_AGAIN: SessionId = SessionId(4);

#[test]
fn whoever_leaves_is_said_to_have_left_at_the_current_clock() {
    let mut room = room_with(&[ANNA, BERT]);
    let effects = room.step([says(ANNA, [awareness(&[(7, 3, "{}")])])]);
    assert_eq!(heard_by(ANNA, &effects), [awareness(&[(7, 3, "{}")])]);
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 3, "{}")])]);
    let effects = room.step([(ANNA, Input::Leave)]);
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 3, "null")])]);
    assert_eq!(effects.len(), 1);
    assert_eq!(room.step([(BERT, Input::Leave)]), []);
    assert!(room.is_empty());
}

#[test]
fn whoever_comes_back_before_the_old_socket_is_known_to_be_dead_is_seen_when_it_is() {
    let mut room = room_with(&[ANNA, BERT]);
    room.step([says(ANNA, [awareness(&[(7, 3, "{}")])])]);
    let effects = room.step([(CARL, Input::Join), says(CARL, [awareness(&[(7, 4, "{}")])])]);
    assert_eq!(heard_by(BERT, &effects), []);
    let effects = room.step([(ANNA, Input::Leave)]);
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 3, "null"), (7, 4, "{}")])]);
    let effects = room.step([says(BERT, [Message::QueryAwareness])]);
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 4, "{}")])]);
}

#[test]
fn presences_of_a_batch_travel_in_one_frame() {
    let mut room = room_with(&[ANNA, BERT]);
    let effects = room.step([
        says(ANNA, [awareness(&[(7, 1, "{}")])]),
        says(BERT, [awareness(&[(8, 1, "{}")])]),
        says(ANNA, [awareness(&[(7, 2, "{\"a\":1}")])]),
    ]);
    assert_eq!(effects.len(), 2);
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 2, "{\"a\":1}"), (8, 1, "{}")])]);
}

#[test]
fn whoever_comes_back_twice_is_seen_although_the_second_socket_dies_late() {
    let mut room = room_with(&[ANNA, BERT, CARL, ANNA_AGAIN]);
    room.step([says(ANNA, [awareness(&[(7, 3, "{}")])])]);
    room.step([says(ANNA_AGAIN, [awareness(&[(7, 5, "{}")])])]);
    // What Carl's socket carried, Anna's second, was on its way for long.
    room.step([says(CARL, [awareness(&[(7, 4, "{}")])]), (CARL, Input::Leave)]);
    let effects = room.step([(ANNA, Input::Leave)]);
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 3, "null"), (7, 5, "{}")])]);
}

#[test]
fn of_several_sockets_that_wait_the_newest_word_counts() {
    let mut room = room_with(&[ANNA, BERT, CARL, ANNA_AGAIN]);
    room.step([says(ANNA, [awareness(&[(7, 3, "{}")])])]);
    room.step([says(ANNA_AGAIN, [awareness(&[(7, 5, "{}")])])]);
    room.step([says(CARL, [awareness(&[(7, 4, "{}")])])]);
    let effects = room.step([(ANNA, Input::Leave)]);
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 3, "null"), (7, 5, "{}")])]);
    assert_eq!(room.step([(CARL, Input::Leave)]), []);
}

#[test]
fn whoever_says_goodbye_on_the_old_socket_is_seen_on_the_new_one() {
    let mut room = room_with(&[ANNA, BERT, ANNA_AGAIN]);
    room.step([says(ANNA, [awareness(&[(7, 3, "{}")])])]);
    room.step([says(ANNA_AGAIN, [awareness(&[(7, 5, "{}")])])]);
    let effects = room.step([says(ANNA, [awareness(&[(7, 4, "null")])])]);
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 4, "null"), (7, 5, "{}")])]);
    assert_eq!(room.step([(ANNA, Input::Leave)]), []);
}

#[test]
fn nobody_speaks_for_another() {
    let mut room = room_with(&[ANNA, BERT, CARL]);
    room.step([says(ANNA, [awareness(&[(7, 3, "{}")])])]);
    assert_eq!(room.step([says(BERT, [awareness(&[(7, 9, "null")])])]), []);
    assert_eq!(room.step([says(BERT, [awareness(&[(7, 9, "{\"a\":1}")])]), (BERT, Input::Leave)]), []);
    let effects = room.step([says(CARL, [Message::QueryAwareness])]);
    assert_eq!(heard_by(CARL, &effects), [awareness(&[(7, 3, "{}")])]);
    let effects = room.step([(ANNA, Input::Leave)]);
    assert_eq!(heard_by(CARL, &effects), [awareness(&[(7, 3, "null")])]);
}

#[test]
fn what_people_do_is_told_in_one_frame_when_the_time_has_come() {
    let mut room = room_with(&[ANNA, BERT]);
    room.step([says(ANNA, [awareness(&[(7, 1, "{}")])]), says(BERT, [awareness(&[(8, 1, "{}")])])]);
    assert_eq!(room.take_presences(), []);
    assert!(!room.has_presences());
    for clock in 2..9 {
        assert_eq!(room.step([says(ANNA, [awareness(&[(7, clock, "{}")])])]), []);
        assert_eq!(room.step([says(BERT, [awareness(&[(8, clock, "{}")])])]), []);
    }
    assert!(room.has_presences());
    let effects = room.take_presences();
    assert_eq!(effects.len(), 2);
    assert!(effects.iter().all(|effect| matches!(effect, Effect::Show { .. })), "{effects:?}");
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 8, "{}"), (8, 8, "{}")])]);
    assert!(!room.has_presences());
    assert_eq!(room.take_presences(), []);
}

#[test]
fn who_comes_or_leaves_is_told_at_once_with_all_that_waits() {
    let mut room = room_with(&[ANNA, BERT]);
    room.step([says(ANNA, [awareness(&[(7, 1, "{}")])])]);
    assert_eq!(room.step([says(ANNA, [awareness(&[(7, 2, "{}")])])]), []);
    let effects = room.step([says(BERT, [awareness(&[(8, 1, "{}")])])]);
    assert_eq!(heard_by(ANNA, &effects), [awareness(&[(7, 2, "{}"), (8, 1, "{}")])]);
    let effects = room.step([(BERT, Input::Leave)]);
    assert_eq!(heard_by(ANNA, &effects), [awareness(&[(8, 1, "null")])]);
}

#[test]
fn who_comes_and_leaves_again_and_again_does_not_keep_the_others_busy() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut told = 0;
    for clock in 1..100 {
        told += room.step([says(ANNA, [awareness(&[(7, clock, "{}")])])]).len();
        told += room.step([says(ANNA, [awareness(&[(7, clock, "null")])])]).len();
    }
    assert!(told <= 2 * 4, "both are told a few times: {told}");
    assert!(room.has_presences(), "the rest waits");
    assert_eq!(heard_by(BERT, &room.take_presences()).len(), 1);
    assert_eq!(room.take_presences(), []);
    assert!(!room.has_presences());
}

#[test]
fn a_state_that_others_could_not_read_is_passed_over() {
    let mut room = room_with(&[ANNA, BERT]);
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(5000));
    for state in ["{\"name\":\"\\ud83d\"}", "{", "[1]", "42", &long] {
        assert_eq!(room.step([says(ANNA, [awareness(&[(7, 1, state)])])]), [], "{state}");
    }
    let effects = room.step([says(ANNA, [awareness(&[(7, 1, "{}")])])]);
    assert_eq!(heard_by(BERT, &effects), [awareness(&[(7, 1, "{}")])]);
}

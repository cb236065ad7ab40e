//! A session whose queue overflowed loses its queue, not its place.

use crate::support::{link::*, sessions::*, words::*};
use collab::{
    frame::Message,
    id::{ClientId, Seq},
    replica::{Replica, Status},
    room::{Effect, Input, Room},
};

/// Anna and Bert are here, Anna wrote "a" and Bert has fallen behind.
fn bert_fell_behind() -> (Room, Writer) {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    room.fell_behind(BERT);
    let effects = room.step([says(ANNA, [update(&anna.writes("a"))])]);
    assert_eq!(heard_by(BERT, &effects), []);
    (room, anna)
}

#[test]
fn whoever_fell_behind_is_brought_up_to_date_when_it_can_take_more() {
    let (mut room, mut anna) = bert_fell_behind();
    let b = update(&anna.writes("b"));
    let effects = room.step([(BERT, Input::Drained), says(ANNA, [b, awareness(&[(7, 1, "{}")])])]);
    let heard = heard_by(BERT, &effects);
    let missed = anna.0.snapshot();
    assert!(heard.contains(&update(&missed)) || heard.contains(&step_2(&missed)), "{heard:?}");
    assert!(heard.contains(&Message::Step1(anna.0.state_vector().into())));
    assert!(heard.contains(&awareness(&[(7, 1, "{}")])));
    let c = anna.writes("c");
    let effects = room.step([says(ANNA, [update(&c)])]);
    assert_eq!(heard_by(BERT, &effects), [update(&c)]);
}

#[test]
fn whoever_fell_behind_is_not_sent_what_it_said_it_knows() {
    let mut room = room_with(&[ANNA]);
    let mut anna = Writer::new(7);
    room.step([says(ANNA, [update(&anna.writes("known "))])]);
    let knows = Message::Step1(anna.0.state_vector().into());
    room.step([(BERT, Input::Join), says(BERT, [knows])]);
    let missed = anna.writes("missed");
    room.fell_behind(BERT);
    room.step([says(ANNA, [update(&missed)])]);
    let heard = heard_by(BERT, &room.step([(BERT, Input::Drained)]));
    assert!(heard.contains(&update(&missed)) || heard.contains(&step_2(&missed)), "{heard:?}");
}

#[test]
fn whoever_did_not_fall_behind_is_told_nothing_twice() {
    let (mut room, _) = bert_fell_behind();
    assert_eq!(room.step([(ANNA, Input::Drained), (CARL, Input::Drained)]), []);
    room.step([(BERT, Input::Drained)]);
    assert_eq!(room.step([(BERT, Input::Drained)]), []);
}

#[test]
fn what_is_saved_is_said_again() {
    let mut room = room_with(&[ANNA]);
    let a = update(&Writer::new(7).writes("a"));
    room.step([says(ANNA, [a, Message::SavedQuery(4)])]);
    // The answer does not fit in any more.
    assert_eq!(heard_by(ANNA, &room.durable(Seq(1))), [Message::Saved(4)]);
    room.fell_behind(ANNA);
    let effects = room.step([(ANNA, Input::Drained)]);
    assert!(heard_by(ANNA, &effects).contains(&Message::Saved(4)));
}

#[test]
fn what_is_not_saved_is_not_said() {
    let mut room = room_with(&[ANNA]);
    let a = update(&Writer::new(7).writes("a"));
    room.fell_behind(ANNA);
    room.step([says(ANNA, [a, Message::SavedQuery(4)])]);
    let effects = room.step([(ANNA, Input::Drained)]);
    assert!(!heard_by(ANNA, &effects).contains(&Message::Saved(4)));
    assert_eq!(heard_by(ANNA, &room.durable(Seq(1))), [Message::Saved(4)]);
}

#[test]
fn a_question_asked_while_behind_does_not_make_the_rest_forgotten() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    let a = update(&anna.writes("a"));
    room.step([says(ANNA, [a, awareness(&[(7, 1, "{}")])])]);
    room.step([says(BERT, [Message::SavedQuery(4)])]);
    room.durable(Seq(1));
    room.fell_behind(BERT);
    let mut heard = heard_by(BERT, &room.step([says(BERT, [knows_nothing()])]));
    heard.extend(heard_by(BERT, &room.step([(BERT, Input::Drained)])));
    assert!(heard.contains(&step_2(&anna.0.snapshot())), "{heard:?}");
    assert!(heard.contains(&Message::Saved(4)), "{heard:?}");
    assert!(heard.contains(&Message::Step1(anna.0.state_vector().into())), "{heard:?}");
    assert!(heard.contains(&awareness(&[(7, 1, "{}")])), "{heard:?}");
}

/// Brings to the replica all that the room says to it, and back, until nobody says anything.
fn talk(room: &mut Room, replica: &mut Replica, mut said: Vec<Effect>) {
    while !said.is_empty() {
        let mut answers = Vec::new();
        for frame in frames_for_anna(&said) {
            replica.receive(&frame, 0, &mut answers).unwrap();
        }
        said = room.step(answers.iter().filter_map(spoken));
    }
}

#[test]
fn a_replica_whose_very_first_frames_were_lost_gets_in_step() {
    for asks_before_the_loss in [true, false] {
        let mut room = room_with(&[BERT]);
        room.step([says(BERT, [update(&Writer::new(8).writes("b"))])]);
        room.durable(Seq(1));
        let mut replica = Replica::new(ClientId::new(7), "{}", 0);
        let questions = replica.connected(0);
        room.step([(ANNA, Input::Join)]);
        if !asks_before_the_loss {
            room.fell_behind(ANNA);
        }
        let answers = room.step(questions.iter().filter_map(spoken));
        if asks_before_the_loss {
            room.fell_behind(ANNA);
        } else {
            // After the loss there is room in the queue again.
            talk(&mut room, &mut replica, answers);
        }
        let caught_up = room.step([(ANNA, Input::Drained)]);
        talk(&mut room, &mut replica, caught_up);
        assert_eq!(replica.text(), "b");
        assert_eq!(replica.status(), Status::Saved, "asks before the loss: {asks_before_the_loss}");
    }
}

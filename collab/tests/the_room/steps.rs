//! What the room does with updates, questions and gaps.

use crate::support::{sessions::*, words::*};
use collab::{
    Bytes,
    document::{Document, MergeError},
    frame::Message,
    id::{ClientId, Seq, SessionId},
    room::{Effect, Input, Limits, Refusal, Room},
};

/// The updates that the effects keep, with their numbers.
fn appended(effects: &[Effect]) -> Vec<(u64, SessionId, Bytes)> {
    let kept = effects.iter().filter_map(|effect| match effect {
        Effect::Append(entries) => Some(entries),
        _ => None,
    });
    kept.flatten().map(|entry| (entry.seq.0, entry.session, entry.update.clone())).collect()
}

fn refused(effects: &[Effect]) -> Vec<(SessionId, &Refusal)> {
    let refusals = effects.iter().filter_map(|effect| match effect {
        Effect::Refuse { session, reason } => Some((*session, reason)),
        _ => None,
    });
    refusals.collect()
}

#[test]
fn a_newcomer_is_asked_what_it_knows_and_told_who_is_here() {
    let mut room = empty_room();
    let effects = room.step([(ANNA, Input::Join)]);
    let step_1 = Effect::Send { to: ANNA, frame: Bytes::from_static(&[0, 0, 1, 0]) };
    assert_eq!(effects, [step_1]);
    room.step([says(ANNA, [awareness(&[(7, 1, "{}")])])]);
    let effects = room.step([(BERT, Input::Join)]);
    assert_eq!(heard_by(BERT, &effects), [knows_nothing(), awareness(&[(7, 1, "{}")])]);
    assert_eq!(effects.len(), 2);
}

#[test]
fn a_newcomer_gets_no_update_before_it_has_said_what_it_knows() {
    let mut room = room_with(&[ANNA]);
    let mut anna = Writer::new(7);
    room.step([(BERT, Input::Join)]);
    let effects = room.step([says(ANNA, [update(&anna.writes("a"))])]);
    assert_eq!(heard_by(BERT, &effects), []);
    let effects = room.step([says(BERT, [knows_nothing()]), says(ANNA, [update(&anna.writes("b"))])]);
    let all = anna.0.snapshot();
    assert_eq!(effects.len(), 2);
    assert_eq!(heard_by(BERT, &effects), [step_2(&all)]);
    let last = anna.writes("c");
    let effects = room.step([says(ANNA, [update(&last)])]);
    assert_eq!(heard_by(BERT, &effects), [update(&last)]);
}

#[test]
fn a_question_is_answered_with_what_is_missing() {
    let mut room = room_with(&[ANNA]);
    let mut anna = Writer::new(7);
    room.step([says(ANNA, [update(&anna.writes("known "))])]);
    let knows = Bytes::from(anna.0.state_vector());
    let missing = anna.writes("missing");
    room.step([says(ANNA, [update(&missing)])]);
    room.step([(BERT, Input::Join)]);
    let effects = room.step([says(BERT, [Message::Step1(knows)])]);
    assert_eq!(heard_by(BERT, &effects), [step_2(&missing)]);
    let knows = Bytes::from(anna.0.state_vector());
    let effects = room.step([says(BERT, [Message::Step1(knows)])]);
    assert_eq!(heard_by(BERT, &effects), [step_2(&Bytes::from_static(&[0, 0]))]);
}

#[test]
fn who_asks_several_times_at_once_is_answered_once() {
    let mut room = room_with(&[ANNA, BERT]);
    let (mut anna, mut known) = (Writer::new(7), Vec::new());
    for text in ["a", "b", "c"] {
        room.step([says(ANNA, [update(&anna.writes(text))])]);
        known.push(anna.0.state_vector());
    }
    let [one, two, _] = [0, 1, 2].map(|at| Message::Step1(Bytes::from(known[at].clone())));
    let effects = room.step([says(BERT, [knows_nothing(), one]), says(BERT, [two])]);
    let [Message::Step2(missing)] = &heard_by(BERT, &effects)[..] else { panic!("{effects:?}") };
    let mut bert = Document::new(ClientId::new(8));
    bert.merge([&*anna.0.diff_since(&known[1]).unwrap()]);
    assert_eq!(*missing, anna.0.diff_since(&known[1]).unwrap());
}

#[test]
fn all_who_know_the_same_share_one_answer() {
    let mut room = room_with(&[ANNA]);
    room.step([says(ANNA, [update(&Writer::new(7).writes("a"))])]);
    let joins = [BERT, CARL].map(|session| [(session, Input::Join), says(session, [knows_nothing()])]);
    let effects = room.step(joins.into_iter().flatten());
    let answers: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send { frame, .. } if frame[1] == 1 => Some(frame.as_ptr()),
            _ => None,
        })
        .collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0], answers[1]);
    let late = Writer::new(8).writes("b");
    room.step([says(ANNA, [update(&late)])]);
    let heard = heard_by(BERT, &room.step([says(BERT, [knows_nothing()])]));
    assert_eq!(heard, [step_2(&room.document().snapshot())]);
}

#[test]
fn a_batch_is_kept_first_and_then_sent_in_one_frame_that_all_share() {
    let mut room = room_with(&[ANNA, BERT, CARL]);
    let (mut anna, mut bert) = (Writer::new(7), Writer::new(8));
    let (a, b, c) = (anna.writes("a"), bert.writes("b"), anna.writes("c"));
    let effects = room.step([says(ANNA, [update(&a)]), says(BERT, [update(&b)]), says(ANNA, [update(&c)])]);
    assert!(matches!(effects[0], Effect::Append(_)));
    assert_eq!(appended(&effects), [(1, ANNA, a), (2, BERT, b), (3, ANNA, c)]);
    let frames: Vec<_> = effects[1..]
        .iter()
        .map(|effect| match effect {
            Effect::Send { to, frame } => (*to, frame.as_ptr()),
            other => panic!("{other:?}"),
        })
        .collect();
    let shared = frames[0].1;
    assert_eq!(frames, [(ANNA, shared), (BERT, shared), (CARL, shared)]);
    let [Message::Update(all)] = &heard_by(CARL, &effects)[..] else { panic!("{effects:?}") };
    let mut carl = Document::new(ClientId::new(9));
    carl.merge([&**all]);
    assert_eq!(carl.text(), room.document().text());
    assert_eq!(carl.text().len(), 3);
}

#[test]
fn a_sole_author_gets_nothing_back() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    let (a, b) = (anna.writes("a"), anna.writes("b"));
    let effects = room.step([says(ANNA, [update(&a), update(&b)])]);
    assert_eq!(heard_by(ANNA, &effects), []);
    assert_eq!(heard_by(BERT, &effects).len(), 1);
    assert_eq!(effects.len(), 2);
}

#[test]
fn what_is_known_already_is_neither_kept_nor_sent() {
    let mut room = room_with(&[ANNA, BERT]);
    let a = Writer::new(7).writes("a");
    room.step([says(ANNA, [update(&a)])]);
    let nothing = Bytes::from_static(&[0, 0]);
    let again = [says(ANNA, [update(&a)]), says(BERT, [step_2(&a), update(&nothing), step_2(&nothing)])];
    assert_eq!(room.step(again), []);
}

#[test]
fn a_gap_is_asked_for_once_and_filled_by_the_answer() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    anna.writes("lost ");
    let (late, later) = (anna.writes("late "), anna.writes("later"));
    let effects = room.step([says(ANNA, [update(&late)])]);
    assert_eq!(heard_by(ANNA, &effects), [knows_nothing()]);
    assert_eq!(effects.len(), 1);
    assert_eq!(room.step([says(ANNA, [update(&later)])]), []);
    let answer = anna.0.snapshot();
    let effects = room.step([says(ANNA, [step_2(&answer)])]);
    assert_eq!(appended(&effects), [(1, ANNA, answer.clone())]);
    assert_eq!(heard_by(BERT, &effects), [update(&answer)]);
    assert_eq!(room.document().text(), "lost late later");
    // And another gap is another question.
    anna.writes(" lost again");
    let effects = room.step([says(ANNA, [update(&anna.writes("!"))])]);
    assert_eq!(heard_by(ANNA, &effects).len(), 1);
}

#[test]
fn an_answer_that_leaves_the_gap_ends_the_session() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    anna.writes("lost ");
    let late = anna.writes("late");
    room.step([says(ANNA, [update(&late)])]);
    let effects = room.step([says(ANNA, [step_2(&late)])]);
    assert_eq!(refused(&effects), [(ANNA, &Refusal::Gap)]);
    assert_eq!(effects.len(), 1);
    assert_eq!(room.step([says(ANNA, [step_2(&anna.0.snapshot())])]), []);
}

#[test]
fn an_update_with_a_hole_is_a_gap_too() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    room.step([says(ANNA, [update(&anna.writes("a"))])]);
    room.durable(Seq(1));
    // "a", one unit that was left out (10 1, a skip), and "c".
    let hole = Bytes::from_static(b"\x01\x03\x07\x00\x04\x01\x04text\x01a\x0a\x01\x04\x01\x04text\x01c\x00");
    let effects = room.step([says(ANNA, [update(&hole)])]);
    assert_eq!(heard_by(ANNA, &effects), [Message::Step1(anna.0.state_vector().into())]);
    assert_eq!(room.document().text(), "a");
    assert!(room.is_durable());
    let effects = room.step([says(ANNA, [step_2(&anna.writes("b"))])]);
    assert_eq!(appended(&effects)[0].0, 2);
}

#[test]
fn malformed_messages_end_their_session_and_no_other() {
    let bad = Bytes::from_static(&[1]);
    for message in [update(&bad), step_2(&bad), Message::Step1(bad.clone()), Message::Awareness(bad.clone())]
    {
        let mut room = room_with(&[ANNA, BERT]);
        let a = Writer::new(7).writes("a");
        let effects = room.step([says(ANNA, [message, Message::SavedQuery(1)]), says(BERT, [update(&a)])]);
        let refusals = refused(&effects);
        assert_eq!(refusals.len(), 1, "{effects:?}");
        assert_eq!(refusals[0].0, ANNA);
        assert!(matches!(refusals[0].1, Refusal::Malformed(MergeError::Malformed(_)) | Refusal::Presence(_)));
        assert_eq!(appended(&effects), [(1, BERT, a)]);
        assert_eq!(room.durable(Seq(1)), []);
        assert_eq!(room.step([says(ANNA, [knows_nothing()])]), []);
    }
}

#[test]
fn a_room_goes_on_where_its_log_ends() {
    let mut anna = Writer::new(7);
    let mut document = Document::new(ClientId::SERVER);
    document.merge([&*anna.writes("a")]);
    let mut room = Room::new(document, Seq(41), Limits::default());
    assert!(room.is_durable());
    assert!(room.is_empty());
    let effects = room.step([(ANNA, Input::Join)]);
    assert_eq!(heard_by(ANNA, &effects), [Message::Step1(anna.0.state_vector().into())]);
    let effects = room.step([says(ANNA, [update(&anna.writes("b"))])]);
    assert_eq!(appended(&effects)[0].0, 42);
    assert!(!room.is_empty());
}

#[test]
fn messages_that_only_servers_send_are_passed_over() {
    let mut room = room_with(&[ANNA]);
    let denied = Message::Denied(Bytes::from_static(b"no"));
    assert_eq!(room.step([says(ANNA, [denied, Message::Saved(9)])]), []);
}

/// However large it is, and however little of it is of interest.
#[test]
fn no_frame_is_kept() {
    let mut room = room_with(&[BERT]);
    room.step([says(BERT, [awareness(&[(7, 1, "{}")])])]);
    let frame = Message::frame(&[
        knows_nothing(),
        awareness(&[(9, 1, "{\"a\":1}")]),
        update(&Writer::new(10).writes("text")),
        step_2(&Writer::new(7).writes("forged")),
        Message::SavedQuery(1),
    ]);
    let messages = Message::decode_frame(&frame).unwrap();
    let effects = room.step([(ANNA, Input::Join), (ANNA, Input::Messages(messages))]);
    assert!(room.has_disputes());
    // What the log is given, it copies.
    drop(effects);
    assert!(frame.is_unique(), "something of it is still held");
}

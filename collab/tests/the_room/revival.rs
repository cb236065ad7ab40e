//! What becomes of a room whose document broke and was rebuilt from its log.

use crate::support::{sessions::*, words::*};
use collab::{
    document::Document,
    frame::Message,
    id::{ClientId, Seq},
    room::Input,
};

/// What the log holds: all that `bytes` say.
fn rebuilt(update: &[u8]) -> Document {
    let mut document = Document::new(ClientId::SERVER);
    let merged = document.merge([update]);
    assert!(merged.outcomes[0].is_new);
    document
}

#[test]
fn everybody_is_asked_for_what_the_log_lacks() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    let kept = anna.writes("kept");
    room.step([says(ANNA, [update(&kept)])]);
    let lost = anna.writes(" lost");
    room.step([says(ANNA, [update(&lost)])]);
    let effects = room.revive(rebuilt(&kept), Seq(1), [ANNA, BERT]);
    let asks = Message::Step1(rebuilt(&kept).state_vector().into());
    assert_eq!(heard_by(ANNA, &effects), [step_2(&kept), asks.clone()]);
    assert_eq!(heard_by(BERT, &effects), [step_2(&kept), asks]);

    let effects = room.step([says(ANNA, [step_2(&anna.0.snapshot()), Message::SavedQuery(2)])]);
    assert_eq!(heard_by(BERT, &effects), [update(&lost)]);
    assert_eq!(heard_by(ANNA, &effects), []);
    assert_eq!(heard_by(ANNA, &room.durable(Seq(2))), [Message::Saved(2)]);
}

#[test]
fn who_left_or_came_in_the_fatal_moment_is_not_forgotten() {
    let mut room = room_with(&[ANNA, BERT]);
    room.step([says(ANNA, [awareness(&[(7, 1, "{}")])])]);
    room.revive(Document::new(ClientId::SERVER), Seq(0), [BERT, CARL]);
    let effects = room.step([says(CARL, [knows_nothing()])]);
    assert_eq!(
        heard_by(CARL, &effects),
        [awareness(&[(7, 1, "null")]), step_2(&collab::Bytes::from_static(&[0, 0]))]
    );
    assert_eq!(heard_by(ANNA, &effects), []);
    room.step([(BERT, Input::Leave), (CARL, Input::Leave)]);
    assert!(room.is_empty());
}

#[test]
fn who_had_just_asked_or_could_just_take_more_is_not_left_waiting() {
    let mut room = room_with(&[ANNA, BERT]);
    let kept = Writer::new(7).writes("kept");
    room.step([says(ANNA, [update(&kept)]), (CARL, Input::Join)]);
    room.fell_behind(BERT);
    // Carl's first question and Bert's word that he can take more were in the batch that broke the document.
    let effects = room.revive(rebuilt(&kept), Seq(1), [ANNA, BERT, CARL]);
    let more = update(&Writer::new(8).writes("more"));
    let later = room.step([says(ANNA, [more.clone()])]);
    for session in [BERT, CARL] {
        assert_eq!(heard_by(session, &effects)[0], step_2(&kept));
        assert_eq!(heard_by(session, &later), std::slice::from_ref(&more));
    }
}

#[test]
fn what_was_lost_is_not_said_to_be_saved() {
    let mut room = room_with(&[ANNA]);
    let mut anna = Writer::new(7);
    anna.writes("lost");
    room.revive(Document::new(ClientId::SERVER), Seq(0), [ANNA]);
    // This was on its way when the document broke.
    assert_eq!(room.step([says(ANNA, [Message::SavedQuery(1)])]), []);
    room.step([says(ANNA, [step_2(&anna.0.snapshot()), Message::SavedQuery(2)])]);
    assert_eq!(heard_by(ANNA, &room.durable(Seq(1))), [Message::Saved(2)]);
}

//! Inputs that break yrs 0.28.1, each seen to do so. After each of them the room works for the others.

use collab::{
    Bytes,
    document::Document,
    frame::{FrameError, Message},
    guard,
    id::ClientId,
    room::{Effect, Refusal, Room},
    wire::{WireError, put_bytes, put_var},
};

use crate::support::{sessions::*, words::*};

/// Anna says it, and is refused; then Bert writes, Carl reads it, and somebody joins.
fn ends_only_annas_session(message: Message) {
    let mut room = room_with(&[ANNA, BERT, CARL]);
    let mut bert = Writer::new(8);
    room.step([says(BERT, [update(&bert.writes("before "))])]);
    let effects = room.step([says(ANNA, [message.clone()])]);
    let [Effect::Refuse { session: ANNA, reason }] = &effects[..] else { panic!("{message:?}: {effects:?}") };
    assert!(matches!(reason, Refusal::Malformed(_) | Refusal::Presence(_)), "{reason:?}");
    works_for_the_others(&mut room, &mut bert, "before ");
}

fn works_for_the_others(room: &mut Room, bert: &mut Writer, before: &str) {
    let after = bert.writes("after");
    let effects = room.step([says(BERT, [update(&after)])]);
    assert_eq!(heard_by(CARL, &effects), [update(&after)]);
    let effects = room.step([says(CARL, [knows_nothing()])]);
    let [Message::Step2(all)] = &heard_by(CARL, &effects)[..] else { panic!("{effects:?}") };
    let mut newcomer = Document::new(ClientId::new(99));
    assert_eq!(newcomer.merge([&**all]).outcomes[0].error, None);
    assert_eq!(newcomer.text(), format!("{before}after"));
}

/// An update and a state vector, an answer and an awareness, all of the same bytes.
fn every_message_of(bytes: &[u8]) -> [Message; 4] {
    let bytes = || Bytes::copy_from_slice(bytes);
    [Message::Update(bytes()), Message::Step2(bytes()), Message::Step1(bytes()), Message::Awareness(bytes())]
}

#[test]
fn an_update_after_which_no_document_can_be_encoded() {
    ends_only_annas_session(update(&Bytes::from_static(&[1, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0])));
}

/// Found by the fuzzer: deleted blocks that hang on the keys of a map. Whether it is let in or not, the document stays
/// one that newcomers can read.
#[test]
fn an_update_after_which_no_newcomer_could_read_the_document() {
    let hex: String = include_str!("../fixtures/cycle-when-merged.hex").split_whitespace().collect();
    let bytes = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let frame: Bytes = (0..hex.len()).step_by(2).map(bytes).collect();
    let messages = Message::decode_frame(&frame).unwrap();
    let mut room = room_with(&[ANNA, BERT, CARL]);
    let mut bert = Writer::new(8);
    room.step([says(BERT, [update(&bert.writes("before "))])]);
    messages.into_iter().for_each(|message| drop(room.step([says(ANNA, [message])])));
    works_for_the_others(&mut room, &mut bert, "before ");
}

#[test]
fn an_update_whose_pending_rest_cannot_be_encoded() {
    let mut room = room_with(&[ANNA, BERT, CARL]);
    let mut bert = Writer::new(8);
    room.step([says(BERT, [update(&bert.writes("before "))])]);
    // It is well formed, and waits for a client that never was.
    let waits_for_ever = update(&Bytes::from_static(&[1, 1, 1, 6, 2, 2, 4, 1, 0, 1, 97, 0]));
    room.step([says(ANNA, [waits_for_ever])]);
    works_for_the_others(&mut room, &mut bert, "before ");
}

#[test]
fn arrays_nested_so_deep_that_reading_them_overflows_the_stack() {
    let mut value = [0x75, 1].repeat(8000);
    value.push(126);
    let mut bytes = vec![1, 1, 5, 0, 0x28, 1, 1, b't', 1, b'k', 1];
    bytes.extend(value);
    bytes.push(0);
    ends_only_annas_session(update(&bytes.into()));
}

#[test]
fn few_bytes_that_claim_hundreds_of_millions_of_entries() {
    for claim in [1 << 27, 400_000_000, 1 << 30, u64::from(u32::MAX), u64::MAX] {
        let mut bytes = Vec::new();
        put_var(&mut bytes, claim);
        every_message_of(&bytes).into_iter().for_each(ends_only_annas_session);
        let deletions = [&[0], &bytes[..]].concat();
        ends_only_annas_session(update(&deletions.into()));
    }
}

#[test]
fn an_awareness_state_that_claims_more_than_the_frame_holds() {
    let mut payload = vec![1, 5, 1];
    put_var(&mut payload, 1 << 40);
    ends_only_annas_session(Message::Awareness(payload.into()));
}

#[test]
fn a_frame_that_breaks_off() {
    let truncated = Message::decode_frame(&Bytes::from_static(&[0, 2, 50, 1, 2]));
    assert_eq!(truncated, Err(FrameError::Wire(WireError::Truncated)));
    assert_eq!(Message::decode_frame(&Bytes::new()), Err(FrameError::Empty));
}

#[test]
fn another_clients_ids_in_front_of_what_it_wrote() {
    let mut room = room_with(&[ANNA, BERT, CARL]);
    let mut bert = Writer::new(8);
    let (one, two) = (bert.writes("one "), bert.writes("two "));
    room.step([says(BERT, [update(&one)])]);
    // yrs takes a part of such updates and can be led to build lists that have no end.
    let mut forger = Writer::new(8);
    let forged = forger.writes("not one, but something longer");
    let effects = room.step([says(ANNA, [update(&forged)])]);
    assert_eq!(effects, [Effect::Refuse { session: ANNA, reason: Refusal::Contradiction }]);
    room.step([says(BERT, [update(&two)])]);
    works_for_the_others(&mut room, &mut bert, "one two ");
}

#[test]
fn updates_with_a_gap_that_are_kept_and_loaded_again() {
    let mut room = room_with(&[ANNA, BERT, CARL]);
    let mut anna = Writer::new(7);
    let pieces: Vec<_> = (0..20).map(|i| anna.writes(&format!("{i} "))).collect();
    for piece in pieces.iter().skip(1).step_by(2) {
        room.step([says(ANNA, [update(piece)])]);
    }
    let kept = room.document().snapshot();
    assert_eq!(*kept, [0, 0], "nothing waits in the document");
    room.step([says(ANNA, [step_2(&anna.0.snapshot())])]);
    let mut loaded = Document::new(ClientId::SERVER);
    loaded.merge([&*room.document().snapshot()]);
    assert_eq!(loaded.text(), anna.0.text());
}

#[test]
fn a_deleted_range_beyond_the_end_of_all_clocks() {
    let mut deletions = vec![0, 1, 5, 1];
    put_var(&mut deletions, u64::from(u32::MAX) - 1);
    put_var(&mut deletions, 9);
    ends_only_annas_session(update(&deletions.into()));
}

#[test]
fn half_a_character_in_an_embedded_object() {
    let mut bytes = vec![1, 1, 5, 0, 5, 1, 4];
    bytes.extend(b"text");
    put_bytes(&mut bytes, br#"{"a":"\ud83d"}"#);
    bytes.push(0);
    assert_eq!(guard::check_update(&bytes), Err(guard::GuardError::Json));
    ends_only_annas_session(update(&bytes.into()));
}

#[test]
fn a_presence_whose_clock_cannot_be_counted_on() {
    ends_only_annas_session(awareness(&[(5, u32::MAX, "{}")]));
}

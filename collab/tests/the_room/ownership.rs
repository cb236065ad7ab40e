//! As which clients a session may write, while others are here.

use crate::support::{sessions::*, words::*};
use collab::{
    Bytes,
    frame::Message,
    id::{ClientId, SessionId},
    room::{Effect, Input, Refusal, Room},
    wire::put_var,
};

/// The client that Anna writes as.
const ANNAS: u32 = 7;
/// More seconds than any dispute takes.
const LONG: usize = 20;

/// Anna and Bert are here, and Carl, of whom nobody knows anything. Anna has said who she is.
fn room_with_anna() -> Room {
    let mut room = room_with(&[ANNA, BERT, CARL]);
    room.step([says(ANNA, [awareness(&[(ANNAS, 1, "{}")])])]);
    room
}

/// What somebody would write who had read everything.
fn writer(client: u32, room: &Room) -> Writer {
    let mut writer = Writer::new(client);
    writer.0.merge([&*room.document().snapshot()]);
    writer
}

fn is_asked(session: SessionId, effects: &[Effect]) -> bool {
    heard_by(session, effects).iter().any(|message| matches!(message, Message::Step1(_)))
}

/// What a document lacks that knows what a session was asked for last.
fn answer(writer: &Writer, session: SessionId, effects: &[Effect]) -> Message {
    let known = heard_by(session, effects).into_iter().rev().find_map(|message| match message {
        Message::Step1(known) => Some(known),
        _ => None,
    });
    Message::Step2(writer.0.diff_since(&known.expect("a question")).unwrap())
}

fn refusals(effects: &[Effect]) -> Vec<(SessionId, Refusal)> {
    let refused = effects.iter().filter_map(|effect| match effect {
        Effect::Refuse { session, reason } => Some((*session, reason.clone())),
        _ => None,
    });
    refused.collect()
}

/// Seconds go by, in which those who are named answer with what they have, and nobody else does.
fn wait(room: &mut Room, seconds: usize, present: &[(SessionId, &Writer)]) -> Vec<Effect> {
    let mut all = Vec::new();
    for _ in 0..seconds {
        let mut effects = room.press();
        for (session, writer) in present {
            if is_asked(*session, &effects) {
                let answers = room.step([says(*session, [answer(writer, *session, &effects)])]);
                effects.extend(answers);
            }
        }
        all.extend(effects);
    }
    all
}

#[test]
fn nobody_writes_in_anothers_name() {
    for is_answer in [false, true] {
        let mut room = room_with_anna();
        let mut anna = writer(ANNAS, &room);
        room.step([says(ANNA, [update(&anna.writes("Anna "))])]);
        let forged = writer(ANNAS, &room).writes("forged");
        let forged = if is_answer { Message::Step2(forged) } else { Message::Update(forged) };
        let effects = room.step([says(CARL, [forged])]);
        assert!(is_asked(ANNA, &effects) && !is_asked(BERT, &effects), "{effects:?}");
        // She goes on, with the clock that he has taken, and is disturbed by nothing.
        room.step([says(ANNA, [answer(&anna, ANNA, &effects), update(&anna.writes("writes"))])]);
        assert_eq!(refusals(&wait(&mut room, LONG, &[(ANNA, &anna)])), []);
        assert_eq!(room.document().text(), "Anna writes");
    }
}

#[test]
fn whoever_writes_in_anothers_name_is_sent_away() {
    let mut room = room_with_anna();
    let anna = writer(ANNAS, &room);
    let effects = room.step([says(CARL, [update(&writer(ANNAS, &room).writes("forged"))])]);
    room.step([says(ANNA, [answer(&anna, ANNA, &effects)])]);
    let effects = wait(&mut room, LONG, &[(ANNA, &anna)]);
    assert_eq!(refusals(&effects), [(CARL, Refusal::Impersonation)]);
    assert!(!room.has_disputes());
    assert_eq!(room.document().text(), "");
}

#[test]
fn whoever_has_only_written_owns_the_client_too() {
    let mut room = room_with(&[ANNA, CARL]);
    let mut anna = Writer::new(ANNAS);
    room.step([says(ANNA, [update(&anna.writes("a"))])]);
    room.step([says(CARL, [update(&writer(ANNAS, &room).writes("forged"))])]);
    assert_eq!(refusals(&wait(&mut room, LONG, &[(ANNA, &anna)])), [(CARL, Refusal::Impersonation)]);
}

#[test]
fn whoever_passes_on_what_others_said_owns_nothing() {
    let mut room = room_with(&[ANNA, BERT]);
    // After a restart, Bert brings what Anna wrote before she is back.
    let mut anna = Writer::new(ANNAS);
    let first = anna.writes("a");
    room.step([says(BERT, [step_2(&first)])]);
    let effects = room.step([says(ANNA, [update(&anna.writes("b"))])]);
    assert_eq!(refusals(&effects), []);
    assert_eq!(room.document().text(), "ab");
}

#[test]
fn what_a_tab_brings_of_its_sibling_is_taken_once_that_has_it() {
    let mut room = room_with_anna();
    let mut anna = writer(ANNAS, &room);
    let mut sibling = writer(8, &room);
    sibling.0.merge([&*anna.writes("from one tab ")]);
    sibling.writes("and the other");
    let effects = room.step([says(BERT, [step_2(&sibling.0.snapshot())])]);
    assert_eq!(room.document().text(), "");
    let effects = room.step([says(ANNA, [answer(&anna, ANNA, &effects)])]);
    room.step([says(BERT, [answer(&sibling, BERT, &effects)])]);
    assert_eq!(room.document().text(), "from one tab and the other");
    // From now on it may pass on what she writes.
    anna.0.merge([&*sibling.0.snapshot()]);
    sibling.0.merge([&*anna.writes(", again")]);
    let effects = room.step([says(BERT, [step_2(&sibling.0.snapshot())])]);
    assert!(!is_asked(ANNA, &effects));
    assert_eq!(room.document().text(), "from one tab and the other, again");
}

#[test]
fn tabs_that_bring_each_others_edits_vouch_for_each_other() {
    let mut room = room_with_anna();
    room.step([says(BERT, [awareness(&[(8, 1, "{}")])])]);
    let (mut anna, mut bert) = (writer(ANNAS, &room), writer(8, &room));
    // Each builds on the other's, so that neither can be taken alone.
    for text in ["one ", "two ", "three "] {
        bert.0.merge([&*anna.writes(text)]);
        anna.0.merge([&*bert.writes(text)]);
    }
    let whole = anna.0.text();
    let both = [says(ANNA, [step_2(&anna.0.snapshot())]), says(BERT, [step_2(&bert.0.snapshot())])];
    room.step(both);
    let effects = wait(&mut room, LONG, &[(ANNA, &anna), (BERT, &bert)]);
    assert_eq!(refusals(&effects), []);
    assert_eq!(room.document().text(), whole);
}

#[test]
fn whoever_comes_back_before_the_old_socket_is_known_to_be_dead_writes_on() {
    let mut room = room_with_anna();
    let mut anna = writer(ANNAS, &room);
    room.step([says(ANNA, [update(&anna.writes("before "))])]);
    let again = SessionId(4);
    room.step([(again, Input::Join), says(again, [awareness(&[(ANNAS, 2, "{\"a\":1}")])])]);
    room.step([says(again, [update(&anna.writes("after"))])]);
    assert_eq!(room.document().text(), "before ");
    let effects = wait(&mut room, 4, &[(again, &anna)]);
    assert_eq!(refusals(&effects), []);
    assert_eq!(room.document().text(), "before after");
    let seen = heard_by(BERT, &room.step([says(BERT, [Message::QueryAwareness])]));
    assert_eq!(seen, [awareness(&[(ANNAS, 2, "{\"a\":1}")])], "and is seen");
}

/// Found by the fuzzer.
#[test]
fn whoever_is_claimed_last_has_as_long_to_answer() {
    let mut room = room_with_anna();
    room.step([says(BERT, [awareness(&[(8, 1, "{}")])])]);
    let (anna, mut bert) = (writer(ANNAS, &room), writer(8, &room));
    room.step([says(CARL, [step_2(&writer(ANNAS, &room).writes("forged"))])]);
    wait(&mut room, 2, &[(ANNA, &anna)]);
    let effects = room.step([says(CARL, [step_2(&writer(8, &room).writes("forged"))])]);
    assert!(is_asked(BERT, &effects));
    wait(&mut room, 2, &[]);
    room.step([says(BERT, [update(&bert.writes("by Bert"))])]);
    assert_eq!(room.document().text(), "by Bert");
}

#[test]
fn no_dispute_goes_on_for_ever_whatever_is_claimed_meanwhile() {
    let mut room = room_with_anna();
    room.step([says(BERT, [awareness(&[(8, 1, "{}")])])]);
    let (anna, bert) = (writer(ANNAS, &room), writer(8, &room));
    let mut refused = Vec::new();
    for second in 0..60 {
        let forged = writer(if second % 2 == 0 { ANNAS } else { 8 }, &room).writes("forged");
        room.step([says(CARL, [step_2(&forged)])]);
        refused.extend(refusals(&wait(&mut room, 1, &[(ANNA, &anna), (BERT, &bert)])));
    }
    assert_eq!(refused, [(CARL, Refusal::Impersonation)]);
    assert_eq!(room.document().text(), "");
}

#[test]
fn when_the_owner_leaves_nobody_need_be_asked() {
    let mut room = room_with_anna();
    let mut anna = writer(ANNAS, &room);
    room.step([says(CARL, [update(&anna.writes("a"))])]);
    let effects = room.step([(ANNA, Input::Leave)]);
    room.step([says(CARL, [answer(&anna, CARL, &effects)])]);
    assert_eq!(room.document().text(), "a");
    assert!(!room.has_disputes());
}

#[test]
fn a_guess_wins_no_trust() {
    let mut room = room_with_anna();
    let mut anna = writer(ANNAS, &room);
    let mut carl = writer(ANNAS, &room);
    room.step([says(CARL, [update(&carl.writes("e"))])]);
    let effects = room.step([says(ANNA, [update(&anna.writes("e"))])]);
    assert_eq!(refusals(&room.step([says(CARL, [answer(&carl, CARL, &effects)])])), []);
    let effects = room.step([says(CARL, [update(&carl.writes("x"))])]);
    assert!(is_asked(ANNA, &effects));
    assert_eq!(room.document().text(), "e");
}

#[test]
fn a_claim_that_is_not_what_the_owner_has_is_found_out() {
    let mut room = room_with_anna();
    let mut anna = writer(ANNAS, &room);
    let mut carl = writer(ANNAS, &room);
    let effects = room.step([says(CARL, [update(&carl.writes("forged"))])]);
    anna.writes("by Anna");
    let effects = room.step([says(ANNA, [answer(&anna, ANNA, &effects)])]);
    assert_eq!(room.document().text(), "by Anna");
    let effects = room.step([says(CARL, [answer(&carl, CARL, &effects)])]);
    assert_eq!(refusals(&effects), [(CARL, Refusal::Contradiction)]);
}

#[test]
fn nobody_vouches_for_a_claim_that_nothing_is_left() {
    let mut room = room_with_anna();
    room.step([says(BERT, [awareness(&[(8, 1, "{}")])])]);
    let mut anna = writer(ANNAS, &room);
    // Three units of hers, of which not even the place is known.
    let nothing = Bytes::from_static(&[1, 1, ANNAS as u8, 0, 0, 3, 0]);
    let effects = room.step([says(CARL, [update(&nothing)])]);
    assert!(is_asked(ANNA, &effects));
    // What she has cannot be taken yet, because Bert wrote some of it.
    anna.writes("abc");
    anna.0.merge([&*writer(8, &room).writes("by Bert")]);
    room.step([says(ANNA, [answer(&anna, ANNA, &effects)])]);
    let effects = room.step([says(CARL, [update(&nothing)])]);
    assert_eq!(effects, [], "it is as little his as before");
}

#[test]
fn nothing_is_saved_that_is_in_dispute() {
    let mut room = room_with_anna();
    let carl = writer(ANNAS, &room).writes("forged");
    let effects = room.step([says(CARL, [step_2(&Bytes::from_static(&[0, 0])), update(&carl)])]);
    assert!(is_asked(ANNA, &effects));
    assert_eq!(room.step([says(CARL, [Message::SavedQuery(1)])]), []);
}

#[test]
fn few_are_asked_at_a_time_however_many_are_claimed() {
    let people: Vec<_> = (10..60).map(|number| (SessionId(number.into()), number)).collect();
    let mut room = room_with(&[CARL]);
    for (session, client) in &people {
        room.step([(*session, Input::Join), says(*session, [awareness(&[(*client, 1, "{}")])])]);
    }
    // One letter of everybody's, in the order in which updates list clients.
    let mut forged = vec![people.len() as u8];
    for (_, client) in people.iter().rev() {
        put_var(&mut forged, 1);
        put_var(&mut forged, ClientId::new(*client).get());
        forged.extend(b"\x00\x04\x01\x04text\x01x");
    }
    forged.push(0);
    let effects = room.step([says(CARL, [update(&forged.into())])]);
    let asked = people.iter().filter(|(session, _)| is_asked(*session, &effects)).count();
    assert!((1..=16).contains(&asked), "{asked}");
    assert_eq!(room.document().text(), "");
}

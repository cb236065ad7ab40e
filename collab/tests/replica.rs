//! The browser's half of the protocol, step by step.
#![allow(clippy::unwrap_used, reason = "a test that fails should panic")]

mod the_replica {
    mod siblings;
    mod space;
    mod titles;
}
mod support {
    pub(crate) mod edits;
    pub(crate) mod words;
}

use collab::{
    Bytes,
    document::MergeError,
    edit::TextEdit,
    frame::{FrameError, Message},
    id::ClientId,
    replica::{Effect, Replica, ReplicaError, Status},
};
use support::{
    edits::edit,
    words::{Writer, awareness, knows_nothing, step_2, update},
};

fn replica() -> Replica {
    Replica::new(ClientId::new(7), "{}", 0)
}

/// A replica whose link is up, with a server that knows nothing either.
fn in_step() -> Replica {
    let mut replica = replica();
    replica.connected(0);
    hear(&mut replica, &[knows_nothing(), nothing_is_missing()]);
    replica
}

fn nothing_is_missing() -> Message {
    Message::Step2(Bytes::from_static(&[0, 0]))
}

fn hear(replica: &mut Replica, messages: &[Message]) -> Vec<Effect> {
    let mut effects = Vec::new();
    replica.receive(&Message::frame(messages), 0, &mut effects).unwrap();
    effects
}

/// What is sent, a list for each frame. The answer that nothing is missing is left out.
fn said(effects: &[Effect]) -> Vec<Vec<Message>> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Some(Message::decode_frame(frame).unwrap()),
        _ => None,
    });
    let news = frames.map(|mut messages| {
        messages.retain(|message| *message != nothing_is_missing());
        messages
    });
    news.filter(|messages| !messages.is_empty()).collect()
}

/// What is to be shown.
fn shown(effects: &[Effect]) -> Vec<TextEdit> {
    let edits = effects.iter().filter_map(|effect| match effect {
        Effect::Edit(edit) => Some(edit.clone()),
        _ => None,
    });
    edits.collect()
}

fn write(replica: &mut Replica, text: &str, now: u64) -> Vec<Vec<Message>> {
    said(&replica.edit(&[edit(u32::MAX, 0, text)], now))
}

fn offline(waiting: usize, since: Option<u64>) -> Status {
    Status::Offline { waiting, since }
}

#[test]
fn a_link_that_comes_up_is_told_what_is_known_and_who_is_here() {
    let mut replica = replica();
    let effects = replica.connected(0);
    let questions = vec![knows_nothing(), Message::LimitQuery];
    assert_eq!(said(&effects), [questions, vec![awareness(&[(7, 2, "{}")])]]);
}

#[test]
fn edits_made_while_the_link_was_down_are_sent_when_asked_for_and_once() {
    let mut replica = replica();
    let mut same = Writer::new(7);
    assert_eq!(write(&mut replica, "one ", 1000), [[]; 0]);
    assert_eq!(write(&mut replica, "two", 2000), [[]; 0]);
    same.writes("one ");
    same.writes("two");
    assert_eq!(said(&replica.connected(3000)).len(), 2);
    let effects = hear(&mut replica, &[knows_nothing()]);
    let all = step_2(&same.0.snapshot());
    assert_eq!(said(&effects), [[all, Message::SavedQuery(1)]]);
    assert_eq!(hear(&mut replica, &[nothing_is_missing()]), []);
    assert_eq!(said(&hear(&mut replica, &[Message::Saved(1)])), [[]; 0]);
    replica.disconnected();
    replica.connected(4000);
    let knows = Message::Step1(same.0.state_vector().into());
    assert_eq!(said(&hear(&mut replica, &[knows])), [[]; 0]);
}

#[test]
fn edits_wait_until_the_server_has_said_what_it_knows() {
    let mut replica = replica();
    let mut same = Writer::new(7);
    replica.connected(0);
    assert_eq!(write(&mut replica, "one ", 0), [[]; 0]);
    let one = same.writes("one ");
    let effects = hear(&mut replica, &[knows_nothing()]);
    assert_eq!(said(&effects), [[step_2(&one), Message::SavedQuery(1)]]);
    let two = update(&same.writes("two"));
    assert_eq!(write(&mut replica, "two", 0), [[two, Message::SavedQuery(2)]]);
}

#[test]
fn an_edit_that_changes_nothing_is_not_sent() {
    let mut replica = in_step();
    assert_eq!(replica.edit(&[edit(3, 3, "")], 0), []);
    assert_eq!(replica.status(), Status::Saved);
}

#[test]
fn unsaved_edits_are_asked_about_again_on_a_new_link() {
    let mut replica = in_step();
    write(&mut replica, "arrived, but nobody said so", 0);
    replica.disconnected();
    replica.connected(0);
    let mut same = Writer::new(7);
    let arrived = same.writes("arrived, but nobody said so");
    let effects = hear(&mut replica, &[Message::Step1(same.0.state_vector().into())]);
    assert_eq!(said(&effects), [[step_2(&arrived), Message::SavedQuery(2)]], "with what it is about");
    hear(&mut replica, &[nothing_is_missing()]);
    assert_eq!(replica.status(), Status::Saving);
    hear(&mut replica, &[Message::Saved(2)]);
    assert_eq!(replica.status(), Status::Saved);
}

#[test]
fn the_status_follows_the_link() {
    let mut replica = replica();
    assert_eq!(replica.status(), offline(0, None));
    replica.connected(0);
    assert_eq!(replica.status(), Status::Syncing);
    hear(&mut replica, &[nothing_is_missing()]);
    assert_eq!(replica.status(), Status::Syncing);
    hear(&mut replica, &[knows_nothing()]);
    assert_eq!(replica.status(), Status::Saved);
    replica.disconnected();
    assert_eq!(replica.status(), offline(0, None));
    replica.connected(0);
    hear(&mut replica, &[knows_nothing()]);
    assert_eq!(replica.status(), Status::Syncing);
    // News from somebody else is no answer.
    hear(&mut replica, &[update(&Writer::new(8).writes("news"))]);
    assert_eq!(replica.status(), Status::Syncing);
}

#[test]
fn saved_is_said_of_all_edits_or_not_at_all() {
    let mut replica = in_step();
    write(&mut replica, "a", 1000);
    write(&mut replica, "b", 2000);
    write(&mut replica, "c", 3000);
    assert_eq!(replica.status(), Status::Saving);
    hear(&mut replica, &[Message::Saved(2)]);
    assert_eq!(replica.status(), Status::Saving);
    assert!(replica.has_unsaved_edits());
    hear(&mut replica, &[Message::Saved(1)]);
    replica.disconnected();
    assert_eq!(replica.status(), offline(1, Some(3000)));
    write(&mut replica, "d", 4000);
    assert_eq!(replica.status(), offline(2, Some(3000)));
    replica.connected(5000);
    hear(&mut replica, &[knows_nothing(), nothing_is_missing(), Message::Saved(4)]);
    assert_eq!(replica.status(), Status::Saved);
    assert!(!replica.has_unsaved_edits());
}

#[test]
fn while_nothing_can_be_saved_the_person_is_told_why() {
    let mut replica = in_step();
    let trouble = || Message::NotSaving(Bytes::from_static(b"the disk is full"));
    write(&mut replica, "a", 0);
    hear(&mut replica, &[trouble()]);
    assert_eq!(replica.status(), Status::NotSaving("the disk is full".into()));
    hear(&mut replica, &[Message::Saved(1)]);
    assert_eq!(replica.status(), Status::Saved);
    write(&mut replica, "b", 0);
    assert_eq!(replica.status(), Status::Saving);
    hear(&mut replica, &[trouble()]);
    replica.disconnected();
    assert_eq!(replica.status(), offline(1, Some(0)));
    replica.connected(0);
    hear(&mut replica, &[knows_nothing(), nothing_is_missing()]);
    assert_eq!(replica.status(), Status::Saving);
}

#[test]
fn edits_that_are_not_made_yet_cannot_be_saved() {
    let mut replica = in_step();
    write(&mut replica, "a", 0);
    hear(&mut replica, &[Message::Saved(99)]);
    assert_eq!(replica.status(), Status::Saved);
    write(&mut replica, "b", 0);
    assert_eq!(replica.status(), Status::Saving);
}

#[test]
fn what_others_wrote_is_shown_and_what_was_written_here_is_not() {
    let mut replica = in_step();
    let mut bert = Writer::new(8);
    let hello = bert.writes("hello");
    assert_eq!(shown(&hear(&mut replica, &[update(&hello)])), [edit(0, 0, "hello")]);
    assert_eq!(hear(&mut replica, &[update(&hello)]), []);
    assert_eq!(said(&replica.edit(&[edit(0, 1, "H")], 0)).len(), 1);
    assert_eq!(replica.text(), "Hello");
    let effects = hear(&mut replica, &[update(&bert.writes("!")), update(&bert.writes("?"))]);
    assert_eq!(shown(&effects), [edit(5, 0, "!"), edit(6, 0, "?")]);
}

#[test]
fn an_update_with_a_gap_makes_it_ask_what_is_missing() {
    let mut replica = in_step();
    let mut bert = Writer::new(8);
    bert.writes("lost ");
    let late = bert.writes("late");
    assert_eq!(said(&hear(&mut replica, &[update(&late)])), [[knows_nothing()]]);
    assert_eq!(replica.text(), "");
    let all = step_2(&bert.0.snapshot());
    assert_eq!(shown(&hear(&mut replica, &[all])), [edit(0, 0, "lost late")]);
}

#[test]
fn a_state_from_the_page_is_merged_and_is_nobodys_edit() {
    let mut bert = Writer::new(8);
    bert.writes("on the page");
    let mut replica = replica();
    replica.restore(&bert.0.snapshot()).unwrap();
    replica.restore(&bert.0.snapshot()).unwrap();
    assert_eq!(replica.text(), "on the page");
    assert!(!replica.has_unsaved_edits());
    let knows = || Message::Step1(bert.0.state_vector().into());
    assert_eq!(said(&replica.connected(0))[0], [knows(), Message::LimitQuery]);
    assert_eq!(said(&hear(&mut replica, &[knows()])), [[]; 0]);
    let late = {
        bert.writes("lost");
        bert.writes("late")
    };
    assert_eq!(replica.restore(&late), Err(MergeError::Gap.into()));
    assert!(replica.restore(b"").is_err());
    assert_eq!(replica.text(), "on the page");
}

#[test]
fn a_presence_is_renewed_every_fifteen_seconds_while_the_link_is_up() {
    let mut replica = replica();
    assert_eq!(replica.tick(60_000), []);
    replica.connected(100_000);
    assert_eq!(replica.tick(114_999), []);
    assert_eq!(said(&replica.tick(115_000)), [[awareness(&[(7, 3, "{}")])]]);
    assert_eq!(replica.tick(129_999), []);
    assert_eq!(said(&replica.tick(130_000)), [[awareness(&[(7, 4, "{}")])]]);
    replica.disconnected();
    assert_eq!(replica.tick(200_000), []);
}

#[test]
fn a_presence_that_changes_is_said_at_once_or_when_the_link_comes_up() {
    let mut replica = replica();
    assert_eq!(replica.set_presence("[1]", 0), []);
    assert_eq!(said(&replica.connected(0))[1], [awareness(&[(7, 2, "[1]")])]);
    assert_eq!(said(&replica.set_presence("[2]", 14_000)), [[awareness(&[(7, 3, "[2]")])]]);
    assert_eq!(replica.tick(15_000), []);
    assert_eq!(said(&hear(&mut replica, &[Message::QueryAwareness])), [[awareness(&[(7, 4, "[2]")])]]);
}

#[test]
fn people_are_counted_until_they_leave_or_are_silent_for_thirty_seconds() {
    let mut replica = in_step();
    assert_eq!(replica.people(), 1);
    hear(&mut replica, &[awareness(&[(8, 1, "{}"), (9, 1, "{}"), (7, 2, "{}")])]);
    assert_eq!(replica.people(), 3);
    hear(&mut replica, &[awareness(&[(8, 1, "null")])]);
    assert_eq!(replica.people(), 2);
    hear(&mut replica, &[awareness(&[(8, 1, "{}")])]);
    assert_eq!(replica.people(), 2);
    hear(&mut replica, &[awareness(&[(8, 2, "{}")])]);
    assert_eq!(replica.people(), 3);
    let renewal = Message::frame(&[awareness(&[(8, 3, "{}")])]);
    replica.receive(&renewal, 10_000, &mut Vec::new()).unwrap();
    replica.tick(29_999);
    assert_eq!(replica.people(), 3);
    replica.tick(30_000);
    assert_eq!(replica.people(), 2);
    replica.tick(40_000);
    assert_eq!(replica.people(), 1);
}

#[test]
fn there_is_news_of_others_when_they_come_say_something_or_go() {
    let mut replica = in_step();
    let client = ClientId::new(8);
    let state = r#"{"user":{"name":"Anna"}}"#;
    hear(&mut replica, &[awareness(&[(8, 1, state), (7, 2, "{}")])]);
    assert_eq!(replica.news_of_others(), [client].into());
    assert_eq!(replica.news_of_others(), [].into());
    let name = replica.other(client).unwrap().name.clone().unwrap();
    assert_eq!(name.as_str(), "Anna");

    hear(&mut replica, &[awareness(&[(8, 1, state)])]);
    hear(&mut replica, &[awareness(&[(8, 2, state)])]);
    assert_eq!(replica.news_of_others(), [].into(), "it was known");
    hear(&mut replica, &[awareness(&[(8, 2, "null")])]);
    assert_eq!((replica.news_of_others(), replica.other(client)), ([client].into(), None));

    hear(&mut replica, &[awareness(&[(8, 3, state)])]);
    replica.news_of_others();
    replica.tick(30_000);
    assert_eq!((replica.news_of_others(), replica.other(client)), ([client].into(), None));
    hear(&mut replica, &[awareness(&[(8, 4, state)])]);
    replica.disconnected();
    assert_eq!((replica.news_of_others(), replica.others().count()), ([client].into(), 0));
}

#[test]
fn nobody_knows_who_is_here_while_the_link_is_down() {
    let mut replica = in_step();
    hear(&mut replica, &[awareness(&[(8, 5, "{}")])]);
    replica.disconnected();
    assert_eq!(replica.people(), 1);
    replica.connected(0);
    hear(&mut replica, &[awareness(&[(8, 5, "{}")])]);
    assert_eq!(replica.people(), 2);
}

#[test]
fn whoever_is_said_to_have_left_says_that_it_is_here() {
    let mut replica = in_step();
    assert_eq!(hear(&mut replica, &[awareness(&[(7, 1, "null")])]), []);
    let effects = hear(&mut replica, &[awareness(&[(7, 2, "null")])]);
    assert_eq!(said(&effects), [[awareness(&[(7, 3, "{}")])]]);
    let effects = hear(&mut replica, &[awareness(&[(7, 9, "null")])]);
    assert_eq!(said(&effects), [[awareness(&[(7, 10, "{}")])]]);
    assert_eq!(replica.people(), 1);
}

#[test]
fn no_clock_that_others_invent_can_do_harm() {
    let mut replica = in_step();
    let last = [(7, u32::MAX, "null"), (8, u32::MAX, "{}"), (8, u32::MAX, "null")];
    hear(&mut replica, &[awareness(&last)]);
    assert!(replica.tick(15_000).len() <= 1);
    assert_eq!(replica.people(), 1);
}

#[test]
fn what_no_server_sends_is_an_error_and_the_document_stays() {
    let mut replica = in_step();
    write(&mut replica, "mine", 0);
    let mut refuse = |frame: Bytes| replica.receive(&frame, 0, &mut Vec::new()).unwrap_err();
    assert_eq!(refuse(Bytes::new()), ReplicaError::Frame(FrameError::Empty));
    let denied = Message::Denied(Bytes::from_static(b"members only"));
    assert_eq!(refuse(Message::frame(&[denied])), ReplicaError::Denied("members only".into()));
    let bad = Bytes::from_static(&[1]);
    assert!(matches!(refuse(Message::frame(&[update(&bad)])), ReplicaError::Document(_)));
    assert!(matches!(refuse(Message::frame(&[Message::Step1(bad.clone())])), ReplicaError::Document(_)));
    assert!(matches!(refuse(Message::frame(&[Message::Awareness(bad)])), ReplicaError::Presence(_)));
    assert_eq!(replica.text(), "mine");
    assert_eq!(hear(&mut replica, &[Message::SavedQuery(1)]), []);
}

#[test]
fn what_comes_before_something_malformed_counts() {
    let mut replica = in_step();
    let bad = Message::Awareness(Bytes::from_static(&[1]));
    let frame = Message::frame(&[update(&Writer::new(8).writes("hello")), bad]);
    let mut effects = Vec::new();
    assert!(replica.receive(&frame, 0, &mut effects).is_err());
    assert!(effects.contains(&Effect::Edit(edit(0, 0, "hello"))), "{effects:?}");
    assert_eq!(replica.text(), "hello");
}

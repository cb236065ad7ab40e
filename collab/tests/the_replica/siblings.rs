//! What a page leaves behind in the browser, and what the browser's tabs tell each other.

use collab::{
    Bytes,
    document::Document,
    frame::Message,
    id::ClientId,
    ledger::{EditId, Pending},
    replica::{Effect, HELP_AFTER, Replica, Status},
    whisper::Whisper,
};

use crate::support::{
    edits::edit,
    words::{Writer, knows_nothing, update},
};

fn replica(client: u32) -> Replica {
    Replica::new(ClientId::new(client), "{}", 0)
}

/// A replica whose link is up, with a server that knows nothing either.
fn in_step(client: u32) -> Replica {
    let mut replica = replica(client);
    replica.connected(0);
    hear(&mut replica, &[knows_nothing(), Message::Step2(Bytes::from_static(&[0, 0]))]);
    replica
}

fn hear(replica: &mut Replica, messages: &[Message]) -> Vec<Effect> {
    let mut effects = Vec::new();
    replica.receive(&Message::frame(messages), 0, &mut effects).unwrap();
    effects
}

fn write(replica: &mut Replica, text: &str, now: u64) -> Vec<Effect> {
    replica.edit(&[edit(u32::MAX, 0, text)], now)
}

fn id(client: u32, number: u64) -> EditId {
    EditId { client: ClientId::new(client), number }
}

fn pending(client: u32, number: u64, at: u64) -> Pending {
    Pending { id: id(client, number), at }
}

/// What is to be kept.
fn kept(effects: &[Effect]) -> (Vec<Bytes>, Vec<Pending>) {
    let kept = effects.iter().filter_map(|effect| match effect {
        Effect::Keep(update, pending) => Some((update.clone(), *pending)),
        _ => None,
    });
    let (updates, pending): (Vec<_>, Vec<_>) = kept.unzip();
    (updates, pending.into_iter().flatten().collect())
}

fn told(effects: &[Effect]) -> Vec<Bytes> {
    let words = effects.iter().filter_map(|effect| match effect {
        Effect::Tell(words) => Some(words.clone()),
        _ => None,
    });
    words.collect()
}

fn questions(effects: &[Effect]) -> Vec<u64> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Some(Message::decode_frame(frame).unwrap()),
        _ => None,
    });
    let questions = frames.flatten().filter_map(|message| match message {
        Message::SavedQuery(question) => Some(question),
        _ => None,
    });
    questions.collect()
}

fn pass(words: Vec<Bytes>, to: &mut Replica) -> Vec<Effect> {
    words.iter().flat_map(|words| to.overhear(words).unwrap()).collect()
}

#[test]
fn what_was_written_offline_is_there_again_and_waits() {
    let mut before = replica(7);
    let mut effects = write(&mut before, "one ", 1000);
    effects.extend(write(&mut before, "two", 2000));
    let (updates, waiting) = kept(&effects);
    assert_eq!(waiting, [pending(7, 1, 1000), pending(7, 2, 2000)]);

    let mut after = replica(8);
    let (effects, unread) = after.recover(&updates, &waiting);
    assert_eq!(effects, [Effect::Edit(edit(0, 0, "one two"))]);
    assert_eq!(unread, [0; 0]);
    assert_eq!(after.status(), Status::Offline { waiting: 2, since: Some(1000) });

    after.connected(5000);
    let effects = hear(&mut after, &[knows_nothing()]);
    let [question] = questions(&effects)[..] else { panic!("{effects:?}") };
    let effects = hear(&mut after, &[Message::Step2(Bytes::from_static(&[0, 0])), Message::Saved(question)]);
    assert!(effects.contains(&Effect::Release(vec![id(7, 1), id(7, 2)])), "{effects:?}");
    assert_eq!(after.status(), Status::Saved);
}

#[test]
fn what_the_store_yields_late_is_sent_at_once() {
    let mut before = replica(7);
    let (updates, waiting) = kept(&write(&mut before, "late", 0));
    let mut after = in_step(8);
    let (effects, _) = after.recover(&updates, &waiting);
    assert_eq!(questions(&effects).len(), 1);
    assert_eq!(after.status(), Status::Saving);
    // Once is enough.
    let (effects, _) = after.recover(&updates, &waiting);
    assert_eq!(effects, []);
}

#[test]
fn the_store_may_yield_its_updates_in_any_order() {
    let mut before = replica(7);
    let effects: Vec<Effect> = ["a", "b", "c"].iter().flat_map(|text| write(&mut before, text, 0)).collect();
    let (mut updates, waiting) = kept(&effects);
    updates.reverse();
    let mut after = replica(8);
    assert_eq!(after.recover(&updates, &waiting).1, [0; 0]);
    assert_eq!(after.text(), "abc");
}

#[test]
fn what_cannot_be_read_is_named_and_not_confirmed() {
    let mut before = replica(7);
    let mut effects = write(&mut before, "lost", 0);
    let (lost, _) = kept(&effects);
    effects.extend(write(&mut before, "kept", 0));
    let (updates, waiting) = kept(&effects);
    let mut after = in_step(8);
    let (effects, unread) = after.recover(&[Bytes::from_static(b"?"), updates[1].clone()], &waiting);
    assert_eq!(unread, [0, 1]);
    assert_eq!(effects, []);
    let (_, unread) = after.recover(&[updates[1].clone(), lost[0].clone()], &waiting);
    assert_eq!(unread, [0; 0]);
    assert_eq!(after.text(), "lostkept");
}

#[test]
fn what_others_wrote_is_kept_since_edits_build_on_it() {
    let mut replica = in_step(7);
    let hello = Writer::new(8).writes("hello");
    let (updates, waiting) = kept(&hear(&mut replica, &[update(&hello)]));
    assert_eq!((updates, waiting), (vec![hello.clone()], vec![]));
    assert_eq!(kept(&hear(&mut replica, &[update(&hello)])).0, Vec::<Bytes>::new());
}

#[test]
fn siblings_agree_without_a_server() {
    let (mut first, mut second) = (replica(7), replica(8));
    let words = told(&write(&mut first, "first", 1000));
    let effects = pass(words, &mut second);
    assert_eq!(effects, [Effect::Edit(edit(0, 0, "first"))]);
    let words = told(&write(&mut second, " second", 2000));
    pass(words, &mut first);
    for replica in [&first, &second] {
        assert_eq!(replica.text(), "first second");
        assert_eq!(replica.status(), Status::Offline { waiting: 2, since: Some(1000) });
    }
}

#[test]
fn a_tab_that_opens_learns_what_its_siblings_know_and_they_learn_what_it_knows() {
    let (mut first, mut second) = (replica(7), replica(8));
    write(&mut first, "first", 1000);
    write(&mut second, "second", 2000);
    let answers = pass(vec![told(&[second.greet()]).remove(0)], &mut first);
    let more = pass(told(&answers), &mut second);
    let rest = pass(told(&more), &mut first);
    assert_eq!(told(&rest), Vec::<Bytes>::new());
    assert_eq!(first.text(), second.text());
    for replica in [&first, &second] {
        assert_eq!(replica.status(), Status::Offline { waiting: 2, since: Some(1000) });
    }
}

#[test]
fn a_gap_is_asked_about_once() {
    let (mut first, mut second) = (replica(7), replica(8));
    write(&mut first, "lost ", 0);
    let late = told(&write(&mut first, "late", 0)).remove(0);
    let asked = told(&second.overhear(&late).unwrap());
    assert_eq!(asked, [Whisper::Hello(Bytes::from_static(&[0])).encode()]);
    assert_eq!(second.overhear(&late).unwrap(), []);
    assert_eq!(second.status(), Status::Offline { waiting: 0, since: None });
    let answers = pass(asked, &mut first);
    pass(told(&answers), &mut second);
    assert_eq!(second.text(), "lost late");
    assert_eq!(second.status(), Status::Offline { waiting: 2, since: Some(0) });
}

#[test]
fn a_siblings_edit_is_saved_by_its_own_answer_only() {
    let (mut first, mut second) = (in_step(7), in_step(8));
    let words = told(&write(&mut first, "first", 0));
    let effects = pass(words, &mut second);
    assert_eq!(questions(&effects), [0; 0], "its author sends it");
    let [question] = questions(&write(&mut second, "second", 0))[..] else { panic!("it asks") };
    hear(&mut second, &[Message::Saved(question)]);
    assert_eq!(second.status(), Status::Saving);

    let effects = hear(&mut first, &[Message::Saved(1)]);
    assert!(effects.contains(&Effect::Release(vec![id(7, 1)])), "{effects:?}");
    pass(told(&effects), &mut second);
    assert_eq!(second.status(), Status::Saved);
}

#[test]
fn what_a_sibling_does_not_send_in_time_is_sent_by_another() {
    let (mut first, mut second) = (replica(7), in_step(8));
    pass(told(&write(&mut first, "stranded", 1000)), &mut second);
    assert_eq!(questions(&second.tick(1000 + HELP_AFTER)), [0; 0]);
    let [question] = questions(&second.tick(1001 + HELP_AFTER))[..] else { panic!("it helps") };
    assert_eq!(questions(&second.tick(2000 + HELP_AFTER)), [0; 0], "once is enough");
    let effects = hear(&mut second, &[Message::Saved(question)]);
    assert!(effects.contains(&Effect::Release(vec![id(7, 1)])), "{effects:?}");
    pass(told(&effects), &mut first);
    assert_eq!(first.status(), Status::Offline { waiting: 0, since: None });
}

#[test]
fn an_answer_to_an_earlier_question_does_not_confirm_what_was_sent_later() {
    let (mut first, mut second) = (replica(7), in_step(8));
    pass(told(&write(&mut first, "stranded", 0)), &mut second);
    let [earlier] = questions(&write(&mut second, "own", 0))[..] else { panic!("it asks") };
    let [later] = questions(&second.tick(1 + HELP_AFTER))[..] else { panic!("it helps") };
    hear(&mut second, &[Message::Saved(earlier)]);
    assert_eq!(second.status(), Status::Saving);
    hear(&mut second, &[Message::Saved(later)]);
    assert_eq!(second.status(), Status::Saved);
}

#[test]
fn what_no_sibling_says_is_an_error_and_the_document_stays() {
    let mut replica = replica(7);
    write(&mut replica, "mine", 0);
    assert!(replica.overhear(&Bytes::new()).is_err());
    assert!(replica.overhear(&Whisper::Hello(Bytes::from_static(b"?")).encode()).is_err());
    let nonsense = Whisper::News { update: Bytes::from_static(b"?"), pending: vec![pending(9, 1, 0)] };
    assert!(replica.overhear(&nonsense.encode()).is_err());
    assert_eq!(replica.text(), "mine");
    assert_eq!(replica.pending().count(), 1);
}

#[test]
fn a_sign_is_asked_for_with_a_presence_which_every_server_echoes() {
    assert_eq!(replica(7).ask_for_a_sign(0), []);
    let mut replica = in_step(7);
    let effects = replica.ask_for_a_sign(1000);
    let [Effect::Send(frame)] = &effects[..] else { panic!("{effects:?}") };
    assert!(matches!(Message::decode_frame(frame).unwrap()[..], [Message::Awareness(_)]));
}

/// More than goes into one frame.
fn much() -> String {
    "a line of some words, as people write\n".repeat(80_000)
}

/// What a server would have of what is sent, and how large the frames are.
fn sent(effects: &[Effect]) -> (String, Vec<usize>) {
    let mut document = Document::new(ClientId::new(99));
    let mut sizes = Vec::new();
    for effect in effects {
        let Effect::Send(frame) = effect else { continue };
        sizes.push(frame.len());
        for message in Message::decode_frame(frame).unwrap() {
            if let Message::Update(update) | Message::Step2(update) = message {
                let outcomes = document.merge([&*update]).outcomes;
                assert!(outcomes.iter().all(|outcome| outcome.error.is_none()), "{outcomes:?}");
            }
        }
    }
    (document.text(), sizes)
}

#[test]
fn more_than_a_frame_holds_is_sent_in_several_and_confirmed_once() {
    let (text, mut online, mut offline) = (much(), in_step(7), replica(8));
    let at_once = write(&mut online, &text, 0);
    write(&mut offline, &text, 0);
    offline.connected(0);
    let later = hear(&mut offline, &[knows_nothing()]);
    for effects in [at_once, later] {
        let (read, sizes) = sent(&effects);
        assert_eq!(read, text);
        assert!(sizes.len() > 2 && sizes.iter().all(|&size| size < 1_100_000), "{sizes:?}");
        assert_eq!(questions(&effects).len(), 1);
    }
}

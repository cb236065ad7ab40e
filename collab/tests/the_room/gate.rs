//! What the room lets into its document: each test bears the name of an invariant, or of what is kept out.

use crate::support::{edits::edit, sessions::*, stock::Stock, words::*};
use collab::{
    Bytes,
    document::Document,
    frame::Message,
    id::{ClientId, Seq, SessionId},
    room::{Effect, Limits, Refusal, Room},
    wire::put_var,
};
use yrs::{Array, ArrayPrelim, Map, ReadTxn, StateVector, Text, TextPrelim, Transact, WriteTxn};

/// Client 7 writes "a" into an empty document.
const A: &[u8] = b"\x01\x01\x07\x00\x04\x01\x04text\x01a\x00";

fn room_with_limits(limits: Limits) -> Room {
    let mut room = Room::new(Document::new(ClientId::SERVER), Seq(0), limits);
    for session in [ANNA, BERT] {
        room.step([(session, collab::room::Input::Join), says(session, [knows_nothing()])]);
    }
    room
}

fn refusal(effects: &[Effect]) -> Option<(SessionId, Refusal)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Refuse { session, reason } => Some((*session, reason.clone())),
        _ => None,
    })
}

/// Anna says it, in one batch with an edit of Bert's. He is not disturbed, and edits on.
fn refused_to_anna(room: &mut Room, bad: &[u8]) -> Option<Refusal> {
    let before = room.document().text();
    let mut bert = Writer::new(77);
    bert.0.merge([&*room.document().snapshot()]);
    let (one, two) = (update(&bert.writes("1")), update(&bert.writes("2")));
    let effects = room.step([says(ANNA, [update(&Bytes::copy_from_slice(bad))]), says(BERT, [one])]);
    let refusal = refusal(&effects).map(|(session, reason)| {
        assert_eq!(session, ANNA);
        reason
    });
    room.step([says(BERT, [two])]);
    assert_eq!(room.document().text(), format!("{before}12"));
    assert!(room.document().is_sound());
    refusal
}

fn everything(stock: &Stock) -> Vec<u8> {
    stock.doc.transact().encode_diff_v1(&StateVector::default())
}

#[test]
fn what_is_known_stays() {
    let other_text = b"\x01\x01\x07\x00\x04\x01\x04text\x01b\x00";
    let longer = b"\x01\x01\x07\x00\x04\x01\x04text\x02bc\x00";
    let other_kind = b"\x01\x01\x07\x00\x05\x01\x04text\x02{}\x00";
    let other_place = b"\x01\x02\x07\x00\x04\x01\x04text\x01a\x44\x07\x00\x01c\x00";
    let other_parent = b"\x01\x01\x07\x00\x04\x01\x04tent\x02ac\x00";
    for bad in [&other_text[..], longer, other_kind, other_place, other_parent] {
        let mut room = room_with(&[ANNA, BERT]);
        room.step([says(BERT, [update(&Bytes::from_static(A))])]);
        // What comes second in another's name is compared with what came first.
        room.step([says(BERT, [update(&Bytes::from_static(b"\x01\x01\x07\x01\x84\x07\x00\x01c\x00"))])]);
        assert_eq!(refused_to_anna(&mut room, bad), Some(Refusal::Contradiction), "{bad:?}");
    }
}

#[test]
fn what_is_known_stays_where_some_of_it_was_just_said_again() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut bert = Writer::new(8);
    let (first, second) = (bert.writes("a"), bert.writes("b"));
    let (again, other) =
        (update(&first), update(&Bytes::from_static(b"\x01\x01\x08\x01\x84\x08\x00\x01c\x00")));
    room.step([says(BERT, [update(&first), update(&second)])]);
    assert_eq!(refusal(&room.step([says(ANNA, [again, other])])), Some((ANNA, Refusal::Contradiction)));
}

#[test]
fn what_is_known_may_be_said_again_in_other_pieces() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    let pieces: Vec<_> = ["one ", "two ", "😀", " three"].map(|text| anna.writes(text)).into();
    room.step([says(ANNA, [update(&anna.0.snapshot())])]);
    for piece in pieces {
        assert_eq!(room.step([says(BERT, [update(&piece)])]), []);
    }
    // And when much of it is deleted, cut in two, and written between.
    let mut bert = Writer::new(8);
    bert.0.merge([&*room.document().snapshot()]);
    for change in [edit(9, 0, "|"), edit(0, 3, ""), edit(4, 0, "new")] {
        let change = Bytes::from(bert.0.edit(&change).unwrap());
        room.step([says(BERT, [update(&change)])]);
    }
    let anna_still_thinks = anna.0.snapshot();
    assert_eq!(room.step([says(ANNA, [step_2(&anna_still_thinks)])]), []);
    anna.writes(" four");
    let effects = room.step([says(ANNA, [step_2(&anna.0.snapshot())])]);
    assert_eq!(refusal(&effects), None);
    assert!(room.document().text().ends_with(" four"), "{}", room.document().text());
}

#[test]
fn another_place_for_what_is_deleted_is_refused() {
    let mut room = room_with(&[ANNA, BERT]);
    room.step([says(BERT, [update(&Bytes::from_static(A))])]);
    room.step([says(BERT, [update(&Bytes::from_static(&[0, 1, 7, 1, 0, 1]))])]);
    assert_eq!(room.document().text(), "");
    let elsewhere = b"\x01\x01\x07\x00\x04\x01\x04tent\x02ab\x00";
    assert_eq!(refused_to_anna(&mut room, elsewhere), Some(Refusal::Contradiction));
}

/// Found by the fuzzer: the room showed the rest of it at the beginning, and nobody else showed it at all.
#[test]
fn what_goes_on_from_forgotten_units_is_refused() {
    let mut room = room_with(&[ANNA, BERT]);
    let forgotten = Bytes::from_static(b"\x01\x01\x05\x00\x00\x04\x00");
    assert_eq!(refusal(&room.step([says(ANNA, [update(&forgotten)])])), None);
    let text = b"\x01\x01\x05\x00\x04\x01\x04text\x0cxxxxxxxxxxxx\x00";
    assert_eq!(refused_to_anna(&mut room, text), Some(Refusal::Contradiction));
}

#[test]
fn a_contradiction_within_one_batch_is_seen() {
    let mut room = room_with(&[ANNA, BERT]);
    let other = Bytes::from_static(b"\x01\x01\x07\x00\x04\x01\x04text\x01b\x00");
    let effects = room.step([says(BERT, [update(&Bytes::from_static(A))]), says(ANNA, [update(&other)])]);
    assert_eq!(refusal(&effects), Some((ANNA, Refusal::Contradiction)));
    assert_eq!(room.document().text(), "a");
}

#[test]
fn values_that_no_text_shows_are_refused() {
    // Two numbers into the text: by its name, beside its "a", and with the claim to be a map's entry.
    let by_name = b"\x01\x01\x09\x00\x08\x01\x04text\x02\x7d\x01\x7d\x02\x00";
    let beside = b"\x01\x01\x09\x00\x88\x07\x00\x02\x7d\x01\x7d\x02\x00";
    let in_disguise = b"\x01\x01\x09\x00\xa8\x07\x00\x02\x7d\x01\x7d\x02\x00";
    let bytes = b"\x01\x01\x09\x00\x83\x07\x00\x02hi\x00";
    let text_as_an_object = b"\x01\x01\x09\x00\x85\x07\x00\x04\"hi\"\x00";
    for bad in [&by_name[..], beside, in_disguise, bytes, text_as_an_object] {
        let mut room = room_with(&[ANNA, BERT]);
        room.step([says(BERT, [update(&Bytes::from_static(A))])]);
        let refusal = refused_to_anna(&mut room, bad);
        assert!(matches!(refusal, Some(Refusal::Malformed(_))), "{bad:?}: {refusal:?}");
    }
}

/// Of what is deleted nobody can tell any more whether it was a shared type. In one transaction with its deletion it can
/// be told, so that the log must not hold what was sent.
#[test]
fn what_hangs_on_something_deleted_is_kept_as_the_document_took_it() {
    let mut room = room_with(&[ANNA, BERT]);
    let delete: &[u8] = b"\x00\x01\x07\x01\x00\x01";
    let hanging = b"\x01\x02\x05\x00\x27\x00\x07\x00\x01k\x01\x84\x07\x00\x01b\x00";
    let mut kept = Vec::new();
    for sent in [A, delete, hanging] {
        let effects = room.step([says(ANNA, [update(&Bytes::copy_from_slice(sent))])]);
        assert_eq!(refusal(&effects), None);
        kept.extend(effects.into_iter().filter_map(|effect| match effect {
            Effect::Append(entries) => Some(entries.into_iter().map(|entry| entry.update)),
            _ => None,
        }));
    }
    let kept: Vec<Bytes> = kept.into_iter().flatten().collect();
    let mut replayed = Document::new(ClientId::SERVER);
    for outcome in replayed.merge(kept.iter().map(|update| &**update)).outcomes {
        assert_eq!(outcome.error, None);
    }
    assert_eq!(replayed.text(), "b");
    assert_eq!(replayed.snapshot(), room.document().snapshot());
}

#[test]
fn a_parent_that_is_no_shared_type_is_refused() {
    let mut room = room_with(&[ANNA, BERT]);
    room.step([says(BERT, [update(&Bytes::from_static(A))])]);
    let in_the_letter_a = b"\x01\x01\x09\x00\x04\x00\x07\x00\x01x\x00";
    let refusal = refused_to_anna(&mut room, in_the_letter_a);
    assert!(matches!(refusal, Some(Refusal::Malformed(_))), "{refusal:?}");
}

/// Yjs would make nothing of it, and where yrs put it would depend on what else it had met before.
#[test]
fn what_stands_beside_a_unit_that_is_gone_and_one_that_is_not_is_refused() {
    // Client 5 says that two of its units are gone, and puts a letter behind them and before the "a".
    let at_once = b"\x01\x02\x05\x00\x00\x02\xc4\x05\x01\x07\x00\x01x\x00";
    let gone: &[u8] = b"\x01\x01\x05\x00\x00\x02\x00";
    let behind = b"\x01\x01\x05\x02\xc4\x05\x01\x07\x00\x01x\x00";
    // A letter behind what is gone is gone itself, and so this one is beside it.
    let further = b"\x01\x02\x05\x02\x84\x05\x01\x01x\xc4\x05\x02\x07\x00\x01y\x00";
    for (before, bad) in [(None, &at_once[..]), (Some(gone), behind), (Some(gone), further)] {
        let mut room = room_with(&[ANNA, BERT]);
        for sent in [Some(A), before].into_iter().flatten() {
            room.step([says(BERT, [update(&Bytes::copy_from_slice(sent))])]);
        }
        let refusal = refused_to_anna(&mut room, bad);
        assert!(matches!(refusal, Some(Refusal::Malformed(_))), "{bad:?}: {refusal:?}");
    }
}

/// Somebody says of units that are only deleted, and keep their place, that nothing is left of them: when they are known
/// already, or when it cannot be taken yet.
#[test]
fn what_is_only_said_to_be_gone_keeps_nobody_out() {
    let deleted: &[u8] = b"\x01\x01\x07\x00\x01\x01\x04text\x02\x00";
    let said: &[u8] = b"\x01\x01\x07\x01\x00\x01\x00";
    for (first, second) in [(deleted, said), (said, deleted)] {
        for at_once in [false, true] {
            let mut room = room_with(&[ANNA, BERT]);
            let mut carl = Writer::new(77);
            room.step([says(BERT, [update(&carl.writes("hello"))])]);
            carl.0.merge([deleted]);
            let [first, second] = [first, second].map(|sent| update(&Bytes::from_static(sent)));
            if at_once {
                room.step([says(ANNA, [first, second])]);
            } else {
                room.step([says(ANNA, [first])]);
                room.step([says(ANNA, [second])]);
            }
            for at in [0, 1, 7] {
                let written = carl.0.edit(&edit(at, 0, "x")).unwrap();
                assert_eq!(refusal(&room.step([says(BERT, [update(&written.into())])])), None, "{at}");
            }
            assert_eq!(room.document().text(), "xxhellox");
        }
    }
}

/// One replica has forgotten it already, and its author says it once more.
#[test]
fn what_was_in_a_shared_type_that_is_deleted_may_be_said_again() {
    let stock = Stock::new(5);
    let note = {
        let mut txn = stock.doc.transact_mut();
        let map = txn.get_or_insert_map("app");
        map.insert(&mut txn, "note", TextPrelim::new("x"))
    };
    let (first, known) = (everything(&stock), stock.doc.transact().state_vector());
    note.push(&mut stock.doc.transact_mut(), "y");
    let second = stock.doc.transact().encode_diff_v1(&known);
    let delete = b"\x00\x01\x05\x01\x00\x02";
    let forgotten = b"\x01\x01\x05\x02\x00\x01\x00";
    let mut room = room_with(&[ANNA, BERT]);
    for sent in [&first[..], delete, forgotten, &second] {
        let effects = room.step([says(ANNA, [update(&Bytes::copy_from_slice(sent))])]);
        assert_eq!(refusal(&effects), None, "{sent:?}");
    }
}

/// Where it ended up would depend on whether the run had been cut before, and copies would differ for ever.
#[test]
fn what_stands_between_units_in_the_wrong_order_is_refused() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut carl = Writer::new(7);
    room.step([says(BERT, [update(&carl.writes("hello"))])]);
    // Behind the fourth unit and before the second.
    let reversed = b"\x01\x01\x05\x00\xc4\x07\x03\x07\x01\x01x\x00";
    assert!(matches!(refused_to_anna(&mut room, reversed), Some(Refusal::Malformed(_))));
    // All of it in one update.
    let at_once = b"\x01\x02\x05\x00\x04\x01\x04text\x05hello\xc4\x05\x03\x05\x01\x01x\x00";
    let mut room = room_with(&[ANNA, BERT]);
    assert!(matches!(refused_to_anna(&mut room, at_once), Some(Refusal::Malformed(_))));
}

#[test]
fn what_is_written_where_somebody_went_back_is_let_in() {
    let mut room = room_with(&[ANNA, BERT]);
    let mut anna = Writer::new(7);
    for change in [edit(0, 0, "one two"), edit(0, 0, "zero "), edit(5, 0, "half "), edit(5, 0, "a ")] {
        let change = anna.0.edit(&change).unwrap();
        let effects = room.step([says(ANNA, [update(&change.into())])]);
        assert_eq!(refusal(&effects), None);
    }
    assert_eq!(room.document().text(), "zero a half one two");
}

#[test]
fn what_other_applications_keep_beside_the_text_is_let_in() {
    let stock = Stock::new(5);
    let mut room = room_with(&[ANNA, BERT]);
    for round in 0..3 {
        {
            let mut txn = stock.doc.transact_mut();
            let map = txn.get_or_insert_map("meta");
            map.insert(&mut txn, "title", format!("round {round}"));
            map.insert(&mut txn, format!("list {round}"), ArrayPrelim::from(["nested", "array"]));
            let list = txn.get_or_insert_array("list");
            list.push_back(&mut txn, "one");
            list.push_back(&mut txn, 2);
            stock.text.push(&mut txn, "a");
        }
        let effects = room.step([says(ANNA, [update(&everything(&stock).into())])]);
        assert_eq!(refusal(&effects), None);
    }
    assert_eq!(room.document().text(), "aaa");
    let other = Stock::new(6);
    other.merge(&room.document().snapshot());
    let txn = other.doc.transact();
    let map = txn.get_map("meta").unwrap();
    assert_eq!(map.get(&txn, "title").map(|title| title.to_string(&txn)), Some("round 2".to_owned()));
}

#[test]
fn documents_are_bounded() {
    let mut room = room_with_limits(Limits { document_bytes: 1000, ..Limits::default() });
    let mut anna = Writer::new(7);
    let effects = room.step([says(ANNA, [update(&anna.writes(&"x".repeat(900)))])]);
    assert_eq!(refusal(&effects), None);
    // Many small updates come to less than the sum of their sizes: the document is measured before anybody is refused.
    let mut bert = Writer::new(8);
    for _ in 0..60 {
        let effects = room.step([says(BERT, [update(&bert.writes("y"))])]);
        assert_eq!(refusal(&effects), None);
    }
    let more = anna.writes(&"x".repeat(300));
    let effects = room.step([says(ANNA, [update(&more)]), says(BERT, [update(&bert.writes("z"))])]);
    assert_eq!(refusal(&effects), Some((ANNA, Refusal::TooLarge)));
    assert!(room.document().text().contains('z') && room.document().len() == 961);
    let less = Bytes::from(bert.0.edit(&edit(0, 30, "")).unwrap());
    assert_eq!(refusal(&room.step([says(BERT, [update(&less)])])), None);
    assert_eq!(room.document().len(), 931);
}

/// An update in which so many clients, from `first` on, each write a letter. Where they form a `chain`, each stands
/// behind the letter of the one before.
fn by_many(first: u64, count: u64, chain: bool) -> Bytes {
    let mut out = Vec::new();
    put_var(&mut out, count);
    for client in (first..first + count).rev() {
        out.push(1);
        put_var(&mut out, client);
        out.push(0);
        if chain && client > 1 {
            out.push(0x84);
            put_var(&mut out, client - 1);
            out.extend(b"\x00\x01x");
        } else {
            out.extend(b"\x04\x01\x04text\x01x");
        }
    }
    out.push(0);
    out.into()
}

/// Every page that was loaded and written in is a client of its own, for ever.
#[test]
fn a_document_of_as_many_clients_as_are_let_in_can_be_read() {
    let most = Limits::default().clients as u64;
    let mut room = room_with(&[ANNA, BERT]);
    let (half, rest) = (most / 2, most - most / 2);
    for part in [by_many(1, half, true), by_many(half + 1, rest, true)] {
        assert_eq!(refusal(&room.step([says(ANNA, [update(&part)])])), None);
    }
    let one_more = by_many(most + 1, 1, true);
    assert_eq!(refused_to_anna(&mut room, &one_more), Some(Refusal::TooManyClients));
    let (all, text) = (room.document().snapshot(), room.document().text());
    let newcomer = move || {
        let mut document = Document::new(ClientId::new(1 << 30));
        assert_eq!(document.merge([&*all]).outcomes[0].error, None);
        assert_eq!(document.text(), text);
    };
    // As large a stack as code in a browser has.
    std::thread::Builder::new().stack_size(1 << 20).spawn(newcomer).unwrap().join().unwrap();
}

#[test]
fn clients_that_are_known_are_not_counted_again() {
    let mut room = room_with_limits(Limits { clients: 10, ..Limits::default() });
    for _ in 0..3 {
        assert_eq!(refusal(&room.step([says(ANNA, [update(&by_many(1, 10, false))])])), None);
    }
    let full = room.step([says(BERT, [update(&by_many(11, 1, false))])]);
    assert_eq!(refusal(&full), Some((BERT, Refusal::TooManyClients)));
}

#[test]
fn who_asks_is_told_how_large_the_document_may_be() {
    let mut room = room_with_limits(Limits { document_bytes: 1000, ..Limits::default() });
    let effects = room.step([says(ANNA, [Message::LimitQuery])]);
    assert_eq!(heard_by(ANNA, &effects), [Message::Limit(1000)]);
    assert_eq!(effects.len(), 1);
}

#[test]
fn more_shared_types_than_can_be_deleted_are_refused() {
    let mut room = room_with_limits(Limits { nested_types: 50, ..Limits::default() });
    room.step([says(BERT, [update(&Bytes::from_static(A))])]);
    // A chain of maps, each in the one before, link by link.
    let mut link = b"\x01\x01\x05\x00\x27\x01\x04root\x01k\x01\x00".to_vec();
    for clock in 0..50_u8 {
        let effects = room.step([says(ANNA, [update(&Bytes::from(link))])]);
        assert_eq!(refusal(&effects), None, "{clock}");
        link = [&[1, 1, 5, clock + 1, 0x27, 0, 5, clock][..], b"\x01k\x01\x00"].concat();
    }
    assert_eq!(refused_to_anna(&mut room, &link), Some(Refusal::TooManyTypes));
}

#[test]
fn as_many_shared_types_as_are_let_in_can_be_deleted() {
    let mut room = room_with(&[ANNA, BERT]);
    let types = Limits::default().nested_types as u64;
    let mut chain = Vec::new();
    collab::wire::put_var(&mut chain, 1);
    collab::wire::put_var(&mut chain, types);
    chain.extend(b"\x05\x00\x27\x01\x04root\x01k\x01");
    for clock in 0..types - 1 {
        chain.extend([0x27, 0, 5]);
        collab::wire::put_var(&mut chain, clock);
        chain.extend(b"\x01k\x01");
    }
    chain.push(0);
    let effects = room.step([says(ANNA, [update(&Bytes::from(chain))])]);
    assert_eq!(refusal(&effects), None);
    let delete_the_outermost = Bytes::from_static(&[0, 1, 5, 1, 0, 1]);
    let effects = room.step([says(ANNA, [update(&delete_the_outermost)])]);
    assert!(matches!(effects[0], Effect::Append(_)));
    assert_eq!(heard_by(BERT, &effects).len(), 1);
}

#[test]
fn malformed_awareness_ends_its_session() {
    let mut room = room_with(&[ANNA, BERT]);
    for (payload, session) in [(&b"\x01\x05\x01"[..], ANNA), (b"\xff\xff\xff\xff\x0f", BERT)] {
        let effects = room.step([says(session, [Message::Awareness(Bytes::from_static(payload))])]);
        assert!(matches!(refusal(&effects), Some((who, Refusal::Presence(_))) if who == session));
    }
}

#[test]
fn titles_pass_the_gate() {
    let mut room = room_with(&[ANNA, BERT]);
    let (mut anna, mut bert) = (Document::new(ClientId::new(1)), Document::new(ClientId::new(2)));
    for title in ["One", "Two", ""] {
        let given = Bytes::from(anna.set_title(title).unwrap());
        let effects = room.step([says(ANNA, [update(&given)])]);
        assert!(matches!(effects[0], Effect::Append(_)), "{effects:?}");
        bert.merge([&*given]);
        assert_eq!(heard_by(BERT, &effects), [update(&given)]);
        // At the same time, from somebody who has not heard of it.
        let other = Bytes::from(bert.set_title(&format!("{title}'s rival")).unwrap());
        assert_eq!(refusal(&room.step([says(BERT, [update(&other)])])), None);
        anna.merge([&*other]);
        assert_eq!(room.document().title(), anna.title());
    }
}

#[test]
fn titles_are_bounded_as_documents_are() {
    let mut room = room_with_limits(Limits { document_bytes: 100, ..Limits::default() });
    let given = Bytes::from(Document::new(ClientId::new(1)).set_title(&"x".repeat(120)).unwrap());
    let effects = room.step([says(ANNA, [update(&given)])]);
    assert_eq!(refusal(&effects), Some((ANNA, Refusal::TooLarge)));
}

//! What chance makes of good bytes: whatever of it is let in, the room lives on, and all that it says can be read.

use std::panic::{AssertUnwindSafe, catch_unwind};

use collab::{
    Bytes,
    document::Document,
    edit::TextEdit,
    frame::Message,
    id::{ClientId, SessionId},
    room::{Effect, Input},
};
use yrs::{
    Any, Doc, Map, OffsetKind, Options, ReadTxn, StateVector, Text, Transact, WriteTxn, XmlFragment,
    XmlTextPrelim, block::ClientID, types::Attrs,
};

use crate::support::{
    chance::{Chance, for_each_seed},
    forger::mutate,
    sessions::*,
    words::*,
};

const SEEDS: u64 = 200;

/// Updates of several applications that share a document.
fn updates(chance: &mut Chance) -> Vec<Bytes> {
    let mut documents = [7, 8].map(|client| Document::new(ClientId::new(client)));
    let rich = Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_guid_and_client_id("".into(), ClientID::new(9))
    });
    let mut updates = Vec::new();
    for _ in 0..12 {
        let who = chance.below(3);
        if let Some(document) = documents.get_mut(who) {
            let edit = chance.edit(&document.text());
            updates.extend(document.edit(&edit).map(Bytes::from));
        } else {
            updates.push(enrich(&rich, chance));
        }
        let latest = updates.last().cloned().unwrap_or_default();
        documents.iter_mut().for_each(|document| drop(document.merge([&*latest])));
    }
    updates
}

/// What a rich-text editor writes.
fn enrich(doc: &Doc, chance: &mut Chance) -> Bytes {
    let mut txn = doc.transact_mut();
    let text = txn.get_or_insert_text("text");
    let len = text.len(&txn);
    match chance.below(6) {
        0 => text.format(&mut txn, 0, len, Attrs::from([("b".into(), true.into())])),
        1 => drop(text.insert_embed(&mut txn, 0, Any::from("embedded"))),
        2 => drop(txn.get_or_insert_map("map").insert(&mut txn, "key", 42)),
        3 => drop(txn.get_or_insert_xml_fragment("xml").push_back(&mut txn, XmlTextPrelim::new("xml"))),
        4 => text.remove_range(&mut txn, 0, len.min(1)),
        _ => text.insert(&mut txn, len, "rich 😀"),
    }
    drop(txn);
    doc.transact().encode_diff_v1(&StateVector::default()).into()
}

/// Gives it to a room as it would come from a socket, from somebody who is seen for the first time.
fn strike(room: &mut collab::room::Room, session: SessionId, bytes: Bytes, chance: &mut Chance) {
    let message = match chance.below(8) {
        0 => Message::Step1(bytes),
        1 => Message::Awareness(bytes),
        2 | 3 => Message::Step2(bytes),
        _ => Message::Update(bytes),
    };
    let inputs = [(session, Input::Join), (session, Input::Messages(vec![message.clone()]))];
    let effects = catch_unwind(AssertUnwindSafe(|| room.step(inputs)));
    let effects = effects.unwrap_or_else(|_| panic!("it breaks the room: {message:?}"));
    for effect in effects {
        match effect {
            Effect::Send { frame, .. } | Effect::Show { frame, .. } => {
                Message::decode_frame(&frame).unwrap();
            }
            Effect::Rebuild { .. } => panic!("it breaks the document: {message:?}"),
            Effect::Append(_) | Effect::Refuse { .. } => {}
        }
    }
    assert!(room.document().is_sound(), "{message:?}");
    room.step([(session, Input::Leave)]);
}

#[test]
fn whatever_is_let_in_the_room_lives_on() {
    for_each_seed(SEEDS, |chance| {
        let updates = updates(chance);
        let mut room = room_with(&[BERT, CARL]);
        for turn in 0..60 {
            let bytes = &updates[chance.below(updates.len())];
            let bytes = if chance.one_in(3) {
                bytes.clone()
            } else {
                mutate(bytes, &updates[chance.below(updates.len())], chance)
            };
            strike(&mut room, SessionId(100 + turn), bytes, chance);
        }
        assert!(room.document().is_sound());
        // Whoever loads what was kept may edit any of it. In which order it reads it is not asked: where a forger puts a
        // unit after its right neighbour, that depends on who integrates it when, in Yjs as in yrs.
        let mut loaded = Document::new(ClientId::new(1 << 30));
        loaded.track_edits();
        let merged = loaded.merge([&*room.document().snapshot()]);
        assert_eq!(merged.outcomes[0].error, None);
        assert!(loaded.is_sound());
        assert_eq!(loaded.len(), room.document().len());
        let all = TextEdit { at: 0, delete: loaded.len(), insert: "all new".to_owned() };
        let change = Bytes::from(loaded.edit(&all).unwrap());
        let effects = room.step([says(BERT, [update(&change)])]);
        assert!(matches!(effects[0], Effect::Append(_)), "{effects:?}");
        assert_eq!(room.document().text(), "all new");
    });
}

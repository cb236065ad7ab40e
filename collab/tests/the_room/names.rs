//! What becomes of a page that was away, if somebody has written in its name meanwhile.

use crate::support::{edits::edit, link::*, sessions::*, words::*};
use collab::{
    Bytes,
    id::ClientId,
    replica::{self, Replica, Status},
    room::{Effect, Input, Refusal, Room},
};

/// The client that the page writes as.
const ANNAS: u32 = 7;

/// A page of Anna's.
struct Page(Replica);

impl Page {
    fn new() -> Self {
        Self(Replica::new(ClientId::new(ANNAS), "{}", 0))
    }

    fn writes(&mut self, room: &mut Room, text: &str) -> Option<Refusal> {
        let effects = self.0.edit(&[edit(u32::MAX, 0, text)], 0);
        self.talk(room, effects)
    }

    fn leaves(&mut self, room: &mut Room) {
        self.0.disconnected();
        room.step([(ANNA, Input::Leave)]);
    }

    fn comes(&mut self, room: &mut Room) -> Option<Refusal> {
        let questions = room.step([(ANNA, Input::Join)]);
        let mut effects = self.0.connected(0);
        self.hear(&questions, &mut effects);
        self.talk(room, effects)
    }

    /// Until nobody has anything more to say. The disk is quick.
    fn talk(&mut self, room: &mut Room, mut effects: Vec<replica::Effect>) -> Option<Refusal> {
        loop {
            let said: Vec<_> = effects.iter().filter_map(spoken).collect();
            if said.is_empty() {
                return None;
            }
            let mut answers: Vec<_> = said.into_iter().flat_map(|said| room.step([said])).collect();
            answers.extend(room.durable(room.last()));
            effects.clear();
            self.hear(&answers, &mut effects);
            let refused = answers.into_iter().find_map(|effect| match effect {
                Effect::Refuse { session: ANNA, reason } => Some(reason),
                _ => None,
            });
            if refused.is_some() {
                return refused;
            }
        }
    }

    fn hear(&mut self, said: &[Effect], effects: &mut Vec<replica::Effect>) {
        for frame in frames_for_anna(said) {
            self.0.receive(&frame, 0, effects).unwrap();
        }
    }
}

/// Eve, who has read everything, comes and writes in Anna's name.
fn forge(room: &mut Room, text: &str) {
    let mut eve = Writer::new(ANNAS);
    eve.0.merge([&*room.document().snapshot()]);
    let forged = update(&eve.writes(text));
    room.step([(CARL, Input::Join), says(CARL, [knows_nothing(), forged]), (CARL, Input::Leave)]);
    assert!(room.document().text().ends_with(text), "nobody is here to object");
}

#[test]
fn nobodys_words_count_as_ours() {
    let written = " and what she wrote on the train, where there was no network for an hour or two";
    let forged = [
        "?",
        " ",
        " and",
        " and what she wrote, but not this",
        "\u{fffd}",
        &"x".repeat(written.len()),
        &"y".repeat(500),
    ];
    for forged in forged {
        for beginning in
            ["a", "a text of Anna's that is somewhat longer than the proof which is to be given of it 😀"]
        {
            let (mut room, mut page) = (empty_room(), Page::new());
            assert_eq!(page.comes(&mut room), None);
            assert_eq!(page.writes(&mut room, beginning), None);
            assert_eq!(page.0.status(), Status::Saved);
            page.leaves(&mut room);
            forge(&mut room, forged);
            page.writes(&mut room, written);

            let is_same = written.starts_with(forged);
            let refused = page.comes(&mut room);
            if is_same {
                assert_eq!((refused, page.0.status()), (None, Status::Saved), "{forged:?}");
                assert_eq!(room.document().text(), page.0.text());
            } else {
                assert_eq!(refused, Some(Refusal::Contradiction), "{forged:?}");
                assert!(page.0.has_unsaved_edits(), "what the server does not have is not confirmed");
                assert!(page.0.text().contains(written), "and stays where it is");
            }
        }
    }
}

/// Eve cannot know what Anna writes, but she can say that it is gone.
#[test]
fn nobody_makes_ours_into_nothing() {
    for beginning in ["", "a text of Anna's"] {
        let (mut room, mut page) = (empty_room(), Page::new());
        page.comes(&mut room);
        page.writes(&mut room, beginning);
        page.leaves(&mut room);
        let known = room.document().known(ClientId::new(ANNAS)) as u8;
        // A thousand units, of which nothing is left.
        let gone = Bytes::from(vec![1, 1, ANNAS as u8, known, 0, 0xe8, 0x07, 0]);
        room.step([(CARL, Input::Join), says(CARL, [knows_nothing(), update(&gone)]), (CARL, Input::Leave)]);
        assert_eq!(room.document().known(ClientId::new(ANNAS)), u64::from(known) + 1_000);

        page.writes(&mut room, " and more");
        assert_eq!(page.comes(&mut room), Some(Refusal::Contradiction), "after {beginning:?}");
        assert!(page.0.has_unsaved_edits());
    }
}

/// What is sent again is no news, whatever has become of it meanwhile.
#[test]
fn what_is_sent_again_harms_nothing() {
    let cuts = [(0, 0), (0, 3), (2, 40), (99, 3), (98, 3), (0, 102)];
    for (at, delete) in cuts {
        let (mut room, mut page) = (empty_room(), Page::new());
        page.comes(&mut room);
        page.writes(&mut room, &"x".repeat(99));
        page.writes(&mut room, "😀é");
        page.leaves(&mut room);
        let mut bert = Writer::new(8);
        bert.0.merge([&*room.document().snapshot()]);
        let cut = bert.0.edit(&edit(at, delete, "by Bert")).unwrap();
        room.step([(BERT, Input::Join), says(BERT, [knows_nothing(), update(&cut.into())])]);
        page.writes(&mut room, "written offline");
        assert_eq!(page.comes(&mut room), None, "{at} {delete}");
        assert_eq!(page.0.status(), Status::Saved);
        assert_eq!(room.document().text(), page.0.text());
        assert!(room.document().text().contains("written offline"));
    }
}

//! People who type: each goes on where they wrote last, and what others write moves them along.

use std::collections::VecDeque;

use crate::support::{
    chance::{Chance, for_each_seed},
    edits::edit,
    stock::Stock,
};
use collab::{
    document::Document,
    edit::{Bias, TextEdit, utf16_len},
    id::ClientId,
};

const SEEDS: u64 = 60;
const STEPS: usize = 150;

struct Typist {
    document: Document,
    /// The text, kept by edits alone.
    mirror: String,
    /// Another implementation, given the updates alone.
    onlooker: Stock,
    caret: u32,
    inboxes: Vec<VecDeque<Vec<u8>>>,
}

impl Typist {
    fn new(client: u32, count: usize) -> Self {
        let mut document = Document::new(ClientId::new(client));
        document.track_edits();
        let onlooker = Stock::new(1000 + u64::from(client));
        Self { document, mirror: String::new(), onlooker, caret: 0, inboxes: vec![VecDeque::new(); count] }
    }

    fn types(&mut self, chance: &mut Chance) -> Option<Vec<u8>> {
        let len = utf16_len(&self.mirror);
        if chance.one_in(12) {
            self.caret = chance.below(len as usize + 1) as u32;
        }
        let back = chance.one_in(10) && self.caret > 0;
        let key =
            if back { edit(self.caret - 1, 1, "") } else { edit(self.caret, 0, &chance.edit("").insert) };
        key.apply_to(&mut self.mirror);
        self.caret = if back { key.at } else { key.at + key.inserted() };
        let update = self.document.edit(&key);
        self.look(update.as_deref());
        update
    }

    fn reads(&mut self, update: &[u8]) {
        let merged = self.document.merge([update]);
        assert_eq!(merged.outcomes[0].error, None);
        for edit in &merged.edits {
            edit.apply_to(&mut self.mirror);
            self.caret = edit.map(self.caret, Bias::Before);
        }
        self.look(merged.update.as_deref());
    }

    fn look(&self, update: Option<&[u8]>) {
        update.into_iter().for_each(|update| self.onlooker.merge(update));
        assert_eq!(self.mirror, self.document.text());
        assert_eq!(self.mirror, self.onlooker.text());
    }
}

#[test]
fn whoever_types_finds_their_place_again() {
    for_each_seed(SEEDS, |chance| {
        let count = 2 + chance.below(3);
        let mut typists: Vec<_> = (1..=count).map(|client| Typist::new(client as u32, count)).collect();
        for _ in 0..STEPS {
            let me = chance.below(count);
            if chance.one_in(2) {
                let update = typists[me].types(chance);
                for typist in typists.iter_mut() {
                    typist.inboxes[me].extend(update.clone());
                }
            } else {
                let from = chance.below(count);
                let next = typists[me].inboxes[from].pop_front();
                // What builds on a third one's edit waits for that.
                match next.filter(|update| !is_early(&typists[me].document, update)) {
                    Some(update) => typists[me].reads(&update),
                    None => sync(&mut typists, me, from),
                }
            }
        }
        (1..count).for_each(|from| sync(&mut typists, 0, from));
        (1..count).for_each(|to| sync(&mut typists, to, 0));
        typists.iter().for_each(|typist| assert_eq!(typist.mirror, typists[0].mirror));
    });
}

fn is_early(document: &Document, update: &[u8]) -> bool {
    let mut copy = Document::new(ClientId::SERVER);
    copy.merge([&*document.snapshot()]);
    copy.merge([update]).outcomes[0].error.is_some()
}

fn sync(typists: &mut [Typist], to: usize, from: usize) {
    let missing = typists[from].document.diff_since(&typists[to].document.state_vector()).unwrap();
    typists[to].reads(&missing);
}

#[test]
fn an_insertion_at_a_caret_that_another_reached_first_is_told_truly() {
    let mut anna = crate::with_text(1, "ab");
    let mut bert = Document::new(ClientId::new(2));
    anna.track_edits();
    bert.track_edits();
    bert.merge([&*anna.snapshot()]);
    let first = anna.edit(&edit(1, 0, "1")).unwrap();
    bert.merge([&*first]);
    // Both go on after the 1, and neither knows of the other.
    let (annas, berts) = (anna.edit(&edit(2, 0, "2")).unwrap(), bert.edit(&edit(2, 0, "x")).unwrap());
    let mut text = "a1xb".to_owned();
    let edits: Vec<TextEdit> = bert.merge([&*annas]).edits;
    edits.iter().for_each(|edit| edit.apply_to(&mut text));
    assert_eq!(text, bert.text());
    anna.merge([&*berts]);
    assert_eq!(anna.text(), bert.text());
}

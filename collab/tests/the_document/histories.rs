//! Random histories of several documents: whatever arrives in whatever order, each document stays whole, says
//! truly how its text changed, and becomes like the others.

use std::{collections::VecDeque, rc::Rc};

use crate::support::{
    chance::{Chance, for_each_seed},
    stock::Stock,
};
use collab::{
    document::{Document, MergeError},
    id::ClientId,
};

const SEEDS: u64 = 30;
const STEPS: usize = 50;

/// A document and all who watch it.
struct Peer {
    document: Document,
    /// The text, kept by edits alone.
    mirror: String,
    /// Another implementation, given only what [`Document::edit`] and [`Document::merge`] return.
    onlooker: Stock,
    /// What the others sent and has not been merged yet.
    inboxes: Vec<VecDeque<Rc<[u8]>>>,
}

impl Peer {
    fn new(client: u32, peers: usize) -> Self {
        let mut document = Document::new(ClientId::new(client));
        document.track_edits();
        Self {
            document,
            mirror: String::new(),
            onlooker: Stock::new(1000),
            inboxes: vec![VecDeque::new(); peers],
        }
    }

    fn edit(&mut self, chance: &mut Chance) -> Option<Rc<[u8]>> {
        let edit = chance.edit(&self.mirror);
        let update = self.document.edit(&edit);
        edit.apply_to(&mut self.mirror);
        self.look(update.as_deref());
        Some(update?.into())
    }

    fn merge(&mut self, updates: &[Rc<[u8]>]) {
        let merged = self.document.merge(updates.iter().map(|update| &**update));
        for edit in merged.edits {
            edit.apply_to(&mut self.mirror);
        }
        let is_new = merged.outcomes.iter().any(|outcome| outcome.is_new);
        assert_eq!(is_new, merged.update.is_some());
        let errors = merged.outcomes.iter().filter_map(|outcome| outcome.error.as_ref());
        errors.for_each(|error| assert_eq!(error, &MergeError::Gap));
        self.look(merged.update.as_deref());
    }

    fn look(&self, update: Option<&[u8]>) {
        let text = self.document.text();
        assert_eq!(self.mirror, text);
        if let Some(update) = update {
            self.onlooker.merge(update);
        }
        assert!(self.onlooker.is_whole());
        assert_eq!(self.onlooker.text(), text);
        let fresh = Stock::new(1001);
        fresh.merge(&self.document.snapshot());
        assert!(fresh.is_whole());
        assert_eq!(fresh.text(), text);
    }

    /// Takes some of what waits, now and then not the oldest.
    fn take(&mut self, chance: &mut Chance) -> Vec<Rc<[u8]>> {
        let mut batch = Vec::new();
        for _ in 0..=chance.below(4) {
            let from = chance.below(self.inboxes.len());
            let inbox = &mut self.inboxes[from];
            let at = if chance.one_in(6) { chance.below(inbox.len() + 1) } else { 0 };
            batch.extend(inbox.remove(at));
        }
        if chance.one_in(4) {
            batch.extend(batch.first().cloned());
        }
        if chance.one_in(4) && !batch.is_empty() {
            // As a client does that was offline: in one, with holes where something is left out.
            batch = vec![yrs::merge_updates_v1(&batch).unwrap().into()];
        }
        batch
    }
}

fn sync(peers: &mut [Peer], to: usize, from: usize) {
    let knows = peers[to].document.state_vector();
    let difference = peers[from].document.diff_since(&knows).unwrap();
    peers[to].merge(&[Rc::from(&*difference)]);
}

#[test]
fn whatever_arrives_in_whatever_order_the_documents_become_alike() {
    for_each_seed(SEEDS, |chance| {
        let count = 2 + chance.below(3);
        let mut peers: Vec<_> = (0..count).map(|i| Peer::new(i as u32 + 1, count)).collect();
        for _ in 0..STEPS {
            step(&mut peers, chance);
        }
        for _ in 0..2 {
            (1..count).for_each(|i| sync(&mut peers, 0, i));
            (1..count).for_each(|i| sync(&mut peers, i, 0));
        }
        for peer in &peers {
            assert_eq!(peer.mirror, peers[0].mirror);
            assert_eq!(peer.document.state_vector().len(), peers[0].document.state_vector().len());
        }
    });
}

fn step(peers: &mut [Peer], chance: &mut Chance) {
    let me = chance.below(peers.len());
    match chance.below(10) {
        0..5 => {
            let update = peers[me].edit(chance);
            for peer in peers.iter_mut() {
                peer.inboxes[me].extend(update.clone());
            }
        }
        5..9 => {
            let batch = peers[me].take(chance);
            peers[me].merge(&batch);
        }
        _ => {
            let other = chance.below(peers.len());
            sync(peers, me, other);
        }
    }
}

#[test]
fn a_log_of_what_was_new_makes_the_same_document() {
    for_each_seed(SEEDS, |chance| {
        let mut authors = [Peer::new(1, 2), Peer::new(2, 2)];
        let mut kept = Document::new(ClientId::SERVER);
        let mut log = Vec::new();
        for _ in 0..STEPS {
            let me = chance.below(2);
            step(&mut authors, chance);
            // Only half of what is written arrives, so that there are gaps, small and filled.
            let knows =
                if chance.one_in(3) { kept.state_vector() } else { authors[1 - me].document.state_vector() };
            let update = authors[me].document.diff_since(&knows).unwrap();
            if kept.merge([&*update]).outcomes[0].is_new {
                log.push(update);
            }
        }
        let mut replayed = Document::new(ClientId::SERVER);
        replayed.merge(log.iter().map(|update| &**update));
        assert_eq!(replayed.text(), kept.text());
        let knows = kept.state_vector();
        assert_eq!(replayed.diff_since(&knows).unwrap(), kept.diff_since(&knows).unwrap());
    });
}

//! Who is here: what is said of the person at this page, and where the others are.

use std::collections::BTreeSet;

use collab::{
    document::Selection,
    id::ClientId,
    person::Person,
    replica::{Effect, Replica},
};
use reactive_graph::traits::Set;

use super::{clock, panes::Panes};
use crate::{
    monitor::{self, Monitor, Someone},
    preferences::words,
    profile::Profile,
};

/// The people in one document.
pub(super) struct People {
    me: Person,
    /// Those who are at a place that is not known here yet.
    unplaced: BTreeSet<ClientId>,
    /// Whose coming was told, by name; `None` until it is known who was here before.
    told: Option<Names>,
    monitor: Monitor,
}

impl People {
    /// Knows only the person at this page.
    pub(super) fn new(me: Profile, monitor: Monitor) -> Self {
        let me = Person { name: Some(me.name), color: me.color, cursor: None };
        Self { me, unplaced: BTreeSet::new(), told: None, monitor }
    }

    /// What the others should know of the person at this page, in JSON.
    pub(super) fn presence(&self) -> String {
        self.me.write()
    }

    /// The person is called otherwise from now on.
    pub(super) fn introduce(&mut self, me: Profile, replica: &mut Replica) -> Vec<Effect> {
        self.say(Person { name: Some(me.name), color: me.color, ..self.me.clone() }, replica)
    }

    /// The person went to a place in the text, or looks at something else.
    pub(super) fn go(&mut self, place: Option<Selection>, replica: &mut Replica) -> Vec<Effect> {
        let cursor = place.map(|selection| replica.cursor(selection));
        self.say(Person { cursor, ..self.me.clone() }, replica)
    }

    /// A caret stays at the same character while its person types before it, so that there is nothing to say then.
    fn say(&mut self, me: Person, replica: &mut Replica) -> Vec<Effect> {
        if me == self.me {
            return Vec::new();
        }
        self.me = me;
        replica.set_presence(self.me.write(), clock::now())
    }

    /// Shows what is new of the others.
    pub(super) fn follow(&mut self, replica: &mut Replica, panes: &Panes) {
        let news = replica.news_of_others();
        if !news.is_empty() {
            monitor::show(self.monitor.roster, roster(replica));
        }
        for client in news.union(&std::mem::take(&mut self.unplaced)) {
            self.place(*client, replica, panes);
        }
    }

    /// Shows everybody on a surface that is new.
    pub(super) fn gather(&mut self, replica: &Replica, panes: &Panes) {
        replica.others().for_each(|(client, _)| self.place(client, replica, panes));
    }

    fn place(&mut self, client: ClientId, replica: &Replica, panes: &Panes) {
        let Some(surface) = panes.surface() else {
            return;
        };
        let Some(person) = replica.other(client) else {
            return surface.leave(client);
        };
        surface.introduce(client, &name_of(person), person.color);
        match person.cursor.as_ref().map(|cursor| replica.selection(cursor)) {
            Some(None) => {
                self.unplaced.insert(client);
            }
            place => surface.point(client, place.flatten()),
        }
    }

    /// It is known now who is here: those were here before.
    pub(super) fn meet(&mut self, replica: &Replica) {
        self.told.get_or_insert_with(|| names(replica));
    }

    /// It is no longer known who is here.
    pub(super) fn lose(&mut self) {
        self.told = None;
    }

    /// Tells who has come and gone since the last time. Called about once a second, so that many who come at once are
    /// told in one sentence.
    pub(super) fn tell(&mut self, replica: &Replica) {
        let Some(told) = &mut self.told else {
            return;
        };
        let here = names(replica);
        let (joined, left) = changes(told, &here);
        *told = here;
        let words = &words().people;
        let sentence =
            |names: &[String], say: fn(&[String]) -> String| (!names.is_empty()).then(|| say(names));
        let sentences = [sentence(&joined, words.joined), sentence(&left, words.left)];
        let sentences: Vec<String> = sentences.into_iter().flatten().collect();
        if !sentences.is_empty() {
            self.monitor.news.set(sentences.join(" "));
        }
    }
}

/// In which line somebody is, counted from 0. Takes a pass over the text.
pub(super) fn line_of(client: ClientId, replica: &Replica) -> Option<u32> {
    let mut ahead = replica.selection(replica.other(client)?.cursor.as_ref()?)?.head as usize;
    let is_before = |letter: &char| {
        let is_before = ahead > 0;
        ahead = ahead.saturating_sub(letter.len_utf16());
        is_before
    };
    Some(replica.text().chars().take_while(is_before).filter(|&letter| letter == '\n').count() as u32)
}

/// Everybody else, in the order of their replicas.
type Names = Vec<(ClientId, String)>;

fn names(replica: &Replica) -> Names {
    replica.others().map(|(client, person)| (client, name_of(person))).collect()
}

/// Who has come and who has gone. Who comes back under the same name, as after a reload, was never away.
fn changes(before: &Names, now: &Names) -> (Vec<String>, Vec<String>) {
    let only_in = |one: &Names, other: &Names| -> Vec<String> {
        one.iter()
            .filter(|(client, _)| !other.iter().any(|(there, _)| there == client))
            .map(|(_, name)| name.clone())
            .collect()
    };
    let (mut joined, mut left) = (only_in(now, before), only_in(before, now));
    joined.retain(|name| match left.iter().position(|other| other == name) {
        Some(index) => {
            left.remove(index);
            false
        }
        None => true,
    });
    (joined, left)
}

fn roster(replica: &Replica) -> Vec<Someone> {
    let entry = |(client, person): (ClientId, &Person)| Someone {
        client,
        name: name_of(person),
        color: person.color,
        is_in_text: person.cursor.is_some(),
    };
    replica.others().map(entry).collect()
}

fn name_of(person: &Person) -> String {
    person.name.as_ref().map_or(words().people.nameless, |name| name.as_str()).to_owned()
}

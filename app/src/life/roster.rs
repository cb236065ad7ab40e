//! Everybody who is here, by name. One's own name leads to where it can be changed, the others' to where they are.

use std::cell::{Cell, RefCell};

use collab::{id::ClientId, person::Color};
use reactive_graph::traits::{Get, GetUntracked, Set, With};
use web_sys::Element;

use crate::{
    controls::{Controls, Wish},
    marks::{MYSELF, SOMEONE},
    monitor::{Connection, Monitor, Someone},
    page::{Entries, find, find_in, follow, made_from, on, put_attribute, put_property, put_text},
    preferences::words,
};

pub(super) fn show(monitor: Monitor, controls: Controls) {
    let Some(roster) = find(".roster") else { return };
    stand_out(monitor, controls);
    show_myself(roster.clone(), controls);
    let entries = RefCell::new(Entries::of(roster));
    follow(move || {
        monitor.roster.with(|people| {
            let clients = people.iter().map(|someone| someone.client).collect();
            let mut entries = entries.borrow_mut();
            let entries = entries.show(clients, |client| made_for(*client, controls));
            for ((_, entry), someone) in entries.iter().zip(people) {
                update(entry, someone);
            }
        });
    });
}

/// Whoever comes and has their colour by chance takes another one if somebody who is here has it, unless that is
/// this very person, in another tab.
fn stand_out(monitor: Monitor, controls: Controls) {
    let has_come = Cell::new(false);
    follow(move || {
        let is_in_step = monitor.connection.with(Connection::is_in_step);
        if !is_in_step || has_come.replace(true) {
            return;
        }
        let Some(mut me) = controls.profile.get_untracked() else { return };
        let others = monitor.roster.get_untracked();
        let is_here = others.iter().any(|other| other.name == me.name.as_str() && other.color == me.color);
        let colors: Vec<Color> = others.iter().map(|other| other.color).collect();
        if !is_here && me.stand_out(&colors) {
            me.remember();
            controls.profile.set(Some(me));
        }
    });
}

fn show_myself(roster: Element, controls: Controls) {
    let shown = RefCell::new(None);
    follow(move || {
        let Some(me) = controls.profile.get() else { return };
        let mut shown = shown.borrow_mut();
        if shown.is_none() {
            *shown = made_from(MYSELF).inspect(|entry| {
                let _ = roster.insert_adjacent_element("afterbegin", entry);
            });
        }
        if let Some(button) = shown.as_ref().and_then(|entry| find_in(entry, ".person")) {
            let name = me.name.as_str();
            name_it(&button, name, &(words().people.you)(name));
            put_property(&button, "--person", &me.color.to_string());
        }
    });
}

fn made_for(client: ClientId, controls: Controls) -> Option<Element> {
    let entry = made_from(SOMEONE)?;
    let button = find_in(&entry, ".person")?;
    on(&button, "click", move |_| controls.wish.set(Some(Wish::Reveal(client))));
    Some(entry)
}

/// Somebody has moved, or is called otherwise by now.
fn update(entry: &Element, someone: &Someone) {
    let (Some(button), Some(label)) = (find_in(entry, ".person"), find_in(entry, ".person-name")) else {
        return;
    };
    let words = &words().people;
    let title = if someone.is_in_text { words.go_to } else { words.looks_away };
    name_it(&button, &someone.name, &title(&someone.name));
    put_text(&label, &someone.name);
    let _ = button.class_list().toggle_with_force("is-away", !someone.is_in_text);
    put_property(&button, "--person", &someone.color.to_string());
    put_property(&button, "--person-ink", if someone.color.is_dark() { "#ffffff" } else { "#000000" });
}

fn name_it(button: &Element, name: &str, title: &str) {
    put_attribute(button, "title", Some(title));
    put_attribute(button, "aria-label", Some(title));
    if let Some(initial) = find_in(button, ".person-initial") {
        put_text(&initial, &initials(name));
    }
}

/// What stands for a name where there is little room.
fn initials(name: &str) -> String {
    let letters: String = name.split(' ').filter_map(|word| word.chars().next()).take(2).collect();
    letters.to_uppercase()
}

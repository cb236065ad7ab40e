//! Everybody who is here, by name.

use collab::id::ClientId;
use leptos::prelude::*;

use super::settings;
use crate::{
    controls::{Controls, Wish},
    monitor::{Monitor, Someone},
    preferences::words,
};

/// Shows who is here. One's own name leads to where it can be changed, the others' to where they are.
#[component]
pub(crate) fn Roster(monitor: Monitor, controls: Controls) -> impl IntoView {
    view! {
        <ul class="roster" aria-label=words().people.here>
            {move || controls.profile.get().map(|me| myself(me.name.as_str(), me.color.to_string()))}
            <For each=move || monitor.roster.get() key=|someone| someone.client let:someone>
                <Other client=someone.client monitor controls />
            </For>
        </ul>
    }
    .into_any()
}

fn myself(name: &str, color: String) -> impl IntoView + use<> {
    let title = (words().people.you)(name);
    view! {
        <li>
            <button class="person" type="button" popovertarget=settings::MENU style:--person=color title=title.clone() aria-label=title>
                {initial(name)}
            </button>
        </li>
    }
}

/// Stays the same button while its person moves about or is called otherwise, so that it keeps the focus.
#[component]
fn Other(client: ClientId, monitor: Monitor, controls: Controls) -> impl IntoView {
    let words = &words().people;
    let find = move |roster: &Vec<Someone>| roster.iter().find(|someone| someone.client == client).cloned();
    let someone = Memo::new(move |_| monitor.roster.with(find));
    let name = move || {
        someone.with(|someone| someone.as_ref().map_or(String::new(), |someone| someone.name.clone()))
    };
    let color = move || someone.with(|someone| someone.as_ref().map(|someone| someone.color));
    let is_in_text =
        move || someone.with(|someone| someone.as_ref().is_some_and(|someone| someone.is_in_text));
    let title = move || if is_in_text() { (words.go_to)(&name()) } else { (words.looks_away)(&name()) };
    let ink = move || color().map(|color| if color.is_dark() { "#ffffff" } else { "#000000" });
    view! {
        <li>
            <button
                class="person"
                class:is-away=move || !is_in_text()
                type="button"
                style:--person=move || color().map(|color| color.to_string())
                style:--person-ink=ink
                title=title
                aria-label=title
                on:click=move |_| controls.wish.set(Some(Wish::Reveal(client)))
            >
                {move || initial(&name())}
                <span class="person-name" dir="auto">
                    {name}
                </span>
            </button>
        </li>
    }
}

/// What stands for a name where there is little room.
fn initial(name: &str) -> impl IntoView + use<> {
    let letters: String = name.split(' ').filter_map(|word| word.chars().next()).take(2).collect();
    view! {
        <span class="person-initial" aria-hidden="true">
            {letters.to_uppercase()}
        </span>
    }
}

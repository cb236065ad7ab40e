//! The tools beside the place to write in.

use leptos::prelude::*;

use super::{Icon, Settings};
use crate::{
    marks::{KEYS, SEARCH},
    preferences::words,
};

const MAGNIFIER: &str = "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM15.5 15.5L20 20";
const KEYBOARD: &str = "M3 6.5h18v11H3zM6.5 10h.01M10 10h.01M13.5 10h.01M17 10h.01M8 14h8";

/// Buttons for what keys do as well, and for what can be chosen.
#[component]
pub(crate) fn Tools() -> impl IntoView {
    let words = &words().tools;
    view! {
        <div class="tools">
            <button id=SEARCH class="tool" type="button" title=words.search aria-label=words.search>
                <Icon path=MAGNIFIER />
            </button>
            <button class="tool" type="button" title=words.keys aria-label=words.keys popovertarget=KEYS>
                <Icon path=KEYBOARD />
            </button>
            <Settings />
        </div>
        <KeyList />
    }
    .into_any()
}

/// What keys do. Until it is known which keyboard there is, it is the usual one.
#[component]
fn KeyList() -> impl IntoView {
    let words = &words().tools;
    let row = |&(usual, mac, what): &(&'static str, &'static str, &'static str)| {
        view! {
            <div>
                <dt>
                    <kbd data-mac=mac>{usual}</kbd>
                </dt>
                <dd>{what}</dd>
            </div>
        }
    };
    view! {
        <div id=KEYS class="menu keys" popover="auto" role="dialog" aria-label=words.keys tabindex="-1" autofocus>
            <h3>{words.keys}</h3>
            <dl>{words.key_list.iter().map(row).collect_view()}</dl>
        </div>
    }
    .into_any()
}

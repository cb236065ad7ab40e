//! The documents that were opened in this browser, with a way to take each off the list.

use std::{cell::RefCell, rc::Rc};

use leptos_dom::helpers::{document, window};
use web_sys::Element;

use crate::{
    marks::RECENT,
    naming,
    page::{Entries, find, find_in, made_from, on, on_click, put_attribute, put_text},
    preferences::words,
    recents::{Recent, Recents},
    when::Ago,
};

/// Shows what the browser remembers, also after other tabs have added to it.
pub(super) fn show() {
    let Some(list) = find(".is-remembered .shelf-list") else { return };
    let shelf = Rc::new(RefCell::new(Entries::of(list)));
    look(&shelf);
    on_click(find(".is-remembered .quiet-button"), {
        let shelf = shelf.clone();
        move |_| {
            Recents::drop_all();
            look(&shelf);
        }
    });
    // A page that is shown again may come from the browser's memory.
    for event in ["storage", "pageshow"] {
        let shelf = shelf.clone();
        on(&window(), event, move |_| look(&shelf));
    }
    on(&document(), "visibilitychange", move |_| look(&shelf));
}

type Shelf = Rc<RefCell<Entries<Recent>>>;

fn look(shelf: &Shelf) {
    let recents = Recents::recall();
    for (selector, is_hidden) in
        [(".is-remembered .quiet-button", recents.is_empty()), (".is-remembered .help", !recents.is_empty())]
    {
        if let Some(element) = find(selector) {
            put_attribute(&element, "hidden", is_hidden.then_some(""));
        }
    }
    let recents = recents.iter().cloned().collect();
    shelf.borrow_mut().show(recents, |recent| entry(recent, shelf));
}

fn entry(recent: &Recent, shelf: &Shelf) -> Option<Element> {
    let Recent { id, title, at } = recent;
    let entry = made_from(RECENT)?;
    let title = naming::shown(title, id);
    put_attribute(&find_in(&entry, ".shelf-link")?, "href", Some(&format!("/d/{id}")));
    put_text(&find_in(&entry, ".shelf-title")?, &title);
    put_text(&find_in(&entry, ".shelf-ago")?, &(words().front.ago)(Ago::since(*at)));
    let name = id.to_string();
    put_text(&find_in(&entry, ".shelf-address")?, if name == title { "" } else { &name });
    let button = find_in(&entry, ".tool")?;
    let forget = (words().front.forget)(&title);
    put_attribute(&button, "title", Some(&forget));
    put_attribute(&button, "aria-label", Some(&forget));
    let (id, shelf) = (id.clone(), shelf.clone());
    on(&button, "click", move |_| {
        Recents::drop_one(&id);
        look(&shelf);
    });
    Some(entry)
}

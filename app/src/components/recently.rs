//! The documents that were opened in this browser.

use leptos::prelude::*;

use super::Icon;
use crate::{
    naming,
    preferences::words,
    recents::{Recent, Recents},
    when::Ago,
};

pub(super) const CROSS: &str = "M6.5 6.5l11 11M17.5 6.5l-11 11";

/// Lists them, with a way to take each off the list. The server does not know them, so that its page says only what
/// will be here.
#[component]
pub(crate) fn Recently() -> impl IntoView {
    let words = &words().home;
    let recents = RwSignal::new(Recents::default());
    follow(recents);
    let each = move || recents.get().iter().cloned().collect::<Vec<_>>();
    view! {
        <section class="shelf is-remembered" aria-labelledby="recently">
            <div class="shelf-head">
                <h2 id="recently">{words.recently}</h2>
                <button
                    class="quiet-button"
                    type="button"
                    hidden=move || recents.with(Recents::is_empty)
                    on:click=move |_| forget_all(recents)
                >
                    {words.forget_all}
                </button>
            </div>
            <p class="help" hidden=move || recents.with(|recents| !recents.is_empty())>
                {words.none_yet}
            </p>
            <ul class="shelf-list">
                <For each key=Recent::clone let:recent>
                    {entry(recent, recents)}
                </For>
            </ul>
        </section>
    }
    .into_any()
}

fn entry(recent: Recent, recents: RwSignal<Recents>) -> impl IntoView {
    let Recent { id, title, at } = recent;
    let title = naming::shown(&title, &id);
    let address = format!("/d/{id}");
    let name = Some(id.to_string()).filter(|name| *name != title);
    let forget = (words().home.forget)(&title);
    view! {
        <li class="shelf-entry">
            <a class="shelf-link" href=address rel="external">
                <span class="shelf-title" dir="auto">
                    {title}
                </span>
                <span class="shelf-facts">
                    <span>{(words().home.ago)(Ago::since(at))}</span>
                    <span class="shelf-address">{name}</span>
                </span>
            </a>
            <button
                class="tool"
                type="button"
                title=forget.clone()
                aria-label=forget
                on:click=move |_| forget_one(&id, recents)
            >
                <Icon path=CROSS />
            </button>
        </li>
    }
}

/// Shows what the browser remembers, also after other tabs have added to it.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "the server remembers nothing"))]
fn follow(recents: RwSignal<Recents>) {
    #[cfg(feature = "hydrate")]
    {
        Effect::new(move || recents.set(Recents::recall()));
        // A page that is shown again may come from the browser's memory.
        for event in ["storage", "pageshow", "visibilitychange"] {
            let listener = window_event_listener_untyped(event, move |_| recents.set(Recents::recall()));
            on_cleanup(move || listener.remove());
        }
    }
}

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody clicks on the server"))]
fn forget_one(id: &collab::id::DocId, recents: RwSignal<Recents>) {
    #[cfg(feature = "hydrate")]
    {
        Recents::drop_one(id);
        recents.set(Recents::recall());
    }
}

#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "nobody clicks on the server"))]
fn forget_all(recents: RwSignal<Recents>) {
    #[cfg(feature = "hydrate")]
    {
        Recents::drop_all();
        recents.set(Recents::recall());
    }
}

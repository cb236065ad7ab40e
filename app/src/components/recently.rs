//! The documents that were opened in this browser.

use leptos::prelude::*;

use super::Icon;
use crate::{marks::RECENT, preferences::words};

const CROSS: &str = "M6.5 6.5l11 11M17.5 6.5l-11 11";

/// The place where the browser lists them. The server does not know them, so that its page says only what will be here,
/// and how.
#[component]
pub(crate) fn Recently() -> impl IntoView {
    let words = &words().home;
    view! {
        <section class="shelf is-remembered" aria-labelledby="recently">
            <div class="shelf-head">
                <h2 id="recently">{words.recently}</h2>
                <button class="quiet-button" type="button" hidden>
                    {words.forget_all}
                </button>
            </div>
            <p class="help">{words.none_yet}</p>
            <ul class="shelf-list"></ul>
            <template id=RECENT>
                <li class="shelf-entry">
                    <a class="shelf-link" href="" rel="external">
                        <span class="shelf-title" dir="auto"></span>
                        <span class="shelf-facts">
                            <span class="shelf-ago"></span>
                            <span class="shelf-address"></span>
                        </span>
                    </a>
                    <button class="tool" type="button">
                        <Icon path=CROSS />
                    </button>
                </li>
            </template>
        </section>
    }
    .into_any()
}

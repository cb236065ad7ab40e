//! A document that somebody has deleted.

use std::time::Duration;

use collab::id::DocId;
use leptos::prelude::*;

use super::answer_with;
use crate::{
    components::{Notice, Restore},
    ports::Deletion,
    preferences::words,
    when,
};

/// The element that says when it was, for the browser's half.
const DELETION: &str = "deletion";

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Shown in place of the document, with the way back as long as there is one.
#[component]
pub(crate) fn DeletedPage(id: DocId, deletion: Deletion) -> impl IntoView {
    answer_with(410);
    let words = &words().deleted;
    let Deletion { at, until } = deletion;
    let days = days_left(until);
    let help = days.map_or(words.is_gone.to_owned(), words.can_return);
    view! {
        <Notice title=words.title>
            <p id=DELETION data-at=at.to_string() data-until=until.to_string()>
                {help}
            </p>
            <div class="notice-actions">
                {days.map(|_| view! { <Restore id /> })}
                <a class="button is-quiet" href="/" rel="external">
                    {words.go_home}
                </a>
            </div>
        </Notice>
    }
}

/// For how many days, begun ones included, a deletion can be undone, if it can.
fn days_left(until: u64) -> Option<u64> {
    let left = until.checked_sub(when::now()).filter(|&left| left > 0)?;
    Some(left.div_ceil(DAY.as_millis() as u64))
}

/// When the document was deleted, if that is what the page says.
#[cfg(not(feature = "ssr"))]
pub(crate) fn deletion_in_page() -> Option<Deletion> {
    let element = document().get_element_by_id(DELETION)?;
    let moment = |name| element.get_attribute(name)?.parse().ok();
    Some(Deletion { at: moment("data-at")?, until: moment("data-until")? })
}

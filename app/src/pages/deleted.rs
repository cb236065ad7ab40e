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

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Shown in place of the document, with the way back as long as there is one.
#[component]
pub(crate) fn DeletedPage(id: DocId, deletion: Deletion) -> impl IntoView {
    answer_with(410);
    let words = &words().deleted;
    let days = days_left(deletion.until);
    let help = days.map_or(words.is_gone.to_owned(), words.can_return);
    view! {
        <Notice title=words.title>
            <p>{help}</p>
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

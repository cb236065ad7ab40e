//! A document that somebody has deleted.

use leptos::prelude::*;

use super::answer_with;
use crate::{components::Notice, ports::Deletion, preferences::words};

/// The element that says when it was, for the browser's half.
const DELETION: &str = "deletion";

/// Shown in place of the document.
#[component]
pub(crate) fn DeletedPage(deletion: Deletion) -> impl IntoView {
    answer_with(410);
    let words = &words().notices;
    let Deletion { at, until } = deletion;
    view! {
        <Notice title=words.deleted>
            <p id=DELETION data-at=at.to_string() data-until=until.to_string()>
                {words.deleted_help}
            </p>
            <p>
                <a class="button" href="/" rel="external">
                    {words.choose_name}
                </a>
            </p>
        </Notice>
    }
}

/// When the document was deleted, if that is what the page says.
#[cfg(not(feature = "ssr"))]
pub(crate) fn deletion_in_page() -> Option<Deletion> {
    let element = document().get_element_by_id(DELETION)?;
    let moment = |name| element.get_attribute(name)?.parse().ok();
    Some(Deletion { at: moment("data-at")?, until: moment("data-until")? })
}

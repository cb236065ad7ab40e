//! What happens around the text, for those who do not see it.
//!
//! Says, when there is a pause, who comes and goes, and when the link is lost or something else keeps the server from
//! having everything. What changes with every key, such as how many changes wait, is only shown.

use std::cell::Cell;

use reactive_graph::traits::{Get, With};

use crate::{
    marks::{LINK_NEWS, NEWS},
    monitor::{Connection, Monitor},
    page::{follow, named, put_text},
    preferences::words,
};

pub(super) fn speak(monitor: Monitor) {
    if let (Some(news), Some(link)) = (named(NEWS), named(LINK_NEWS)) {
        follow(move || put_text(&news, &monitor.news.get()));
        let said = Cell::new(None);
        follow(move || {
            let (trouble, sentence) = monitor.connection.with(|connection| told(connection, said.get()));
            said.set(trouble);
            sentence.into_iter().for_each(|sentence| put_text(&link, &sentence));
        });
    }
}

/// `said` is the kind of trouble that was told last and is not over. Returns which one that is now, and what is to be
/// said.
fn told(connection: &Connection, said: Option<&'static str>) -> (Option<&'static str>, Option<String>) {
    let words = &words().badge;
    match connection {
        // On the way from one to the other.
        Connection::Connecting | Connection::Saving => (said, None),
        Connection::Saved => (None, said.map(|_| words.well_again.to_owned())),
        Connection::NotSaving(_) | Connection::Offline { .. } | Connection::Refused(_) => {
            let kind = connection.kind();
            (Some(kind), (said != Some(kind)).then(|| (words.connection)(connection)))
        }
    }
}

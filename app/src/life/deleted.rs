//! What a person can still do with a document that somebody has deleted meanwhile.

use reactive_graph::traits::With;

use super::take_along;
use crate::{
    marks::DELETED,
    monitor::{Connection, Monitor},
    page::{named, show_if},
};

pub(super) fn offer(monitor: Monitor) {
    let Some(notice) = named(DELETED) else { return };
    take_along::offer(&notice);
    show_if(Some(notice), move || {
        monitor
            .connection
            .with(|connection| matches!(connection, Connection::Refused(refusal) if refusal.is_deletion()))
    });
}
